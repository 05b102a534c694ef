// What a detector can decide about an attempt: one table, a row each, with the reason in words and whose
// packets the reason rests on. A leaf: plain data. The conditions stand in the detector, by these codes.

/** Codes of the rows. */
export const Decision = {
  Undecided: 0,
  Backscatter: 1,
  Midstream: 2,
  Wanted: 3,
  Traceroute: 4,
  Expired: 5,
  ArpPace: 6,
  ArpRouter: 7,
  ArpThere: 8,
  ArpOutside: 9,
  ArpKernel: 10,
  CameAgain: 11,
  Lease: 12,
  Ignored: 13,
  Probation: 14,
  FtpData: 15,
  ReplyLike: 16,
  Weightless: 17,
  CountedBefore: 18,
  Greeting: 19,
  NoRoom: 20,
  Used: 21,
  TakenBack: 22,
  Counted: 23,
  Scanned: 24,
  UsedHost: 25,
  Stream: 26,
  UsedUnseen: 27,
  SentOn: 28,
} as const;

/** Who must have sent the packets that show it. */
export type Witness =
  /** The target of the attempt. */
  | "target"
  /** A router or host on the way, by an ICMP error. */
  | "router"
  /** The link: who speaks ARP, and who forwards. */
  | "link"
  /** What the capture can see, and cannot. */
  | "capture"
  /** Other packets of the same source: good for suspicion, for an excuse only where nobody else could speak. */
  | "source"
  /** The user's options. */
  | "user"
  /** Nobody: it is no reason, but the state of the count. */
  | "none";

/** When the question is asked. */
export type Asked = "packet" | "begun" | "silence" | "second look" | "failed" | "counted" | "never";

export interface DecisionRow {
  code: number;
  /** As the account has it. */
  name: string;
  /** In a word or two. */
  head:
    | "harmless"
    | "not counted"
    | "undecided"
    | "used"
    | "taken back"
    | "counted"
    | "part of a scan";
  /** Why, to be said after the head; empty where the head says all. */
  words: string;
  asked: Asked;
  witness: Witness;
}

function row(
  code: number,
  name: string,
  head: DecisionRow["head"],
  asked: Asked,
  witness: Witness,
  words: string,
): DecisionRow {
  return { code, name, head, words, asked, witness };
}

const D = Decision;

/** Each row is at the place of its code. */
export const DECISIONS: readonly DecisionRow[] = [
  row(
    D.Undecided,
    "undecided",
    "undecided",
    "never",
    "none",
    "neither used nor failed when the capture ended",
  ),
  // Excuses: the attempt cannot be told from harmless traffic (`Outcome.Harmless`).
  row(
    D.Backscatter,
    "backscatter",
    "harmless",
    "packet",
    "target",
    "an answer to what somebody else sent in another's name",
  ),
  row(
    D.Midstream,
    "mid-stream",
    "harmless",
    "packet",
    "capture",
    "a connection from before the capture",
  ),
  row(
    D.Wanted,
    "wanted",
    "harmless",
    "begun",
    "target",
    "an answer to a question that went to a group or to another address",
  ),
  row(
    D.Traceroute,
    "traceroute",
    "harmless",
    "failed",
    "source",
    "traceroute: UDP to a high port with a small TTL (--trace-ttl)",
  ),
  row(
    D.Expired,
    "expired",
    "harmless",
    "packet",
    "router",
    "the TTL ended on the way, as a traceroute's does",
  ),
  row(
    D.ArpPace,
    "arp-pace",
    "harmless",
    "begun",
    "source",
    "ARP at the pace at which packets come for neighbours: a router's",
  ),
  row(
    D.ArpRouter,
    "arp-router",
    "harmless",
    "begun",
    "link",
    "ARP of a host that has shown itself as a router",
  ),
  row(D.ArpThere, "arp-there", "harmless", "begun", "target", "ARP for a neighbour that is there"),
  row(
    D.ArpOutside,
    "arp-outside",
    "harmless",
    "silence",
    "link",
    "ARP on behalf of attempts from outside: a router's",
  ),
  row(
    D.ArpKernel,
    "arp-kernel",
    "harmless",
    "silence",
    "link",
    "ARP repeated as by a kernel that delivers for others",
  ),
  row(
    D.CameAgain,
    "came-again",
    "harmless",
    "second look",
    "target",
    "tried again and again, as checks and monitors do",
  ),
  row(
    D.Lease,
    "lease",
    "harmless",
    "silence",
    "target",
    "a DHCP server's ping to an address before it gives it out",
  ),
  // It failed, and does not count.
  row(
    D.Ignored,
    "ignored",
    "not counted",
    "failed",
    "user",
    "the source is on the list of --ignore",
  ),
  row(
    D.Probation,
    "probation",
    "not counted",
    "failed",
    "none",
    "the only failure of the source; a second one makes both count",
  ),
  row(
    D.FtpData,
    "companion",
    "not counted",
    "failed",
    "target",
    "beside a used connection of the same two hosts, as FTP's data connections are",
  ),
  row(
    D.ReplyLike,
    "reply-like",
    "not counted",
    "counted",
    "capture",
    "looks like an answer: from a service's port to a client's",
  ),
  row(
    D.Weightless,
    "target-rule",
    "not counted",
    "counted",
    "user",
    "a rule for this target (--weigh) gives it no weight",
  ),
  row(
    D.CountedBefore,
    "again",
    "not counted",
    "counted",
    "none",
    "a target that has counted already",
  ),
  row(
    D.Greeting,
    "greeting",
    "not counted",
    "counted",
    "target",
    "a ping that came back, beside a scan of ports",
  ),
  row(
    D.NoRoom,
    "no-room",
    "not counted",
    "failed",
    "none",
    "no place to follow the source in: sources that scan have them all",
  ),
  // In its source's favour.
  row(D.Used, "used", "used", "packet", "target", "speaks for the source"),
  row(
    D.TakenBack,
    "taken-back",
    "taken back",
    "second look",
    "target",
    "counted at first, then used or tried again as checks do",
  ),
  // Against its source.
  row(D.Counted, "counted", "counted", "counted", "none", ""),
  row(D.Scanned, "scanned", "part of a scan", "counted", "none", ""),
  row(
    D.UsedHost,
    "used-host",
    "not counted",
    "counted",
    "target",
    "a ping or ARP of a host that the source uses otherwise",
  ),
  row(
    D.Stream,
    "stream",
    "harmless",
    "silence",
    "source",
    "one of many datagrams to the same port, as telephony sends them",
  ),
  row(
    D.UsedUnseen,
    "used-unseen",
    "used",
    "packet",
    "capture",
    "speaks for the source, by what it sent: nobody sees the target",
  ),
  row(
    D.SentOn,
    "sent-on",
    "harmless",
    "begun",
    "capture",
    "another host's packet, which the machine that captures sent on under its own address (NAT)",
  ),
];

/** True for excuses by what a source's own datagrams look like: they explain a little, and nothing of a scan. */
export function isByLooks(code: number): boolean {
  return code === Decision.Traceroute || code === Decision.Stream;
}

/** The row with this name; undefined for none. */
export function decisionNamed(name: string): DecisionRow | undefined {
  return DECISIONS.find((row) => row.name === name);
}
