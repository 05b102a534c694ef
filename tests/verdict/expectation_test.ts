import assert from "node:assert/strict";
import fc from "fast-check";
import {
  expectationFile,
  expectationText,
  type FieldName,
  FIELDS,
  parseExpectations,
  valuesOf,
} from "../../src/verdict/expectation.ts";
import { isMet, judge } from "../../src/verdict/judge.ts";
import { classicEvent, floodEvent, scanEvent } from "../support/events.ts";

function parse(text: string) {
  return parseExpectations("FILE", text);
}

Deno.test("parseExpectations() reads one scan a line, without comments and empty lines", () => {
  const { expectations, faults } = parse(
    "# all of them\n\nsource=10.9.0.2 shape=vertical techniques=syn,connect ports=80,21-23,24\r\n" +
      '  source=2001:DB8:0::1 tool="nmap -O"   # known\n',
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(expectations, [
    {
      line: 3,
      values: new Map([
        ["source", "10.9.0.2"],
        ["shape", "vertical"],
        ["techniques", "connect,syn"],
        ["ports", "21-24,80"],
      ]),
    },
    { line: 4, values: new Map([["source", "2001:db8::1"], ["tool", "nmap -O"]]) },
  ]);
  assert.deepEqual(parse("# none\n"), { expectations: [], faults: [] });
});

Deno.test("parseExpectations() names every thing that makes no sense, with its line", () => {
  const { faults } = parse(
    "source=10.9.0.256 ports=5-1\nshape=vertical\nsource=10.9.0.1 colour=red word source=::1\n" +
      "source=::1 port-count=many ports=1-65536 shape=Vertical",
  );
  assert.deepEqual(faults.map((fault) => fault.replace(/: known are .*/, "")), [
    'FILE:1: source must be an address, got "10.9.0.256"',
    'FILE:1: ports must be ports and ranges such as 21-25,80, or none, got "5-1"',
    "FILE:2: source is missing",
    "FILE:3: there is no key colour",
    'FILE:3: "word" is not key=value',
    "FILE:3: source is given twice",
    'FILE:4: port-count must be a number, got "many"',
    'FILE:4: ports must be ports and ranges such as 21-25,80, or none, got "1-65536"',
    "FILE:4: shape must be one of vertical, horizontal, block, distributed, decoy, flood, " +
    'got "Vertical"',
  ]);
});

Deno.test("parseExpectations() refuses words that no scan can have", () => {
  const wrong = [
    ...["shape=vertcal", "techniques=syn,sin", "evidence=yes", "slow=true", "direction=in"],
    ...["destination=10.9.0.0/x", "destination=10.9.0/24", "destination=10.9.0.0/24/8"],
    ...["profile=scanlogd", "hosts=10.9.0.1,x", "sources=10.9.0.0/24", 'tool=""'],
  ];
  for (const word of wrong) {
    const { faults } = parse(`source=10.9.0.2 ${word}`);
    assert.equal(faults.length, 1, word);
    assert.match(faults[0], new RegExp(`^FILE:1: ${word.split("=")[0]} must be `), word);
  }
  // Written in any form, compared in one.
  const [{ values }] = parse("source=::1 hosts=2001:DB8::0:1,10.9.0.1").expectations;
  assert.equal(values.get("hosts"), "10.9.0.1,2001:db8::1");
});

Deno.test("parseExpectations() reads floods, which have no source and need a destination", () => {
  const { expectations, faults } = parse(
    "shape=flood destination=2001:DB8::0/64 techniques=syn\ndestination=10.9.0.0/24 shape=flood\nshape=flood",
  );
  assert.deepEqual(faults, ["FILE:3: destination is missing"]);
  assert.equal(expectations[0].values.get("destination"), "2001:db8::/64");
  assert.equal(expectations[1].values.get("destination"), "10.9.0.0/24");
});

Deno.test("expectationFile() expects exactly what was found", () => {
  const found = [
    scanEvent(),
    classicEvent({ scan: 8, source: "10.9.0.9" }),
    floodEvent(),
    floodEvent({ story: 2, network: "10.9.0.0/24", hosts: { count: 9, list: "" } }),
  ];
  const text = expectationFile(found, ["a b.pcap", "x\ny"]);
  assert.match(text, /^# Found in "a b\.pcap" "x\\ny", for --expect\./);
  const { expectations, faults } = parse(text);
  assert.deepEqual(faults, []);
  const verdict = judge(expectations, found);
  assert.deepEqual([verdict.met, isMet(verdict)], [4, true]);
});

Deno.test("every key has a value from a scan that can be written and read again", () => {
  const names = Object.keys(FIELDS) as FieldName[];
  const values = valuesOf(scanEvent({ direction: "inbound" }), names);
  assert.deepEqual([...values.keys()], names);
  const { expectations, faults } = parse(expectationText(values));
  assert.deepEqual(faults, []);
  assert.deepEqual(expectations[0].values, values);
});

Deno.test("keys that a profile knows nothing of have no value", () => {
  const values = valuesOf(classicEvent(), ["source", "open", "evidence", "tool", "forged"]);
  assert.deepEqual([...values], [["source", "10.9.0.2"]]);
});

Deno.test("port lists that mean the same are the same text", () => {
  const port = fc.integer({ min: 0, max: 300 });
  const range = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
  fc.assert(fc.property(fc.array(range, { minLength: 1 }), (parts) => {
    const ports = new Set(
      parts.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
    );
    const ranges = parts.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
    const single = [...ports].reverse().join(",");
    const [a, b] = [ranges, single].map((text) => FIELDS.ports.canonical(text));
    assert.equal(a, b);
    assert.equal(FIELDS.ports.canonical(a!), a);
  }));
});

Deno.test("parseExpectations() never throws, whatever the file holds", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const { expectations, faults } = parse(text);
    if (expectations.length === 0) assert.deepEqual(faults, []);
  }));
});

Deno.test("parseExpectations() says what ports are where these are none", () => {
  for (const ports of ["abc", "80,", ",80", "80-", "-80", "80;81", "123456"]) {
    assert.deepEqual(parse(`source=10.9.0.1 ports=${ports}`).faults, [
      `FILE:1: ports must be ports and ranges such as 21-25,80, or none, got ${
        JSON.stringify(ports)
      }`,
    ]);
  }
});
