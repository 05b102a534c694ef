import assert from "node:assert/strict";
import fc from "fast-check";
import type { DetectorEvent, ScanEvent } from "../../src/event.ts";
import { cefLine } from "../../src/format/cef.ts";
import { Kind } from "../../src/record.ts";
import {
  classicEvent,
  CONTEXT,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  sensorEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";

/** Reads a line as a collector does: seven fields up to bars, then keys at equals signs. */
function read(line: string) {
  const parts = /^((?:(?:\\.|[^\\|])*\|){7})(.*)$/.exec(line);
  assert.ok(parts, line);
  const header = [...parts[1].matchAll(/((?:\\.|[^\\|])*)\|/g)]
    .map(([, field]) => field.replace(/\\(.)/g, "$1"));
  const extension = new Map<string, string>();
  const pair = /(?:^| )([A-Za-z0-9]+)=((?:\\.|[^\\=])*?)(?= [A-Za-z0-9]+=|$)/y;
  let at = 0;
  while (at < parts[2].length) {
    pair.lastIndex = at;
    const match = pair.exec(parts[2]);
    assert.ok(match, `${parts[2].slice(at)} in ${line}`);
    assert.ok(!extension.has(match[1]), `${match[1]} twice`);
    extension.set(match[1], match[2].replace(/\\(.)/g, "$1"));
    at = pair.lastIndex;
  }
  return { header, extension };
}

Deno.test("cefLine() has a CEF header and the keys of the dictionary", () => {
  const { header, extension } = read(cefLine(scanEvent(), CONTEXT));
  assert.deepEqual(header, [
    "CEF:0",
    "scandog",
    "scandog",
    "0.1.0",
    "scan-start",
    "Scan found",
    "7",
  ]);
  const id = extension.get("externalId");
  assert.match(id ?? "", /^01[0-9A-HJKMNP-TV-Z]{24}$/);
  const scan = extension.get("flexString1");
  assert.match(scan ?? "", /^01[0-9A-HJKMNP-TV-Z]{24}$/);
  assert.notEqual(scan, id);
  const message = extension.get("msg");
  assert.match(message ?? "", /^2026-11-21 22:14:52.123 SCAN 10\.9\.0\.2:55179 /);
  assert.deepEqual(Object.fromEntries(extension), {
    rt: "1795299292123",
    start: "1795299290923",
    end: "1795299292123",
    externalId: id,
    dvchost: "host",
    cat: "network/scan",
    src: "10.9.0.2",
    spt: "55179",
    dst: "10.9.0.1",
    proto: "TCP",
    deviceInboundInterface: "eth0",
    cnt: "9",
    flexString1: scan,
    flexString1Label: "scanId",
    cs1: "21-25,80,443",
    cs1Label: "ports",
    cs2: "22,80",
    cs2Label: "openPorts",
    cs3: "vertical syn",
    cs3Label: "scan",
    cs4: "handshake",
    cs4Label: "sourceEvidence",
    cs5: "nmap 0.97",
    cs5Label: "tool",
    cs6: "10.9.0.2,10.9.0.7,10.9.0.9 (2 forged)",
    cs6Label: "sources",
    cn1: "1",
    cn1Label: "hosts",
    cn2: "5",
    cn2Label: "closedPorts",
    cn3: "5",
    cn3Label: "hopsMax",
    msg: message,
  });
});

Deno.test("cefLine() has IPv6 addresses where CEF wants them", () => {
  const event = scanEvent({ source: "2001:db8::7", destination: "2001:db8::1", kind: Kind.Icmp6 });
  const { extension } = read(cefLine(event, CONTEXT));
  assert.equal(extension.get("c6a2"), "2001:db8::7");
  assert.equal(extension.get("c6a2Label"), "Source IPv6 Address");
  assert.equal(extension.get("c6a3"), "2001:db8::1");
  assert.ok(!extension.has("src") && !extension.has("dst"));
  assert.equal(extension.get("proto"), "IPv6-ICMP");
});

Deno.test("cefLine() leaves out what is not known, with its label", () => {
  const event = classicEvent({ sourcePort: undefined, shape: undefined });
  const line = cefLine(event, {
    ...CONTEXT,
    observer: undefined,
    interfaceName: () => undefined as never,
  });
  const { header, extension } = read(line);
  assert.equal(header[6], "6");
  for (const key of ["spt", "cs2", "cs2Label", "cs4", "cs5", "cn2", "cn3", "cn3Label", "dvchost"]) {
    assert.ok(!extension.has(key), key);
  }
  assert.ok(!extension.has("deviceInboundInterface"));
});

Deno.test("cefLine() tells of suppressed alerts and losses", () => {
  const suppressed = read(cefLine(suppressedEvent(), CONTEXT));
  assert.deepEqual(suppressed.header.slice(4), ["alerts-suppressed", "Alerts suppressed", "5"]);
  assert.equal(suppressed.extension.get("cnt"), "1234");
  const lost = read(cefLine(lossEvent(), CONTEXT));
  assert.deepEqual(lost.header.slice(4), ["capture-loss", "Packets lost", "5"]);
  assert.equal(lost.extension.get("cnt"), "1234");
});

Deno.test("cefLine() tells of a flood without a source", () => {
  const { header, extension } = read(cefLine(floodEvent({ direction: "inbound" }), CONTEXT));
  assert.deepEqual(header.slice(4), ["flood", "Flood", "8"]);
  const of = (keys: string[]) => keys.map((key) => extension.get(key));
  assert.deepEqual(of(["src", "dst", "dpt", "proto", "cnt", "deviceDirection"]), [
    undefined,
    "10.9.0.1",
    "80",
    "TCP",
    "30500",
    "0",
  ]);
  assert.deepEqual(of(["cs1", "cs2", "cs3", "cn1", "cn2", "cn3", "cs4", "cs5"]), [
    "begin",
    "10.9.0.1",
    "syn",
    "30000",
    "20333",
    "24000",
    "80",
    undefined,
  ]);
  const over = read(cefLine(floodEvent({ phase: "end" }), CONTEXT));
  assert.equal(over.header[6], "5");
  assert.equal(over.extension.get("flexString1"), extension.get("flexString1"));
});

Deno.test("cefLine() tells of misuse without naming a victim as a source", () => {
  const { header, extension } = read(cefLine(misuseEvent(), CONTEXT));
  assert.deepEqual(header.slice(4), ["address-misused", "Address misused", "4"]);
  const of = (keys: string[]) => keys.map((key) => extension.get(key));
  assert.deepEqual(of(["src", "dst", "cs1", "cs2", "cs3", "cnt", "cn2", "cn3"]), [
    ...["10.9.0.2", "10.9.0.1", "zombie", "10.9.0.1", "10.9.0.3", "31", "41", "2"],
  ]);
  const decoy = read(cefLine(misuseEvent({ kind: "decoy", by: undefined }), CONTEXT)).extension;
  assert.ok(!decoy.has("src") && !decoy.has("dst"));
  assert.equal(decoy.get("cs3"), "10.9.0.3");
});

Deno.test("cefLine() says beside the evidence that a source is likely a zombie", () => {
  const event = scanEvent({ evidence: "reset", zombie: ["IP IDs of resets count up"] });
  assert.equal(read(cefLine(event, CONTEXT)).extension.get("cs4"), "reset, likely a zombie");
});

Deno.test("cefLine() has the two directions that the standard knows", () => {
  const of = (direction?: ScanEvent["direction"]) =>
    read(cefLine(scanEvent({ direction }), CONTEXT)).extension.get("deviceDirection");
  assert.deepEqual([of("inbound"), of("outbound"), of("internal"), of()], [
    ...["0", "1", undefined, undefined],
  ]);
});

Deno.test("cefLine() cuts a message and a list at the standard's lengths", () => {
  const list = Array.from({ length: 5000 }, (_, i) => 2 * i).join(",");
  const { extension } = read(
    cefLine(scanEvent({ ports: { count: 5000, list, open: list } }), CONTEXT),
  );
  const length = extension.get("cs1")?.length ?? 0;
  assert.ok(length > 3800 && length <= 4000, `${length}`);
  assert.match(extension.get("cs1") ?? "", /,\d+,\.\.\.$/, "at the end of an item");
  assert.ok((extension.get("msg")?.length ?? 0) <= 1023);
});

Deno.test("cefLine() is one line of ASCII that can be read back, whatever the event holds", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("a|b", "a=b", "a\\", "\\=", "x y=z", "line\nCEF:0|x|y|z|1|n|9|src=1.1.1.1"),
  );
  fc.assert(fc.property(text, text, text, text, (source, list, name, observer) => {
    const event: DetectorEvent = scanEvent({
      source,
      ports: { count: 1, list, open: list },
      tool: [{ name, confidence: 1, matched: [] }],
    });
    const line = cefLine(event, { ...CONTEXT, observer, version: "1|2\\3" });
    assert.match(line, /^[\x20-\x7e]*$/);
    const { header, extension } = read(line);
    assert.equal(header.length, 7);
    assert.equal(header[3], "1|2\\\\3"); // a backslash is doubled in printable text
    assert.equal(header[4], "scan-start");
    assert.equal(extension.get("dst"), "10.9.0.1");
  }));
});

