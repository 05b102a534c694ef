// Scan, then visit: who is told as coming back, and who is not.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../../src/address.ts";
import type { ScanEvent, VisitEvent } from "../../../../../src/event.ts";
import { visitedScanId } from "../../../../../src/format/event_id.ts";
import { scanId } from "../../../../../src/format/event_id.ts";
import { Ack, Rst, Syn, Traffic } from "../../traffic.ts";

const SCANNER = "198.51.100.7", NEIGHBOUR = "198.51.100.99", STRANGER = "192.0.2.50";
const TARGET = "203.0.113.10", OTHER = "203.0.113.11";
const BYSTANDER = "192.0.2.200";
const MINUTE = 60, HOUR = 3600, DAY = 86_400;

const told = (traffic: Traffic): VisitEvent[] =>
  traffic.events.filter((event): event is VisitEvent => event.action === "scan-visit");

/** Ten refused ports and one that is open. */
function scan(traffic: Traffic, from = SCANNER, open = 80, to = TARGET, sport = 40000): Traffic {
  for (let port = 101; port <= 106; port++) traffic.refused(from, to, port, sport);
  traffic.halfOpen(from, to, open, sport);
  for (let port = 107; port <= 110; port++) traffic.refused(from, to, port, sport);
  return traffic;
}

/** Lets time pass as a running capture sees it: with other people's packets. */
function pass(traffic: Traffic, seconds: number): Traffic {
  traffic.wait(seconds);
  return traffic.used(BYSTANDER, OTHER, 25);
}

Deno.test("a scanner that comes back to a port it found open is told once, with its scan", () => {
  const traffic = pass(scan(new Traffic({ seed: 5 })), HOUR).used(SCANNER, TARGET, 80, 51000);
  const [visit, ...more] = told(traffic);
  assert.deepEqual(more, []);
  const [scanned] = traffic.told("scan-end") as ScanEvent[];
  const { timeUs, foundUs, triedUs, scanned: link, ...rest } = visit;
  assert.deepEqual(rest, {
    action: "scan-visit",
    profile: "scandog",
    interface: 0,
    ipVersion: 4,
    kind: 1,
    source: SCANNER,
    sourcePort: 51000,
    destination: TARGET,
    destinationPort: 80,
    match: "address",
    evidence: "handshake",
  });
  assert.ok(scanned.startUs <= foundUs && foundUs <= triedUs && triedUs <= scanned.endUs);
  assert.ok(timeUs - foundUs > HOUR * 1e6 && timeUs - foundUs < (HOUR + 1) * 1e6);
  assert.deepEqual(link, {
    number: scanned.scan,
    startUs: scanned.startUs,
    seed: 5,
    source: SCANNER,
    evidence: "reset",
  });
  assert.equal(visitedScanId(visit), scanId(scanned, 5));
  traffic.used(SCANNER, TARGET, 80, 51001).used(SCANNER, TARGET, 80, 51002);
  assert.equal(told(traffic).length, 1);
});

Deno.test("a visit to another port, to another host, or by a stranger is none", () => {
  const traffic = pass(scan(new Traffic()), HOUR)
    .used(SCANNER, TARGET, 443).used(SCANNER, OTHER, 80).used(STRANGER, TARGET, 80);
  assert.deepEqual(told(traffic), []);
});

Deno.test("connections within the scan and soon after it are the scan's own, however long they last", () => {
  const traffic = scan(new Traffic());
  // nmap -sV: connections to what is open, with pauses, far beyond the end of the scan itself.
  for (let i = 0; i < 40; i++) {
    traffic.wait(30).used(SCANNER, TARGET, 80, 52000 + i).used(BYSTANDER, OTHER, 25);
  }
  assert.ok(traffic.told("scan-end").length > 0);
  assert.deepEqual(told(traffic), []);
  // It pauses, and comes back.
  pass(traffic, 2 * MINUTE).used(SCANNER, TARGET, 80, 53000);
  assert.equal(told(traffic).length, 1);
});

Deno.test("a port that a scanner tries late, while it is busy with another, is no visit", () => {
  const traffic = scan(new Traffic()).halfOpen(SCANNER, TARGET, 443);
  for (let i = 0; i < 20; i++) {
    traffic.wait(30).used(SCANNER, TARGET, 80, 52000 + i).used(BYSTANDER, OTHER, 25);
  }
  traffic.wait(30).used(SCANNER, TARGET, 443, 53000);
  assert.deepEqual(told(traffic), []);
});

Deno.test("a connection without data is no visit, nor is what soon follows it: it scans again", () => {
  const traffic = pass(scan(new Traffic()), HOUR).empty(SCANNER, TARGET, 80, 52000);
  traffic.used(SCANNER, TARGET, 80, 52001);
  // The next day's run of the same nmap -sV.
  scan(pass(traffic, DAY)).used(SCANNER, TARGET, 80, 54000);
  assert.deepEqual(told(traffic), []);
  pass(traffic, HOUR).used(SCANNER, TARGET, 80, 55000);
  assert.equal(told(traffic).length, 1);
});

