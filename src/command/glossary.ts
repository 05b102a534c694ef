// The words that lines use, explained for the manual. Knows no event.

/** A word, or several that belong together, and what it says. */
export const GLOSSARY: readonly (readonly [words: string, meaning: string])[] = [
  [
    "SCAN, SCAN-UPDATE, SCAN-END",
    "SCAN: a scan reached a threshold. SCAN-UPDATE: it goes on. SCAN-END: it has been silent for --end-silence, and the line has " +
    "its totals. Its time is that of the last probe, so it may be older than lines before it.",
  ],
  [
    "VISIT",
    "A scanner, or a neighbour of its address, came back and used a port that the scan had found open.",
  ],
  [
    "MISUSE",
    "Somebody sends packets in the name of an address: as a decoy, as the zombie of an idle scan, or in a flood. The address " +
    "is a victim.",
  ],
  [
    "FLOOD, FLOOD-END",
    "A host, or a network, gets packets from hundreds of sources, each of which tries once (--flood-sources). Such sources are " +
    "likely forged, so none of them is accused.",
  ],
  [
    "SUPPRESSED, LOSS",
    "SUPPRESSED: how many alerts were left out, so that nobody can fill the log. LOSS: how many packets were lost before the " +
    "detector saw them.",
  ],
  [
    "attempt",
    "One source that asks one target (host and port, or host) once. A target counts once in a scan, however often it is asked.",
  ],
  [
    "weight, threshold",
    "What failed attempts add up to. A port below 1024 weighs more (--privileged-weight), and a scan is told when the sum " +
    "reaches --scan-weight. scandog explain shows the sums.",
  ],
  [
    "shape",
    "vertical: one host, many ports. horizontal: many hosts, one port. block: many of both. distributed: many sources, one " +
    "scan. decoy: one scan of which some sources are forged.",
  ],
  [
    "slow",
    "The scan took more than --slow-after (60 s) until it was found. Attempts are remembered for --remember (two hours).",
  ],
  [
    "syn, connect, fin, null, xmas, maimon, ack, syn-ack, other-tcp, udp, ...",
    "The technique. connect: whole connections. syn: half-open connections. fin to other-tcp: probes with these TCP flags. The " +
    "others are named after their protocol.",
  ],
  [
    "open, closed, silent",
    "What the probed ports answered: they accepted, they refused, or there was no answer. Of several answers of one port the " +
    "best counts.",
  ],
  [
    "source is real (handshake)",
    "The source completed a TCP handshake, and the capture shows both sides. A forger could not have done that.",
  ],
  [
    "source answered (reset)",
    "The source answered a SYN-ACK with a reset, as the host of that address does. Only who can see the SYN-ACK can forge that.",
  ],
  ["source may be forged", "Nothing shows that the sender of the probes has this address."],
  [
    "sent from a monitored address, or in its name",
    "The same, of an address that is monitored: look at that machine first.",
  ],
  [
    "took part, forged",
    "How many sources a scan has, and how many of these addresses are forged.",
  ],
  [
    "one of ... is real",
    "A scan with decoys, where no packet shows which source is the scanner. The source that is named is a guess.",
  ],
  [
    "link address",
    "The MAC address that the probes came from, if it belongs to one machine on the local link, and to no router.",
  ],
  [
    "tool nmap (97 %)",
    "The program that sends such probes, and how certain that is. It is judged by relations between several packets.",
  ],
  [
    "hops away, TTL",
    "How many routers the probes passed, estimated from their TTL on arrival. on this link: none. on one path: all probes took " +
    "the same route, so the sender varies its TTL, as nmap does.",
  ],
  [
    "flags fSrpauxy",
    "The TCP flags FIN SYN RST PSH ACK URG, ECE (x) and CWR (y) of all probes. Capital letter: always set. Small letter: never " +
    "set. ?: sometimes set.",
  ],
  ["TOS", "The traffic class octet, where it was the same in all probes and not 0."],
  [
    "outbound, internal, external",
    "The direction of the scan, seen from the monitored addresses (--home). A line without such a word is inbound.",
  ],
];
