// A device for tests: what its batches hold and how it does is what the test says. No time passes but by the test's
// clock.

import type { Device } from "../../src/capture/live_system.ts";
import type { Condition } from "../../src/pcap/mod.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const FILE_HEADER_BYTES = 24;

export const UP: Condition = { kind: "up" };

/** A batch as libpcap writes it: SYNs to these ports, as many microseconds after 1970. */
export function synsTo(...ports: number[]): Uint8Array {
  return recordsOf(ports.map((port) => ({ timeUs: port, frame: tcpFrame({ port }) })));
}

export function recordsOf(packets: { timeUs: number; frame: Uint8Array }[]): Uint8Array {
  return pcapFile(packets).subarray(FILE_HEADER_BYTES);
}

export class StandInDevice implements Device {
  name: string;
  buffer: Uint8Array = new Uint8Array(1 << 16);
  linkType = 1;
  nanoseconds = false;
  condition: Condition = UP;
  packetsMax = 1000;
  warnings: string[] = [];
  fd = 7;
  counts = { received: 0, dropped: 0, interfaceDropped: 0 };
  /** What the next calls of `batch` give; none: nothing came. */
  batches: Uint8Array[] = [];
  /** What was asked of it, in order. */
  readonly calls: unknown[] = [];
  /** What becomes of it when it is taken up again. */
  onReattach: () => boolean = () => false;

  constructor(readonly device: string, fields: Partial<StandInDevice> = {}) {
    this.name = device;
    Object.assign(this, fields);
  }

  batch(): number {
    const batch = this.batches.shift() ?? new Uint8Array(0);
    this.buffer.set(batch);
    return batch.length;
  }

  statistics() {
    return this.counts;
  }

  reattach(): boolean {
    this.calls.push("reattach");
    return this.onReattach();
  }

  setFilters(...filters: unknown[]): void {
    this.calls.push(filters);
  }

  close(): void {
    this.calls.push("close");
  }
}
