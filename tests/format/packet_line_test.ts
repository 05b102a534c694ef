import assert from "node:assert/strict";
import { PACKET_LINE_BYTES_MAX, PacketLines } from "../../src/format/packet_line.ts";
import { PacketJson } from "../../src/format/packet_json.ts";
import { suppressedJson, suppressedText } from "../../src/format/packet_suppressed.ts";
import { UTC } from "../../src/format/zone.ts";
import {
  Field,
  Kind,
  linkSourceField,
  OptionNibble,
  Quirk,
  RECORD_BYTES,
  Records,
} from "../../src/record.ts";
import { type Made, recordsOf } from "../packetlog/records.ts";
import { TIME_US } from "../support/events.ts";
import { Random } from "../support/random.ts";

const CONTEXT = {
  zone: UTC,
  interfaceName: (index: number) => index === 0 ? "eth0" : undefined,
  names: false,
  verbose: false,
};

function lineOf(records: Records, changes: Partial<typeof CONTEXT> = {}): string {
  const buffer = new Uint8Array(PACKET_LINE_BYTES_MAX);
  const lines = new PacketLines(records, buffer, { ...CONTEXT, ...changes });
  return new TextDecoder().decode(buffer.subarray(0, lines.write(0, 0)));
}

const line = (made: Made, changes = {}) =>
  lineOf(recordsOf([{ timeUs: TIME_US, ...made }]), changes);

Deno.test("PacketLines tells of TCP: time, interface, ends, flags, numbers, lengths", () => {
  assert.equal(
    line({}),
    "2026-11-21 22:14:52.123456 eth0 TCP 198.51.100.7:40000 > 192.0.2.1:22 S seq 0 ack 0 win 0 " +
      "ttl 64 tos 0 len 40 data 0 ip-id 0\n",
  );
  assert.match(line({ flags: 41 }), / FPU seq /);
  assert.match(line({ flags: 0 }), / none seq /);
  assert.match(line({ flags: 255 }), / FSRPAUEC seq /);
});

Deno.test("PacketLines writes IPv6 ends with brackets", () => {
  const made = { source: "2001:db8::7", destination: "2001:db8::1" };
  assert.match(line(made), / TCP \[2001:db8::7\]:40000 > \[2001:db8::1\]:22 S /);
});

Deno.test("PacketLines names ICMP types and codes of both versions, and SCTP chunks", () => {
  const icmp = { kind: Kind.Icmp, protocol: 1 };
  assert.match(line({ ...icmp, type: 8 }), / ICMP 198.51.100.7 > 192.0.2.1 echo-request 8\/0 ttl/);
  assert.match(line({ ...icmp, type: 3, code: 3 }), / unreachable\(port\) 3\/3 /);
  assert.match(line({ ...icmp, type: 200, code: 7 }), / 200 200\/7 /);
  const icmp6 = { kind: Kind.Icmp6, protocol: 58, source: "fe80::1", destination: "fe80::2" };
  assert.match(line({ ...icmp6, type: 135 }), / ICMPv6 fe80::1 > fe80::2 neighbor-solicitation /);
  assert.match(line({ kind: Kind.Sctp, protocol: 132, type: 1 }), / INIT tag 0 /);
});

Deno.test("PacketLines names IP options and marks fragments and oddities", () => {
  const quirks = Quirk.IpOptions | Quirk.RecordRoute | Quirk.LooseSourceRoute;
  assert.match(line({ quirks }), / ip-options record-route,loose-source-route\n$/);
  assert.match(line({ quirks: Quirk.IpOptions }), / ip-options other\n$/);
  const first = Quirk.Fragment | Quirk.FragmentHeader;
  assert.match(line({ quirks: first }), / fragment fragment-header\n$/);
  assert.match(line({ quirks: Quirk.Truncated | Quirk.BadIpLength }), / truncated bad-ip-length\n/);
});

Deno.test("PacketLines has service names and TCP options where they are asked for", () => {
  assert.match(line({ port: 443 }, { names: true }), /> 192.0.2.1:443\(https\) S /);
  assert.match(line({ kind: Kind.Udp, protocol: 17, port: 53 }, { names: true }), /:53\(domain\) /);
  const records = recordsOf([{}]);
  records.u32[Field.OptionLayout >> 2] = OptionNibble.Mss | OptionNibble.Nop << 4 |
    OptionNibble.WindowScale << 8;
  records.u16[Field.Mss >> 1] = 1460;
  records.bytes[Field.WindowScale] = 7;
  assert.match(lineOf(records, { verbose: true }), / options mss 1460,nop,wscale 7\n$/);
  assert.doesNotMatch(lineOf(records), /options/);
});

