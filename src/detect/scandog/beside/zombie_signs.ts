// Signs that the source of a scan is not who scans: in an idle scan (nmap -sI) the SYNs carry the
// address of a third host, the zombie, whose IP IDs tell the scanner whether we answered it. Knows
// what became of SYNs and the headers of resets; nothing of scans.
//
// A half-open scanner's packets look much the same: SYNs made by hand, resets made by a kernel, so
// that TTLs differ in both. What tells them apart:
// - who sends the SYNs does not see our answers. It asks for a port that it was told is open, by the
//   very same SYN (port and sequence number), after the reset that shows that our answer arrived;
// - the resets come by another path than the SYNs: no distance explains both TTLs;
// - the resets' IP IDs count up, or there were no use in the host as a zombie;
// - resets that nobody asked for come from the port that the SYNs will carry: before it begins, nmap
//   has the zombie answer packets that carry our address.

import { Quirk, type Records } from "../../../record.ts";
import { AddressTable } from "../table/address_table.ts";
import { type Hops, isPathShared, ROUTE_SPREAD } from "../probe/distance.ts";

/** Sources whose resets are remembered at once. */
const SOURCES = 1024;
/** Ports that were asked again, of each source; a scanner has hardly more open ones to split a group by. */
const AGAIN = 8;
const FIRST = AddressTable.FIRST_WORD;
const WORDS = FIRST + 9 + 2 * AGAIN;

/** One may be a packet that came twice. */
const ASKED_MIN = 2;
const UNASKED_MIN = 3;
/** Resets whose IP IDs count up, and by how much at most: a zombie has little else to send. */
const STEPS_MIN = 2;
const STEP_MAX = 64;

export class ZombieSigns extends AddressTable {
  /** SYNs that asked again for what was answered and reset. */
  private readonly asked = this.column(FIRST);
  /** Resets that answered SYN-ACKs of ours, the range of their TTLs, and the IP ID of the latest. */
  private readonly resets = this.column(FIRST + 1);
  private readonly ttlMin = this.column(FIRST + 2);
  private readonly ttlMax = this.column(FIRST + 3);
  private readonly ipId = this.column(FIRST + 4);
  /** Times that it was a little above the one before, and that it was not. */
  private readonly steps = this.column(FIRST + 5);
  private readonly leaps = this.column(FIRST + 6);
  /** Resets that answered nothing, and from where. */
  private readonly unaskedResets = this.column(FIRST + 7);
  private readonly unaskedPort = this.column(FIRST + 8);
  /** SYNs that came again, by port two each: sequence number, port << 8 | TTL. */
  private readonly came = Array.from({ length: 2 * AGAIN }, (_, i) => this.column(FIRST + 9 + i));

  constructor() {
    super(SOURCES, WORDS);
  }

  /** The reset at `base` answered our SYN-ACK with the right number. `hash`: of its source. */
  reset(records: Records, base: number, hash: number): void {
    const index = this.touch(records.i32, records.sourceAt(base), hash);
    const ttl = records.ttl(base);
    const ipId = records.ipId(base);
    const isFirst = this.resets.of(index) === 0;
    this.resets.count(index);
    if (isFirst || ttl < this.ttlMin.of(index)) this.ttlMin.set(index, ttl);
    this.ttlMax.raise(index, ttl);
    // With "don't fragment" an IP ID says nothing (RFC 6864), and no zombie sets it.
    const isCounted = !records.hasQuirk(base, Quirk.DontFragment);
    if (!isFirst) {
      const step = (ipId - this.ipId.of(index)) & 0xffff;
      (isCounted && step > 0 && step <= STEP_MAX ? this.steps : this.leaps).count(index);
    }
    this.ipId.set(index, ipId);
  }

  /** A reset that answers nothing. */
  unasked(records: Records, base: number, hash: number): void {
    const port = records.sourcePort(base);
    const index = this.touch(records.i32, records.sourceAt(base), hash);
    if (this.unaskedPort.of(index) !== port) {
      this.unaskedPort.set(index, port);
      this.unaskedResets.set(index, 0);
    }
    this.unaskedResets.count(index);
  }

  /** The SYN at `base` came before and was reset. */
  askedAgain(records: Records, base: number, hash: number): void {
    const index = this.find(records.i32, records.sourceAt(base), hash);
    if (index < 0) return;
    const port = records.destinationPort(base);
    const sequence = records.sequence(base);
    const ttl = records.ttl(base);
    const place = 2 * (port & (AGAIN - 1));
    const sequences = this.came[place], from = this.came[place + 1];
    const before = from.of(index);
    // A tool that sends every probe again, blindly, sends it with one TTL.
    const isOther = Math.abs((before & 0xff) - ttl) > ROUTE_SPREAD;
    if (sequences.of(index) === sequence && before >> 8 === port && isOther) {
      this.asked.count(index);
    }
    sequences.set(index, sequence);
    from.set(index, port << 8 | ttl);
  }

  /**
   * Why the source at addresses[at] is likely a zombie; undefined when it is not shown. `hops`: how far
   * its SYNs came; `sourcePort`: theirs when constant.
   */
  of(
    addresses: Int32Array,
    at: number,
    hash: number,
    hops: Hops | undefined,
    sourcePort: number | undefined,
  ): string[] | undefined {
    const index = this.find(addresses, at, hash);
    if (index < 0) return undefined;
    const asked = this.asked.of(index) >= ASKED_MIN;
    const isSeen = this.resets.of(index) > 0;
    const path = isSeen && hops !== undefined &&
      !isPathShared(hops, this.ttlMin.of(index), this.ttlMax.of(index));
    const counting = this.steps.of(index) >= STEPS_MIN && this.leaps.of(index) === 0;
    const before = this.unaskedResets.of(index) >= UNASKED_MIN &&
      this.unaskedPort.of(index) === sourcePort;
    // Each alone but the first has a harmless explanation.
    if (!asked && Number(path) + Number(counting) + Number(before) < 2) return undefined;
    return [
      asked && "asks again for ports that answered",
      path && "resets come by another path",
      counting && "IP IDs of resets count up",
      before && "resets that nobody asked for",
    ].filter((sign) => sign !== false);
  }
}
