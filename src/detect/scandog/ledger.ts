// What the detector says of its decisions, one by one, to whoever asks why: what it decided about an
// attempt, and when a scan began or did not. Knows codes; nothing of words, and nothing of what becomes
// of what was said. Without a ledger nothing is said, and nothing is ever said for a mere packet.

import type { Records } from "../../record.ts";
import type { Actors } from "./table/actors.ts";
import type { Clock } from "./clock.ts";
import type { Conversations } from "./table/conversations.ts";
import type { ScandogOptions } from "./options.ts";
import type { Pairs } from "./table/pairs.ts";
import type { Scan } from "./scan/scan.ts";

/** What was decided about an attempt, and why. */
export const Why = {
  /** Nothing yet. */
  Undecided: 0,

  // It cannot be told from harmless traffic (`Verdict.Neutral`).

  /** An answer to a SYN that its receiver did not send: somebody forged the receiver's address. */
  Backscatter: 1,
  /** A connection from before the capture. */
  Midstream: 2,
  /** An answer to a question that its receiver had put to a group or to another server. */
  Wanted: 3,
  /** UDP to an ephemeral port with a TTL that ends soon. */
  Traceroute: 4,
  /** A router said that its time to live had ended. */
  Expired: 5,
  /** ARP: the asker asks for neighbours at the pace of packets that come for them. */
  ArpPace: 6,
  /** ARP: the asker has shown itself as a router. */
  ArpRouter: 7,
  /** ARP: the neighbour is there, as other packets of it show. */
  ArpThere: 8,
  /** ARP: attempts from outside explain why a router asks. */
  ArpOutside: 9,
  /** ARP: asked again at a kernel's pace by a host that tried no other neighbours: for somebody else. */
  ArpKernel: 10,
  /** Accepted, nothing done with it, and tried again: a health check, or a monitor's pings. */
  CameAgain: 11,
  /** The ping of a DHCP server that sees whether an address is free. */
  Lease: 12,

  // It failed, and does not count.

  /** Its source is on the list of those never reported. */
  Ignored: 13,
  /** So far the only one of its source that failed. */
  Probation: 14,
  /** It goes with another connection of the same two hosts that was used. */
  Companion: 15,
  /** It looks like an answer, and its receiver did not refuse it. */
  ReplyLike: 16,
  /** The user's rule for such targets says so. */
  TargetRule: 17,
  /** The same target of the same source has counted already. */
  Again: 18,
  /** A ping that came back, beside a scan of ports. */
  Greeting: 19,
  /** All places of its source's kind are taken by sources that scan. */
  NoRoom: 20,

  // In its source's favour.

  Used: 21,
  /** It had counted; then it was used, or came again, and what it had counted was taken back. */
  TakenBack: 22,

  // Against its source.

  Counted: 23,
  /** Part of a scan. */
  Scanned: 24,
} as const;

/** What became of a scan's start. */
export const Told = {
  /** It was told. */
  Yes: 0,
  /** Its attempts are forgotten, or belong to another scan: nothing can be told of it. */
  Nothing: 1,
  /** Only answers were seen, and the source is seen sending other things: its address was forged. */
  Forged: 2,
  /** As many of this source were told as may be. */
  SourceAlerts: 3,
  /** As many of its level were told as may be at once. */
  Budget: 4,
} as const;

/** Where a ledger looks up what it is told about. It must only read. */
export interface LedgerTables {
  records: Records;
  table: Conversations;
  actors: Actors;
  pairs: Pairs;
  clock: Clock;
  options: ScandogOptions;
}

/** How far several sources that look alike have come together. */
export interface GroupReached {
  /** `Rule`. */
  rule: number;
  reached: number;
  enough: number;
  sources: number;
  /** It is a scan. */
  isScan: boolean;
}

/**
 * Takes notes. A slot means the attempt that has it in the table of conversations; an actor, a source
 * or network in the table of actors; `host` and `port`, pairs.
 */
export interface Ledger {
  /** Called once, before anything else. */
  open(tables: LedgerTables): void;
  /** A new attempt has the slot from now on; only its addresses and its target are there yet. */
  begun(slot: number): void;
  /** The attempt's verdict has changed; `why` says why it is harmless, where it is. */
  settled(slot: number, why: number): void;
  /** One of `Why` but the last two. */
  decided(slot: number, why: number): void;
  /** The attempt counts: codes of `PortRule` and `HostRule`, and what was added by each. */
  weighed(slot: number, weight: number, points: number, portRule: number, hostRule: number): void;
  /** The rules are asked about an actor, after an attempt that counted. */
  asked(slot: number, actor: number, host: number, port: number): void;
  /**
   * A rule just held for a network, but too few of its sources did nothing else and belong to no other
   * scan.
   */
  overlooked(slot: number): void;
  /** A weighed attempt of an actor is one of several sources' that look alike. */
  grouped(actor: number, group: GroupReached): void;
  /** An actor takes part in a scan, the first time as the one that was found. */
  joined(scan: Scan, actor: number): void;
  /** The attempt is part of the scan. */
  scanned(slot: number, scan: Scan): void;
  /** One of `Told`; may be told later what was not told now. */
  told(scan: Scan, told: number): void;
  /** A rule held, but equal packets come from more sources than decoys can be: nobody's scan. */
  dismissed(actor: number): void;
  /** What an actor had done before was too long ago, and is forgotten. */
  restarted(actor: number): void;
  /** In a flood: the first packet of a source is not followed. `base`: the record. */
  gated(base: number): void;
}
