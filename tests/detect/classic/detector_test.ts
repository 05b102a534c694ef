import assert from "node:assert/strict";
import { SCANLOGD_1_RULES, SCANLOGD_2_RULES } from "../../../src/detect/classic/rules.ts";
import { Kind, Quirk, TcpFlag } from "../../../src/record.ts";
import { Bench, from, type Probe, START_US } from "./packets.ts";

const BOTH = [SCANLOGD_1_RULES, SCANLOGD_2_RULES];

/** Ports that are not privileged, one fewer than make a scan, then the one that makes it. */
const ALMOST = { "scanlogd-1": 9, "scanlogd-2": 20, scandog: 0 };

Deno.test("ClassicDetector reports at the tenth port in version 1 and at weight 21 in version 2", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    bench.ports(0, 0.1, from(5000, ALMOST[rules.profile]));
    assert.equal(bench.events.length, 0);
    bench.packet(3, { port: 1 });
    assert.equal(bench.events.length, 1, rules.profile);
  }
  const privileged = new Bench(SCANLOGD_2_RULES);
  privileged.ports(0, 0.1, from(1018, 6));
  assert.equal(privileged.events.length, 0);
  privileged.packet(1, { port: 1024 });
  privileged.packet(1, { port: 1025 });
  assert.equal(privileged.events.length, 0, "18 + 2");
  privileged.packet(1, { port: 1026 });
  assert.equal(privileged.events.length, 1);
});

Deno.test("ClassicDetector says everything it knows of a scan", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  bench.ports(0.25, 0.5, [25, 22, 21, 23, 80, 443, 110], { interface: 3, trafficClass: 8 });
  assert.deepEqual(bench.events, [{
    action: "scan-start",
    scan: 1,
    profile: "scanlogd-2",
    timeUs: START_US + 3_250_000,
    startUs: START_US + 250_000,
    endUs: START_US + 3_250_000,
    interface: 3,
    ipVersion: 4,
    kind: Kind.Tcp,
    source: "10.0.0.2",
    sourcePort: 40000,
    destination: "10.0.0.1",
    destinationVaries: false,
    portsSeen: [25, 22, 21, 23, 80, 443],
    ports: { count: 7, list: "21-23,25,80,110,443" },
    hosts: { count: 1, list: "10.0.0.1" },
    flagsEver: TcpFlag.Syn,
    flagsAlways: TcpFlag.Syn,
    trafficClass: 8,
    ttl: 64,
    ttlRange: { min: 64, max: 64 },
    techniques: ["syn"],
    shape: "vertical",
    attempts: 7,
  }]);
});

Deno.test("ClassicDetector says no scan that ends before it began, when the clock steps back in a tick", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  for (let i = 0; i < 7; i++) bench.packet(0.009 - i / 1000, { port: 1 + i });
  const [{ startUs, endUs, timeUs }] = bench.scans;
  assert.deepEqual([startUs, endUs, timeUs], [
    START_US + 9000,
    START_US + 9000,
    START_US + 3000,
  ]);
});

Deno.test("ClassicDetector leaves out what varied, also by the packet that completes the scan", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  bench.ports(0, 0.1, from(1, 6));
  bench.packet(1, {
    port: 7,
    destination: "9.0.0.1",
    sourcePort: 1,
    ttl: 63,
    trafficClass: 1,
    flags: 0,
  });
  const [scan] = bench.scans;
  assert.equal("sourcePort" in scan || "ttl" in scan || "trafficClass" in scan, false);
  assert.equal(scan.destination, "10.0.0.1");
  assert.equal(scan.destinationVaries, true);
  assert.deepEqual(scan.hosts, { count: 2, list: "9.0.0.1,10.0.0.1" });
  assert.equal(scan.shape, "block");
  assert.deepEqual(scan.ttlRange, { min: 63, max: 64 });
  assert.equal(scan.flagsEver, TcpFlag.Syn);
  assert.equal(scan.flagsAlways, 0);
});

Deno.test("ClassicDetector takes a source port or TTL of 0 for varied in version 1 only", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    bench.ports(0, 0.1, from(1, 10), { sourcePort: 0, ttl: 0 });
    const [scan] = bench.scans;
    const known = rules === SCANLOGD_2_RULES;
    assert.equal(scan.sourcePort, known ? 0 : undefined);
    assert.equal(scan.ttl, known ? 0 : undefined);
  }
});

