import assert from "node:assert/strict";
import fc from "fast-check";
import type { DetectorEvent, ScanEvent, Shape, Technique } from "../../src/event.ts";
import { type JsonContext, jsonLine } from "../../src/format/json.ts";
import { Kind } from "../../src/record.ts";
import {
  classicEvent,
  CONTEXT,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  TIME_US,
  visitEvent,
} from "../support/events.ts";

function parsed(event: DetectorEvent, context: JsonContext = CONTEXT) {
  return JSON.parse(jsonLine(event, context));
}

Deno.test("jsonLine() has the contract's keys in the contract's order", () => {
  const { event: { id }, scandog: { scan }, message } = parsed(scanEvent());
  for (const name of [id, scan]) assert.match(name, /^01[0-9A-HJKMNP-TV-Z]{24}$/);
  assert.equal(
    jsonLine(scanEvent(), CONTEXT).replace(id, "ID").replace(scan, "SCAN"),
    '{"@timestamp":"2026-11-21T22:14:52.123456Z",' +
      '"ecs":{"version":"8.11.0"},' +
      '"event":{"kind":"alert","category":["network","intrusion_detection"],"type":["info"],' +
      '"action":"scan-start","id":"ID","severity":3,' +
      '"start":"2026-11-21T22:14:50.923456Z","end":"2026-11-21T22:14:52.123456Z",' +
      '"created":"2026-11-21T22:14:52.123456Z","module":"scandog","dataset":"scandog.alert"},' +
      '"source":{"ip":"10.9.0.2","port":55179},"destination":{"ip":"10.9.0.1"},' +
      '"network":{"type":"ipv4","transport":"tcp"},' +
      '"rule":{"name":"vertical scan","ruleset":"scandog"},' +
      '"threat":{"framework":"MITRE ATT&CK",' +
      '"tactic":{"id":["TA0007"],"name":["Discovery"]},' +
      '"technique":{"id":["T1046"],"name":["Network Service Discovery"]}},' +
      '"observer":{"name":"host","hostname":"machine","product":"scandog","type":"ids",' +
      '"version":"0.1.0","ingress":{"interface":{"name":"eth0"}}},' +
      `"message":${JSON.stringify(message)},` +
      '"related":{"ip":["10.9.0.2","10.9.0.7","10.9.0.9","10.9.0.1"]},' +
      '"scandog":{"profile":"scandog","scan":"SCAN","shape":"vertical","techniques":["syn"],' +
      '"slow":false,"attempts":9,"pace":6.67,' +
      '"ports":{"count":7,"list":["21-25","80","443"],"open":["22","80"],"closed":5,"silent":0},' +
      '"open":["10.9.0.1:22","10.9.0.1:80"],' +
      '"hosts":{"count":1,"list":["10.9.0.1"]},"flags":"fSrpauxy","tos":0,' +
      '"ttl":{"min":37,"max":59},"hops":{"min":1,"max":5},"evidence":{"source":"handshake"},' +
      '"tool":[{"name":"nmap","confidence":0.97,"matched":["window 1024","MSS 1460 only"]}],' +
      '"sources":{"count":3,"list":["10.9.0.2","10.9.0.7","10.9.0.9"],"forged":2}}}',
  );
});

Deno.test("jsonLine() names the time a line was made, where there is a clock", () => {
  const { event } = parsed(scanEvent(), { ...CONTEXT, now: () => TIME_US + 5_000_000 });
  assert.equal(event.created, "2026-11-21T22:14:57.123456Z");
});

Deno.test("jsonLine() says that a list names a part only, and names every address it lists", () => {
  const line = parsed(scanEvent({
    hosts: { count: 3, list: "10.9.0.1,10.9.0.8" },
    ports: { count: 2, list: "22,80", open: "22", truncated: true },
    sources: { count: 1000, list: "10.9.0.2,10.9.0.3", forged: 0 },
    open: { count: 3, list: "10.9.0.1:22,10.9.0.8:22" },
  }));
  assert.deepEqual(line.scandog.hosts, {
    count: 3,
    list: ["10.9.0.1", "10.9.0.8"],
    truncated: true,
  });
  assert.equal(line.scandog.ports.truncated, true);
  assert.equal(line.scandog.sources.truncated, true);
  assert.deepEqual(line.scandog.open, ["10.9.0.1:22", "10.9.0.8:22"]);
  assert.equal(line.scandog.truncated, true);
  assert.deepEqual(line.related.ip, ["10.9.0.2", "10.9.0.3", "10.9.0.1", "10.9.0.8"]);
});

