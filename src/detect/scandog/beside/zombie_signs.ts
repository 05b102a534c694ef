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
/** Words of an entry. */
const Sign = {
  Asked: AddressTable.FIRST_WORD, // SYNs that asked again for what was answered and reset
  Resets: AddressTable.FIRST_WORD + 1, // that answered SYN-ACKs of ours
  TtlMin: AddressTable.FIRST_WORD + 2, // of those
  TtlMax: AddressTable.FIRST_WORD + 3,
  IpId: AddressTable.FIRST_WORD + 4, // of the latest
  Steps: AddressTable.FIRST_WORD + 5, // times that it was a little above the one before
  Leaps: AddressTable.FIRST_WORD + 6, // times that it was not
  Unasked: AddressTable.FIRST_WORD + 7, // resets that answered nothing
  UnaskedPort: AddressTable.FIRST_WORD + 8, // from where
  Again: AddressTable.FIRST_WORD + 9, // SYNs that came again: sequence number, port << 8 | TTL
} as const;
/** Ports that were asked again, of each source; a scanner has hardly more open ones to split a group by. */
const AGAIN = 8;
const WORDS = AddressTable.FIRST_WORD + 9 + 2 * AGAIN;

/** One may be a packet that came twice. */
const ASKED_MIN = 2;
const UNASKED_MIN = 3;
/** Resets whose IP IDs count up, and by how much at most: a zombie has little else to send. */
const STEPS_MIN = 2;
const STEP_MAX = 64;

export class ZombieSigns {
  private readonly table = new AddressTable(SOURCES, WORDS);

  /** The reset at `base` answered our SYN-ACK with the right number. `hash`: of its source. */
  reset(records: Records, base: number, hash: number): void {
    const { table } = this;
    const index = this.at(records, base, hash);
    const ttl = records.ttl(base);
    const ipId = records.ipId(base);
    const isFirst = table.get(index, Sign.Resets) === 0;
    table.count(index, Sign.Resets);
    if (isFirst || ttl < table.get(index, Sign.TtlMin)) table.set(index, Sign.TtlMin, ttl);
    if (isFirst || ttl > table.get(index, Sign.TtlMax)) table.set(index, Sign.TtlMax, ttl);
    // With "don't fragment" an IP ID says nothing (RFC 6864), and no zombie sets it.
    const isCounted = !records.hasQuirk(base, Quirk.DontFragment);
    if (!isFirst) {
      const step = (ipId - table.get(index, Sign.IpId)) & 0xffff;
      table.count(index, isCounted && step > 0 && step <= STEP_MAX ? Sign.Steps : Sign.Leaps);
    }
    table.set(index, Sign.IpId, ipId);
  }

  /** A reset that answers nothing. */
  unasked(records: Records, base: number, hash: number): void {
    const { table } = this;
    const port = records.sourcePort(base);
    const index = this.at(records, base, hash);
    if (table.get(index, Sign.UnaskedPort) !== port) {
      table.set(index, Sign.UnaskedPort, port);
      table.set(index, Sign.Unasked, 0);
    }
    table.count(index, Sign.Unasked);
  }

  /** The SYN at `base` came before and was reset. */
  askedAgain(records: Records, base: number, hash: number): void {
    const { table } = this;
    const index = table.find(records.i32, records.sourceAt(base), hash);
    if (index < 0) return;
    const port = records.destinationPort(base);
    const sequence = records.sequence(base);
    const ttl = records.ttl(base);
    const at = Sign.Again + 2 * (port & (AGAIN - 1));
    const before = table.get(index, at + 1);
    // A tool that sends every probe again, blindly, sends it with one TTL.
    if (
      table.get(index, at) === sequence && before >> 8 === port &&
      Math.abs((before & 0xff) - ttl) > ROUTE_SPREAD
    ) table.count(index, Sign.Asked);
    table.set(index, at, sequence);
    table.set(index, at + 1, port << 8 | ttl);
  }

  private at(records: Records, base: number, hash: number): number {
    const { table } = this;
    const { i32 } = records;
    const address = records.sourceAt(base);
    let index = table.find(i32, address, hash);
    if (index >= 0) {
      table.seen(index);
      return index;
    }
    index = table.victim(hash);
    table.take(index, i32, address, hash);
    return index;
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
    const { table } = this;
    const index = table.find(addresses, at, hash);
    if (index < 0) return undefined;
    const asked = table.get(index, Sign.Asked) >= ASKED_MIN;
    const { TtlMin, TtlMax, Steps, Leaps, Unasked, UnaskedPort } = Sign;
    const isSeen = table.get(index, Sign.Resets) > 0;
    const path = isSeen && hops !== undefined &&
      !isPathShared(hops, table.get(index, TtlMin), table.get(index, TtlMax));
    const counting = table.get(index, Steps) >= STEPS_MIN && table.get(index, Leaps) === 0;
    const before = table.get(index, Unasked) >= UNASKED_MIN &&
      table.get(index, UnaskedPort) === sourcePort;
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
