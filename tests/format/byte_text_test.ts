import assert from "node:assert/strict";
import fc from "fast-check";
import { formatAddress, parseAddress } from "../../src/address.ts";
import { ascii, ByteText } from "../../src/format/byte_text.ts";

function written(write: (out: ByteText) => void): string {
  const out = new ByteText(new Uint8Array(64));
  write(out);
  return new TextDecoder().decode(out.bytes.subarray(0, out.at));
}

Deno.test("ByteText writes every sort of whole number", () => {
  const edges = [0, 9, 10, 99, 100, 65535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  for (const value of edges) assert.equal(written((out) => out.decimal(value)), `${value}`);
  fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
    assert.equal(written((out) => out.decimal(value)), `${value}`);
  }));
});

Deno.test("ByteText pads with zeros to a width", () => {
  assert.equal(written((out) => out.padded(42, 6)), "000042");
  assert.equal(written((out) => out.padded(999999, 6)), "999999");
  assert.equal(written((out) => out.padded(0, 2)), "00");
});

Deno.test("ByteText writes addresses as formatAddress() has them", () => {
  const texts = ["0.0.0.0", "255.255.255.255", "10.9.0.100", "::", "::1", "2001:db8::1"];
  texts.push("1:0:0:2:0:0:0:3", "1:0:2:3:4:5:6:7", "fe80::", "1:2:3:4:5:6:7:8", "::2:0:0:0:1");
  for (const text of texts) {
    const bytes = parseAddress(text)!;
    assert.equal(written((out) => out.address(bytes, 0)), formatAddress(bytes), text);
  }
  const half = fc.constantFrom(0, 0, 0, 1, 0x20, 0xff);
  fc.assert(
    fc.property(fc.array(half, { minLength: 16, maxLength: 16 }), (list) => {
      const bytes = Uint8Array.from(list);
      assert.equal(written((out) => out.address(bytes, 0)), formatAddress(bytes));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("ByteText goes on where it was", () => {
  assert.equal(
    written((out) => {
      out.text(ascii("ttl "));
      out.decimal(64);
      out.byte(0x2c);
    }),
    "ttl 64,",
  );
});