Deno.test("jsonLine() has what was open as HOST:PORT of one host, whose IPv6 address has brackets", () => {
  const open = (changes: Partial<ScanEvent>) => parsed(scanEvent(changes)).scandog.open;
  const ports = { count: 7, list: "1-7", open: "2-3,7" };
  assert.deepEqual(open({ ports, destination: "2001:db8::1" }), [
    ...["[2001:db8::1]:2", "[2001:db8::1]:3", "[2001:db8::1]:7"],
  ]);
  // Which of several hosts it was, the ports do not tell.
  assert.equal(open({ ports, hosts: { count: 2, list: "10.9.0.1,10.9.0.2" } }), undefined);
  assert.equal(open({ ports: { ...ports, open: "" } }), undefined);
  assert.equal(open({ ports, kind: Kind.Ip, techniques: ["ip-protocol"] }), undefined);
  const all = parsed(scanEvent({ ports: { count: 65536, list: "0-65535", open: "0-65535" } }));
  assert.equal(all.scandog.open.length, 1024);
  assert.equal(all.scandog.truncated, true);
  assert.equal(all.scandog.ports.truncated, undefined);
});

Deno.test("jsonLine() has a destination port where one was probed, and no protocol for one", () => {
  const port = (changes: Partial<ScanEvent>) => parsed(scanEvent(changes)).destination.port;
  assert.equal(port({ ports: { count: 1, list: "22" } }), 22);
  assert.equal(port({ ports: { count: 2, list: "22-23" } }), undefined);
  assert.equal(port({ ports: { count: 1, list: "47" }, kind: Kind.Ip }), undefined);
  assert.equal(port({ ports: { count: 0, list: "" }, kind: Kind.Icmp }), undefined);
});

Deno.test("jsonLine() writes a link-layer address as ECS wants it", () => {
  const { source } = parsed(scanEvent({ sourceMac: "00:00:5e:00:53:af" }));
  assert.equal(source.mac, "00-00-5E-00-53-AF");
});

