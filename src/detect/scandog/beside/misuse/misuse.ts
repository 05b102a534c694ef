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
import { isPrivileged, isReplyLike, isServicePort } from "../../probe/classes.ts";
import { ROUTE_SPREAD } from "../../probe/distance.ts";
import { AddressTable } from "../../table/address_table.ts";
import { Mark } from "../../table/attempt_state.ts";
import { Unasked } from "../../table/outcome_queue.ts";
import { type AttemptTable, sameWords } from "../../table/attempt_table.ts";
import { eachFailed } from "../../table/failed_chain.ts";
import type { Hash } from "../../table/hash.ts";
import type { Subjects } from "../../table/subjects.ts";

/** Hosts whose answers are collected at once. */
const HOSTS = 512;
const FIRST = AddressTable.FIRST_WORD;
/** Where in an entry the first address that got answers is, and bits of ports that answered, and of those asked. */
const OWN_ADDRESS = FIRST + 8, PORT_BITS_AT = FIRST + 25;
const OWN_PORT_BITS_AT = PORT_BITS_AT + 64, OWN_HOST_BITS_AT = PORT_BITS_AT + 72;
const WORDS = PORT_BITS_AT + 80;
const PORT_BITS = 2048;
const OWN_BITS = 256;

/** What came from each host. "Own" is the side that got the answers. */
class Answers extends AddressTable {
  readonly synAcks = this.column(FIRST);
  /** By kind: see `Unasked`. */
  readonly kinds = [this.synAcks, ...[1, 2, 3].map((kind) => this.column(FIRST + kind))];
  /** Distinct ports that answered, and of those the ones with a SYN-ACK first. */
  readonly ports = this.column(FIRST + 4);
  readonly open = this.column(FIRST + 5);
  readonly ownPorts = this.column(FIRST + 6);
  readonly ownHosts = this.column(FIRST + 7);
  /** The first. */
  readonly ownPort = this.column(FIRST + 12);
  /** SYN-ACKs from a client's port; TTLs and windows of all. */
  readonly tools = this.column(FIRST + 13);
  readonly ttlMin = this.column(FIRST + 14);
  readonly ttlMax = this.column(FIRST + 15);
  readonly windowMax = this.column(FIRST + 16);
  readonly lastMs = this.column(FIRST + 17);
  /** When it was said, or began; its number once it was said; packets by then. */
  readonly saidMs = this.column(FIRST + 18);
  readonly story = this.column(FIRST + 19);
  readonly said = this.column(FIRST + 20);
  /** A conversation worked: nothing is forged. */
  readonly real = this.column(FIRST + 21);
  readonly interface = this.column(FIRST + 22);
  readonly ipVersion = this.column(FIRST + 23);
  /** Not all answers came to one port of one host. */
  readonly varied = this.column(FIRST + 24);

  /** Word index of the first address that got answers. */
  ownAddressAt(index: number): number {
    return this.addressAt(index) + OWN_ADDRESS;
  }
}

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

export type Finding = "zombie" | "decoy" | "flood-backscatter";

/** What `MisuseStory` tells a misuse from. */
export interface Misused {
  index: number;
  kind: Finding;
  /** Another host whose answers reach the zombie's port: the idle scan's target. -1: none seen. */
  target: number;
}

