// What of a probe's headers tells programs apart, packed into two words of its attempt: attempts are
// counted when they have failed, long after the packet is gone. Knows records; nothing of tools.

import { Field, Kind, OptionNibble, Quirk, type Records } from "../../../record.ts";

/** TCP option lists that raw-socket scanners send. */
export const Options = {
  None: 0,
  /** MSS and nothing else. */
  MssOnly: 1,
  /** MSS, NOP, window scale, NOP, NOP, SACK permitted: the order of Windows. */
  Windows: 2,
  Other: 3,
} as const;
export const OPTIONS_MASK = 3;
/** Bit of the packed form: don't fragment. */
export const DONT_FRAGMENT = 1 << 4;

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
const OS_TIMESTAMP = -1;
const OS_WINDOWS = [1, 63, 4, 16, 512];

const ZMAP_IP_ID = 54321;

function layoutOf(nibbles: number[]): number {
  return nibbles.reduce((sum, nibble, i) => sum | nibble << (4 * i), 0);
}

/** Window and IP ID of the record at `base`: window << 16 | IP ID. */
export function wireOf({ u16 }: Records, base: number): number {
  return u16[(base + Field.Window) >> 1] << 16 | u16[(base + Field.IpId) >> 1];
}

/** TCP: MSS << 16 | form; anything else: payload bytes (at most 65535) << 16 | form. */
export function formOf({ u16, i32, bytes }: Records, base: number): number {
  const isUnfragmentable = (i32[(base + Field.Quirks) >> 2] & Quirk.DontFragment) !== 0;
  const form = isUnfragmentable ? DONT_FRAGMENT : 0;
  if (bytes[base + Field.Kind] !== Kind.Tcp) {
    const payload = i32[(base + Field.PayloadLength) >> 2] >>> 0;
    return (payload > 0xffff ? 0xffff : payload) << 16 | form;
  }
  return u16[(base + Field.Mss) >> 1] << 16 | form |
    optionsOf(
      i32[(base + Field.OptionLayout) >> 2],
      bytes[base + Field.TransportHeaderLength],
    );
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
export function isOsProbe({ i32, u16 }: Records, base: number): boolean {
  return i32[(base + Field.TimestampValue) >> 2] === OS_TIMESTAMP &&
    OS_WINDOWS.includes(u16[(base + Field.Window) >> 1]);
}

/** True for a SYN of Windows, which has no timestamps. zmap copies its options, with one IP ID. */
export function isWindows({ i32, u16 }: Records, base: number): boolean {
  return i32[(base + Field.OptionLayout) >> 2] === WINDOWS_LAYOUT &&
    u16[(base + Field.IpId) >> 1] !== ZMAP_IP_ID;
}
