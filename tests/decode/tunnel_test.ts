import assert from "node:assert/strict";
import { Quirk } from "../../src/record.ts";
import { Reason } from "../../src/decode/reason.ts";
import { Tunnel } from "../../src/decode/tunnel.ts";
import { Unread } from "../../src/decode/unread.ts";
import { bytes, counting, ethernet, ipv4, ipv6, tcp, u16, u32, udp, vlan } from "./build.ts";
import { Random } from "../support/random.ts";
import { Bench } from "./harness.ts";

const INNER = ipv4(tcp({ destinationPort: 443 }), { source: "10.1.1.1", destination: "10.2.2.2" });
const INNER_6 = ipv6(tcp({ destinationPort: 443 }));
const FRAME = bytes([2, 0, 0, 0, 9, 1], [2, 0, 0, 0, 9, 2], u16(0x0800), INNER);
const ALL = Object.values(Tunnel).reduce((all, bit) => all | bit, 0);

const overUdp = (port: number, payload: Uint8Array) =>
  ethernet(ipv4(udp(payload, { destinationPort: port }), { protocol: 17 }));
const overGre = (flags: number, type: number, payload: Uint8Array) =>
  ethernet(ipv4(bytes(u16(flags), u16(type), payload), { protocol: 47 }));

/** Every form of each tunnel: its bit, and a frame with `INNER` in it. */
const FORMS: [string, number, Uint8Array][] = [
  ["VXLAN", Tunnel.Vxlan, overUdp(4789, bytes(8, 0, 0, 0, 0, 0, 7, 0, FRAME))],
  ["VXLAN on Linux's old port", Tunnel.Vxlan, overUdp(8472, bytes(8, 0, 0, 0, 0, 0, 7, 0, FRAME))],
  ["Geneve", Tunnel.Geneve, overUdp(6081, bytes(0, 0, u16(0x6558), 0, 0, 7, 0, FRAME))],
  [
    "Geneve with options",
    Tunnel.Geneve,
    overUdp(6081, bytes(2, 0, u16(0x6558), 0, 0, 7, 0, counting(8), FRAME)),
  ],
  ["Geneve of IPv4", Tunnel.Geneve, overUdp(6081, bytes(0, 0, u16(0x0800), 0, 0, 7, 0, INNER))],
  ["GRE", Tunnel.Gre, overGre(0, 0x0800, INNER)],
  ["GRE with all it may have", Tunnel.Gre, overGre(0xb000, 0x0800, bytes(counting(12), INNER))],
  ["GRE of Ethernet", Tunnel.Gre, overGre(0x2000, 0x6558, bytes(u32(7), FRAME))],
  ["PPTP", Tunnel.Gre, overGre(0x3081, 0x880b, bytes(counting(12), 0xff, 3, 0, 0x21, INNER))],
  ["ERSPAN I", Tunnel.Erspan, overGre(0, 0x88be, FRAME)],
  ["ERSPAN II", Tunnel.Erspan, overGre(0x1000, 0x88be, bytes(u32(1), counting(8), FRAME))],
  [
    "ERSPAN III",
    Tunnel.Erspan,
    overGre(0x1000, 0x22eb, bytes(u32(1), counting(11), 0, FRAME)),
  ],
  [
    "ERSPAN III with a subheader",
    Tunnel.Erspan,
    overGre(0x1000, 0x22eb, bytes(u32(1), counting(11), 1, counting(8), FRAME)),
  ],
  ["IPv4 in IPv4", Tunnel.Ipip, ethernet(ipv4(INNER, { protocol: 4 }))],
  ["IPv4 in IPv6", Tunnel.Ipip, ethernet(ipv6(INNER, { next: 4 }), 0x86dd)],
  ["GTP", Tunnel.Gtp, overUdp(2152, bytes(0x30, 0xff, u16(40), u32(7), INNER))],
  [
    "GTP with a sequence",
    Tunnel.Gtp,
    overUdp(2152, bytes(0x32, 0xff, u16(44), u32(7), 0, 1, 0, 0, INNER)),
  ],
  [
    "GTP whose extension is none",
    Tunnel.Gtp,
    overUdp(2152, bytes(0x34, 0xff, u16(44), u32(7), 0, 0, 0, 0, INNER)),
  ],
  [
    "GTP with a sequence, and the type of an extension that it does not have",
    Tunnel.Gtp,
    overUdp(2152, bytes(0x32, 0xff, u16(44), u32(7), 0, 1, 0, 0x85, INNER)),
  ],
  [
    "GTP with an extension of type 1",
    Tunnel.Gtp,
    overUdp(2152, bytes(0x34, 0xff, u16(48), u32(7), 0, 0, 0, 1, 1, 0, 9, 0, INNER)),
  ],
  [
    "GTP with two extensions",
    Tunnel.Gtp,
    overUdp(
      2152,
      bytes(0x34, 0xff, u16(52), u32(7), 0, 0, 0, 0x85, 1, 0, 9, 0x85, 1, 0, 9, 0, INNER),
    ),
  ],
];

Deno.test("a tunnel that is looked into gives the packet inside, as if it were alone", () => {
  const alone = new Bench().record(ethernet(INNER));
  for (const [name, bit, frame] of FORMS) {
    const decoded = new Bench({ inside: bit }).record(frame);
    assert.deepEqual({ ...decoded, linkSource: "" }, { ...alone, linkSource: "" }, name);
    const isFrame = !/IPv4|^GRE$|all it may|PPTP|GTP/.test(name);
    assert.equal(decoded.linkSource, isFrame ? "020000000902" : undefined, name);
  }
});

