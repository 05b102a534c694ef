// What the tests of live capture have in common: frames with a number, and how they are received.

import assert from "node:assert/strict";
import { Libpcap, LiveCapture, type LiveOptions, SavefileWalker } from "../../src/pcap/mod.ts";
import { skipped } from "../support/skip.ts";
import { inNamespace, type Network, whyNoNamespaces } from "./namespace.ts";

const ignore = skipped("live capture", whyNoNamespaces());

/** Local experiments (IEEE 802): nothing but these tests sends it. */
export const EXPERIMENT = [0x88, 0xb5];
export const EXPERIMENTS = { filters: ["ether proto 0x88b5"] };

/** A frame with a number in its first four bytes of payload. */
export function numbered(number: number, bytes = 60): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...EXPERIMENT]);
  new DataView(frame.buffer).setUint32(14, number);
  for (let i = 18; i < bytes; i++) frame[i] = i * 7 + number;
  return frame;
}

export interface Seen {
  bytes: Uint8Array;
  wireLength: number;
  timeUs: number;
  nanos: number;
}

/**
 * Takes batches until `count` packets came, or nothing did for a second: only a test that fails, or
 * one that counts losses, waits so long.
 */
export function receive(capture: LiveCapture, count: number): Seen[] {
  const walker = new SavefileWalker(capture.buffer, capture.linkType, capture.nanoseconds);
  const seen: Seen[] = [];
  for (let ready = true; ready && seen.length < count;) {
    ready = capture.wait(1000);
    walker.begin(capture.batch());
    while (walker.next()) {
      const { bytes, start, end, wireLength, timeUs, nanos } = walker;
      seen.push({ bytes: bytes.slice(start, end), wireLength, timeUs, nanos });
    }
  }
  return seen;
}

/** Waits until so many packets are in the kernel's buffer, or ten seconds have passed. */
export function awaitReceived(capture: LiveCapture, count: number): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let looks = 0; looks < 10_000 && capture.statistics().received < count; looks++) {
    Atomics.wait(never, 0, 0, 1);
  }
}

/** Takes batches until the condition is `kind`; at most 50 looks of 100 ms. */
export function awaitCondition(capture: LiveCapture, kind: LiveCapture["condition"]["kind"]): void {
  for (let looks = 0; looks < 50 && capture.condition.kind !== kind; looks++) {
    capture.wait(100);
    capture.batch();
  }
  assert.equal(capture.condition.kind, kind);
}

export function live(
  name: string,
  test: (network: Network, libpcap: Libpcap) => void | Promise<void>,
): void {
  Deno.test({
    name,
    ignore,
    fn: () => inNamespace((network) => test(network, new Libpcap())),
  });
}

export function open(
  libpcap: Libpcap,
  device: string,
  options: LiveOptions = EXPERIMENTS,
): LiveCapture {
  return new LiveCapture(libpcap, device, options);
}
