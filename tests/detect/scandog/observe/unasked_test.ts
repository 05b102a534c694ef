// What one segment says to a host that is seen to send, and asked nothing: segment by segment, from one who did ask.

import assert from "node:assert/strict";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Attempts } from "../../../../src/detect/scandog/observe/attempts.ts";
import { FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";
import { Packet } from "../../../../src/detect/scandog/observe/packet.ts";
import { Tcp } from "../../../../src/detect/scandog/observe/tcp.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Change, Unasked } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import { Field, Records } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";
import { Questioned } from "../account/explained.ts";
import { Ack, Rst, Syn } from "../traffic.ts";

const ASKER = "198.51.100.7", HOST = "203.0.113.10";

/** The kinds of unasked segments that the last one of these is, where the host has sent before. */
function unasked(...segments: (Made & { sequence?: number })[]): number[] {
  const records = Records.allocate(1);
  const memory = new Memory(scandogOptions({ memory: 4 })), view = new View(memory);
  memory.clock.advance(0);
  const packet = new Packet(memory, view, records);
  const tcp = new Tcp(memory, new Attempts(memory, view, packet, new FloodGate(1000)));
  let kinds: number[] = [];
  for (const segment of segments) {
    records.bytes.set(recordsOf([segment]).bytes);
    records.u32[Field.Sequence >> 2] = segment.sequence ?? 1000;
    tcp.read(0);
    tcp.process();
    kinds = [];
    while (memory.outcomes.next()) {
      if (memory.outcomes.change === Change.Unasked) kinds.push(memory.outcomes.value);
    }
  }
  return kinds;
}

const up = { source: ASKER, destination: HOST };
const asked = { ...up, sourcePort: 40_000, port: 5000, flags: Syn };
const sent = {
  source: HOST,
  destination: "198.51.100.9",
  sourcePort: 41_000,
  port: 443,
  flags: Syn,
};

Deno.test("of a host's asker a refusal from another port than it asked from is unasked for, and no other reset", () => {
  const resets: [flags: number, sequence: number, sourcePort: number, kinds: number[]][] = [
    [Rst | Ack, 0, 80, [Unasked.Refusal]],
    [Rst | Ack, 1, 80, []],
    [Rst, 0, 80, []],
    [Rst | Ack, 0, 40_000, []],
  ];
  for (const [flags, sequence, sourcePort, kinds] of resets) {
    const reset = { ...up, flags, sequence, sourcePort, port: 5000 };
    assert.deepEqual(unasked(sent, asked, reset), kinds, `${flags} ${sequence} ${sourcePort}`);
  }
});

Deno.test("data that a service sends, of a connection from before the capture, shows no technique of its client", () => {
  const traffic = new Questioned();
  traffic.send({ from: HOST, to: ASKER, sport: 443, dport: 40_000, flags: Ack, payload: 100 });
  const { listed } = traffic.account(ASKER);
  assert.deepEqual(listed.map(({ port, techniques }) => [port, techniques]), [[443, []]]);
});