Deno.test("a tunnel that is not looked into gives its own packet, and is counted", () => {
  for (const [name, bit, frame] of FORMS) {
    for (const inside of [undefined, 0, ALL & ~bit]) {
      const unread = new Unread();
      const decoded = new Bench({ inside }, unread).record(frame);
      assert.notEqual(decoded.destinationPort, 443, name);
      assert.equal(unread.tunnels[Math.log2(bit)], 1, name);
      assert.equal(unread.total, 0, name);
    }
  }
});

Deno.test("IPv6, tags and tunnels may be in a tunnel", () => {
  const bench = new Bench({ inside: ALL });
  const six = bench.record(ethernet(ipv4(INNER_6, { protocol: 41 })));
  assert.deepEqual([six.ipVersion, six.destinationPort], [6, 443]);
  const tagged = bytes(FRAME.subarray(0, 12), u16(0x8100), vlan(INNER, 0x0800));
  const mirrored = bench.record(overUdp(4789, bytes(8, 0, 0, 0, 0, 0, 7, 0, tagged)));
  assert.deepEqual([mirrored.destinationPort, mirrored.quirks], [443, Quirk.Vlan]);
  let nested: Uint8Array = INNER;
  for (let depth = 0; depth < 60; depth++) nested = ipv4(nested, { protocol: 4 });
  assert.equal(bench.record(ethernet(nested)).destinationPort, 443);
});

Deno.test("a frame that was cut where it was copied is decoded, without blame for its lengths", () => {
  const long = ipv4(tcp({ destinationPort: 443, payload: counting(100) }));
  const cut = bytes(FRAME.subarray(0, 14), long.subarray(0, 60));
  const bench = new Bench({ inside: ALL });
  for (
    const frame of [overUdp(4789, bytes(8, 0, 0, 0, 0, 0, 7, 0, cut)), overGre(0, 0x88be, cut)]
  ) {
    const decoded = bench.record(frame);
    assert.deepEqual([decoded.destinationPort, decoded.quirks], [443, 0]);
    assert.equal(decoded.payloadLength, 100, "as the packet says");
  }
  const lie = bench.record(ethernet(ipv4(ipv4(tcp(), { length: 999 }), { protocol: 4 })));
  assert.equal(lie.quirks, Quirk.BadIpLength, "IP in IP copies nothing");
});

Deno.test("what only looks like a tunnel is left as it is", () => {
  const bench = new Bench({ inside: ALL });
  const others = [
    overUdp(4789, bytes(0, 0, 0, 0, 0, 0, 7, 0, FRAME)), // no network identifier
    overUdp(4789, counting(7)),
    overUdp(6081, bytes(0x40, 0, u16(0x6558), 0, 0, 7, 0, FRAME)), // version 1
    overUdp(6081, bytes(0, 0, u16(5), 0, 0, 7, 0, FRAME)),
    overUdp(2152, bytes(0x30, 1, u16(40), u32(7), INNER)), // an echo
    overUdp(2152, bytes(0x10, 0xff, u16(40), u32(7), INNER)), // GTP version 0
    overUdp(2152, bytes(0x34, 0xff, u16(40), u32(7), 0, 0, 0, 0x85, 0, 0, 9, 0, INNER)), // an extension of 0
    overGre(0x4000, 0x0800, INNER), // source routes
    overGre(2, 0x0800, INNER), // version 2
    overGre(0, 0x0026, INNER),
  ];
  for (const frame of others) {
    const { protocol } = bench.record(frame);
    assert.ok(protocol === 17 || protocol === 47);
  }
});

Deno.test("a tunnel whose inner frame is no IP, or cut, is counted as what that is", () => {
  const unread = new Unread();
  const bench = new Bench({ inside: ALL }, unread);
  const lldp = bytes(FRAME.subarray(0, 12), u16(0x88cc), counting(40));
  const frame = (inner: Uint8Array) => overUdp(4789, bytes(8, 0, 0, 0, 0, 0, 7, 0, inner));
  assert.equal(bench.decode(frame(lldp)), Reason.OtherLinkProtocol);
  assert.equal(unread.list()[0].kind.network, 0x88cc);
  assert.equal(bench.decode(frame(FRAME.subarray(0, 13))), Reason.LinkCut);
  for (const [name, , whole] of FORMS) {
    for (let end = 14; end < whole.length; end++) {
      // Never throws, never reads past the end; what there is may be the outer packet.
      bench.decode(whole.subarray(0, end), { wireLength: whole.length });
    }
    assert.ok(name);
  }
});

Deno.test("mutants of tunnels never throw, and are read no further than they go", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const bench = new Bench({ inside: ALL, fragmentDatagrams: 64 });
  for (let i = 0; i < 20_000; i++) {
    const [, , whole] = random.pick(FORMS);
    const frame = whole.slice(0, random.between(14, whole.length));
    for (let changes = random.below(6); changes > 0; changes--) {
      frame[random.below(frame.length)] = random.below(256);
    }
    bench.decode(frame, { wireLength: random.oneIn(2) ? whole.length : frame.length });
  }
});

Deno.test("fragments of a tunnel are what they are", () => {
  const bench = new Bench({ inside: ALL });
  const [, , whole] = FORMS[0];
  const first = ethernet(ipv4(whole.subarray(34), { protocol: 17, flags: 0x2000 }));
  assert.equal(bench.record(first).protocol, 17);
});
