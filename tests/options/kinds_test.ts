import assert from "node:assert/strict";
import fc from "fast-check";
import { choice, FLAG, NETWORKS, number, SPEED, text, ZONE } from "../../src/options/kinds.ts";
import { type Kind, Refusal } from "../../src/options/row.ts";
import { formatAddress, type Prefix } from "../../src/address.ts";

function reason<T>(value: T | Refusal): string {
  assert.ok(value instanceof Refusal, String(value));
  return value.reason;
}

const WEIGHT = number("N", { min: 2, max: 65535 });

Deno.test("number() takes whole numbers in decimal, from its range", () => {
  assert.equal(WEIGHT.parse("21"), 21);
  assert.equal(WEIGHT.fromToml(21), 21);
  for (const wrong of ["", "x", "1", "65536", "2.5", "0x15", "2e1", " 3", "Infinity", "NaN"]) {
    assert.equal(
      reason(WEIGHT.parse(wrong)),
      `must be a whole number from 2 to 65535, got ${JSON.stringify(wrong)}`,
    );
  }
  for (const wrong of ["21", true, 2.5, NaN, new Date(0), [21]]) {
    assert.match(reason(WEIGHT.fromToml(wrong)), /^must be a whole number/);
  }
  const wait = number("N", { min: 60, max: 600, unit: "seconds" });
  assert.equal(reason(wait.parse("2h")), 'must be a whole number from 60 to 600 seconds, got "2h"');
  const share = number("N", { min: 0, max: 1, fraction: true });
  assert.equal(share.parse("0.25"), 0.25);
  assert.match(reason(share.parse("1.01")), /^must be a number from 0 to 1, got "1.01"$/);
});

Deno.test("choice() takes one of its words and names them all otherwise", () => {
  const shape = choice("SHAPE", ["one", "two"]);
  assert.equal(shape.parse("two"), "two");
  assert.equal(reason(shape.parse("three")), 'must be one of one, two, got "three"');
  assert.equal(reason(shape.fromToml(2)), "must be one of one, two, got 2");
});

Deno.test("FLAG is true or false in a file, and nothing else", () => {
  assert.equal(FLAG.fromToml(true), true);
  assert.match(reason(FLAG.fromToml("yes")), /^must be true or false/);
  assert.equal(FLAG.parse("false"), false);
});

Deno.test("NETWORKS takes addresses and networks, as a list or a string", () => {
  const texts = (value: Prefix[] | Refusal) => {
    assert.ok(!(value instanceof Refusal));
    return value.map(({ address, bits }) => `${formatAddress(address)} ${bits}`);
  };
  assert.deepEqual(texts(NETWORKS.parse("10.1.2.3/8,2001:db8::1")), [
    "10.0.0.0 104",
    "2001:db8::1 128",
  ]);
  assert.deepEqual(texts(NETWORKS.fromToml(["10.0.0.1", "::/0"])), ["10.0.0.1 128", ":: 0"]);
  assert.deepEqual(texts(NETWORKS.fromToml("10.0.0.1,10.0.0.2")).length, 2);
  for (const wrong of ["", "10.0.0.1,", "10.0.0", "10.0.0.1/33", "eth0"]) {
    assert.match(reason(NETWORKS.parse(wrong)), /^must be addresses or networks such as/);
  }
  assert.match(reason(NETWORKS.fromToml([1])), /^must be a string or an array of strings/);
});

Deno.test("SPEED is max or a pace", () => {
  assert.equal(SPEED.parse("max"), 0);
  assert.equal(SPEED.parse("0.5"), 0.5);
  assert.equal(SPEED.fromToml(2), 2);
  for (const wrong of ["0", "-1", "fast", "0.0001"]) reason(SPEED.parse(wrong));
});

Deno.test("ZONE takes the names that the runtime knows", () => {
  assert.equal(ZONE.parse("Europe/Berlin"), "Europe/Berlin");
  assert.match(reason(ZONE.parse("Mars/Olympus")), /^must be a time zone/);
});

Deno.test("a refused value is cut, so that its message stays one line", () => {
  const message = reason(WEIGHT.parse("9".repeat(1000) + "\n"));
  assert.ok(message.length < 150 && !message.includes("\n"), message);
  assert.match(reason(text("FILE").parse("")), /^must be something/);
});

Deno.test("what toml() writes, fromToml() reads: every kind", async () => {
  const { parse } = await import("smol-toml");
  const back = <T>(kind: Kind<T>, value: T) => kind.fromToml(parse(`x = ${kind.toml(value)}`).x);
  assert.deepEqual(back(FLAG, true), true);
  assert.deepEqual(back(SPEED, 0), 0);
  assert.deepEqual(back(SPEED, 2.5), 2.5);
  assert.deepEqual(back(ZONE, "UTC"), "UTC");
  const networks = NETWORKS.parse("10.0.0.0/8,2001:db8::/32,0.0.0.0/0,::/0") as Prefix[];
  assert.deepEqual(back(NETWORKS, networks), networks);
  fc.assert(fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (value) => {
    assert.equal(back(text("X"), value), value);
  }));
  fc.assert(fc.property(fc.integer({ min: 2, max: 65535 }), (value) => {
    assert.equal(back(WEIGHT, value), value);
  }));
});
