// Who comes into a network from outside, and what that explains: counts at both sides of each bound, window by window.

import assert from "node:assert/strict";
import { parseAddress } from "../../../../src/address.ts";
import { Clock } from "../../../../src/detect/scandog/clock.ts";
import { Visitors } from "../../../../src/detect/scandog/table/visitors.ts";
import { Hash } from "../../../../src/keyed_hash.ts";

/** Limits written out: a window of 15 s, two visitors and two neighbours at least. */
const WINDOW_MS = 15_000, PLACES = 256;
const end = (text: string) => new Int32Array(parseAddress(text)!.slice().buffer)[3];
const HOST = end("192.168.7.20"), OTHER = end("192.168.7.30"), ASKER = end("192.168.7.1");
const OUTSIDE = end("198.51.100.7"), ELSEWHERE = end("192.168.8.20");

class Seen {
  readonly clock = new Clock();
  readonly hash = new Hash(1);
  readonly visitors = new Visitors(this.hash, this.clock);

  wait(ms: number): this {
    this.clock.ms += ms;
    return this;
  }

  arrivals(count: number): this {
    for (let i = 0; i < count; i++) this.visitors.noteArrival(OUTSIDE, HOST);
    return this;
  }

  requests(count: number): this {
    for (let i = 0; i < count; i++) this.visitors.noteRequest(ASKER, HOST);
    return this;
  }

  /** Whether a request for a host of the network is explained, where each visitor explains so many. */
  isExplained(each = 1, target = HOST, asker = ASKER): boolean {
    return this.visitors.isExplained(asker, target, each);
  }
}

Deno.test("two visitors from outside explain as many requests as they are, times what each explains", () => {
  const explained = (arrivals: number, requests: number, each: number) =>
    new Seen().arrivals(arrivals).requests(requests).isExplained(each);
  assert.equal(explained(1, 0, 9), false, "one explains nothing");
  assert.equal(explained(2, 2, 1), true);
  assert.equal(explained(2, 3, 1), false);
  assert.equal(explained(3, 6, 2), true);
  assert.equal(explained(3, 7, 2), false);
});

Deno.test("visitors explain requests of their own network's hosts, for its hosts", () => {
  const seen = new Seen().arrivals(2);
  assert.equal(seen.isExplained(1, OTHER), true);
  assert.equal(seen.isExplained(1, ELSEWHERE, end("192.168.8.1")), false, "nobody came there");
  assert.equal(seen.isExplained(1, HOST, OUTSIDE), false, "who asks is none of its hosts");
  seen.visitors.noteRequest(OUTSIDE, HOST);
  seen.visitors.noteRequest(OUTSIDE, HOST);
  seen.visitors.noteRequest(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), true, "requests of others do not count");
});

Deno.test("who tries a neighbour comes from inside, and whoever else from outside", () => {
  const seen = new Seen();
  seen.visitors.note(OTHER, HOST);
  seen.visitors.note(OTHER, HOST);
  seen.visitors.noteArrival(OTHER, HOST);
  seen.visitors.noteArrival(OTHER, HOST);
  assert.equal(seen.isExplained(), false);
  seen.visitors.note(OUTSIDE, HOST);
  seen.visitors.note(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), true);
});

Deno.test("what was of use is taken back: of this window, then of the one before, and never of none", () => {
  const seen = new Seen().arrivals(3);
  seen.visitors.takeBack(OTHER, HOST);
  seen.visitors.takeBack(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), true, "two are left");
  seen.visitors.takeBack(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), false);
  for (let i = 0; i < 5; i++) seen.visitors.takeBack(OUTSIDE, HOST);
  assert.equal(seen.arrivals(1).isExplained(), false);
  assert.equal(seen.arrivals(1).isExplained(), true, "nothing is owed");
  seen.wait(WINDOW_MS + 1).arrivals(1);
  seen.visitors.takeBack(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), true, "the two of the window before");
  seen.visitors.takeBack(OUTSIDE, HOST);
  assert.equal(seen.isExplained(), false);
});

Deno.test("a window is that of fifteen seconds; the one before counts beside it, and none before that", () => {
  const seen = new Seen().arrivals(2).requests(2).wait(WINDOW_MS);
  assert.equal(seen.isExplained(), true);
  assert.equal(seen.wait(1).isExplained(), true, "nobody came since");
  assert.equal(seen.requests(1).isExplained(), false, "three requests of two windows");
  assert.equal(seen.arrivals(1).isExplained(), true, "and three visitors");
  assert.equal(seen.wait(WINDOW_MS).isExplained(), true);
  assert.equal(seen.wait(1).isExplained(), false, "one visitor of the latest window");
  const old = new Seen().arrivals(2).wait(2 * WINDOW_MS);
  assert.equal(old.isExplained(), true);
  assert.equal(old.wait(1).isExplained(), false);
  const before = (ms: number) => new Seen().arrivals(2).wait(ms).requests(1).isExplained();
  assert.deepEqual([before(2 * WINDOW_MS), before(2 * WINDOW_MS + 1)], [true, false]);
});

