import assert from "node:assert/strict";
import fc from "fast-check";
import type { DetectorEvent, Shape, Technique } from "../../src/event.ts";
import { jsonLine } from "../../src/format/json.ts";
import { Kind } from "../../src/record.ts";
import {
  classicEvent,
  CONTEXT,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";

function parsed(event: DetectorEvent, context = CONTEXT) {
  return JSON.parse(jsonLine(event, context));
}

Deno.test("jsonLine() has the contract's keys in the contract's order", () => {
  const { id, ...rest } = parsed(scanEvent()).event;
  assert.match(id, /^01[0-9A-HJKMNP-TV-Z]{24}$/);
  assert.deepEqual(rest, {
    kind: "alert",
    category: ["network", "intrusion_detection"],
    type: ["info"],
    action: "scan-start",
    severity: 3,
    start: "2026-11-21T22:14:50.923456Z",
    end: "2026-11-21T22:14:52.123456Z",
  });
  assert.equal(
    jsonLine(scanEvent(), CONTEXT).replace(id, "ID"),
    '{"@timestamp":"2026-11-21T22:14:52.123456Z",' +
      '"ecs":{"version":"8.11.0"},' +
      '"event":{"kind":"alert","category":["network","intrusion_detection"],"type":["info"],' +
      '"action":"scan-start","id":"ID","severity":3,' +
      '"start":"2026-11-21T22:14:50.923456Z","end":"2026-11-21T22:14:52.123456Z"},' +
      '"source":{"ip":"10.9.0.2","port":55179},"destination":{"ip":"10.9.0.1"},' +
      '"network":{"type":"ipv4","transport":"tcp"},' +
      '"threat":{"framework":"MITRE ATT&CK","technique":{"id":["T1046"]}},' +
      '"observer":{"name":"host","product":"scandog","type":"ids","version":"0.1.0",' +
      '"ingress":{"interface":{"name":"eth0"}}},' +
      `"message":${JSON.stringify(parsed(scanEvent()).message)},` +
      '"scandog":{"profile":"scandog","shape":"vertical","techniques":["syn"],"slow":false,' +
      '"attempts":9,"pace":6.67,' +
      '"ports":{"count":7,"list":"21-25,80,443","open":"22,80","closed":5,"silent":0},' +
      '"hosts":{"count":1,"list":"10.9.0.1"},"flags":"fSrpauxy","tos":0,' +
      '"ttl":{"min":37,"max":59},"hops":{"min":1,"max":5},"evidence":{"source":"handshake"},' +
      '"tool":[{"name":"nmap","confidence":0.97,"matched":["window 1024","MSS 1460 only"]}],' +
      '"sources":{"count":6,"list":"10.9.0.2-10.9.0.7","forged":5}}}',
  );
});

Deno.test("jsonLine() leaves out what is not known", () => {
  const bare = classicEvent({ sourcePort: undefined, flagsEver: undefined, shape: undefined });
  delete bare.trafficClass;
  const line = parsed(bare, { ...CONTEXT, interfaceName: () => undefined as never });
  assert.deepEqual(line.source, { ip: "10.9.0.2" });
  assert.deepEqual(line.observer, {
    name: "host",
    product: "scandog",
    type: "ids",
    version: "0.1.0",
  });
  assert.deepEqual(Object.keys(line.scandog), [
    "profile",
    "techniques",
    "attempts",
    "pace",
    "ports",
    "hosts",
    "ttl",
  ]);
});

Deno.test("jsonLine() has order and choice of ports, versions of tools, and no pace of one moment", () => {
  const { scandog } = parsed(scanEvent({
    ports: { count: 3, list: "1-3", order: "ascending", choice: "nmap-top-100" },
    tool: [{ name: "nmap", versions: "5 to 7.95", confidence: 0.9, matched: [] }],
    startUs: 5,
    endUs: 5,
  }));
  assert.deepEqual(scandog.ports, {
    count: 3,
    list: "1-3",
    order: "ascending",
    choice: "nmap-top-100",
  });
  assert.equal(scandog.tool[0].versions, "5 to 7.95");
  assert.equal(scandog.pace, undefined);
});

Deno.test("jsonLine() names network, transport and ATT&CK techniques by what was probed", () => {
  const of = (
    kind: typeof Kind[keyof typeof Kind],
    ipVersion: 0 | 4 | 6,
    techniques: Technique[],
    shape: Shape,
  ) => {
    const { network, threat } = parsed(scanEvent({ kind, ipVersion, techniques, shape }));
    return [network, threat.technique];
  };
  assert.deepEqual(of(Kind.Udp, 6, ["udp"], "vertical"), [
    { type: "ipv6", transport: "udp" },
    { id: ["T1046"] },
  ]);
  assert.deepEqual(of(Kind.Icmp, 4, ["icmp-echo"], "horizontal"), [
    { type: "ipv4", transport: "icmp" },
    { id: ["T1018", "T1595"], subtechnique: { id: ["T1595.001"] } },
  ]);
  assert.deepEqual(of(Kind.Arp, 0, ["arp"], "horizontal")[0], { type: "arp" });
  assert.deepEqual(of(Kind.Ip, 4, ["ip-protocol", "icmp-echo"], "vertical"), [
    { type: "ipv4" },
    { id: ["T1046", "T1018"] },
  ]);
});

Deno.test("jsonLine() tells of misuse as an event, with who probes a zombie as its only source", () => {
  const zombie = parsed(misuseEvent());
  assert.deepEqual([zombie.event.kind, zombie.event.severity], ["event", 2]);
  assert.deepEqual(zombie.source, { ip: "10.9.0.2" });
  assert.deepEqual(zombie.destination, { ip: "10.9.0.1", port: 80 });
  assert.deepEqual(zombie.related.ip, ["10.9.0.1", "10.9.0.2", "10.9.0.3"]);
  assert.deepEqual(zombie.scandog.misuse.ports, { count: 41, open: 2 });
  const decoy = parsed(misuseEvent({ kind: "decoy", by: undefined }));
  assert.equal(decoy.source, undefined);
  assert.equal(decoy.destination, undefined);
  assert.equal(decoy.threat, undefined);
  assert.equal(decoy.scandog.misuse.against, "10.9.0.3");
  const id = (changes: object) => parsed(misuseEvent(changes)).event.id;
  assert.equal(id({ endUs: 2e15, timeUs: 2e15, packets: 99 }), id({}));
  assert.notEqual(id({ story: 4 }), id({}));
  assert.notEqual(id({}), parsed(scanEvent({ scan: 3, startUs: misuseEvent().startUs })).event.id);
});

Deno.test("jsonLine() has the signs of a zombie beside the evidence", () => {
  const zombie = ["IP IDs of resets count up"];
  const { scandog } = parsed(scanEvent({ evidence: "reset", zombie }));
  assert.deepEqual(scandog.evidence, { source: "reset", zombie });
});

Deno.test("jsonLine() gives the events of one scan one id, and each scan its own", () => {
  const id = (event: DetectorEvent, seed = 1) => parsed(event, { ...CONTEXT, seed }).event.id;
  const start = id(scanEvent());
  assert.equal(id(scanEvent({ action: "scan-end", endUs: 2e15, timeUs: 2e15 })), start);
  assert.notEqual(id(scanEvent({ scan: 8 })), start);
  assert.notEqual(id(scanEvent({ profile: "scanlogd-2" })), start);
  assert.notEqual(id(scanEvent(), 2), start);
  // ULIDs sort by time.
  assert.ok(id(scanEvent({ startUs: scanEvent().startUs + 1000 })) > start);
});

Deno.test("jsonLine() tells of suppressed alerts and losses", () => {
  const suppressed = parsed(suppressedEvent());
  assert.equal(suppressed.event.kind, "event");
  assert.deepEqual(suppressed.scandog, {
    profile: "scandog",
    suppressed: { count: 1234, of: "scan-start" },
  });
  assert.deepEqual(parsed(suppressedEvent({ count: 0 })).scandog.suppressed, { of: "scan-start" });
  assert.deepEqual(parsed(lossEvent()).scandog, {
    profile: "scandog",
    lost: { kernel: 1000, interface: 0, ring: 200, tables: 34 },
  });
});

Deno.test("jsonLine() is one line of ASCII, has no null, and gives odd text back", () => {
  const number = fc.double();
  fc.assert(fc.property(fc.string({ unit: "binary" }), number, (odd, value) => {
    const event = scanEvent({
      source: odd,
      timeUs: value,
      startUs: value,
      tool: [{ name: odd, confidence: value, matched: [odd] }],
      ports: { count: value, list: odd },
    });
    const line = jsonLine(event, { ...CONTEXT, observer: odd });
    assert.match(line, /^[\x20-\x7e]+$/);
    const object = JSON.parse(line, (_key, value) => (assert.notEqual(value, null), value));
    // Lone surrogates are no text; everything else survives.
    assert.equal(object.source.ip, odd);
    assert.equal(object.observer.name, odd);
  }));
});

Deno.test("jsonLine() links a visit to its scan by the id of the scan's own events", () => {
  const visit = parsed(visitEvent());
  assert.equal(visit.scandog.visit.scan.id, parsed(scanEvent()).event.id);
  assert.notEqual(visit.event.id, parsed(scanEvent()).event.id);
  assert.equal(visit.event.severity, 3);
  assert.equal(parsed(visitEvent({ match: "network" })).event.severity, 2);
  assert.deepEqual(visit.scandog, {
    profile: "scandog",
    evidence: { source: "handshake" },
    visit: {
      match: "address",
      port: { found: "2026-11-21T22:14:52.123456Z", tried: "2026-11-21T22:14:52.123456Z" },
      scan: {
        id: visit.scandog.visit.scan.id,
        start: "2026-11-21T22:14:50.923456Z",
        source: "10.9.0.2",
        evidence: "handshake",
      },
    },
  });
  assert.deepEqual(visit.destination, { ip: "10.9.0.1", port: 80 });
  assert.deepEqual(visit.related, { ip: ["10.9.0.2", "10.9.0.1"] });
  // A later run names its own events by another seed; the scan keeps the name it was told by.
  const later = parsed(visitEvent(), { ...CONTEXT, seed: 99 });
  assert.equal(later.scandog.visit.scan.id, visit.scandog.visit.scan.id);
  assert.notEqual(later.event.id, visit.event.id);
});

Deno.test("jsonLine() names a scan by the time that it was first told with", () => {
  const start = scanEvent();
  const end = scanEvent({
    action: "scan-end",
    startUs: start.startUs - 42_000,
    namedUs: start.startUs,
  });
  assert.equal(parsed(end).event.id, parsed(start).event.id);
});
