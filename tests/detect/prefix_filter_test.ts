import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAddress, parsePrefix } from "../../src/address.ts";
import { PrefixFilter } from "../../src/detect/prefix_filter.ts";
import { Field, RECORD_BYTES, Records } from "../../src/record.ts";

/** Which records of `packets` (source, destination) pass, by index. */
function passed(packets: [source: string, destination: string][], ignore: string, home: string) {
  const records = Records.allocate(packets.length + 1);
  packets.forEach(([source, destination], i) => {
    const base = (i + 1) * RECORD_BYTES;
    records.bytes.set(parseAddress(source)!, base + Field.Source);
    records.bytes.set(parseAddress(destination)!, base + Field.Destination);
  });
  const seen: number[] = [];
  let finished = 0;
  const prefixes = (text: string) =>
    text.split(" ").filter(Boolean).map((one) => parsePrefix(one)!);
  const filter = new PrefixFilter(records, { ignore: prefixes(ignore), home: prefixes(home) }, {
    process(base, count) {
      assert.ok(count > 0);
      for (let i = 0; i < count; i++) seen.push(base / RECORD_BYTES - 1 + i);
    },
    finish: () => finished++,
  });
  filter.process(RECORD_BYTES, packets.length);
  filter.finish();
  assert.equal(finished, 1);
  return seen;
}

Deno.test("PrefixFilter lets nothing of an ignored source pass, and all else in order", () => {
  const packets: [string, string][] = [
    ["10.0.0.1", "192.0.2.1"],
    ["10.0.0.2", "192.0.2.1"],
    ["10.1.0.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::2"],
    ["2001:db9::1", "2001:db8::2"],
  ];
  assert.deepEqual(passed(packets, "", ""), [0, 1, 2, 3, 4]);
  assert.deepEqual(passed(packets, "10.0.0.0/16", ""), [2, 3, 4]);
  assert.deepEqual(passed(packets, "10.0.0.2", ""), [0, 2, 3, 4]);
  assert.deepEqual(passed(packets, "2001:db8::/32 10.1.0.1", ""), [0, 1, 4]);
  assert.deepEqual(passed(packets, "0.0.0.0/0", ""), [3, 4]);
  assert.deepEqual(passed(packets, "::/0", ""), []);
});

Deno.test("PrefixFilter lets only packets to the monitored addresses pass, when these are said", () => {
  const packets: [string, string][] = [
    ["10.0.0.1", "192.0.2.1"],
    ["192.0.2.1", "10.0.0.1"],
    ["10.0.0.2", "192.0.2.2"],
  ];
  assert.deepEqual(passed(packets, "", "192.0.2.0/24"), [0, 2]);
  assert.deepEqual(passed(packets, "10.0.0.2", "192.0.2.0/24"), [0]);
  assert.deepEqual(passed(packets, "", "192.0.2.2/31 10.0.0.1"), [1, 2]);
});

Deno.test("PrefixFilter passes exactly the records whose address bits differ from every prefix", () => {
  const octet = fc.integer({ min: 0, max: 3 });
  const address = fc.tuple(octet, octet).map(([a, b]) => `10.0.${a}.${b << 6}`);
  const prefix = fc.tuple(address, fc.integer({ min: 20, max: 32 }));
  fc.assert(fc.property(fc.array(address), fc.array(prefix), (sources, prefixes) => {
    const inside = (text: string) =>
      prefixes.some(([network, bits]) => {
        const number = (quad: string) => quad.split(".").reduce((sum, o) => sum * 256 + +o, 0);
        const unit = 2 ** (32 - bits);
        return Math.floor(number(text) / unit) === Math.floor(number(network) / unit);
      });
    const expected = sources.flatMap((source, i) => inside(source) ? [] : [i]);
    const ignore = prefixes.map(([network, bits]) => `${network}/${bits}`).join(" ");
    const packets = sources.map((source): [string, string] => [source, "192.0.2.1"]);
    assert.deepEqual(passed(packets, ignore, ""), expected);
  }));
});

Deno.test("PrefixFilter takes other prefixes where the detector behind it takes the rest", () => {
  const records = Records.allocate(1);
  records.bytes.set(parseAddress("10.0.0.1")!, Field.Source);
  let seen = 0, willing = false;
  const told: unknown[] = [];
  const filter = new PrefixFilter(records, { ignore: [], home: [] }, {
    process: () => seen++,
    finish: () => {},
    reconfigure: (options) => (told.push(options), willing),
  });
  const options = { values: { a: 1 }, home: [], ignore: [parsePrefix("10.0.0.0/8")!] };
  assert.equal(filter.reconfigure(options), false);
  filter.process(0, 1);
  assert.equal(seen, 1, "refused: as it was");
  willing = true;
  assert.equal(filter.reconfigure(options), true);
  filter.process(0, 1);
  assert.equal(seen, 1, "ignored now");
  assert.deepEqual(told[0], { values: { a: 1 }, home: [], ignore: [] }, "prefixes are its own");
  const plain = new PrefixFilter(records, { ignore: [], home: [] }, {
    process: () => {},
    finish: () => {},
  });
  assert.equal(plain.reconfigure(options), false);
});