Deno.test("jsonLine() leaves out what is not known", () => {
  const bare = classicEvent({ sourcePort: undefined, flagsEver: undefined, shape: undefined });
  delete bare.trafficClass;
  const line = parsed(bare, { ...CONTEXT, interfaceName: () => undefined as never });
  assert.deepEqual(line.source, { ip: "10.9.0.2" });
  assert.deepEqual(line.observer, {
    name: "host",
    hostname: "machine",
    product: "scandog",
    type: "ids",
    version: "0.1.0",
  });
  assert.deepEqual(Object.keys(line.scandog), [
    "profile",
    "scan",
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
    list: ["1-3"],
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
    return [network, threat.technique.id, threat.technique.subtechnique?.id];
  };
  assert.deepEqual(of(Kind.Udp, 6, ["udp"], "vertical"), [
    { type: "ipv6", transport: "udp" },
    ["T1046"],
    undefined,
  ]);
  assert.deepEqual(of(Kind.Icmp, 4, ["icmp-echo"], "horizontal"), [
    { type: "ipv4", transport: "icmp" },
    ["T1018", "T1595"],
    ["T1595.001"],
  ]);
  assert.deepEqual(of(Kind.Arp, 0, ["arp"], "horizontal")[0], { type: "arp" });
  assert.deepEqual(of(Kind.Ip, 4, ["ip-protocol", "icmp-echo"], "vertical"), [
    { type: "ipv4" },
    ["T1046", "T1018"],
    undefined,
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
  const story = (changes: object) => parsed(misuseEvent(changes)).scandog.misuse.story;
  const later = { endUs: 2e15, timeUs: 2e15, packets: 99 };
  assert.equal(story(later), story({}));
  assert.notEqual(story({ story: 4 }), story({}));
  assert.notEqual(parsed(misuseEvent(later)).event.id, zombie.event.id);
  assert.notEqual(
    story({}),
    parsed(scanEvent({ scan: 3, startUs: misuseEvent().startUs })).scandog.scan,
  );
  const many = parsed(misuseEvent({ addresses: 3, addressList: "10.9.0.1,10.9.0.4" }));
  assert.deepEqual(many.scandog.misuse.addresses, {
    count: 3,
    list: ["10.9.0.1", "10.9.0.4"],
    truncated: true,
  });
  assert.ok(many.related.ip.includes("10.9.0.4"));
});

Deno.test("jsonLine() has the signs of a zombie beside the evidence", () => {
  const zombie = ["IP IDs of resets count up"];
  const { scandog } = parsed(scanEvent({ evidence: "reset", zombie }));
  assert.deepEqual(scandog.evidence, { source: "reset", zombie });
});

Deno.test("jsonLine() gives the events of one scan one name, each event its own, each scan its own", () => {
  const names = (event: DetectorEvent, seed = 1) => {
    const line = parsed(event, { ...CONTEXT, seed });
    return [line.scandog.scan, line.event.id];
  };
  const [scan, id] = names(scanEvent());
  const events = [
    scanEvent({ action: "scan-update", endUs: 2e15, timeUs: 2e15 }),
    scanEvent({ action: "scan-update", endUs: 2e15, timeUs: 2e15, attempts: 99 }),
    scanEvent({ action: "scan-end", endUs: 2e15, timeUs: 2e15 }),
  ];
  for (const event of events) assert.equal(names(event)[0], scan);
  assert.equal(new Set([id, scan, ...events.map((event) => names(event)[1])]).size, 5);
  for (
    const other of [
      names(scanEvent({ scan: 8 })),
      names(scanEvent({ profile: "scanlogd-2" })),
      names(scanEvent(), 2),
    ]
  ) {
    assert.notEqual(other[0], scan);
    assert.notEqual(other[1], id);
  }
  // ULIDs sort by time.
  assert.ok(names(scanEvent({ startUs: scanEvent().startUs + 1000 }))[0] > scan);
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

Deno.test("jsonLine() names those of the suppressed that did most", () => {
  const most = [{ source: "10.9.0.2", destination: "10.9.0.1", attempts: 150 }];
  const line = parsed(suppressedEvent({ most }));
  assert.deepEqual(line.scandog.suppressed.most, most);
  assert.deepEqual(line.related, { ip: ["10.9.0.2", "10.9.0.1"] });
});

Deno.test("jsonLine() tells of a flood with one name from begin to end, and accuses nobody", () => {
  const begin = parsed(floodEvent()), end = parsed(floodEvent({ phase: "end", startUs: 1e15 }));
  assert.deepEqual([begin.event.type, end.event.type], [["start"], ["end"]]);
  assert.deepEqual([begin.event.severity, end.event.severity], [3, 2]);
  assert.equal(begin.scandog.flood.story, end.scandog.flood.story);
  assert.notEqual(begin.event.id, end.event.id);
  assert.notEqual(begin.scandog.flood.story, parsed(floodEvent({ story: 2 })).scandog.flood.story);
  assert.equal(begin.source, undefined);
  assert.deepEqual(begin.destination, { ip: "10.9.0.1", port: 80 });
  assert.equal(begin.rule.name, "syn flood");
  const { story: _story, ...rest } = begin.scandog.flood;
  assert.deepEqual(rest, {
    against: "10.9.0.1",
    packets: 30_500,
    sources: 30_000,
    rate: { mean: 20_333, peak: 24_000 },
    seconds: 1.5,
  });
  const network = parsed(floodEvent({
    network: "10.9.0.0/24",
    hosts: { count: 2, list: "10.9.0.1,10.9.0.2" },
  }));
  assert.equal(network.scandog.flood.against, "10.9.0.0/24");
  assert.deepEqual(network.related.ip, ["10.9.0.1", "10.9.0.2"]);
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

Deno.test("jsonLine() links a visit to its scan by the scan's name", () => {
  const visit = parsed(visitEvent());
  assert.equal(visit.scandog.scan, parsed(scanEvent()).scandog.scan);
  assert.notEqual(visit.event.id, parsed(scanEvent()).event.id);
  assert.equal(visit.event.severity, 3);
  assert.equal(parsed(visitEvent({ match: "network" })).event.severity, 2);
  assert.deepEqual(visit.scandog, {
    profile: "scandog",
    scan: visit.scandog.scan,
    evidence: { source: "handshake" },
    visit: {
      match: "address",
      port: { found: "2026-11-21T22:14:52.123456Z", tried: "2026-11-21T22:14:52.123456Z" },
      scan: {
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
  assert.equal(later.scandog.scan, visit.scandog.scan);
  assert.notEqual(later.event.id, visit.event.id);
});

Deno.test("jsonLine() names a scan by the time that it was first told with", () => {
  const start = scanEvent();
  const end = scanEvent({
    action: "scan-end",
    startUs: start.startUs - 42_000,
    namedUs: start.startUs,
  });
  assert.equal(parsed(end).scandog.scan, parsed(start).scandog.scan);
});