Deno.test("ClassicDetector holds a source to the delay, to the clock tick of 10 ms", () => {
  for (const [rules, delay] of [[SCANLOGD_1_RULES, 5], [SCANLOGD_2_RULES, 3]] as const) {
    const last = ALMOST[rules.profile];
    // The first packet 1 µs before a tick ends: a gap of 0.009999 s longer is one tick too many.
    for (const [gap, found] of [[delay, 1], [delay + 0.000001, 0], [delay + 0.009999, 0]]) {
      const bench = new Bench(rules);
      bench.ports(0.009999, 0, from(5000, last));
      bench.packet(0.009999 + gap, { port: 1 });
      assert.equal(bench.events.length, found, `${rules.profile} ${gap}`);
    }
    // At the start of a tick, the rest of the last tick still counts.
    for (const [gap, found] of [[delay + 0.009999, 1], [delay + 0.01, 0]]) {
      const bench = new Bench(rules);
      bench.ports(0, 0, from(5000, last));
      bench.packet(gap, { port: 1 });
      assert.equal(bench.events.length, found, `${rules.profile} ${gap}`);
    }
  }
});

Deno.test("ClassicDetector begins anew when the clock steps back by a tick, not within it", () => {
  for (const rules of BOTH) {
    for (const [back, found] of [[0.005, 1], [0.015, 0], [3600, 0]]) {
      const bench = new Bench(rules);
      bench.ports(0.019, 0, from(5000, ALMOST[rules.profile]));
      bench.packet(0.019 - back, { port: 1 });
      assert.equal(bench.events.length, found, `${rules.profile} ${back}`);
    }
  }
});

Deno.test("ClassicDetector counts a port once and takes in its later flags", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    for (let i = 0; i < 100; i++) bench.packet(0, { port: 80 });
    bench.packet(0, { port: 80, flags: TcpFlag.Ack });
    assert.equal(bench.events.length, 0);
    bench.ports(0, 0, from(1, 9));
    const [scan] = bench.scans;
    assert.equal(scan.flagsEver, TcpFlag.Syn | TcpFlag.Ack);
    assert.equal(scan.flagsAlways, 0);
    assert.deepEqual(scan.techniques, ["connect"]);
  }
});

Deno.test("ClassicDetector does not renew a source by a port already seen", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    bench.ports(0, 0, from(5000, ALMOST[rules.profile]));
    bench.packet(2.5, { port: 5000 });
    bench.packet(5.5, { port: 1 });
    assert.equal(bench.events.length, 0, rules.profile);
  }
});

Deno.test("ClassicDetector ignores answers: ACK to any new port, and RST in version 2 from a known source", () => {
  const count = (rules: typeof SCANLOGD_1_RULES, probes: Probe[]) => {
    const bench = new Bench(rules);
    for (const probe of probes) bench.packet(0, probe);
    return bench.events.length;
  };
  const acks = from(1, 50).map((port) => ({ port, flags: TcpFlag.Ack }));
  const resets = from(1, 50).map((port) => ({ port, flags: TcpFlag.Rst }));
  for (const rules of BOTH) {
    assert.equal(count(rules, acks), 0);
    assert.equal(count(rules, [{ port: 99 }, ...acks]), 0);
  }
  assert.equal(count(SCANLOGD_1_RULES, resets), 1);
  assert.equal(count(SCANLOGD_2_RULES, resets), 0);
});

Deno.test("ClassicDetector counts a RST as the first port of a source in both versions", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  bench.packet(0, { port: 1, flags: TcpFlag.Rst });
  bench.ports(0, 0, from(2, 6));
  assert.deepEqual(bench.scans[0].portsSeen, from(1, 6));
  assert.deepEqual(bench.scans[0].techniques, ["syn"]);
});

Deno.test("ClassicDetector reports a scanner that goes on once, and again after a pause", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    bench.ports(0, 0.5, from(1, 1000));
    assert.equal(bench.events.length, 1, rules.profile);
    bench.ports(600, 0, from(1, 10));
    assert.deepEqual(bench.scans.map((scan) => scan.scan), [1, 2]);
  }
});

Deno.test("ClassicDetector does not remember the port that completed the scan", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    const delay = rules.tunables.scanDelay.default;
    bench.ports(0, 0, from(1, 10));
    const last = rules === SCANLOGD_1_RULES ? 10 : 7;
    bench.packet(delay, { port: last }); // a new port: renews the source
    bench.ports(2 * delay, 0, from(101, 10));
    assert.equal(bench.events.length, 1, rules.profile);
    bench.packet(3 * delay, { port: 1 }); // an old port: does not
    bench.ports(4 * delay, 0, from(201, 10));
    assert.equal(bench.events.length, 2, rules.profile);
  }
});

