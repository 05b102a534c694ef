// The detector with an account beside it: whose packets are counted, as what, and which floods are told of.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../src/address.ts";
import type { DetectorEvent } from "../../../../src/event.ts";
import { Kind, RECORD_BYTES, Records } from "../../../../src/record.ts";
import { Explainer } from "../../../../src/detect/scandog/account/explainer.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Ack, type Packet, Syn, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7", SERVER = "203.0.113.10", CLIENT = "192.0.2.9";
const PROBE: Packet = { from: SCANNER, to: SERVER, sport: 40_000, dport: 22, flags: Syn };

/** All these packets in one go, behind `before` others that are none of its business. */
function explained(packets: readonly Packet[], only: readonly string[], before = 0) {
  const traffic = new Traffic();
  const records = Records.allocate(before + packets.length + 1);
  const stranger = { from: CLIENT, to: SCANNER, dport: 1, flags: Syn };
  for (const [i, packet] of [...Array(before).fill(stranger), ...packets, stranger].entries()) {
    records.bytes.set(traffic.send(packet).records.bytes, i * RECORD_BYTES);
  }
  const events: DetectorEvent[] = [];
  const explainer = new Explainer(
    records,
    scandogOptions({ memory: 4, floodSources: 64 }),
    { only: only.map((text) => parsePrefix(text)!), listMax: 10 },
    (event) => events.push(event),
  );
  explainer.process(before * RECORD_BYTES, packets.length);
  explainer.finish();
  return { explanation: explainer.explanation(), events };
}

Deno.test("packets are counted of sources that are asked for, with those that can be no probe", () => {
  const group = { ...PROBE, to: "224.0.0.251" };
  const arp = { kind: Kind.Arp, from: SCANNER, to: "198.51.100.1", type: 1 };
  const answer = { from: SERVER, to: SCANNER, sport: 22, dport: 40_000, flags: Syn | Ack, ack: 1 };
  const packets = [arp, PROBE, { ...PROBE, from: CLIENT }, group, answer, { ...PROBE, dport: 23 }];
  const scanners = [SCANNER, { sent: 4, unfit: 1 }], servers = [SERVER, { sent: 1, unfit: 0 }];
  for (const before of [0, 2]) {
    for (
      const [only, expected] of [[[SCANNER, SERVER], [scanners, servers]], [[SERVER], [servers]]]
    ) {
      const { explanation } = explained(packets, only as string[], before);
      const counts = explanation.sources.map(({ source, packets }) => [source, packets]);
      assert.deepEqual(counts.sort(), expected, `${only}, behind ${before}`);
    }
  }
  const all = explained(packets, []).explanation.sources;
  assert.deepEqual(all.map(({ packets }) => packets), all.map(() => undefined));
});

Deno.test("who was asked for and sent nothing is said to be absent, with how many packets went to it", () => {
  const packets = [PROBE, PROBE, { ...PROBE, to: CLIENT }];
  const only = [SERVER, SCANNER, "192.0.2.0/24", "10.0.0.0/8"];
  assert.deepEqual(explained(packets, only).explanation.absent, [
    { index: 0, received: 2 },
    { index: 2, received: 1 },
    { index: 3, received: 0 },
  ]);
});

/** So many first packets from as many sources, within a few milliseconds. */
const flood = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...PROBE, from: `10.${i >> 8}.${i & 255}.1` }));

Deno.test("an explanation has the floods that are over, and their events are told like all others", () => {
  const { explanation, events } = explained(flood(200), []);
  const phases = events.flatMap((event) => event.action === "flood" ? [event.phase] : []);
  assert.deepEqual(phases, ["begin", "end"]);
  assert.deepEqual(explanation.floods.map(({ phase }) => phase), ["end"]);
  const scan = Array.from({ length: 12 }, (_, i) => ({ ...PROBE, dport: 1 + i }));
  assert.deepEqual(explained(scan, []).explanation.floods, []);
});
