// One host or network that is flooded: what is counted of it, and that nothing is left of what it counted before.

import assert from "node:assert/strict";
import { FloodTarget } from "../../../../../src/detect/scandog/beside/flood/target.ts";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";
import { FloodPackets } from "../../../../../src/detect/scandog/table/flood_packets.ts";
import { words } from "../../entries.ts";

const HOST = "203.0.113.10";

function packets({ to = HOST, ports = [80], ...given }: Partial<Omit<FloodPackets, "ports">> & {
  to?: string;
  ports?: number[];
} = {}): FloodPackets {
  const made = Object.assign(new FloodPackets(), { targetClass: TargetClass.Tcp, count: 1 }, given);
  made.words = words(to);
  made.ports.set(ports);
  made.portCount = ports.length;
  return made;
}

/** A target that counts these, from the first on. */
function counted(all: readonly FloodPackets[], isNetwork = false): FloodTarget {
  const target = new FloodTarget();
  target.begin(all[0], 0, isNetwork);
  for (const some of all) target.add(some, 0);
  return target;
}

const listed = (all: readonly FloodPackets[]) => counted(all).listPorts();

Deno.test("FloodTarget that begins anew has nothing of what it counted before", () => {
  const now = packets({ fromUs: 7_000_000, toUs: 9_000_000, interface: 3 });
  const six = "2001:db8::7", eight = "198.51.100.200";
  const before = packets({
    to: six,
    ports: [1, 2, 3],
    count: 50,
    sources: 9,
    techniques: 5,
    hash: 77,
  });
  const reused = counted(
    [before, packets({ to: eight, targetClass: TargetClass.Udp, toUs: 5e6 })],
    true,
  );
  reused.takeBack();
  Object.assign(reused, {
    isOn: true,
    isWithheld: true,
    isEarly: true,
    story: 4,
    onMs: 5,
    namedUs: 6,
    mostAtOne: 2,
  });
  reused.begin(now, 1000, false);
  const fresh = new FloodTarget();
  fresh.begin(now, 1000, false);
  for (const target of [reused, fresh]) target.add(now, 2000);
  const seen = (target: FloodTarget) => {
    // What a map keeps for its next ports is no port.
    const { ports, ...rest } = target;
    return { ...rest, ports: ports.count, octets: target.octets(), list: target.listPorts() };
  };
  assert.deepEqual(seen(reused), seen(fresh));
  assert.deepEqual([fresh.lastMs, fresh.windowMs, fresh.onMs, fresh.interface], [
    2000,
    1000,
    1000,
    3,
  ]);
});

Deno.test("FloodTarget lasts from the earliest of its packets to the latest, in whatever order they come", () => {
  const times = [[50, 60], [40, 45], [55, 70]].map(([fromUs, toUs]) => packets({ fromUs, toUs }));
  const target = counted(times);
  assert.deepEqual([target.startUs, target.endUs], [40, 70]);
  assert.deepEqual([target.packets, target.sources], [3, 0]);
});

Deno.test("FloodTarget collects techniques, and a bit for each class", () => {
  const { Tcp, Udp } = TargetClass;
  const target = counted([
    packets({ targetClass: Tcp, techniques: 1 }),
    packets({ targetClass: Udp, techniques: 4 }),
  ]);
  assert.deepEqual([target.techniques, target.classes], [5, 1 << Tcp | 1 << Udp]);
});

Deno.test("FloodTarget lists each port of its packets, and one alone where it has 95 of 100", () => {
  assert.deepEqual(listed([packets({ ports: [21, 80, 443], count: 3 })]), {
    count: 3,
    list: "21,80,443",
  });
  for (const [others, expected] of [[5, "80"], [6, "80,90"]] as const) {
    const all = [packets({ count: 100 - others }), packets({ ports: [90], count: others })];
    assert.equal(listed(all).list, expected, `${others} others`);
  }
  // Which leads is known after ten others, one by one.
  const late = Array.from({ length: 10 }, (_, i) => packets({ ports: [100 + i % 2] }));
  assert.equal(listed([...late, packets({ count: 1000 })]).list, "80");
});

Deno.test("FloodTarget looks at each port of the first 65,536 packets, then at one of a batch", () => {
  for (const [first, list] of [[65_534, "80-82"], [65_535, "80-81"]] as const) {
    const target = counted([packets({ ports: [81], count: first })]);
    target.add(packets({ ports: [80, 82], count: 2 }), 0);
    assert.equal(target.ports.ranges(1, 3), list, `${first} packets`);
  }
});

Deno.test("FloodTarget has no ports of pings", () => {
  const ping = packets({ targetClass: TargetClass.IcmpEcho, ports: [7] });
  assert.equal(counted([ping]).ports.count, 0);
});