Deno.test("ClassicDetector stops reporting after five scans and says so once, until a pause", () => {
  for (const rules of BOTH) {
    const bench = new Bench(rules);
    const scan = (seconds: number, n: number) =>
      bench.ports(seconds, 0, from(1, 10), { source: `10.1.0.${n}` });
    for (let n = 1; n <= 9; n++) scan(n, n);
    assert.deepEqual(bench.events.map((event) => event.action), [
      ...Array(5).fill("scan-start"),
      "alerts-suppressed",
    ]);
    assert.deepEqual(bench.events[5], {
      action: "alerts-suppressed",
      profile: rules.profile,
      timeUs: START_US + 6_000_000,
      startUs: START_US + 6_000_000,
      endUs: START_US + 6_000_000,
      count: 0,
      of: "scan-start",
    });
    scan(26, 10);
    assert.equal(bench.events.length, 6, "20 s after the announcement");
    scan(26.01, 11);
    assert.equal(bench.events.length, 7, "a tick more");
  }
});

Deno.test("ClassicDetector forgets a source that as many newer ones have pushed out", () => {
  for (const [rules, sources] of [[SCANLOGD_1_RULES, 1024], [SCANLOGD_2_RULES, 256]] as const) {
    for (const [others, found] of [[sources - 1, 1], [sources, 0]]) {
      const bench = new Bench(rules);
      bench.ports(0, 0, from(5000, ALMOST[rules.profile]));
      for (let n = 0; n < others; n++) {
        bench.packet(0, { port: 1, source: `10.${1 + (n >> 8)}.${n & 255}.1` });
      }
      bench.packet(0, { port: 1 });
      assert.equal(bench.events.length, found, `${rules.profile}: ${others} others`);
    }
  }
});

Deno.test("ClassicDetector forgets the first of as many sources as a bucket holds", () => {
  // One bit of hash is the parity: addresses with an odd number of ones share a bucket.
  const alike = from(1, 200).filter((n) => n.toString(2).replaceAll("0", "").length % 2 === 1);
  for (const rules of BOTH) {
    for (const [others, found] of [[15, 1], [16, 0]]) {
      const bench = new Bench(rules, { hashBits: 1 });
      const of = (n: number) => `10.0.0.${alike[n]}`;
      bench.ports(0, 0, from(5000, ALMOST[rules.profile]), { source: of(0) });
      for (let n = 1; n <= others; n++) bench.packet(0, { port: 1, source: of(n) });
      bench.packet(0, { port: 1, source: of(0) });
      assert.equal(bench.events.length, found, `${rules.profile}: ${others} others`);
    }
  }
});

Deno.test("ClassicDetector reads only what a raw TCP socket would deliver", () => {
  const delivered = (probe: Omit<Probe, "port">) => {
    const bench = new Bench(SCANLOGD_2_RULES);
    bench.ports(0, 0, from(1, 7), probe);
    return bench.events.length === 1;
  };
  const { Fragment, FragmentHeader, FragmentWhole } = Quirk;
  assert.equal(delivered({}), true);
  assert.equal(delivered({ quirks: Quirk.Vlan | Quirk.BadTransportLength | Quirk.Outgoing }), true);
  assert.equal(delivered({ quirks: Fragment | FragmentHeader | FragmentWhole }), true);
  assert.equal(delivered({ quirks: Fragment | FragmentWhole }), true);
  assert.equal(delivered({ quirks: Fragment | FragmentHeader }), false);
  assert.equal(delivered({ quirks: Fragment }), false);
  assert.equal(delivered({ quirks: Quirk.BadIpLength }), false);
  assert.equal(delivered({ quirks: Quirk.Truncated }), false);
  assert.equal(delivered({ quirks: Fragment | FragmentWhole | Quirk.Truncated }), false);
  assert.equal(delivered({ source: "0.0.0.0" }), false);
  assert.equal(delivered({ kind: Kind.Udp }), false);
  assert.equal(delivered({ ipVersion: 6, source: "2001:db8::1" }), false);
});

Deno.test("ClassicDetector goes by its values, not by the version's defaults", () => {
  const bench = new Bench(SCANLOGD_2_RULES, { scanWeight: 50, portWeight: 5, scanDelay: 60 });
  bench.ports(0, 60, from(5000, 9));
  assert.equal(bench.events.length, 0);
  bench.packet(9 * 60, { port: 5009 });
  assert.equal(bench.events.length, 1);
  assert.equal(bench.scans[0].portsSeen.length, 9);
});

Deno.test("ClassicDetector refuses values that cannot work", () => {
  assert.throws(
    () => new Bench(SCANLOGD_2_RULES, { scanWeight: 3 }),
    /^RangeError: Cannot create ClassicDetector: --privileged-weight must be less than/,
  );
});
