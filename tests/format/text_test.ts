import assert from "node:assert/strict";
import fc from "fast-check";
import type { ScanEvent } from "../../src/event.ts";
import { Kind } from "../../src/record.ts";
import { textLine } from "../../src/format/text.ts";
import { UTC } from "../../src/format/zone.ts";
import {
  classicEvent,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  sensorEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";

const CONTEXT = { zone: UTC, interfaceName: () => undefined };
const TIME = "2026-11-21 22:14:52.123";

Deno.test("textLine() says all that is known of a scan, the most useful first", () => {
  assert.equal(
    textLine(scanEvent(), { zone: UTC, interfaceName: () => "eth0" }),
    `${TIME} SCAN 10.9.0.2:55179 and 2 more -> 10.9.0.1 vertical syn: 7 ports 21-25,80,443, ` +
      "9 attempts in 1.2 s; open 22,80, 5 closed; source is real (handshake); " +
      "10.9.0.2,10.9.0.7,10.9.0.9 took part, 2 forged; tool nmap (97 %); 1-5 hops away, TTL 37-59, " +
      "flags fSrpauxy; on eth0",
  );
});

Deno.test("textLine() says that one of the sources is real where packets do not tell which", () => {
  const list = "10.9.0.2,10.9.0.7,10.9.0.9";
  const sources = { count: 3, list, forged: 2, guess: true } as const;
  const line = textLine(scanEvent({ sources, evidence: "none" }), CONTEXT);
  assert.match(
    line,
    /source may be forged; one of 10\.9\.0\.2,10\.9\.0\.7,10\.9\.0\.9 is real, 2 forged; tool/,
  );
});

Deno.test("textLine() says the link-layer address of the source, or of the one machine of all sources", () => {
  const sourceMac = "00:00:5e:00:53:23";
  const one = textLine(scanEvent({ sourceMac, sources: undefined }), CONTEXT);
  assert.match(one, /source is real \(handshake\); link address 00:00:5e:00:53:23; tool/);
  const many = textLine(scanEvent({ sourceMac }), CONTEXT);
  assert.match(many, /10\.9\.0\.9 took part, 2 forged, all from link address 00:00:5e:00:53:23; /);
  assert.match(textLine(visitEvent({ sourceMac }), CONTEXT), /; link address 00:00:5e:00:53:23/);
});

Deno.test("textLine() leaves out what a classic profile does not know", () => {
  assert.equal(
    textLine(classicEvent({ attempts: 7, ttlRange: { min: 64, max: 64 } }), CONTEXT),
    `${TIME} SCAN 10.9.0.2:55179 -> 10.9.0.1 vertical syn: 7 ports 21-25,80,443 in 1.2 s; ` +
      "TTL 64, flags fSrpauxy",
  );
});

Deno.test("textLine() names hosts where there are many, and ports only where there are any", () => {
  const sweep = classicEvent({
    shape: "horizontal",
    techniques: ["icmp-echo"],
    ports: { count: 0, list: "" },
    hosts: { count: 30, list: "10.9.0.1-10.9.0.30" },
    destinationVaries: true,
    attempts: 30,
    sourcePort: undefined,
    flagsEver: undefined,
  });
  assert.equal(
    textLine(sweep, CONTEXT),
    `${TIME} SCAN 10.9.0.2 -> 10.9.0.1 and 29 more horizontal icmp-echo: ` +
      "30 hosts 10.9.0.1-10.9.0.30 in 1.2 s; TTL 37-59",
  );
  const block = textLine(
    classicEvent({ shape: "block", hosts: { count: 2, list: "10.9.0.1,10.9.0.9" }, slow: true }),
    CONTEXT,
  );
  assert.match(block, /slow block syn: 7 ports 21-25,80,443 on 2 hosts 10\.9\.0\.1,10\.9\.0\.9/);
});

Deno.test("textLine() sets an IPv6 source with a port in brackets", () => {
  const line = textLine(scanEvent({ source: "2001:db8::2", sources: undefined }), CONTEXT);
  assert.match(line, / SCAN \[2001:db8::2\]:55179 -> /);
});

Deno.test("textLine() says when nothing was learned", () => {
  const line = textLine(
    scanEvent({ ports: { count: 7, list: "1-7", open: "", closed: 4, silent: 3 } }),
    CONTEXT,
  );
  assert.match(line, /; nothing open, 4 closed, 3 silent;/);
});

Deno.test("textLine() says nothing of open ports where hosts were looked for", () => {
  const ports = { list: "", open: "", closed: 0, silent: 0 };
  const pings = textLine(scanEvent({ ports: { ...ports, count: 0 } }), CONTEXT);
  const one = textLine(scanEvent({ ports: { ...ports, count: 1, list: "7" } }), CONTEXT);
  assert.doesNotMatch(pings, /nothing open/);
  assert.match(one, /; nothing open;/);
});

Deno.test("textLine() cuts a long list at a comma", () => {
  const list = Array.from({ length: 100 }, (_, i) => i * 2).join(",");
  const line = textLine(classicEvent({ ports: { count: 100, list } }), CONTEXT);
  assert.match(line, /100 ports 0,2,4,[0-9,]+,\.\.\., 9 attempts/);
  assert.ok(line.length < 300, line);
});

Deno.test("textLine() tells updates, ends, suppressed alerts and losses by their first word", () => {
  assert.match(textLine(scanEvent({ action: "scan-update" }), CONTEXT), / SCAN-UPDATE 10\.9/);
  assert.match(textLine(scanEvent({ action: "scan-end" }), CONTEXT), / SCAN-END 10\.9/);
  assert.equal(
    textLine(suppressedEvent(), CONTEXT),
    `${TIME} SUPPRESSED 1,234 scan-start alerts in 20.0 s`,
  );
  assert.equal(
    textLine(suppressedEvent({ profile: "scanlogd-2", count: 0 }), CONTEXT),
    `${TIME} SUPPRESSED more scan-start alerts may follow and are not said (scanlogd-2)`,
  );
  assert.equal(
    textLine(lossEvent(), CONTEXT),
    `${TIME} LOSS 1,234 packets in 2.0 s: kernel 1,000, ring 200, tables 34`,
  );
});

Deno.test("textLine() says of suppressed scans which of them did most", () => {
  const most = [
    { source: "10.9.0.2", destination: "10.9.0.1", attempts: 1500 },
    { source: "2001:db8::2", destination: "2001:db8::1", attempts: 1 },
  ];
  assert.equal(
    textLine(suppressedEvent({ most }), CONTEXT),
    `${TIME} SUPPRESSED 1,234 scan-start alerts in 20.0 s; most by 10.9.0.2 -> 10.9.0.1 ` +
      "(1,500 attempts); 2001:db8::2 -> 2001:db8::1 (1 attempt)",
  );
});

Deno.test("textLine() says who is flooded, how much and how fast, when it begins and when it is over", () => {
  assert.equal(
    textLine(floodEvent(), CONTEXT),
    `${TIME} FLOOD 10.9.0.1:80 is flooded by syn: 30,500 packets from 30,000 sources in 1.5 s, ` +
      "20,333 a second, at most 24,000; each source tried once and no more: likely forged",
  );
  const ports = { count: 300, list: Array.from({ length: 300 }, (_, i) => 2 * i).join(",") };
  const hosts = { count: 2, list: "10.9.0.1,10.9.0.2" };
  const carpet = { network: "10.9.0.0/24", hosts, ports, rate: { mean: 5, peak: 5 } };
  assert.match(
    textLine(floodEvent({ phase: "end", techniques: ["udp"], ...carpet }), CONTEXT),
    / FLOOD-END 10\.9\.0\.0\/24 was flooded by udp: .* 5 a second; to 300 ports 0,2,[0-9,]+,\.\.\.; to 2 hosts 10\.9\.0\.1,10\.9\.0\.2; /,
  );
  const text = textLine(floodEvent({ destination: "2001:db8::1", ipVersion: 6 }), CONTEXT);
  assert.match(text, / FLOOD 2001:db8::1 port 80 is flooded/);
});

Deno.test("textLine() is one line of printable ASCII whatever the event holds", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (odd) => {
    const event = scanEvent({
      source: odd,
      destination: odd,
      tool: [{ name: odd, confidence: 0.5, matched: [odd] }],
      ports: { count: 1, list: odd, open: odd },
    });
    assert.match(textLine(event, { zone: UTC, interfaceName: () => odd }), /^[\x20-\x7e]+$/);
  }));
});

