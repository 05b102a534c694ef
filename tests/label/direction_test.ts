import assert from "node:assert/strict";
import { parsePrefix } from "../../src/address.ts";
import { Directions } from "../../src/label/direction.ts";
import { misuseEvent, scanEvent } from "../support/events.ts";

const HOME = ["10.9.0.0/24", "2001:db8:9::/48"].map((text) => parsePrefix(text)!);

Deno.test("a scan is inbound, outbound, internal or external to the home that was given", () => {
  const whole = new Directions(HOME, true);
  assert.equal(whole.of("192.0.2.1", "10.9.0.1"), "inbound");
  assert.equal(whole.of("10.9.0.1", "192.0.2.1"), "outbound");
  assert.equal(whole.of("10.9.0.1", "2001:db8:9::1"), "internal");
  assert.equal(whole.of("192.0.2.1", "2001:db8:8::1"), "external");
});

Deno.test("what is neither from nor to a home that is not the whole has no direction", () => {
  const some = new Directions(HOME, false);
  assert.equal(some.of("192.0.2.1", "10.9.0.1"), "inbound");
  assert.equal(some.of("10.9.0.1", "192.0.2.1"), "outbound");
  assert.equal(some.of("192.0.2.1", "192.0.2.2"), undefined);
});

Deno.test("without a home, or an address, there is no direction", () => {
  assert.equal(new Directions([], true).of("192.0.2.1", "10.9.0.1"), undefined);
  assert.equal(new Directions(HOME, true).of("", "10.9.0.1"), undefined);
});

Deno.test("tag() leaves alone what has no direction: other events, and scans it cannot tell", () => {
  const directions = new Directions(HOME, false);
  const tagged = directions.tag(scanEvent({ source: "192.0.2.1", destination: "10.9.0.1" }));
  assert.equal("direction" in tagged && tagged.direction, "inbound");
  const other = scanEvent({ source: "192.0.2.1", destination: "192.0.2.2" });
  assert.equal(directions.tag(other), other);
  const misuse = misuseEvent();
  assert.equal(directions.tag(misuse), misuse);
});