Deno.test("requests of the window before count against visitors of both", () => {
  const seen = new Seen().arrivals(2).requests(4).wait(WINDOW_MS + 1).arrivals(1);
  assert.equal(seen.isExplained(1), false);
  assert.equal(seen.isExplained(2), true);
  const asked = new Seen().requests(4).arrivals(2).wait(WINDOW_MS + 1);
  assert.equal(asked.isExplained(1), false, "in the window that has ended");
  assert.equal(asked.isExplained(2), true);
});

Deno.test("a request that once was is asked about by what was known last, however long ago", () => {
  const seen = new Seen().arrivals(2).requests(3).wait(100 * WINDOW_MS);
  assert.equal(seen.visitors.isStillExplained(HOST, 1), false);
  assert.equal(seen.visitors.isStillExplained(HOST, 2), true);
  assert.equal(seen.visitors.isStillExplained(ELSEWHERE, 1), true, "nothing is known of it");
});

Deno.test("a host tries two of its neighbours or more: it asks for itself, for fifteen seconds", () => {
  const seen = new Seen();
  assert.equal(seen.visitors.isInsider(OTHER), false);
  seen.visitors.note(OTHER, HOST);
  assert.equal(seen.visitors.isInsider(OTHER), false);
  seen.visitors.note(OTHER, HOST);
  assert.equal(seen.visitors.isInsider(OTHER), true);
  assert.equal(seen.visitors.isInsider(HOST), false);
  assert.equal(seen.wait(WINDOW_MS).visitors.isInsider(OTHER), true);
  assert.equal(seen.wait(1).visitors.isInsider(OTHER), false);
  seen.visitors.note(OTHER, HOST);
  assert.equal(seen.visitors.isInsider(OTHER), false, "and begins anew");
});

Deno.test("a host that repeats a request as kernels do has patience, for fifteen seconds", () => {
  const seen = new Seen();
  assert.equal(seen.visitors.isPatient(OTHER), false);
  seen.visitors.notePatience(OTHER);
  assert.deepEqual([OTHER, HOST].map((host) => seen.visitors.isPatient(host)), [true, false]);
  assert.equal(seen.wait(WINDOW_MS).visitors.isPatient(OTHER), true);
  assert.equal(seen.wait(1).visitors.isPatient(OTHER), false);
  seen.visitors.note(OTHER, HOST);
  assert.equal(seen.visitors.isPatient(OTHER), false, "a new window has no patience yet");
});

Deno.test("hosts and networks that collide begin anew, with nothing of who was there", () => {
  const { hash } = new Seen();
  const collide = (of: number, other: number, kind: number) =>
    ((hash.pair(of, kind) ^ hash.pair(other, kind)) & (PLACES - 1)) === 0;
  const found = (like: number, kind: number, text: (i: number) => string) => {
    for (let i = 1;; i++) if (collide(like, end(text(i)), kind)) return end(text(i));
  };
  const host = found(OTHER, 1, (i) => `10.1.${i >> 8}.${i & 255}`);
  const seen = new Seen();
  for (let i = 0; i < 2; i++) seen.visitors.note(OTHER, HOST);
  seen.visitors.notePatience(OTHER);
  assert.deepEqual([seen.visitors.isInsider(host), seen.visitors.isPatient(host)], [false, false]);
  seen.visitors.notePatience(host);
  assert.deepEqual([seen.visitors.isInsider(host), seen.visitors.isInsider(OTHER)], [false, false]);

  const net = HOST & 0x00ffffff;
  const network = found(net, 0, (i) => `10.${i >> 8}.${i & 255}.0`);
  const busy = new Seen().arrivals(2).requests(1);
  busy.visitors.noteRequest(network | 1 << 24, network | 9 << 24);
  assert.equal(busy.isExplained(9, network | 9 << 24, network | 1 << 24), false);
  busy.visitors.noteArrival(OUTSIDE, network | 9 << 24);
  assert.equal(busy.isExplained(9, network | 9 << 24, network | 1 << 24), false, "one came");
  assert.equal(busy.isExplained(9), false, "and what was there is forgotten");
});
