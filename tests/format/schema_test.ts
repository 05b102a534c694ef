// Every sort of line, and every line of every case, against the schema that `scandog schema` prints and
// against the published fields of the Elastic Common Schema; whole, and within bounds.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { DetectorEvent, Profile, Technique } from "../../src/event.ts";
import { jsonLine } from "../../src/format/json.ts";
import { PACKET_JSON_BYTES_MAX, PacketJson } from "../../src/format/packet_json.ts";
import { suppressedJson } from "../../src/format/packet_suppressed.ts";
import { UTC } from "../../src/format/zone.ts";
import { PROFILES } from "../../src/options/profiles.ts";
import { Field, Kind, Records } from "../../src/record.ts";
import {
  classicEvent,
  CONTEXT,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  sensorEvent,
  suppressedEvent,
  TIME_US,
  visitEvent,
} from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { Random } from "../support/random.ts";
import { runCapture } from "../support/run_capture.ts";
import { assertEcs } from "./ecs_fields.ts";
import { assertLine } from "./event_schema.ts";

const EVENTS: DetectorEvent[] = [
  scanEvent(),
  scanEvent({ action: "scan-update", sourceMac: "00:00:5e:00:53:23" }),
  scanEvent({ sources: { count: 2, list: "10.9.0.2,10.9.0.7", forged: 1, guess: true } }),
  scanEvent({ action: "scan-end", ipVersion: 6, source: "2001:db8::1", destination: "::1" }),
  scanEvent({ known: { name: "probe", network: "10.9.0.0/24" }, zombie: ["counts up"] }),
  classicEvent(),
  misuseEvent(),
  misuseEvent({ kind: "decoy", by: undefined, addresses: 3, addressList: "10.9.0.1,10.9.0.4" }),
  visitEvent(),
  floodEvent(),
  floodEvent({
    phase: "end",
    direction: "inbound",
    kind: Kind.Icmp,
    ports: { count: 0, list: "" },
  }),
  floodEvent({
    network: "10.9.0.0/24",
    hosts: { count: 2, list: "10.9.0.1,10.9.0.2" },
    ports: { count: 3, list: "1-2,9" },
  }),
  suppressedEvent({
    most: [{ source: "10.9.0.2", destination: "2001:db8::1", attempts: 150 }],
  }),
  suppressedEvent(),
  suppressedEvent({ count: 0 }),
  lossEvent(),
  scanEvent({
    sensors: { count: 70, list: ["web1", "a,b", "café"] },
    joined: ["01JE0000000000000000000000"],
  }),
  sensorEvent(),
  sensorEvent({ action: "sensor-silent", refused: undefined }),
  sensorEvent({ action: "sensor-back", refused: undefined }),
];

function check(line: string): void {
  assertEcs(assertLine(line));
}

Deno.test("every sort of event fits the schema, without names, hosts and devices too", () => {
  for (const event of EVENTS) {
    check(jsonLine(event, CONTEXT));
    check(jsonLine(event, { ...CONTEXT, observer: undefined, hostname: undefined }));
    check(jsonLine(event, { ...CONTEXT, interfaceName: () => undefined as never }));
  }
});

Deno.test("the schema refuses what is no line: a field it does not know, a null, a list as text", () => {
  const line = JSON.parse(jsonLine(scanEvent(), CONTEXT));
  // deno-lint-ignore no-explicit-any
  const refused = (change: (line: any) => void) => {
    const changed = structuredClone(line);
    change(changed);
    assert.throws(() => assertLine(JSON.stringify(changed)), assert.AssertionError);
  };
  refused((line) => line.scandog.colour = "red");
  refused((line) => line.source.port = null);
  refused((line) => line.scandog.ports.list = "21-25,80");
  refused((line) => line.source.ip = "10.9.0.256");
  refused((line) => delete line.event.id);
  refused((line) => delete line.scandog.scan);
  refused((line) => line["@timestamp"] = "2026-11-21T22:14:52Z");
});

const TECHNIQUES =
  "syn connect fin null xmas maimon ack syn-ack other-tcp udp sctp-init ip-protocol"
    .split(" ") as Technique[];

/** A scan with lists of any length. */
const LISTS = fc.record({
  ports: fc.integer({ min: 0, max: 3000 }),
  hosts: fc.integer({ min: 1, max: 300 }),
  sources: fc.integer({ min: 1, max: 300 }),
  tools: fc.integer({ min: 0, max: 20 }),
  six: fc.boolean(),
});

