// In which order ports were taken: nmap's popular ones first, in number's order, or in none.

import assert from "node:assert/strict";
import { PortOrder } from "../../../../../src/detect/scandog/beside/tool/port_order.ts";
import type { Probe } from "../../../../../src/detect/scandog/beside/tool/probe.ts";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";

/** Of random_port_cheat() in nmap's portlist.cc, by number. */
const POPULAR = [
  ...[21, 22, 23, 25, 53, 80, 110, 111, 113, 135, 139, 143, 199, 256, 443, 445, 554, 587, 993],
  ...[995, 1025, 1720, 1723, 3306, 3389, 5900, 8080, 8888],
];
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/** The order of these ports, a microsecond apart. */
function order(ports: readonly number[], targetClass: number = TargetClass.Tcp): PortOrder {
  const order = new PortOrder();
  for (const [i, port] of ports.entries()) {
    order.count({ port, targetClass, timeUs: 1000 + i } as Probe);
  }
  return order;
}
const bits = (ports: readonly number[]) => order(ports).popularFirstBits();

/** Every other one, and then the rest: in no order by number. */
const shuffled = (ports: readonly number[]) => [
  ...ports.filter((_, i) => i % 2 === 1),
  ...ports.filter((_, i) => i % 2 === 0),
];

Deno.test("PortOrder knows each of nmap's 28 popular ports, wherever it comes among them", () => {
  assert.equal(POPULAR.length, 28);
  const others = range(20_000, 200);
  for (const first of [shuffled(POPULAR), shuffled(POPULAR).toReversed()]) {
    assert.equal(bits([...first, ...others]), 16, "and no more than that");
  }
  for (const port of POPULAR) {
    const rest = shuffled(POPULAR.filter((other) => other !== port));
    assert.equal(bits([...rest.slice(0, 20), port + 10_000, ...rest.slice(20), ...others]), 0);
  }
});

Deno.test("PortOrder's bits are those of so many popular ports that come first by chance", () => {
  // C(10, 5) = 252, C(11, 5) = 462, C(25, 5) = 53,130.
  const five = [80, 22, 443, 21, 25];
  for (const [popular, others, expected] of [[5, 5, 7], [5, 6, 8], [6, 5, 8], [5, 20, 15]]) {
    const first = [...five, 110].slice(0, popular);
    assert.equal(bits([...first, ...range(20_000, others)]), expected, `${popular} and ${others}`);
  }
  assert.equal(
    bits([...five.slice(0, 4), ...range(20_000, 200)]),
    0,
    "four popular ports are too few",
  );
});

Deno.test("PortOrder takes no list by number or by popularity for nmap's, up or down", () => {
  const byPopularity = [80, 23, 443, 21, 22, 25, 3389, 110, 445];
  const byNumber = byPopularity.toSorted((a, b) => a - b);
  for (const first of [byPopularity, byNumber]) {
    for (const ports of [first, first.toReversed()]) {
      assert.equal(bits([...ports, ...range(20_000, 100)]), 0, ports.join());
    }
  }
});

Deno.test("PortOrder counts popular ports of TCP alone, and steps of all that has ports", () => {
  const ports = [...shuffled(POPULAR), ...range(20_000, 100)];
  assert.equal(order(ports, TargetClass.Udp).popularFirstBits(), 0);
  for (
    const [targetClass, expected] of [
      [TargetClass.Tcp, "ascending"],
      [TargetClass.Udp, "ascending"],
      [TargetClass.Sctp, "ascending"],
      [TargetClass.IcmpEcho, undefined],
    ] as const
  ) assert.equal(order(range(1, 20), targetClass).order(), expected);
});

Deno.test("PortOrder needs eight steps, nineteen of twenty one way; and three to seven of ten up are random", () => {
  assert.equal(order(range(1, 8)).order(), undefined);
  assert.equal(order(range(1, 9)).order(), "ascending");
  assert.equal(order(range(1, 9).toReversed()).order(), "descending");
  assert.equal(order([5, ...Array(20).fill(5)]).order(), undefined, "no step is one");
  // So many steps up and so many down.
  const steps = (up: number, down: number) =>
    order([100, ...range(101, up), ...range(1, down).toReversed()]).order();
  const cases: [up: number, down: number, order: string | undefined][] = [
    [19, 1, "ascending"],
    [18, 1, undefined],
    [1, 19, "descending"],
    [1, 18, undefined],
    [3, 7, "random"],
    [7, 3, "random"],
    [2, 7, undefined],
    [8, 3, undefined],
  ];
  for (const [up, down, expected] of cases) {
    assert.equal(steps(up, down), expected, `${up}, ${down}`);
  }
});
