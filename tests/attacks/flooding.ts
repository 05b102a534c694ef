// What tests of floods are made of: addresses that no two packets share, rates, and the server's own visitors.

import { background } from "./conversation.ts";
import type { Family } from "./places.ts";
import type { Wire } from "./wire.ts";

/** Any address: as no two of a flood are alike, each comes once. */
export function anyAddress(family: Family, i: number): string {
  const k = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  return family === "v4"
    ? `${11 + k % 180}.${k >>> 8 & 255}.${k >>> 16 & 255}.${1 + (k >>> 24) % 250}`
    : `2001:db8:${(k >>> 16).toString(16)}:${(k & 0xffff).toString(16)}::${
      (i % 9 + 1).toString(16)
    }`;
}

/** The server's own visitors, for so many seconds: while the flood is over. */
export function goOn(wire: Wire, server: string, seconds = 100): void {
  for (let i = 0; i < seconds / 2; i++) background(wire.wait(2), server);
}

/** Does something for each of so many, as many a second as `rate` says. */
export function atRate(wire: Wire, rate: number, count: number, act: (i: number) => void): void {
  const startUs = wire.timeUs;
  for (let i = 0; i < count; i++) {
    wire.timeUs = startUs + i * 1e6 / rate;
    act(i);
  }
}

/** Packets of one moment follow at once. */
export const FINE = () => ({ stepUs: 1 });