Deno.test("a line is whole and exact within any bound, and shortens no more than it must", () => {
  fc.assert(fc.property(LISTS, fc.integer({ min: 1000, max: 60_000 }), (size, bytesMax) => {
    const address = (i: number) =>
      size.six
        ? `2001:db8:1111:2222:3333:4444:5555:${(i + 4096).toString(16)}`
        : `10.9.${i >> 8}.${i & 255}`;
    const addresses = (count: number) => Array.from({ length: count }, (_, i) => address(i)).join();
    const event = scanEvent({
      ipVersion: size.six ? 6 : 4,
      source: address(0),
      destination: address(1),
      ports: {
        count: size.ports,
        list: Array.from({ length: size.ports }, (_, i) => 2 * i).join(),
        open: Array.from({ length: size.ports >> 1 }, (_, i) => 4 * i).join(),
        closed: size.ports >> 2,
        silent: 7,
      },
      techniques: [...TECHNIQUES],
      hosts: { count: size.hosts, list: addresses(size.hosts) },
      sources: { count: size.sources, list: addresses(size.sources), forged: 0 },
      tool: Array.from({ length: size.tools }, () => (
        { name: "masscan", confidence: 0.5, matched: ["IP ID is a sum of the rest"] }
      )),
    });
    const line = jsonLine(event, CONTEXT, bytesMax);
    assert.ok(line.length <= bytesMax, `${line.length} of ${bytesMax}`);
    check(line);
    const { scandog, related, source, event: { id } } = JSON.parse(line);
    const whole = JSON.parse(jsonLine(event, CONTEXT));
    assert.deepEqual([id, source.ip, scandog.scan], [
      whole.event.id,
      address(0),
      whole.scandog.scan,
    ]);
    assert.deepEqual([scandog.ports.count, scandog.hosts.count, scandog.ports.closed], [
      ...[size.ports, size.hosts, size.ports >> 2],
    ]);
    const isShort = JSON.stringify(scandog.ports.list) !== JSON.stringify(whole.scandog.ports.list);
    if (isShort) assert.ok(scandog.truncated || scandog.ports.truncated);
    if (JSON.stringify(whole).length <= bytesMax) assert.deepEqual(JSON.parse(line), whole);
    else {assert.ok(
        scandog.truncated || scandog.ports.truncated || scandog.hosts.truncated ||
          scandog.sources.truncated,
      );}
    // What the line still names is in `related`, where that is.
    const named = [...scandog.hosts?.list ?? [], ...scandog.sources?.list ?? []];
    if (related !== undefined) { for (const ip of named) assert.ok(related.ip.includes(ip)); }
  }));
});

Deno.test("events of every other sort are whole within any bound", () => {
  for (const event of EVENTS) {
    for (let bytesMax = 1000; bytesMax < 2500; bytesMax += 19) {
      const line = jsonLine(event, { ...CONTEXT, observer: "a".repeat(300) }, bytesMax);
      assert.ok(line.length <= bytesMax, `${event.action}: ${line.length} of ${bytesMax}`);
      check(line);
    }
  }
});

Deno.test("packets fit the schema, whatever their bytes, and within any bound", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const buffer = new Uint8Array(PACKET_JSON_BYTES_MAX);
  for (let i = 0; i < 2000; i++) {
    const records = Records.allocate(1);
    for (let at = 0; at < records.bytes.length; at++) records.bytes[at] = random.below(256);
    records.f64[0] = random.below(4e9) * 1e6;
    records.bytes[Field.IpVersion] = random.pick([4, 6]);
    const bytesMax = 1000 + random.below(3000);
    const context = { ...CONTEXT, names: true, verbose: true, bytesMax };
    const end = new PacketJson(records, buffer, context).write(0, 0);
    assert.ok(end - 1 <= bytesMax, `${end}`);
    check(new TextDecoder().decode(buffer.subarray(0, end)));
  }
  const what = { startUs: TIME_US, endUs: TIME_US, count: 5, mostSource: "::1", mostCount: 3 };
  check(suppressedJson(what, { ...CONTEXT, zone: UTC }));
});

for (const profile of Object.keys(PROFILES) as Profile[]) {
  Deno.test(`every line of every case fits the schema, whole and within 1,000 bytes: ${profile}`, async () => {
    const row = PROFILES[profile];
    const make = await row.make(row.defaults("normal"), { home: [], ignore: [], seed: 1 });
    const ids = new Set<string>();
    let lines = 0;
    for (const { name } of Deno.readDirSync(inRepository("testdata/cases"))) {
      ids.clear();
      const folder = inRepository(`testdata/cases/${name}/`);
      const capture = [...Deno.readDirSync(folder)].find((file) =>
        file.name.startsWith("capture.")
      );
      for (const event of runCapture(folder + capture!.name, make).events) {
        const line = jsonLine(event, CONTEXT);
        check(line);
        check(jsonLine(event, CONTEXT, 1000));
        const { id } = JSON.parse(line).event;
        assert.ok(!ids.has(id), `${name}: ${line}`);
        ids.add(id);
        lines++;
      }
    }
    assert.ok(lines > 50, `${lines}`);
  });
}
