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
    "A host, or a network, gets packets of hundreds of sources that try once and are not heard of again: --flood-sources. " +
    "Nobody is accused of it, because such sources are forged.",
  ],
  [
    "SUPPRESSED, LOSS",
    "Alerts that were found and not told one by one; packets that were lost before they were looked at.",
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
    "How it probed. connect: by whole connections; syn: half of one; the others: by what flags the probes had.",
  ],
  [
    "open, closed, silent",
    "What the probed ports answered, each by the best answer that it gave: that it accepts, that it refuses, nothing.",
  ],
  [
    "source is real (handshake)",
    "It completed a handshake with a host that is seen: nobody else can have sent that.",
  ],
  [
    "source answered (reset)",
    "It answered a SYN-ACK with a reset, as a host does that did not ask; who can see the answers can forge that.",
  ],
  ["source may be forged", "Nothing shows that the address is its own."],
  [
    "took part, forged",
    "The sources of one scan, and how many of them cannot be who they say.",
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
    "The program whose probes look so, and how sure that is. scandog explains it by relations between packets, not by one of them.",
  ],
  [
    "hops away, TTL",
    "Routers that the probes passed, guessed from the TTL that they came with; on this link: none.",
  ],
  [
    "flags fSrpauxy",
    "FIN SYN RST PSH ACK URG and the two of ECN (x ECE, y CWR), over all probes: capital: always set; small: never; ?: sometimes.",
  ],
  ["TOS", "The traffic class octet, where it was the same in all probes and not 0."],
  [
    "outbound, internal, external",
    "Seen from the monitored addresses (--home); inbound goes without saying.",
  ],
];
