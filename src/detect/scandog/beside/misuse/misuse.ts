// Answers that nobody asked for, and what they show: that somebody uses an address of others. Knows
// packets that belong to no conversation; nothing of scans.
//
// Collected by the host that sent them:
// - it answers from many ports: it is scanned, and the address that gets its answers stands on the
//   probes beside the scanner's own (a decoy);
// - it answers from a port or two, to many ports or addresses: it is flooded, with forged sources;
// - it sends SYN-ACKs that no server's kernel would, to one port: it reads the IP IDs of their refusals,
//   to use who refuses them as the zombie of an idle scan.
// In the first two cases the host that is seen here is the victim, and innocent. In the third who reads the
// IP IDs must be there; but nothing proves it, and whoever wants to blame somebody can forge it.
//
// All memory is taken at start; a packet costs one look-up and a few bits. What displaces whom: see
// `AddressTable`.

import type { Records } from "../../../../record.ts";
import type { Clock } from "../../clock.ts";
import type { Memory } from "../../memory.ts";
import { isReplyLike, isServicePort } from "../../probe/classes.ts";
import { ROUTE_SPREAD } from "../../probe/distance.ts";
import { AddressTable } from "../../table/address_table.ts";
import { Mark } from "../../table/attempt_state.ts";
import { Unasked } from "../../table/outcome_queue.ts";
import type { AttemptTable } from "../../table/attempt_table.ts";
import { eachFailed } from "../../table/failed_chain.ts";
import type { Hash } from "../../table/hash.ts";
import type { Subjects } from "../../table/subjects.ts";

/** Hosts whose answers are collected at once. */
const HOSTS = 512;
const FIRST = AddressTable.FIRST_WORD;
/** Words of an entry. "Own" is the side that got the answers. */
export const Seen = {
  SynAcks: FIRST, // by kind: see `Unasked`
  Refusals: FIRST + 1,
  Resets: FIRST + 2,
  Errors: FIRST + 3,
  Ports: FIRST + 4, // distinct ports that answered
  Open: FIRST + 5, // of those, with a SYN-ACK first
  OwnPorts: FIRST + 6,
  OwnHosts: FIRST + 7,
  OwnAddress: FIRST + 8, // 4 words: the first
  OwnPort: FIRST + 12, // the first
  Tools: FIRST + 13, // SYN-ACKs from a client's port
  TtlMin: FIRST + 14, // of SYN-ACKs
  TtlMax: FIRST + 15,
  WindowMax: FIRST + 16, // of SYN-ACKs
  LastMs: FIRST + 17,
  SaidMs: FIRST + 18, // or when it began
  Story: FIRST + 19, // its number once it was said
  Said: FIRST + 20, // packets when it was said
  Real: FIRST + 21, // a conversation worked: nothing is forged
  Interface: FIRST + 22,
  IpVersion: FIRST + 23,
  Varied: FIRST + 24, // not all answers came to one port of one host
  PortBits: FIRST + 25, // 2048 bits
  OwnPortBits: FIRST + 25 + 64, // 256 bits
  OwnHostBits: FIRST + 25 + 72, // 256 bits
} as const;
const WORDS = FIRST + 25 + 80;
const PORT_BITS = 2048;
const OWN_BITS = 256;

/** Probes of one port that make it the zombie's: nmap begins with six. */
const PROBES_MIN = 6;
/** Raw tools' windows (nmap 1024, hping3 512); no kernel's SYN-ACK offers so little. */
const TOOL_WINDOW_MAX = 1024;
/** Ports that answered which make it a scan. */
const SCANNED_MIN = 10;
/** Ports of the idle scan's target that are seen to answer; before it nmap forges packets from one. */
const TARGET_PORTS_MIN = 2;
/** Answers, and distinct ports or hosts that got them, which make it a flood of few ports. */
const FLOOD_MIN = 100;
const FLOODED_PORTS_MAX = 4;
const FORGED_PORTS_MIN = 32;
const FORGED_HOSTS_MIN = 16;
/** Failed attempts of an address looked at to see whether it scans by itself. */
const OWN_ATTEMPTS_MAX = 256;
const FIRST_UNPRIVILEGED = 1024;

export type Finding = "zombie" | "decoy" | "flood-backscatter";

/** What `MisuseStory` tells a misuse from. */
export interface Found {
  index: number;
  kind: Finding;
  /** Another host whose answers reach the zombie's port: the idle scan's target. -1: none seen. */
  target: number;
}

