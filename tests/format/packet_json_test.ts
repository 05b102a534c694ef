import assert from "node:assert/strict";
import { PACKET_JSON_BYTES_MAX, PacketJson } from "../../src/format/packet_json.ts";
import { UTC } from "../../src/format/zone.ts";
import { Field, Kind, RECORD_BYTES, Records } from "../../src/record.ts";
import { type Made, recordsOf } from "../packetlog/records.ts";
import { Random } from "../support/random.ts";

const CONTEXT = {
  zone: UTC,
  interfaceName: () => "eth0",
  names: true,
  verbose: false,
  observer: "host",
  version: "0.1.0",
};

function objectOf(records: Records, changes: Partial<typeof CONTEXT> = {}) {
  const buffer = new Uint8Array(PACKET_JSON_BYTES_MAX);
  const end = new PacketJson(records, buffer, { ...CONTEXT, ...changes }).write(0, 0);
  assert.equal(buffer[end - 1], 10, "a line ends with its newline");
  return JSON.parse(new TextDecoder().decode(buffer.subarray(0, end)));
}

Deno.test("PacketJson has both ports of TCP, UDP and SCTP, and none of ICMP", () => {
  const rows: Made[] = [
    { kind: Kind.Tcp, protocol: 6, port: 22 },
    { kind: Kind.Udp, protocol: 17, port: 53 },
    { kind: Kind.Sctp, protocol: 132, port: 2905 },
  ];
  for (const made of rows) {
    const { source, destination } = objectOf(recordsOf([{ ...made, sourcePort: 40001 }]));
    assert.deepEqual(source, { ip: "198.51.100.7", port: 40001 });
    assert.deepEqual(destination, { ip: "192.0.2.1", port: made.port });
  }
  for (const kind of [Kind.Icmp, Kind.Icmp6]) {
    const { source, destination } = objectOf(recordsOf([{ kind, protocol: 1, type: 8 }]));
    assert.deepEqual([source.port, destination.port], [undefined, undefined]);
  }
});

Deno.test("PacketJson stays whole however long the names of sensor and interface are", () => {
  const long = "\u0001".repeat(70_000);
  const object = objectOf(recordsOf([{}]), { observer: long, interfaceName: () => long });
  assert.equal(object.source.ip, "198.51.100.7");
});

Deno.test("PacketJson keeps any record to one whole object within its bound", () => {
  const seed = 17;
  console.log(`seed ${seed}`);
  const random = new Random(seed), records = Records.allocate(1);
  for (let i = 0; i < 5000; i++) {
    for (let at = 0; at < RECORD_BYTES; at++) records.bytes[at] = random.below(256);
    records.f64[Field.TimeUs >> 3] = random.next() * 1e15;
    assert.equal(objectOf(records).event.action, "packet");
  }
});
