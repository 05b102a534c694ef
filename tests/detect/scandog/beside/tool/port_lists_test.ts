import assert from "node:assert/strict";
import { Answer, PortMap } from "../../../../../src/detect/scandog/table/port_map.ts";
import { portListOf } from "../../../../../src/detect/scandog/beside/tool/port_lists.ts";
import { TOP_100, TOP_1000 } from "./nmap_ports.ts";

/** The ports of a list but for the first `skip`, and so many from 20,100 on that are in none. */
function mapOf(list: string, skip = 0, more = 0): PortMap {
  const map = new PortMap();
  list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }).slice(skip).forEach((port) => map.note(port, Answer.Silent));
  for (let i = 0; i < more; i++) map.note(20_100 + i, Answer.Closed);
  return map;
}

Deno.test("portListOf() knows nmap's top 100, also when a few answers are missing", () => {
  assert.equal(portListOf(mapOf(TOP_100)), "nmap-top-100");
  assert.equal(portListOf(mapOf(TOP_100, 4)), "nmap-top-100");
  assert.equal(portListOf(mapOf(TOP_100, 10)), undefined);
});

Deno.test("portListOf() knows no list in a range of ports, and none in nothing", () => {
  assert.equal(portListOf(mapOf("1-100")), undefined);
  assert.equal(portListOf(mapOf("1-1000")), undefined);
  assert.equal(portListOf(mapOf("1-65535")), undefined);
  assert.equal(portListOf(new PortMap()), undefined);
});

Deno.test("portListOf() wants 95 of 100 ports of a list, and as many of those that were probed", () => {
  const cases: [list: string, skip: number, more: number, name: string | undefined][] = [
    [TOP_100, 5, 0, "nmap-top-100"],
    [TOP_100, 6, 0, undefined],
    [TOP_100, 6, 6, undefined],
    [TOP_100, 0, 5, "nmap-top-100"],
    [TOP_100, 0, 6, undefined],
    [TOP_100, 5, 5, "nmap-top-100"],
    [TOP_100, 5, 6, undefined],
    [TOP_1000, 0, 0, "nmap-top-1000"],
    [TOP_1000, 50, 50, "nmap-top-1000"],
    [TOP_1000, 51, 0, undefined],
    [TOP_1000, 51, 51, undefined],
    [TOP_1000, 50, 51, undefined],
  ];
  for (const [list, skip, more, name] of cases) {
    const what = `${list.length > 1000 ? 1000 : 100} but ${skip}, and ${more}`;
    assert.equal(portListOf(mapOf(list, skip, more)), name, what);
  }
});