Deno.test("cefLine() is whole within any bound: no value is cut, what does not fit is absent", () => {
  const list = Array.from({ length: 5000 }, (_, i) => 2 * i).join(",");
  const addresses = Array.from({ length: 200 }, (_, i) => `2001:db8:1234:5678::${i}`).join(",");
  const event = scanEvent({
    source: "2001:db8:1111:2222:3333:4444:5555:6666",
    destination: "2001:db8:1111:2222:3333:4444:5555:7777",
    ports: { count: 5000, list, open: list, closed: 0, silent: 0 },
    sources: { count: 200, list: addresses, forged: 199 },
  });
  const events = [
    event,
    visitEvent(),
    misuseEvent(),
    lossEvent(),
    floodEvent(),
    suppressedEvent(),
    sensorEvent(),
  ];
  for (const told of events) {
    const whole = read(cefLine(told, CONTEXT)).extension;
    for (let bytesMax = 480; bytesMax <= 9000; bytesMax += 71) {
      const line = cefLine(told, CONTEXT, bytesMax);
      assert.ok(line.length <= bytesMax, `${line.length} of ${bytesMax}`);
      const { extension } = read(line);
      for (const [key, value] of extension) {
        const same = whole.get(key) === value || key === "msg" ||
          /^\S*\.\.\.( \(199 forged\))?$/.test(value);
        assert.ok(same, `${bytesMax}: ${key}=${value}`);
        if (/^(cs|cn|c6a|flexString)\d$/.test(key)) assert.ok(extension.has(`${key}Label`), key);
      }
      assert.equal(extension.get("externalId"), whole.get("externalId"));
      assert.equal(extension.get("cn1"), whole.get("cn1"), "counts stay");
    }
  }
});