Deno.test("textLine() escapes so that the original can be told", () => {
  const line = textLine(scanEvent({ source: "a\\u{1b}\x1b[2J\n" }), CONTEXT);
  assert.ok(line.includes("a\\\\u{1b}\\u{1b}[2J\\u{a}"), line);
});

Deno.test("textLine() names several tools, and a list of ports without a tool", () => {
  const context = { zone: UTC, interfaceName: () => undefined };
  const tool = [
    { name: "nmap", confidence: 0.99, matched: [] },
    { name: "masscan", confidence: 0.9, matched: [] },
  ];
  assert.match(textLine(scanEvent({ tool }), context), /; tool nmap \(99 %\), masscan \(90 %\); /);
  const ports = { count: 100, list: "1-100", choice: "nmap-top-100" as const };
  assert.match(
    textLine(scanEvent({ ports, tool: undefined }), context),
    /; ports: nmap's top 100; /,
  );
});

Deno.test("textLine() says how far away a source is, and that its TTLs contradict each other", () => {
  const header = (changes: Partial<ScanEvent>) =>
    textLine(scanEvent(changes), CONTEXT).split("; ").at(-1)?.replace(/, flags.*/, "");
  const ttl = (value: number) => ({ ttlRange: { min: value, max: value } });
  const near = { hops: { min: 0, max: 0 } };
  assert.equal(header({ ...ttl(255), ...near }), "on this link, TTL 255");
  assert.equal(header({ ...ttl(64), ...near }), "0 hops away, TTL 64");
  assert.equal(header({ ...ttl(63), hops: { min: 1, max: 1 } }), "1 hop away, TTL 63");
  assert.equal(header({ ...near, kind: Kind.Arp, ...ttl(0) }), "on this link");
  assert.equal(header({ hops: undefined, ttlVaries: true }), "TTL 37-59 on one path");
});

