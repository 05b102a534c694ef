// What makes probes of several sources the same probe, and what a stack looks like: one field aside each.

import assert from "node:assert/strict";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Packet as AtHand } from "../../../../src/detect/scandog/observe/packet.ts";
import { signatureOf } from "../../../../src/detect/scandog/observe/probe_form.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import { Field, Kind, Records } from "../../../../src/record.ts";
import { type Packet, writePacket } from "../packet.ts";
import { Ack, Rst } from "../traffic.ts";
import { Observed } from "./observed.ts";
import { ip, ping, serverSeen, syn, synAck, udp, udpBack } from "./steps.ts";

/** The signature of a SYN after one of its record's fields was changed. */
function signature(change: (records: Records) => void = () => {}): number {
  const records = Records.allocate(1);
  writePacket(records, { ...syn, window: 1024 }, 0);
  change(records);
  return signatureOf(records, 0);
}

Deno.test("a stack's look is its options, window, MSS, kind, flags and length, and nothing else", () => {
  const told: [string, (records: Records) => unknown][] = [
    ["options", ({ u32 }) => u32[Field.OptionLayout >> 2] = 7],
    ["window", ({ u16 }) => u16[Field.Window >> 1] = 1025],
    ["MSS", ({ u16 }) => u16[Field.Mss >> 1] = 1460],
    ["kind", ({ bytes }) => bytes[Field.Kind] = Kind.Sctp],
    ["flags", ({ bytes }) => bytes[Field.TcpFlags] = Ack],
    ["length", ({ u16 }) => u16[Field.IpLength >> 1] = 44],
  ];
  const all = told.map(([, change]) => signature((records) => void change(records)));
  assert.equal(new Set([signature(), ...all]).size, told.length + 1);
  const same: [string, (records: Records) => unknown][] = [
    ["TTL", ({ bytes }) => bytes[Field.Ttl] = 3],
    ["IP ID", ({ u16 }) => u16[Field.IpId >> 1] = 3],
    ["port", ({ u16 }) => u16[Field.SourcePort >> 1] = 3],
    ["sequence", ({ u32 }) => u32[Field.Sequence >> 2] = 3],
  ];
  for (const [name, change] of same) {
    assert.equal(signature((records) => void change(records)), signature(), name);
  }
});

Deno.test("a stack's look is the same on every sensor, and a flow's hash is not", () => {
  const looks = [1, 2].map((seed) => {
    const records = Records.allocate(1), memory = new Memory(scandogOptions({ memory: 4, seed }));
    writePacket(records, syn, 0);
    const packet = new AtHand(memory, new View(memory), records);
    packet.read(0);
    return { look: signatureOf(records, 0), flow: packet.flowHash() };
  });
  assert.equal(looks[0].look, looks[1].look);
  assert.notEqual(looks[0].flow, looks[1].flow);
});

/** What copies of the probe that these packets begin agree in; the last packet begins it. */
function copies(...packets: Packet[]): number {
  const all = new Observed();
  for (const packet of packets.slice(0, -1)) all.step(packet);
  const before = all.memory.table.size;
  const { outcomes } = all.memory;
  writePacket(all.records, packets[packets.length - 1], all.timeUs += 1000);
  all.observer.observe(0);
  while (outcomes.next()) {
    if (outcomes.change === 0 && outcomes.slot >= before) return outcomes.value;
  }
  throw new Error("nothing was begun");
}

/** Another source's packet. */
const other = (packet: Packet): Packet => ({ ...packet, from: "192.0.2.66" });

Deno.test("copies of a probe agree in target, both ports and a number, whoever sends them", () => {
  const probe = { ...syn, ipId: 5 };
  const look = copies(probe);
  assert.notEqual(look, 0);
  assert.equal(copies(other(probe)), look);
  // Of a SYN with a number the IP ID tells nothing.
  assert.equal(copies(other({ ...probe, ipId: 6 })), look);
  for (
    const change of [
      { seq: 1001 },
      { sport: 40_001 },
      { dport: 5001 },
      { to: "203.0.113.11" },
      { ack: 1 },
    ]
  ) {
    assert.notEqual(copies(other({ ...probe, ...change })), look, JSON.stringify(change));
  }
});

