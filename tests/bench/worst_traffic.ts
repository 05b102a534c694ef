// Makes the captures that cost the detector most: what an attacker would send who has read it.

import { Hash } from "../../src/detect/scandog/table/hash.ts";
import { TargetClass, targetKey } from "../../src/detect/scandog/probe/classes.ts";
import { REPLAY_SEED } from "../../src/command/capture_files.ts";
import { Random, SERVER, START_US, TrafficFile, writeFlood, writeOrdinary } from "./traffic.ts";

const SYN = 2;
const PORT = 80;

/** Just below the rate from which on a source's first packet is only remembered. */
const FOLLOWED_EVERY_US = 125;

/** Sources whose conversations with one port of the server all belong to one set of the table. */
const COLLIDING = 2048;
/** Low bits of the hash that choose the set, with the default memory. */
const SET_BITS = 15;

/** Each packet begins a conversation that must be followed. */
function writeFollowed(path: string, packets: number): void {
  writeFlood(path, packets, 3, FOLLOWED_EVERY_US);
}

/** The words of an address as a record has them. */
function wordsOf(address: number): Int32Array {
  const bytes = new Uint8Array(16);
  bytes.set([255, 255], 10);
  new DataView(bytes.buffer).setUint32(12, address);
  return new Int32Array(bytes.buffer);
}

/** Addresses that a replay, whose key everybody knows, puts into one set. */
function collidingSources(): number[] {
  const hash = new Hash(REPLAY_SEED), random = new Random(5);
  const server = hash.address(wordsOf(SERVER), 0);
  const key = targetKey(TargetClass.Tcp, PORT);
  const words = wordsOf(0), view = new DataView(words.buffer);
  const found: number[] = [];
  while (found.length < COLLIDING) {
    const address = random.next();
    view.setUint32(12, address);
    const set = hash.triple(hash.address(words, 0), server, key) & ((1 << SET_BITS) - 1);
    if (set === 0 && address >>> 24 < 224 && address >>> 24 !== 0) found.push(address);
  }
  return found;
}

/** Sources that come again and again, so that each is followed, and all of them in one set. */
function writeColliding(path: string, packets: number): void {
  const file = new TrafficFile(path), sources = collidingSources();
  while (file.packets < packets) {
    file.tcp(START_US + file.packets * 2, {
      source: sources[file.packets % sources.length],
      destination: SERVER,
      sourcePort: 40000,
      destinationPort: PORT,
      sequence: file.packets,
      flags: SYN,
      ttl: 50,
      payload: 0,
    });
  }
  file.close();
}

/** First fragments of eight bytes of datagrams that never become whole, from forged sources. */
function writeFragments(path: string, packets: number): void {
  const file = new TrafficFile(path), random = new Random(4);
  while (file.packets < packets) {
    const timeUs = START_US + file.packets * 2;
    file.fragment(timeUs, random.next(), file.packets, 1 + random.below(65535));
  }
  file.close();
}

/** By name, the ordinary traffic that they are compared with first. */
export const WORST = {
  ordinary: writeOrdinary,
  "forged, in a flood": writeFlood,
  "forged, below the rate of a flood": writeFollowed,
  "all colliding": writeColliding,
  "all fragments": writeFragments,
};
