// What of a probe's headers is kept: each field in its bits, the forms of options, and nmap's and Windows's SYNs.

import assert from "node:assert/strict";
import {
  formOf,
  isOsProbe,
  isWindows,
  lookOf,
  wireOf,
} from "../../../../src/detect/scandog/observe/probe_form.ts";
import { DONT_FRAGMENT, Options, SENT_HERE } from "../../../../src/detect/scandog/probe/form.ts";
import { Field, Kind, OptionNibble, Quirk, type Records } from "../../../../src/record.ts";
import { recordsOf } from "../../../packetlog/records.ts";

const { Mss, Nop, WindowScale, SackPermitted, Timestamp } = OptionNibble;
const WINDOWS = [Mss, Nop, WindowScale, Nop, Nop, SackPermitted];

interface Probe {
  kind?: number;
  mss?: number;
  options?: number[];
  headerBytes?: number;
  payload?: number;
  quirks?: number;
  window?: number;
  ipId?: number;
  timestamp?: number;
}

function probe(made: Probe): Records {
  const records = recordsOf([{ kind: made.kind ?? Kind.Tcp, quirks: made.quirks }]);
  const { bytes, u16, u32 } = records;
  const layout = (made.options ?? []).reduce((sum, nibble, i) => sum | nibble << 4 * i, 0);
  u32[Field.OptionLayout >> 2] = layout >>> 0;
  u16[Field.Mss >> 1] = made.mss ?? 0;
  bytes[Field.TransportHeaderLength] = made.headerBytes ?? 20;
  u32[Field.PayloadLength >> 2] = made.payload ?? 0;
  u16[Field.Window >> 1] = made.window ?? 0;
  u16[Field.IpId >> 1] = made.ipId ?? 0;
  u32[Field.TimestampValue >> 2] = made.timestamp ?? 0;
  bytes[Field.TrafficClass] = 0xb8;
  return records;
}

Deno.test("lookOf() and wireOf() have TTL, traffic class, flags and version; window and IP ID", () => {
  assert.equal(lookOf(probe({}), 0), 64 | 0xb8 << 8 | 2 << 16 | 4 << 24);
  assert.equal(wireOf(probe({ window: 1024, ipId: 54_321 }), 0), 1024 << 16 | 54_321);
});

Deno.test("formOf() has the MSS of TCP, and the payload of everything else, at most 65535", () => {
  assert.equal(formOf(probe({ mss: 1460, payload: 9 }), 0) >>> 16, 1460);
  for (const kind of [Kind.Udp, Kind.Sctp, Kind.Icmp]) {
    for (const [payload, kept] of [[0, 0], [9, 9], [65_535, 65_535], [65_536, 65_535]]) {
      const form = formOf(probe({ kind, mss: 1460, payload }), 0);
      assert.equal(form >>> 16, kept, `${kind}, ${payload}`);
      assert.equal(form & 0xffff, 0, "no options");
    }
  }
});

Deno.test("formOf() tells four lists of options apart, and what was cut off from none", () => {
  const cases: [number, Probe][] = [
    [Options.None, {}],
    [Options.None, { headerBytes: 0 }],
    [Options.Other, { headerBytes: 24 }],
    [Options.MssOnly, { options: [Mss], headerBytes: 24 }],
    [Options.Windows, { options: WINDOWS, headerBytes: 32 }],
    [Options.Other, { options: WINDOWS.slice(1), headerBytes: 32 }],
    [Options.Other, { options: [Mss, Timestamp], headerBytes: 36 }],
  ];
  for (const [expected, made] of cases) {
    assert.equal(formOf(probe(made), 0) & 3, expected, JSON.stringify(made));
  }
});

Deno.test("formOf() has a bit for don't-fragment, and one for what this machine sent", () => {
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    const bits = (quirks: number) =>
      formOf(probe({ kind, quirks }), 0) & (DONT_FRAGMENT | SENT_HERE);
    assert.equal(bits(0), 0);
    assert.equal(bits(Quirk.DontFragment), DONT_FRAGMENT);
    assert.equal(bits(Quirk.Outgoing), SENT_HERE);
  }
});

Deno.test("isOsProbe() wants every bit of the timestamp and one of nmap's windows", () => {
  const all = 0xffffffff;
  for (const window of [1, 63, 4, 16, 512]) {
    assert.ok(isOsProbe(probe({ timestamp: all, window }), 0), `${window}`);
    assert.ok(!isOsProbe(probe({ timestamp: all - 1, window }), 0), `${window}, another time`);
  }
  for (const window of [0, 2, 5, 62, 64, 511, 1024]) {
    assert.ok(!isOsProbe(probe({ timestamp: all, window }), 0), `${window}`);
  }
});

Deno.test("isWindows() wants its options in their order, and not zmap's IP ID", () => {
  assert.ok(isWindows(probe({ options: WINDOWS, ipId: 54_320 }), 0));
  assert.ok(!isWindows(probe({ options: WINDOWS, ipId: 54_321 }), 0));
  assert.ok(!isWindows(probe({ options: WINDOWS.toReversed() }), 0));
});