Deno.test("the next day's run of the same nmap -sV is a scan again, whatever the first one was", () => {
  for (
    const first of [scan, (traffic: Traffic) => scan(traffic).used(SCANNER, TARGET, 80, 50009)]
  ) {
    const traffic = first(new Traffic());
    for (let day = 1; day <= 2; day++) {
      scan(pass(traffic, DAY), SCANNER, 80, TARGET, 40000 + day);
      traffic.used(SCANNER, TARGET, 80, 54000 + day);
      for (let i = 0; i < 10; i++) traffic.wait(20).used(SCANNER, TARGET, 80, 55000 + 10 * day + i);
    }
    assert.deepEqual(told(traffic), []);
  }
});

Deno.test("a port used within the scan is visited when the scanner comes back", () => {
  const traffic = scan(new Traffic()).used(SCANNER, TARGET, 80, 50001);
  pass(traffic, HOUR).used(SCANNER, TARGET, 80, 50002);
  assert.equal(told(traffic).length, 1);
  assert.equal(told(traffic)[0].sourcePort, 50002);
});

Deno.test("other addresses of the scanner's network are told as such, three for each port", () => {
  const traffic = pass(scan(new Traffic()), HOUR);
  for (let host = 100; host < 110; host++) traffic.used(`198.51.100.${host}`, TARGET, 80);
  traffic.used(NEIGHBOUR, TARGET, 80).used(SCANNER, TARGET, 80, 51000);
  assert.deepEqual(told(traffic).map(({ source, match }) => `${source} ${match}`), [
    "198.51.100.100 network",
    "198.51.100.101 network",
    "198.51.100.102 network",
    `${SCANNER} address`,
  ]);
  for (const { scanned } of told(traffic)) assert.equal(scanned.source, SCANNER);
});

Deno.test("IPv6: the network is the /64", () => {
  const from = "2001:db8:51::7", to = "2001:db8:113::10";
  const traffic = pass(scan(new Traffic(), from, 80, to), HOUR)
    .used("2001:db8:51:1::7", to, 80).used("2001:db8:51::ffff:9", to, 80).used(from, to, 80);
  assert.deepEqual(
    told(traffic).map(({ source, match, ipVersion }) => [source, match, ipVersion]),
    [
      ["2001:db8:51::ffff:9", "network", 6],
      [from, "address", 6],
    ],
  );
});

Deno.test("a visitor is forgotten after the memory, and remembered until then", () => {
  const within = pass(scan(new Traffic({ visitMemory: 2 })), 2 * DAY - HOUR);
  assert.equal(told(within.used(SCANNER, TARGET, 80)).length, 1);
  const after = pass(pass(scan(new Traffic({ visitMemory: 2 })), DAY), DAY + HOUR);
  assert.equal(told(after.used(SCANNER, TARGET, 80)).length, 0);
  const never = pass(scan(new Traffic({ visitMemory: 0 })), HOUR);
  assert.equal(told(never.used(SCANNER, TARGET, 80)).length, 0);
});

Deno.test("a clock that steps back neither ages nor hides what was learned", () => {
  const traffic = pass(scan(new Traffic()), 10 * MINUTE);
  traffic.timeUs -= 2 * DAY * 1e6;
  pass(traffic, HOUR).used(SCANNER, TARGET, 80);
  assert.equal(told(traffic).length, 1);
});

Deno.test("a scan that was not told leaves nothing to come back to", () => {
  const few = new Traffic().refused(SCANNER, TARGET, 101).halfOpen(SCANNER, TARGET, 80);
  assert.deepEqual(told(pass(few, HOUR).used(SCANNER, TARGET, 80)), []);
  const mute = new Traffic({ alertBurst: 1, alertRefill: 86400 });
  scan(mute, STRANGER);
  scan(mute);
  assert.equal(mute.told().length, 1);
  assert.deepEqual(told(pass(mute, HOUR).used(SCANNER, TARGET, 80)), []);
});

Deno.test("a source that never answered is not believed to have learned anything", () => {
  const traffic = new Traffic();
  for (let port = 101; port <= 110; port++) traffic.refused(SCANNER, TARGET, port);
  traffic.send({ from: SCANNER, to: TARGET, sport: 40000, dport: 80, flags: Syn, seq: 1000 })
    .send({
      from: TARGET,
      to: SCANNER,
      sport: 80,
      dport: 40000,
      flags: Syn | Ack,
      seq: 5,
      ack: 1001,
    });
  assert.deepEqual(told(pass(traffic, HOUR).used(SCANNER, TARGET, 80)), []);
});

