// What of a probe's headers tells programs apart, packed into words of its attempt: attempts are counted
// when they have failed, long after the packet is gone. Knows records; nothing of tools.

import { Kind, OptionNibble, Quirk, type Records } from "../../../record.ts";
import { Hash } from "../../../keyed_hash.ts";
import { DONT_FRAGMENT, Options, packLook, SENT_HERE } from "../probe/form.ts";

/** Of what a stack looks like, the hash has no key: sensors agree in it, and tables have their keys elsewhere. */
const STACKS = new Hash(0);

const WINDOWS_LAYOUT = layoutOf([
  OptionNibble.Mss,
  OptionNibble.Nop,
  OptionNibble.WindowScale,
  OptionNibble.Nop,
  OptionNibble.Nop,
  OptionNibble.SackPermitted,
]);
const TCP_HEADER_BYTES_MIN = 20;

/** nmap's OS probes: every timestamp bit set (osscan2.cc), and one of these windows. */
export const OS_TIMESTAMP = -1;
const OS_WINDOWS = [1, 63, 4, 16, 512];

const ZMAP_IP_ID = 54321;

function layoutOf(nibbles: number[]): number {
  return nibbles.reduce((sum, nibble, i) => sum | nibble << (4 * i), 0);
}

/** TTL, traffic class, flags and IP version: see `packLook`. */
export function lookOf(records: Records, base: number): number {
  return packLook(
    records.ttl(base),
    records.trafficClass(base),
    records.tcpFlags(base),
    records.ipVersion(base),
  );
}

/** Window << 16 | IP ID. */
export function wireOf(records: Records, base: number): number {
  return records.window(base) << 16 | records.ipId(base);
}

/** What the sender's stack looks like, as a hash: the same for all packets of one tool. */
export function signatureOf(records: Records, base: number): number {
  return STACKS.triple(
    records.optionLayout(base),
    records.window(base) << 16 | records.mss(base),
    records.kind(base) << 24 | records.tcpFlags(base) << 16 | records.ipLength(base),
  );
}

/** TCP: MSS << 16 | form; anything else: payload bytes (at most 65535) << 16 | form. */
export function formOf(records: Records, base: number): number {
  const form = (records.hasQuirk(base, Quirk.DontFragment) ? DONT_FRAGMENT : 0) |
    (records.hasQuirk(base, Quirk.Outgoing) ? SENT_HERE : 0);
  if (records.kind(base) !== Kind.Tcp) {
    const payload = records.payloadLength(base) >>> 0;
    return (payload > 0xffff ? 0xffff : payload) << 16 | form;
  }
  return records.mss(base) << 16 | form |
    optionsOf(records.optionLayout(base), records.transportHeaderLength(base));
}

function optionsOf(layout: number, headerBytes: number): number {
  switch (layout) {
    case 0:
      // Options that the capture cut off are none that we know.
      return headerBytes <= TCP_HEADER_BYTES_MIN ? Options.None : Options.Other;
    case OptionNibble.Mss:
      return Options.MssOnly;
    case WINDOWS_LAYOUT:
      return Options.Windows;
    default:
      return Options.Other;
  }
}

/** True for one of the SYNs by which nmap tells operating systems apart. */
export function isOsProbe(records: Records, base: number): boolean {
  return records.timestampValue(base) === OS_TIMESTAMP && OS_WINDOWS.includes(records.window(base));
}

/** True for a SYN of Windows, which has no timestamps. zmap copies its options, with one IP ID. */
export function isWindows(records: Records, base: number): boolean {
  return records.optionLayout(base) === WINDOWS_LAYOUT && records.ipId(base) !== ZMAP_IP_ID;
}
