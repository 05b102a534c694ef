// The words that lines use, explained for the manual. Knows no event.

/** A word, or several that belong together, and what it says. */
export const GLOSSARY: readonly (readonly [words: string, meaning: string])[] = [
  [
    "SCAN, SCAN-UPDATE, SCAN-END",
    "A scan reached a threshold; it goes on; it has been silent for --end-silence and these are its totals.",
  ],
  [
    "VISIT",
    "Who scanned, or a neighbour of theirs, came back and used a port that the scan had found open.",
  ],
  [
    "MISUSE",
    "Somebody sends packets in the name of an address, which is a victim: as a decoy, as the zombie of an idle scan, or " +
    "in a flood.",
  ],
  [
    "FLOOD, FLOOD-END",
    "A host, or a network, gets packets of hundreds of sources, each of which tries once (--flood-sources). Such sources are " +
    "forged, so none is accused.",
  ],
  [
    "SUPPRESSED, LOSS",
    "How many alerts were left out, so that nobody can fill the log; how many packets were lost before they were looked at.",
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
    "Found after more than --slow-after (60 s): by what is remembered for --remember (two hours), not by pace.",
  ],
  [
    "syn, connect, fin, null, xmas, maimon, ack, syn-ack, other-tcp, udp, ...",
    "The technique. connect: whole connections; syn: half-open ones; fin to other-tcp: probes with those TCP flags; the rest by protocol.",
  ],
  [
    "open, closed, silent",
    "What the probed ports answered: accepted, refused, or nothing; of several answers of one port the best counts.",
  ],
  [
    "source is real (handshake)",
    "It completed a handshake with a host that is seen: nobody else can have sent that.",
  ],
  [
    "source answered (reset)",
    "It answered a SYN-ACK with a reset, as a host does that did not ask; who can see the answers can forge that.",
  ],
  ["source may be forged", "Nothing shows that whoever sent the probes has this address."],
  [
    "took part, forged",
    "How many sources one scan has, and how many of these addresses cannot be real.",
  ],
  [
    "one of ... is real",
    "The sources of a scan with decoys, where no packet tells which of them sent it: the one that is named is a guess.",
  ],
  [
    "link address",
    "The MAC address that the probes came from, where it is one machine's on the link of the source.",
  ],
  [
    "tool nmap (97 %)",
    "The program whose probes look like these, and how sure that is, judged by relations between several packets.",
  ],
  [
    "hops away, TTL",
    "How many routers the probes passed, estimated from the TTL that they arrived with; on this link: none. on one path: " +
    "the route is one, so the sender varies its TTL, as nmap does.",
  ],
  [
    "flags fSrpauxy",
    "FIN SYN RST PSH ACK URG and the two of ECN (x ECE, y CWR), over all probes: capital: always set; small: never; ?: sometimes.",
  ],
  ["TOS", "The traffic class octet, where it was the same in all probes and not 0."],
  [
    "outbound, internal, external",
    "Which way the scan goes, seen from the monitored addresses (--home); without a word it is inbound.",
  ],
];
