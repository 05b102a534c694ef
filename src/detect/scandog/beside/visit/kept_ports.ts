// Ports that scanners found open, as plain entries: to be kept beyond a run, and taken back. Knows the
// table; nothing of files.

import { type FoundPorts, STATE_BITS, VISITORS_MAX } from "./found_ports.ts";

/** One entry. All numbers are whole. */
export interface KeptPort {
  /** 16 bytes each. */
  scanner: Uint8Array;
  target: Uint8Array;
  /** See `targetKey`; from 0 to 2^31 - 1. */
  key: number;
  /** Number of the scan, and seed of the run that told it; below 2^32. */
  scan: number;
  run: number;
  /** Marks and tier; what else may be in it is left out. */
  state: number;
  /** Microseconds since 1970. */
  startUs: number;
  foundUs: number;
  triedUs: number;
  /** `VISITORS_MAX` words of 32 bits; 0 where there is none. */
  visitors: Int32Array;
}

/** The entry in this slot; undefined when it is free. */
export function keptPort(ports: FoundPorts, slot: number): KeptPort | undefined {
  if (!ports.isTaken(slot)) return undefined;
  const at = ports.addressAt(slot) * 4, target = ports.targetAt(slot) * 4;
  return {
    scanner: ports.bytes.slice(at, at + 16),
    target: ports.bytes.slice(target, target + 16),
    key: ports.key.of(slot),
    scan: ports.scan.of(slot) >>> 0,
    run: ports.run.of(slot) >>> 0,
    state: ports.state.of(slot),
    startUs: ports.startUs[slot],
    foundUs: ports.foundUs[slot],
    triedUs: ports.triedUs[slot],
    visitors: ports.visitors(slot).slice(),
  };
}

/** Takes an entry from elsewhere into the table. Its slot; -1 when all that could give way is worth more. */
export function takePort(ports: FoundPorts, entry: KeptPort): number {
  const both = new Uint8Array(32);
  both.set(entry.scanner.subarray(0, 16));
  both.set(entry.target.subarray(0, 16), 16);
  const state = entry.state & STATE_BITS;
  // Which are too old is asked when time is known: at the first packet.
  const wanted = {
    addresses: new Int32Array(both.buffer),
    scanner: 0,
    target: 4,
    key: entry.key,
  };
  const slot = ports.place(wanted, state, NaN);
  if (slot < 0) return -1;
  ports.scan.set(slot, entry.scan);
  ports.run.set(slot, entry.run);
  ports.state.set(slot, state);
  ports.visitors(slot).set(entry.visitors.subarray(0, VISITORS_MAX));
  ports.setTimes(slot, entry.startUs, entry.foundUs, entry.triedUs);
  return slot;
}