export class Misuse {
  readonly table = new AddressTable(HOSTS, WORDS);
  /** Times of the first and the latest packet. Microseconds since 1970. */
  readonly firstUs = new Float64Array(HOSTS);
  readonly lastUs = new Float64Array(HOSTS);
  declare private readonly attempts: AttemptTable;
  declare private readonly subjects: Subjects;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor({ table, subjects, hash, clock }: Memory) {
    this.attempts = table;
    this.subjects = subjects;
    this.hash = hash;
    this.clock = clock;
  }

  /** The entry that must give way to answers of the host at addresses[at]; -1: none. */
  inTheWayOf(addresses: Int32Array, at: number): number {
    const hash = this.hash.address(addresses, at);
    if (this.table.find(addresses, at, hash) >= 0) return -1;
    const victim = this.table.victim(hash);
    return this.table.worth(victim) > 0 ? victim : -1;
  }

  /** True for a segment that a client sends which breaks off a connection from before the capture. */
  isClients(records: Records, base: number, kind: number): boolean {
    return kind === Unasked.Reset &&
      !isReplyLike(records.sourcePort(base), records.destinationPort(base));
  }

  /** An unasked TCP segment, see `isClients`. */
  segment(records: Records, base: number, kind: number): void {
    const port = records.sourcePort(base), own = records.destinationPort(base);
    const index = this.note(
      records,
      base,
      records.sourceAt(base),
      records.destinationAt(base),
      own,
    );
    const { table } = this;
    table.count(index, Seen.SynAcks + kind);
    if (kind !== Unasked.SynAck) return this.answer(index, port, false);
    const ttl = records.ttl(base), window = records.window(base);
    const isFirst = table.get(index, Seen.SynAcks) === 1;
    if (isFirst || ttl < table.get(index, Seen.TtlMin)) table.set(index, Seen.TtlMin, ttl);
    if (ttl > table.get(index, Seen.TtlMax)) table.set(index, Seen.TtlMax, ttl);
    if (window > table.get(index, Seen.WindowMax)) table.set(index, Seen.WindowMax, window);
    // From a client's port, and made by hand: nobody asked that port for anything.
    const isTool = port >= FIRST_UNPRIVILEGED && !isServicePort(port);
    if (isTool) table.count(index, Seen.Tools);
    if (!isTool || window > TOOL_WINDOW_MAX) this.answer(index, port, true);
  }

  /** An ICMP error about a packet that its receiver did not send. */
  error(records: Records, base: number): void {
    const port = records.innerDestinationPort(base), own = records.innerSourcePort(base);
    const host = records.innerDestinationAt(base);
    const index = this.note(records, base, host, records.innerSourceAt(base), own);
    this.table.count(index, Seen.Errors);
    this.answer(index, port, false);
  }

  /** A port of the host answered. */
  private answer(index: number, port: number, isOpen: boolean): void {
    const { table } = this;
    if (!table.setBit(index, Seen.PortBits, port & (PORT_BITS - 1))) return;
    table.count(index, Seen.Ports);
    if (isOpen) table.count(index, Seen.Open);
  }

  private note(
    records: Records,
    base: number,
    host: number,
    ownHost: number,
    ownPort: number,
  ): number {
    const { table, hash } = this;
    const { i32 } = records;
    const timeUs = records.timeUs(base);
    const hostHash = hash.address(i32, host), ownHash = hash.address(i32, ownHost);
    let index = table.find(i32, host, hostHash);
    if (index < 0) {
      index = table.victim(hostHash);
      table.take(index, i32, host, hostHash);
      this.begin(records, index, base, ownHost, ownPort);
    } else table.seen(index);
    if (!this.isOwn(index, i32, ownHost, ownPort)) table.set(index, Seen.Varied, 1);
    table.set(index, Seen.LastMs, this.clock.ms);
    this.lastUs[index] = Math.max(this.lastUs[index], timeUs);
    if (table.setBit(index, Seen.OwnPortBits, ownPort & (OWN_BITS - 1))) {
      table.count(index, Seen.OwnPorts);
    }
    if (table.setBit(index, Seen.OwnHostBits, ownHash & (OWN_BITS - 1))) {
      table.count(index, Seen.OwnHosts);
    }
    return index;
  }

  private begin(
    records: Records,
    index: number,
    base: number,
    ownHost: number,
    ownPort: number,
  ): void {
    const { table } = this;
    this.firstUs[index] = this.lastUs[index] = records.timeUs(base);
    for (let i = 0; i < 4; i++) table.set(index, Seen.OwnAddress + i, records.i32[ownHost + i]);
    table.set(index, Seen.OwnPort, ownPort);
    table.set(index, Seen.SaidMs, this.clock.ms);
    table.set(index, Seen.Interface, records.interface(base));
    table.set(index, Seen.IpVersion, records.ipVersion(base));
  }

