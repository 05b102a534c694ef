import assert from "node:assert/strict";
import fc from "fast-check";
import { formatAddress, inPrefixes, parseAddress, parsePrefix } from "../src/address.ts";

Deno.test("formatAddress() writes RFC 5952 text and dotted quads", () => {
  const pairs: [string, string][] = [
    ["10.9.0.2", "10.9.0.2"],
    ["::", "::"],
    ["::1", "::1"],
    ["2001:DB8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // 4.2.2: a single zero group stays
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"], // 4.2.3: the longest run
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // 4.2.3: the first of equals
    ["fe80::", "fe80::"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ];
  for (const [input, expected] of pairs) {
    const bytes = parseAddress(input);
    assert.ok(bytes, input);
    assert.equal(formatAddress(bytes), expected);
  }
});

Deno.test("parseAddress() reads back what formatAddress() writes, for any 16 bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
    assert.deepEqual(parseAddress(formatAddress(bytes)), new Uint8Array(bytes));
  }));
});

Deno.test("parseAddress() refuses what is not an address", () => {
  const wrong = [
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.-4",
    ":",
    ":::",
    "1::2::3",
  ];
  wrong.push(
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "g::",
    "::1.2.3",
    "fe80::1%eth0",
    "::1/64",
  );
  wrong.push("1:2:3:4:5:6:7::8:9", "1.2.3.4:80", "0:0:0:0:0:ffff::1.2.3.4:1");
  for (const text of wrong) assert.equal(parseAddress(text), undefined, text);
});

Deno.test("inPrefixes() compares exactly the bits of the prefix", () => {
  const inside = (prefix: string, address: string) =>
    inPrefixes([parsePrefix(prefix)!], parseAddress(address)!, 0);
  assert.equal(inside("10.0.0.0/8", "10.255.255.255"), true);
  assert.equal(inside("10.0.0.0/8", "11.0.0.0"), false);
  assert.equal(inside("192.168.4.7/22", "192.168.7.255"), true);
  assert.equal(inside("192.168.4.7/22", "192.168.8.0"), false);
  assert.equal(inside("0.0.0.0/0", "255.1.2.3"), true);
  assert.equal(inside("0.0.0.0/0", "2001:db8::1"), false);
  assert.equal(inside("::/0", "1.2.3.4"), true);
  assert.equal(inside("2001:db8::/33", "2001:db8:7fff::1"), true);
  assert.equal(inside("2001:db8::/33", "2001:db8:8000::1"), false);
  assert.equal(inside("192.0.2.1", "192.0.2.1"), true);
  assert.equal(inside("192.0.2.1", "192.0.2.2"), false);
});

Deno.test("parsePrefix() refuses lengths past the address", () => {
  for (const text of ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "/8"]) {
    assert.equal(parsePrefix(text), undefined, text);
  }
});
