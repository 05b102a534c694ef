// Sources whose conversations with one port of the server all belong to one set of the table of attempts: what
// an attacker would send to a replay, whose key everybody knows.

import { REPLAY_SEED } from "../../src/command/capture_files.ts";
import { TargetClass, targetKey } from "../../src/detect/scandog/probe/classes.ts";
import { Hash } from "../../src/keyed_hash.ts";
import { Random, SERVER } from "./traffic.ts";

const PORT = 80;
/** How many of them. */
const COLLIDING = 2048;
/** Low bits of the hash that choose the set, with the default memory. */
const SET_BITS = 15;

/** The words of an address as a record has them. */
function wordsOf(address: number): Int32Array {
  const bytes = new Uint8Array(16);
  bytes.set([255, 255], 10);
  new DataView(bytes.buffer).setUint32(12, address);
  return new Int32Array(bytes.buffer);
}

let found: number[] | undefined;

/** IPv4 addresses, made once. */
export function collidingSources(): readonly number[] {
  if (found !== undefined) return found;
  const hash = new Hash(REPLAY_SEED), random = new Random(5);
  const server = hash.address(wordsOf(SERVER), 0);
  const key = targetKey(TargetClass.Tcp, PORT);
  const words = wordsOf(0), view = new DataView(words.buffer);
  const sources: number[] = [];
  while (sources.length < COLLIDING) {
    const address = random.next();
    view.setUint32(12, address);
    const set = hash.triple(hash.address(words, 0), server, key) & ((1 << SET_BITS) - 1);
    if (set === 0 && address >>> 24 < 224 && address >>> 24 !== 0) sources.push(address);
  }
  return found = sources;
}