Deno.test("where a probe has no sequence number its IP ID is one, and without either there is none", () => {
  const numbered = { ...syn, seq: 0, ipId: 5 };
  assert.equal(copies(other(numbered)), copies(numbered));
  assert.notEqual(copies(other({ ...numbered, ipId: 6 })), copies(numbered));
  assert.equal(copies({ ...syn, seq: 0 }), 0);
  assert.notEqual(copies({ ...syn, seq: 0, ack: 4 }), 0);
  assert.equal(copies(udp()), 0, "over IPv4");
  assert.notEqual(copies(udp({ ipId: 5 })), 0);
  assert.notEqual(copies(udp({ ipId: 5 })), copies(other(udp({ ipId: 6 }))));
  const pings = [ping({ seq: 7 }), ping({ seq: 7, ipId: 9 })];
  assert.notEqual(copies(pings[0]), copies(pings[1]), "of a ping both count");
});

Deno.test("over IPv6 a datagram from a port that was chosen is told by its ports, and from no other", () => {
  const six = (sport: number, dport: number) =>
    copies(udp({ from: "2001:db8:1::7", to: "2001:db8:2::10", sport, dport }));
  assert.notEqual(six(32_768, 5000), 0);
  assert.equal(six(32_767, 5000), 0);
  assert.equal(six(40_000, 40_000), 0, "both ends agree in one");
  assert.notEqual(six(40_000, 5000), six(40_001, 5000));
  assert.equal(
    copies(ping({ from: "2001:db8:1::7", to: "2001:db8:2::10", kind: Kind.Icmp6, type: 128 })),
    0,
  );
});

Deno.test("bare headers of an IP protocol are told by it alone, whatever their IP ID", () => {
  const bare = copies(ip({ ipId: 9 }));
  assert.notEqual(bare, 0);
  assert.equal(copies(other(ip({ ipId: 10 }))), bare);
  assert.notEqual(copies(ip({ ipId: 9, protocol: 50 })), bare);
  const full = copies(ip({ ipId: 9, payload: 8 }));
  assert.notEqual(full, bare);
  assert.notEqual(copies(ip({ ipId: 10, payload: 8 })), full);
});

Deno.test("answers to copies agree in what they acknowledge, or in their number where they acknowledge nothing", () => {
  const answer = copies(synAck);
  assert.notEqual(answer, 0);
  assert.equal(copies({ ...synAck, to: "192.0.2.66" }), answer);
  assert.equal(copies({ ...synAck, seq: 77 }), answer);
  assert.notEqual(copies({ ...synAck, ack: 1002 }), answer);
  const reset = { ...synAck, flags: Rst, sport: 80, ack: 0, seq: 9 };
  assert.notEqual(copies(reset), 0);
  assert.notEqual(copies({ ...reset, seq: 10 }), copies(reset));
  assert.equal(copies({ ...reset, seq: 0 }), 0);
});

Deno.test("errors are told where few ask from the same port, or for a protocol; answers to pings are not", () => {
  const error = (protocol: number, sport: number) => {
    const inner = { from: "198.51.100.7", to: "203.0.113.10", protocol, sport, dport: 5000 };
    const { to: by } = syn;
    return copies({ kind: Kind.Icmp, from: by, to: inner.from, type: 3, code: 3, inner });
  };
  assert.notEqual(error(17, 40_000), 0);
  assert.equal(error(17, 32_767), 0);
  assert.equal(error(6, 40_000), 0, "of a segment not even the number is quoted");
  assert.notEqual(error(47, 0), 0);
  assert.equal(copies({ kind: Kind.Icmp, from: syn.to, to: syn.from, type: 0, seq: 3 }), 0);
  assert.equal(copies(serverSeen, udpBack()), 0);
});

/** The hash of the flow of a packet. */
function flowOf(packet: Packet): number {
  const all = new Observed();
  writePacket(all.records, packet, 0);
  return all.observer.attempts.packet.flowHashAt(0);
}

Deno.test("a flow has one hash in both directions, and another by each end, port and transport", () => {
  const ends = { from: "198.51.100.7", to: "203.0.113.10", sport: 40_000, dport: 443 };
  const six = { ...ends, from: "2001:db8:1::7", to: "2001:db8:2::10" };
  for (const flow of [ends, six]) {
    const { from, to, sport, dport } = flow;
    const hash = flowOf(flow);
    assert.equal(flowOf({ from: to, to: from, sport: dport, dport: sport }), hash);
    const others = [
      { ...flow, from: from === ends.from ? "198.51.100.8" : "2001:db8:1::8" },
      { ...flow, sport: 40_001 },
      { ...flow, dport: 444 },
      { ...flow, sport: dport, dport: sport },
      { ...flow, kind: Kind.Udp },
    ];
    for (const another of others) assert.notEqual(flowOf(another), hash, JSON.stringify(another));
  }
  // Hosts of other networks that end alike.
  assert.notEqual(flowOf({ ...six, from: "2001:db8:9::7" }), flowOf(six));
  assert.notEqual(flowOf({ ...six, to: "2001:db8:9::10" }), flowOf(six));
});
