import assert from "node:assert/strict";
import { Answer, PortMap } from "../../../../../src/detect/scandog/table/port_map.ts";
import { portListOf } from "../../../../../src/detect/scandog/beside/tool/port_lists.ts";

/** nmap's top 100, from `nmap -v -oG - --top-ports 100`. */
const TOP_100 =
  "7,9,13,21-23,25-26,37,53,79-81,88,106,110-111,113,119,135,139,143-144,179,199,389," +
  "427,443-445,465,513-515,543-544,548,554,587,631,646,873,990,993,995,1025-1029,1110,1433,1720," +
  "1723,1755,1900,2000-2001,2049,2121,2717,3000,3128,3306,3389,3986,4899,5000,5009,5051,5060,5101," +
  "5190,5357,5432,5631,5666,5800,5900,6000-6001,6646,7070,8000,8008-8009,8080-8081,8443,8888,9100," +
  "9999-10000,32768,49152-49157";

function mapOf(list: string, skip = 0): PortMap {
  const map = new PortMap();
  list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }).slice(skip).forEach((port) => map.note(port, Answer.Silent));
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