  private isOwn(index: number, addresses: Int32Array, at: number, port: number): boolean {
    const { table } = this;
    for (let i = 0; i < 4; i++) {
      if (table.get(index, Seen.OwnAddress + i) !== addresses[at + i]) return false;
    }
    return table.get(index, Seen.OwnPort) === port;
  }

  /** A conversation of which only answers had been seen came to be used: its probes were real. */
  used(slot: number): void {
    const { attempts } = this;
    const at = attempts.targetAt(slot);
    const index = this.table.find(attempts.words, at, attempts.targetHash(slot));
    if (index >= 0) this.table.set(index, Seen.Real, 1);
  }

  /** What the answers of a host show; undefined: nothing that is sure. */
  judge(index: number): Found | undefined {
    const { table } = this;
    const get = (word: number) => table.get(index, word);
    if (this.isProber(index)) return { index, kind: "zombie", target: this.targetOf(index) };
    if (get(Seen.Real) !== 0) return undefined;
    const ports = get(Seen.Ports);
    // With forged sources by the hundred, each gets a few answers; a decoy gets them all.
    if (ports >= SCANNED_MIN && get(Seen.OwnHosts) * SCANNED_MIN <= table.worth(index)) {
      return this.isScanner(index) ? undefined : { index, kind: "decoy", target: -1 };
    }
    const isMany = get(Seen.OwnPorts) >= FORGED_PORTS_MIN ||
      get(Seen.OwnHosts) >= FORGED_HOSTS_MIN;
    // A scan by SYN-ACKs is none of a server's answers.
    const answers = get(Seen.SynAcks) - get(Seen.Tools) + get(Seen.Refusals);
    if (ports <= FLOODED_PORTS_MAX && answers >= FLOOD_MIN && isMany) {
      return { index, kind: "flood-backscatter", target: -1 };
    }
    return undefined;
  }

  /** True when all that came are SYN-ACKs made by hand, to one port. */
  private isProber(index: number): boolean {
    const { table } = this;
    const synAcks = table.get(index, Seen.SynAcks);
    return table.get(index, Seen.Real) === 0 && table.get(index, Seen.Varied) === 0 &&
      synAcks >= PROBES_MIN && synAcks === table.worth(index) &&
      synAcks === table.get(index, Seen.Tools) &&
      (table.get(index, Seen.WindowMax) <= TOOL_WINDOW_MAX ||
        table.get(index, Seen.TtlMax) - table.get(index, Seen.TtlMin) > ROUTE_SPREAD);
  }

  /** Whose answers come to the port that `zombie` probes; -1: nobody's. */
  private targetOf(zombie: number): number {
    const { table } = this;
    let best = -1;
    for (let index = 0; index < HOSTS; index++) {
      if (table.get(index, Seen.Ports) < TARGET_PORTS_MIN) continue;
      if (index === zombie || !this.isBeside(index, zombie)) continue;
      if (best < 0 || table.worth(index) > table.worth(best)) best = index;
    }
    return best;
  }

  /** True when these answers come from the target of an idle scan that another entry shows. */
  isTarget(index: number): boolean {
    for (let other = 0; other < HOSTS; other++) {
      if (this.isProber(other) && other !== index && this.isBeside(index, other)) return true;
    }
    return false;
  }

  /** True when all answers of one go to the same port as all those of the other. */
  private isBeside(index: number, other: number): boolean {
    const { table } = this;
    if (table.worth(index) === 0 || table.worth(other) === 0) return false;
    if (table.get(index, Seen.Varied) !== 0 || table.get(other, Seen.Varied) !== 0) return false;
    const own = table.addressAt(other) + Seen.OwnAddress;
    return this.isOwn(index, table.words, own, table.get(other, Seen.OwnPort));
  }

  /** True when the address that gets the answers is seen failing at the host itself. */
  private isScanner(index: number): boolean {
    const { table, subjects, attempts } = this;
    const own = table.addressAt(index) + Seen.OwnAddress;
    const subject = subjects.find(table.words, own, 0, this.hash.address(table.words, own));
    if (subject < 0) return false;
    let isScanner = false;
    eachFailed({ table: attempts, subjects }, subject, OWN_ATTEMPTS_MAX, (slot) => {
      isScanner = !attempts.has(slot, Mark.ReplyOnly) &&
        attempts.isTarget(slot, table.words, table.addressAt(index));
      return !isScanner;
    });
    return isScanner;
  }
}