export class Misuse {
  readonly table = new Answers(HOSTS, WORDS);
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
    table.kinds[kind].count(index);
    if (kind !== Unasked.SynAck) return this.answer(index, port, false);
    const ttl = records.ttl(base), window = records.window(base);
    const isFirst = table.synAcks.of(index) === 1;
    if (isFirst || ttl < table.ttlMin.of(index)) table.ttlMin.set(index, ttl);
    if (ttl > table.ttlMax.of(index)) table.ttlMax.set(index, ttl);
    if (window > table.windowMax.of(index)) table.windowMax.set(index, window);
    // From a client's port, and made by hand: nobody asked that port for anything.
    const isTool = !isPrivileged(port) && !isServicePort(port);
    if (isTool) table.tools.count(index);
    if (!isTool || window > TOOL_WINDOW_MAX) this.answer(index, port, true);
  }

  /** An ICMP error about a packet that its receiver did not send. */
  error(records: Records, base: number): void {
    const port = records.innerDestinationPort(base), own = records.innerSourcePort(base);
    const host = records.innerDestinationAt(base);
    const index = this.note(records, base, host, records.innerSourceAt(base), own);
    this.table.kinds[Unasked.Error].count(index);
    this.answer(index, port, false);
  }

  /** A port of the host answered. */
  private answer(index: number, port: number, isOpen: boolean): void {
    const { table } = this;
    if (!table.setBit(index, PORT_BITS_AT, port & (PORT_BITS - 1))) return;
    table.ports.count(index);
    if (isOpen) table.open.count(index);
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
    if (!this.isOwn(index, i32, ownHost, ownPort)) table.varied.set(index, 1);
    table.lastMs.set(index, this.clock.ms);
    this.lastUs[index] = Math.max(this.lastUs[index], timeUs);
    if (table.setBit(index, OWN_PORT_BITS_AT, ownPort & (OWN_BITS - 1))) {
      table.ownPorts.count(index);
    }
    if (table.setBit(index, OWN_HOST_BITS_AT, ownHash & (OWN_BITS - 1))) {
      table.ownHosts.count(index);
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
    const at = table.ownAddressAt(index);
    for (let i = 0; i < 4; i++) table.words[at + i] = records.i32[ownHost + i];
    table.ownPort.set(index, ownPort);
    table.saidMs.set(index, this.clock.ms);
    table.interface.set(index, records.interface(base));
    table.ipVersion.set(index, records.ipVersion(base));
  }

  private isOwn(index: number, addresses: Int32Array, at: number, port: number): boolean {
    const { table } = this;
    return table.ownPort.of(index) === port &&
      sameWords(table.words, table.ownAddressAt(index), addresses, at);
  }

  /** A conversation of which only answers had been seen came to be used: its probes were real. */
  used(slot: number): void {
    const { attempts } = this;
    const at = attempts.targetAt(slot);
    const index = this.table.find(attempts.words, at, attempts.targetHash(slot));
    if (index >= 0) this.table.real.set(index, 1);
  }

  /** What the answers of a host show; undefined: nothing that is sure. */
  judge(index: number): Misused | undefined {
    const { table } = this;
    if (this.isProber(index)) return { index, kind: "zombie", target: this.targetOf(index) };
    if (table.real.of(index) !== 0) return undefined;
    const ports = table.ports.of(index);
    // With forged sources by the hundred, each gets a few answers; a decoy gets them all.
    if (ports >= SCANNED_MIN && table.ownHosts.of(index) * SCANNED_MIN <= table.worth(index)) {
      return this.isScanner(index) ? undefined : { index, kind: "decoy", target: -1 };
    }
    const isMany = table.ownPorts.of(index) >= FORGED_PORTS_MIN ||
      table.ownHosts.of(index) >= FORGED_HOSTS_MIN;
    // A scan by SYN-ACKs is none of a server's answers.
    const answers = table.synAcks.of(index) - table.tools.of(index) +
      table.kinds[Unasked.Refusal].of(index);
    if (ports <= FLOODED_PORTS_MAX && answers >= FLOOD_MIN && isMany) {
      return { index, kind: "flood-backscatter", target: -1 };
    }
    return undefined;
  }

  /** True when all that came are SYN-ACKs made by hand, to one port. */
  private isProber(index: number): boolean {
    const { table } = this;
    const synAcks = table.synAcks.of(index);
    return table.real.of(index) === 0 && table.varied.of(index) === 0 &&
      synAcks >= PROBES_MIN && synAcks === table.worth(index) &&
      synAcks === table.tools.of(index) &&
      (table.windowMax.of(index) <= TOOL_WINDOW_MAX ||
        table.ttlMax.of(index) - table.ttlMin.of(index) > ROUTE_SPREAD);
  }

  /** Whose answers come to the port that `zombie` probes; -1: nobody's. */
  private targetOf(zombie: number): number {
    const { table } = this;
    let best = -1;
    for (let index = 0; index < HOSTS; index++) {
      if (table.ports.of(index) < TARGET_PORTS_MIN) continue;
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
    if (table.varied.of(index) !== 0 || table.varied.of(other) !== 0) return false;
    const own = table.ownAddressAt(other);
    return this.isOwn(index, table.words, own, table.ownPort.of(other));
  }

  /** True when the address that gets the answers is seen failing at the host itself. */
  private isScanner(index: number): boolean {
    const { table, subjects, attempts } = this;
    const own = table.ownAddressAt(index);
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
