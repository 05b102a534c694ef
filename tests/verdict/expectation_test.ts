import assert from "node:assert/strict";
import fc from "fast-check";
import {
  expectationText,
  type FieldName,
  FIELDS,
  parseExpectations,
  valuesOf,
} from "../../src/verdict/expectation.ts";
import { classicEvent, scanEvent } from "../support/events.ts";

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
    'FILE:1: source cannot be "10.9.0.256"',
    'FILE:1: ports cannot be "5-1"',
    "FILE:2: source is missing",
    "FILE:3: there is no key colour",
    'FILE:3: "word" is not key=value',
    "FILE:3: source is given twice",
    'FILE:4: port-count cannot be "many"',
    'FILE:4: ports cannot be "1-65536"',
    'FILE:4: shape cannot be "Vertical"',
  ]);
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