/** Every probe from all sources at once; those that are alive reset what they did not ask for. */
function decoyScan(sources: string[], alive: string[]): Traffic {
  const traffic = new Traffic();
  for (const dport of [80, ...Array.from({ length: 25 }, (_, i) => 101 + i)]) {
    const probe = { to: TARGET, sport: 40000, dport, flags: Syn, seq: 1000, ipId: dport };
    for (const from of sources) traffic.send({ ...probe, from });
    for (const from of sources) {
      const answer = { from: TARGET, to: from, sport: dport, dport: 40000, ack: 1001 };
      traffic.send({ ...answer, flags: dport === 80 ? Syn | Ack : Rst | Ack, seq: 5 });
      if (dport !== 80 || !alive.includes(from)) continue;
      traffic.send({ from, to: TARGET, sport: 40000, dport, flags: Rst, seq: 1001 });
    }
  }
  return traffic;
}

Deno.test("of a scan with forged sources only the one that is proved is remembered", () => {
  const sources = ["192.0.2.1", SCANNER, "192.0.2.3"];
  const one = decoyScan(sources, [SCANNER]);
  for (let i = 0; i < 40; i++) pass(one, 10); // told when its source is chosen, and then it ends
  assert.equal(one.told()[0]?.shape, "decoy");
  for (const source of sources) one.used(source, TARGET, 80);
  assert.deepEqual(told(one).map(({ source }) => source), [SCANNER]);

  // Hosts that were named as decoys are alive too: nothing tells them from the scanner.
  const all = decoyScan(sources, sources);
  for (let i = 0; i < 40; i++) pass(all, 10);
  assert.equal(all.told()[0]?.shape, "decoy");
  for (const source of sources) all.used(source, TARGET, 80);
  assert.deepEqual(told(all), []);

  // One of them is a client: its own connections prove its address, and not that it scans.
  const client = decoyScan(sources, sources).used(sources[0], TARGET, 8080, 50001)
    .used(sources[0], TARGET, 8081, 50002);
  for (let i = 0; i < 40; i++) pass(client, 10);
  assert.equal(client.told()[0]?.sources?.guess, true);
  for (const source of sources) client.used(source, TARGET, 80);
  assert.deepEqual(told(client), []);
});

Deno.test("a scanner that finds thousands of open ports makes nobody's finds forgotten", () => {
  const traffic = scan(new Traffic({ memory: 4 })).halfOpen(SCANNER, TARGET, 443);
  const { ports } = traffic.detector.visits;
  const busy = "192.0.2.66";
  for (let i = 0; i < 5000; i++) traffic.halfOpen(busy, `10.9.${i >> 8}.${i & 255}`, 80);
  assert.ok(ports.size > ports.capacity / 2, `${ports.size} of ${ports.capacity}`);
  pass(traffic, HOUR).used(SCANNER, TARGET, 80).used(SCANNER, TARGET, 443);
  assert.deepEqual(told(traffic).map(({ destinationPort }) => destinationPort), [80, 443]);
});

Deno.test("ignored visitors are not told", () => {
  const traffic = new Traffic({ ignore: [parsePrefix(`${NEIGHBOUR}/32`)!] });
  pass(scan(traffic), HOUR).used(NEIGHBOUR, TARGET, 80).used(SCANNER, TARGET, 80);
  assert.deepEqual(told(traffic).map(({ source }) => source), [SCANNER]);
});

Deno.test("visits beyond the budget are counted; a network's do not use up the scanners' own", () => {
  const traffic = new Traffic({ alertBurst: 4, alertRefill: 86400, sourceAlerts: 1000 });
  traffic.halfOpen(SCANNER, TARGET, 80);
  for (let port = 1000; port < 1030; port++) traffic.halfOpen(SCANNER, TARGET, port);
  pass(traffic, HOUR);
  assert.ok(traffic.told().length > 0);
  for (let port = 1000; port < 1010; port++) traffic.used(NEIGHBOUR, TARGET, port);
  for (let port = 1000; port < 1010; port++) traffic.used(SCANNER, TARGET, port);
  traffic.detector.finish();
  assert.deepEqual(
    told(traffic).map(({ match }) => match),
    [...Array(4).fill("network"), ...Array(4).fill("address")],
  );
  const suppressed = traffic.events.filter((event) =>
    event.action === "alerts-suppressed" && event.of === "scan-visit"
  );
  assert.equal(
    suppressed.reduce((sum, event) => sum + ("count" in event ? event.count : 0), 0),
    12,
  );
});

Deno.test("a visit is told once, however often and however much later the scanner comes again", () => {
  const traffic = pass(scan(new Traffic()), HOUR);
  for (let time = 0; time < 4; time++) {
    pass(traffic.used(SCANNER, TARGET, 80, 51_000 + time), 5 * HOUR);
  }
  assert.equal(told(traffic).length, 1);
});