Deno.test("cefLine() has the link-layer address, and the port where there is one only", () => {
  const event = scanEvent({ sourceMac: "00:00:5e:00:53:23", ports: { count: 1, list: "22" } });
  const { extension } = read(cefLine(event, CONTEXT));
  assert.equal(extension.get("smac"), "00:00:5e:00:53:23");
  assert.equal(extension.get("dpt"), "22");
  assert.ok(!read(cefLine(scanEvent(), CONTEXT)).extension.has("dpt"));
});

Deno.test("cefLine() says of a visit which scan it belongs to", () => {
  const { header, extension } = read(cefLine(visitEvent(), CONTEXT));
  assert.deepEqual(header.slice(4), ["scan-visit", "Visit after a scan", "8"]);
  const neighbour = read(cefLine(visitEvent({ match: "network" }), CONTEXT));
  assert.equal(neighbour.header.at(-1), "5");
  const scan = read(cefLine(scanEvent(), CONTEXT)).extension;
  assert.equal(extension.get("flexString1"), scan.get("flexString1"));
  assert.equal(extension.get("flexString1Label"), "scanId");
  assert.equal(extension.get("src"), "10.9.0.2");
  assert.equal(extension.get("dpt"), "80");
  assert.equal(extension.get("cs3"), "address");
  assert.match(extension.get("msg") ?? "", / VISIT /);
  const six = visitEvent({ source: "2001:db8::2", destination: "2001:db8::1", ipVersion: 6 });
  assert.equal(read(cefLine(six, CONTEXT)).extension.get("c6a2"), "2001:db8::2");
});
