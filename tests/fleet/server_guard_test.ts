// What a server may send: all that a real one does, cut anywhere, and nothing that the client would choke on.

import assert from "node:assert/strict";
import { Parser } from "@nats-io/nats-core/internal";
import { LINE_COST, NotNats, ServerGuard } from "../../src/fleet/server_guard.ts";
import { Random } from "../support/random.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const BOUNDS = { messageBytes: 1000 };
const INFO = 'INFO {"server_id":"A","version":"2.9.10","max_payload":1048576,"nonce":"x"} \r\n';

/** As nats-server 2.9.10 sent it. */
const REAL = INFO + "PONG\r\n" +
  'MSG _INBOX.web1.Kq6Pq9ddhY9g10C1z55lbP.CDEKGeg5 1  41\r\n{"stream":"O","seq":1, "duplicate": true}\r\n' +
  "MSG a.b 12 reply.to 0\r\n\r\nHMSG _INBOX.web1.x 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n" +
  "+OK\r\nPING\r\n-ERR 'Permissions Violation for Publish to \"x\"'\r\n" + INFO;

Deno.test("ServerGuard lets pass what a server sends, cut anywhere", () => {
  const all = bytes(REAL);
  for (let at = 0; at < all.length; at++) {
    const guard = new ServerGuard(BOUNDS);
    const passed = [guard.pass(all.subarray(0, at)), guard.pass(all.subarray(at))];
    assert.equal(passed.map(text).join(""), REAL);
  }
  const guard = new ServerGuard(BOUNDS);
  const passed = Array.from(all, (byte) => guard.pass(new Uint8Array([byte])));
  assert.equal(passed.map(text).join(""), REAL);
});

Deno.test("ServerGuard refuses what is no NATS, too long or too much", () => {
  for (
    const [sent, reason] of [
      ["HTTP/1.1 400 Bad Request\r\n", /no NATS/],
      ["SSH-2.0-OpenSSH_9.2\r\n", /no NATS/],
      ["PING\n", /does not end/],
      ["ping\r\n", /no NATS/],
      ["x".repeat(70_000), /no end/],
      ["INFO {}\r\n", /INFO/],
      ["INFO [1]\r\n", /INFO/],
      ["INFO {\r\n", /INFO/],
      ['INFO {"version":5,"max_payload":1}\r\n', /INFO/],
      ['INFO {"version":"a.b.c","max_payload":1}\r\n', /INFO/],
      ['INFO {"version":"2.9.1","max_payload":"x"}\r\n', /INFO/],
      ['INFO {"version":"2.9.1","max_payload":1,"nonce":[]}\r\n', /INFO/],
      ["MSG a 1 1001\r\n", /message of 1001 bytes/],
      ["MSG a 1 99999999999999\r\n", /no NATS/],
      ["MSG a 1 -1\r\n", /no NATS/],
      ["MSG a x 1\r\n", /no NATS/],
      ["MSG a 1 2\r\nabcd", /message does not end/],
      ["HMSG a 1 20 10\r\n", /headers lie/],
      ["-ERR 'a\x1b[31m'\r\n", /no NATS/],
    ] as [string, RegExp][]
  ) {
    assert.throws(() => new ServerGuard(BOUNDS).pass(bytes(sent)), (error: Error) => {
      assert.ok(error instanceof NotNats);
      assert.match(error.message, reason, sent.slice(0, 60));
      return true;
    });
  }
});

Deno.test("ServerGuard lets a server send its share of what it was sent, and no more", () => {
  const ping = bytes("PING\r\n"), weight = ping.length + LINE_COST;
  const share = { firstBytes: 10 * weight, perSentByte: 2 };
  const guard = new ServerGuard({ ...BOUNDS, share });
  for (let i = 0; i < 10; i++) guard.pass(ping);
  assert.throws(() => guard.pass(ping), /more than it was asked for/);
  const other = new ServerGuard({ ...BOUNDS, share });
  other.sent(bytes("PING\r\n"));
  for (let i = 0; i < 12; i++) other.pass(ping);
  assert.throws(() => other.pass(ping), /more than it was asked for/);
});

Deno.test("ServerGuard gives a server nothing for answers to its own pings", () => {
  const guard = new ServerGuard({ ...BOUNDS, share: { firstBytes: 10_000, perSentByte: 2 } });
  const flood = () => {
    for (let i = 0; i < 200; i++) {
      guard.pass(bytes("PING\r\n"));
      guard.sent(bytes("PONG\r\n"));
    }
  };
  assert.throws(flood, /more than it was asked for/);
});

Deno.test("the client's parser takes whatever ServerGuard lets pass", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const whole = bytes(REAL);
  let passed = 0;
  for (let round = 0; round < 20_000; round++) {
    const mutant = whole.slice(0, random.between(1, whole.length));
    for (let k = random.below(3); k > 0; k--) {
      mutant[random.below(mutant.length)] = random.oneIn(2)
        ? random.below(256)
        : whole[random.below(whole.length)];
    }
    let seen: Uint8Array;
    try {
      seen = new ServerGuard(BOUNDS).pass(mutant);
    } catch (error) {
      assert.ok(error instanceof NotNats, `seed ${seed}: ${error}`);
      continue;
    }
    passed++;
    new Parser({ push: () => {} }).parse(seen);
  }
  assert.ok(passed > 200, `${passed}`);
});