Deno.test("textLine() says that a source is likely a zombie, and what shows it", () => {
  const zombie = ["asks again for ports that answered", "IP IDs of resets count up"];
  assert.match(
    textLine(scanEvent({ evidence: "reset", zombie }), CONTEXT),
    /; source answered \(reset\); likely the zombie of an idle scan, not the scanner \(asks again for ports that answered, IP IDs of resets count up\); /,
  );
});

Deno.test("textLine() says of misuse whose address, by whom and against whom", () => {
  const text = (changes = {}) => textLine(misuseEvent(changes), CONTEXT).slice(TIME.length + 1);
  assert.equal(
    text(),
    "MISUSE 10.9.0.1:80 is used by 10.9.0.2 as the zombie of an idle scan of 10.9.0.3: " +
      "31 probes in 4.2 s; 41 ports of 10.9.0.3 answered, 2 open; 10.9.0.2 may be forged",
  );
  assert.equal(
    text({ against: undefined, ports: undefined, address: "2001:db8::1" }),
    "MISUSE [2001:db8::1]:80 is probed by 10.9.0.2 as the zombie of an idle scan is: 31 probes in 4.2 s; 10.9.0.2 may be forged",
  );
  const other = { by: undefined, port: undefined };
  assert.equal(
    text({ ...other, kind: "decoy" }),
    "MISUSE 10.9.0.1 is a forged source in a scan of 10.9.0.3: 31 unasked answers in 4.2 s; " +
      "41 ports of 10.9.0.3 answered, 2 open; its owner did not send them",
  );
  assert.match(
    text({ ...other, kind: "decoy", addresses: 3 }),
    /^MISUSE 10\.9\.0\.1 and 2 more are each a forged source in a scan of 10\.9\.0\.3: /,
  );
  const flood = { ...other, kind: "flood-backscatter", packets: 1e6 };
  assert.match(
    text({ ...flood, addresses: 20 }),
    /^MISUSE 10\.9\.0\.1 and 19 more are forged sources in a flood of 10\.9\.0\.3: 1,000,000 /,
  );
  assert.match(text(flood), /^MISUSE 10\.9\.0\.1 is among forged sources in a flood of /);
});

Deno.test("textLine() says which way a scan goes, unless it comes in", () => {
  const text = (direction?: ScanEvent["direction"]) => textLine(scanEvent({ direction }), CONTEXT);
  assert.equal(text("inbound"), text());
  assert.match(
    text("outbound"),
    / -> 10\.9\.0\.1 outbound vertical syn: .*; sent from a monitored /,
  );
  assert.match(text("internal"), / internal vertical syn: .*; sent from a monitored address; /);
  assert.match(text("external"), / external vertical syn: /);
  assert.doesNotMatch(text("external"), /monitored/);
});