Deno.test("FloodTarget knows hosts of an IPv4 network by their last octet, of an IPv6 network by eight bits of a hash", () => {
  const hosts = [0, 31, 32, 255, 31].map((octet) => packets({ to: `203.0.113.${octet}` }));
  const target = counted(hosts, true);
  assert.deepEqual([target.hosts, target.octets()], [4, [0, 31, 32, 255]]);
  const six = (hash: number) => packets({ to: "2001:db8::1", hash });
  const network = counted([six(0), six(1), six(0x100), six(0x1ff), six(-1)], true);
  assert.deepEqual([network.hosts, network.octets(), network.isIpv4], [3, [], false]);
});

Deno.test("FloodTarget is this host and no other: each word of the address counts", () => {
  const target = counted([packets({ to: "2001:db8:1:2:3:4:5:6" })]);
  const others = [
    "2001:db9:1:2:3:4:5:6",
    "2001:db8:1:3:3:4:5:6",
    "2001:db8:1:2:3:5:5:6",
    "2001:db8:1:2:3:4:5:7",
  ];
  assert.ok(target.isHost(words("2001:db8:1:2:3:4:5:6"), 0));
  for (const other of others) assert.ok(!target.isHost(words(other), 0), other);
  assert.ok(target.isHost(new Int32Array([9, 9, ...words("2001:db8:1:2:3:4:5:6")]), 2));
});

Deno.test("FloodTarget of a network is no flood where one host has more than a fourth of the sources", () => {
  for (const [mostAtOne, isFlood] of [[128, true], [129, false]] as const) {
    const network = counted([packets({ sources: 512 })], true);
    network.mostAtOne = mostAtOne;
    assert.equal(network.isFlood(512), isFlood, `${mostAtOne}`);
    const host = counted([packets({ sources: 512 })]);
    host.mostAtOne = mostAtOne;
    assert.ok(host.isFlood(512));
  }
});

Deno.test("FloodTarget gives sources back that came again, down to none", () => {
  const target = counted([packets({ sources: 2 })]);
  const left = [1, 2, 3].map(() => {
    target.takeBack();
    return target.sources;
  });
  assert.deepEqual(left, [1, 0, 0]);
});

Deno.test("FloodTarget is a flood from enough sources on, or from an eighth of them with sixteen times the packets", () => {
  const cases: [sources: number, packets: number, isFlood: boolean][] = [
    [511, 511, false],
    [512, 512, true],
    [64, 8192, true],
    [64, 8191, false],
    [63, 8192, false],
  ];
  for (const [sources, count, isFlood] of cases) {
    const what = `${sources} sources, ${count} packets`;
    assert.equal(counted([packets({ sources, count })]).isFlood(512), isFlood, what);
  }
});

Deno.test("FloodTarget was a crowd where more than three of four came again, and where too few are left", () => {
  for (const [sources, again, isCrowd] of [[48, 36, false], [48, 37, true]] as const) {
    const target = counted([packets({ sources, count: 1000 })]);
    for (let i = 0; i < again; i++) target.takeBack();
    // 12 are left of 48, and 36 came again: three for each.
    assert.equal(target.isCrowd(1), isCrowd, `${again} of ${sources}`);
  }
  const target = counted([packets({ sources: 10 })]);
  assert.deepEqual([10, 11].map((enough) => target.isCrowd(enough)), [false, true]);
});

Deno.test("FloodTarget has packets a second from its first packet to its last", () => {
  const target = counted([
    packets({ fromUs: 3_000_000, toUs: 3_000_000, count: 30 }),
    packets({ fromUs: 7_000_000, toUs: 7_000_000, count: 50 }),
  ]);
  assert.deepEqual(target.rate(), { mean: 20, peak: 50 });
});

Deno.test("FloodTarget counts on for a port that comes in several batches", () => {
  const twice = [packets({ count: 50 }), packets({ count: 50 })];
  const other = packets({ ports: [90], count: 5 });
  assert.equal(listed([...twice, other]).list, "80");
});

Deno.test("FloodTarget begins as none, and its sources are not early unless that is said", () => {
  const target = new FloodTarget();
  const unused = [target.isNetwork, target.isOn, target.isFlood(1), target.windowMs];
  assert.deepEqual(unused, [false, false, false, 0]);
  const now = packets();
  target.begin(now, 0, false);
  const { isOn, isWithheld, story, mostAtOne, techniques, hosts } = target;
  assert.deepEqual({ isOn, isWithheld, story, mostAtOne, techniques, hosts }, {
    ...{ isOn: false, isWithheld: false, story: 0, mostAtOne: 0, techniques: 0, hosts: 0 },
  });
  target.add(now, 0);
  assert.equal(target.isEarly, false);
  target.add(now, 0, true);
  target.add(now, 0);
  assert.equal(target.isEarly, true, "some were");
});

Deno.test("FloodTarget of answers is no flood where its target asks once for eight of them, or oftener", () => {
  const crowd = (asks: number, isOfAnswers: boolean) => {
    const target = counted([packets({ isOfAnswers, sources: 800, count: 800 })]);
    for (let i = 0; i < asks; i++) target.noteAsks();
    return target.isCrowd(500);
  };
  assert.equal(crowd(100, true), false);
  assert.equal(crowd(101, true), true);
  assert.equal(crowd(800, false), false);
});