Deno.test("PacketLines tells the packet inside an ICMP error", () => {
  const quirks = Quirk.Inner | Quirk.InnerPorts;
  const records = recordsOf([{ kind: Kind.Icmp, protocol: 1, type: 3, code: 3, quirks }]);
  records.bytes.set(
    records.bytes.subarray(Field.Destination, Field.Destination + 16),
    Field.InnerSource,
  );
  records.bytes.set(
    records.bytes.subarray(Field.Source, Field.Source + 16),
    Field.InnerDestination,
  );
  records.bytes[Field.InnerProtocol] = 17;
  records.u16[Field.InnerDestinationPort >> 1] = 161;
  assert.match(lineOf(records), / 3\/3 about UDP 192.0.2.1:0 > 198.51.100.7:161 ttl/);
});

Deno.test("PacketLines keeps any record to one line of printable ASCII within its bound", () => {
  const seed = 7;
  console.log(`seed ${seed}`);
  const random = new Random(seed), records = Records.allocate(1);
  for (let i = 0; i < 20_000; i++) {
    for (let at = 0; at < RECORD_BYTES; at++) records.bytes[at] = random.below(256);
    records.f64[0] = random.next() * 1e6;
    const text = lineOf(records, { names: true, verbose: true });
    assert.match(text, /^[\x20-\x7e]+\n$/);
    assert.ok(text.length < PACKET_LINE_BYTES_MAX - 100, `${text.length}`);
  }
});

Deno.test("PacketJson has ECS names, the action packet, and the line as its message", () => {
  const records = recordsOf([{ timeUs: TIME_US, flags: 41 }]);
  const buffer = new Uint8Array(8192);
  records.bytes.set([0, 0, 0x5e, 0, 0x53, 0xaf], linkSourceField(Kind.Tcp));
  const context = { ...CONTEXT, observer: "host", version: "0.1.0" };
  const end = new PacketJson(records, buffer, context).write(0, 0);
  const text = new TextDecoder().decode(buffer.subarray(0, end));
  assert.ok(text.endsWith("\n"));
  const object = JSON.parse(text);
  assert.equal(object["@timestamp"], "2026-11-21T22:14:52.123456Z");
  assert.match(object.event.id, /^01[0-9A-HJKMNP-TV-Z]{24}$/);
  assert.deepEqual(object.event, {
    kind: "event",
    category: ["network"],
    type: ["info"],
    action: "packet",
    id: object.event.id,
    created: "2026-11-21T22:14:52.123456Z",
    module: "scandog",
    dataset: "scandog.packet",
  });
  assert.deepEqual(object.related.ip, ["198.51.100.7", "192.0.2.1"]);
  assert.deepEqual(object.source, {
    ip: "198.51.100.7",
    port: 40000,
    mac: "00-00-5E-00-53-AF",
  });
  assert.deepEqual(object.destination, { ip: "192.0.2.1", port: 22 });
  assert.equal(object.network.transport, "tcp");
  assert.equal(object.scandog.packet.flags, "FsrPaUxy");
  assert.equal(`${object.message}\n`, lineOf(records));
});

Deno.test("suppressedText() and suppressedJson() say how many, and whose most", () => {
  const what = {
    startUs: TIME_US - 1e7,
    endUs: TIME_US,
    count: 12345,
    mostSource: "10.0.0.1",
    mostCount: 12000,
  };
  assert.equal(
    suppressedText(what, UTC),
    "2026-11-21 22:14:52.123 SUPPRESSED 12,345 packets in 10.0 s, 12,000 of them from 10.0.0.1",
  );
  const object = JSON.parse(
    suppressedJson(what, { zone: UTC, observer: "host", version: "0.1.0" }),
  );
  assert.equal(object.event.action, "alerts-suppressed");
  assert.deepEqual(object.scandog.suppressed, { count: 12345, of: "packet", source_count: 12000 });
});
