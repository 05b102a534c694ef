// From which number on a connection was used: of greetings, of sequence numbers, of segments from before the capture.

import assert from "node:assert/strict";
import { Questioned } from "../account/explained.ts";
import { Ack, Fin, type Packet, Rst, Syn } from "../traffic.ts";

const CLIENT = "198.51.100.7", SERVER = "203.0.113.10";

const up = { from: CLIENT, to: SERVER, sport: 40_000, dport: 5000 };
const down = { from: SERVER, to: CLIENT, sport: 5000, dport: 40_000 };
const syn = { ...up, flags: Syn, seq: 1000 };
const handshake = [
  syn,
  { ...down, flags: Syn | Ack, seq: 5000, ack: 1001 },
  { ...up, flags: Ack, seq: 1001, ack: 5001 },
];

/** What became of the client's one attempt, once the capture has ended. */
function outcome(...packets: Packet[]): string {
  const traffic = new Questioned();
  for (const packet of packets) traffic.send(packet);
  return Object.keys(traffic.account(CLIENT).outcomes).join();
}

Deno.test("a server's 600 bytes are a greeting, and 601 are use, be they seen, in its FIN, or told by its number", () => {
  const left = { ...up, flags: Fin | Ack, seq: 1001, ack: 5001 };
  for (const [bytes, expected] of [[600, "empty"], [601, "used"]] as const) {
    const data = { ...down, flags: Ack, seq: 5001, ack: 1001, payload: bytes };
    assert.equal(outcome(...handshake, data, left), expected);
    const end = { ...down, flags: Fin | Ack, seq: 5001 + bytes, ack: 1001 };
    assert.equal(outcome(...handshake, end), expected);
    assert.equal(outcome(...handshake, { ...end, seq: 5001, payload: bytes }), expected);
  }
});

Deno.test("a server that acknowledges more than SYN and FIN was told something", () => {
  for (const [ack, expected] of [[1002, "empty"], [1003, "used"]] as const) {
    assert.equal(outcome(...handshake, { ...down, flags: Fin | Ack, seq: 5001, ack }), expected);
  }
});

Deno.test("where the server is not seen, its client's FIN tells what was sent, and what came", () => {
  for (const [seq, expected] of [[1001, "empty"], [1002, "used"]] as const) {
    assert.equal(outcome(syn, { ...up, flags: Fin | Ack, seq, ack: 5001 }), expected);
  }
  for (const [ack, expected] of [[5602, "empty"], [5603, "used"]] as const) {
    const fin = { ...up, flags: Fin | Ack, seq: 1001, ack };
    assert.equal(outcome(syn, handshake[2], fin), expected);
  }
});

Deno.test("where the server is not seen, its client's reset tells that up to 16 MiB were sent, by any number but 0", () => {
  const reset = (from: number, sent: number) =>
    outcome({ ...syn, seq: from >>> 0 }, { ...up, flags: Rst, seq: (from + 1 + sent) >>> 0 });
  assert.equal(reset(1000, 1), "half-open");
  assert.equal(reset(1000, 2), "used");
  assert.equal(reset(1000, 1 << 24), "used");
  assert.equal(reset(1000, (1 << 24) + 1), "half-open");
  assert.equal(reset(-3, 2), "half-open", "a reset made by hand has the number 0");
  assert.equal(reset(-2, 2), "used");
});

Deno.test("four bare acknowledgements to one who is not seen are a connection from before the capture", () => {
  for (const [count, expected] of [[3, "silent"], [4, "harmless"]] as const) {
    const each = Array.from({ length: count }, (_, i) => ({ ...up, flags: Ack, seq: i, ack: 7 }));
    assert.equal(outcome(...each), expected);
  }
});
