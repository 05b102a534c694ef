// What the capture shows of addresses: whose side is seen, who was reached from where, and which socket asked what.

import assert from "node:assert/strict";
import { Entries, words } from "./entries.ts";

const C = "198.51.100.7", S = "203.0.113.10", NEAR_S = "203.0.113.11", ELSE = "192.0.2.1";
const C6 = "2001:db8:1::7", NEAR_C6 = "2001:db8:1::8", S6 = "2001:db8:2::10";
const HOUR_MS = 3_600_000, MINUTE_MS = 60_000;

class Viewed extends Entries {
  /** These send. */
  sends(...addresses: string[]): this {
    for (const address of addresses) this.view.noteSender(this.hash(address), words(address), 0);
    return this;
  }

  isSideSeen(from: string, to: string): boolean {
    return this.view.isSideSeen(Int32Array.of(9, ...words(from), 9, ...words(to)), 1, 6);
  }
}

Deno.test("a side is seen where its host sends, or another of its network, unless both ends share it", () => {
  assert.equal(new Viewed().isSideSeen(C, S), false);
  assert.equal(new Viewed().sends(S).isSideSeen(C, S), true);
  assert.equal(new Viewed().sends(NEAR_S).isSideSeen(C, S), true);
  assert.equal(new Viewed().sends(C, ELSE).isSideSeen(C, S), false);
  assert.equal(new Viewed().sends(NEAR_S, C).isSideSeen(NEAR_S, S), false, "one network");
  assert.equal(new Viewed().sends(S).isSideSeen(NEAR_S, S), true, "but the target itself");
  assert.equal(new Viewed().sends(NEAR_C6).isSideSeen(S6, C6), true);
  assert.equal(new Viewed().sends(NEAR_C6).isSideSeen(NEAR_C6, C6), false);
  assert.equal(new Viewed().sends(S6).isSideSeen(S6, C6), false);
});

Deno.test("a sender is known for an hour or two", () => {
  const seen = new Viewed().sends(C);
  const isSender = () => seen.view.senders.has(seen.hash(C));
  assert.equal(isSender(), true);
  seen.wait(HOUR_MS + 1).sends(S).wait(HOUR_MS);
  assert.equal(isSender(), true);
  seen.wait(1).sends(ELSE);
  assert.equal(isSender(), false);
  assert.equal(seen.view.senders.has(seen.hash(S)), true);
});

Deno.test("a network's side is known as long as its senders are", () => {
  const seen = new Viewed().sends(NEAR_S).wait(HOUR_MS + 1).sends(NEAR_S).wait(HOUR_MS + 1).sends(
    C,
  );
  assert.equal(seen.isSideSeen(C, S), true);
  assert.equal(seen.wait(HOUR_MS + 1).sends(ELSE).isSideSeen(C, S), false);
});

Deno.test("who is reached from another network was routed to, and a neighbour was not", () => {
  const { view } = new Viewed();
  view.noteReached(1 << 20, true);
  view.noteReached(2 << 20, false);
  const known = [1 << 20, 2 << 20, 3 << 20].map((hash) => [
    view.reached.has(hash),
    view.routed.has(hash),
  ]);
  assert.deepEqual(known, [[true, false], [true, true], [false, false]]);
});

Deno.test("a question is that of one socket of one host to one service, for a minute or two", () => {
  const seen = new Viewed(), { view } = seen, host = seen.hash(C);
  view.noteQuestion(host, 40_000, 53);
  const asked = (of = host, port = 40_000, service = 53) => view.hasAsked(of, port, service);
  assert.equal(asked(), true);
  assert.deepEqual([asked(seen.hash(S)), asked(host, 40_001), asked(host, 40_000, 123)], [
    ...[false, false, false],
  ]);
  assert.equal(asked(host, 53, 40_000), false, "the other way round");
  seen.wait(MINUTE_MS + 1);
  view.noteQuestion(host, 40_001, 53);
  assert.equal(asked(), true);
  seen.wait(MINUTE_MS + 1);
  view.noteQuestion(host, 40_002, 53);
  assert.deepEqual([asked(), asked(host, 40_001)], [false, true]);
});

Deno.test("of TCP nothing but what a filter would leave was seen, until something else is", () => {
  const { view } = new Viewed();
  assert.deepEqual([view.isSynOnly, view.isEndsOnly], [true, true]);
});