Deno.test("textLine() says once how far to believe that a monitored address scans", () => {
  const text = (evidence: ScanEvent["evidence"]) =>
    textLine(scanEvent({ direction: "outbound", evidence }), CONTEXT);
  assert.match(text("none"), /; sent from a monitored address, or in its name; /);
  assert.doesNotMatch(text("none"), /may be forged/);
  assert.match(text("reset"), /; sent from a monitored address; .*; source answered \(reset\); /);
});

Deno.test("textLine() says of a visit who came back, to what, and no more than is known", () => {
  assert.equal(
    textLine(visitEvent(), { zone: UTC, interfaceName: () => "eth0" }),
    "2026-11-21 23:14:52.123 VISIT 10.9.0.2:50122 -> 10.9.0.1:80 used a TCP port that its scan of " +
      "2026-11-21 22:14:50.923 found open 1 h before; same address; visitor is real (handshake); " +
      "scanner was real (handshake); on eth0",
  );
  const neighbour = visitEvent({
    source: "10.9.0.77",
    match: "network",
    evidence: "none",
    scanned: { ...visitEvent().scanned, evidence: "reset" },
    known: { name: "Example Project", network: "10.9.0.0/24" },
  });
  assert.match(
    textLine(neighbour, CONTEXT),
    / VISIT 10\.9\.0\.77:50122 -> 10\.9\.0\.1:80 used a TCP port that the scan of its neighbour 10\.9\.0\.2 of .* found open 1 h before; same \/24 network, perhaps somebody else; handshake not seen; scanner answered \(reset\), or was forged; known scanner Example Project$/,
  );
  const six = visitEvent({ source: "2001:db8::2", destination: "2001:db8::1", ipVersion: 6 });
  assert.match(textLine(six, CONTEXT), / VISIT \[2001:db8::2\]:50122 -> \[2001:db8::1\]:80 used /);
  assert.match(textLine({ ...six, match: "network" }, CONTEXT), /same \/64 network/);
  const back = visitEvent({ foundUs: visitEvent().timeUs + 1 });
  assert.match(textLine(back, CONTEXT), / found open; same address/, "the clock was set back");
});

Deno.test("textLine() is within any bound: what is said last goes first, no item of a list is cut", () => {
  const list = Array.from({ length: 500 }, (_, i) => 2 * i).join(",");
  const event = scanEvent({ ports: { count: 500, list, open: list, closed: 1, silent: 2 } });
  const whole = textLine(event, CONTEXT);
  assert.ok(whole.length > 480);
  for (let bytesMax = 200; bytesMax <= whole.length + 1; bytesMax++) {
    const line = textLine(event, CONTEXT, bytesMax);
    assert.ok(line.length <= bytesMax, `${line.length} of ${bytesMax}`);
    assert.match(
      line,
      /^2026-11-21 22:14:52\.123 SCAN 10\.9\.0\.2:55179 .*: 500 ports (\d+,)*\.\.\.[,;]/,
    );
    assert.ok(line.endsWith(whole.slice(-7)) || / in 1\.2 s|silent|\)|forged$/.test(line), line);
  }
  assert.equal(textLine(event, CONTEXT, whole.length), whole);
});

Deno.test("textLine() says which sensor is silent, is back, or sent what was not taken, and how much", () => {
  const text = (event: Parameters<typeof sensorEvent>[0]) =>
    textLine(sensorEvent(event), CONTEXT).replace(/^\S+ \S+ /, "");
  assert.equal(
    text({}),
    "SENSOR-REFUSED web1.example: 12,345 more than it may say, 1 from the future, taken as of now in 10 min",
  );
  assert.equal(
    text({ action: "sensor-silent", refused: undefined }),
    "SENSOR-SILENT web1.example: nothing was heard of it for 10 min",
  );
  assert.equal(
    text({ action: "sensor-back", refused: undefined }),
    "SENSOR-BACK web1.example: is heard again after 10 min",
  );
  assert.match(
    text({ sensor: "a\nb\u001b[31m" }),
    /^[\x20-\x7e]+$/,
    "a name is somebody else's text",
  );
});

Deno.test("textLine() says how many sensors saw a scan, and how many of theirs are part of it", () => {
  const sensors = { count: 12, list: ["a", "b"] };
  const line = textLine(scanEvent({ sensors, joined: ["01JE0000000000000000000000"] }), CONTEXT);
  assert.match(line, /; seen by 12 sensors; 1 scan told by sensors among it; /);
});
