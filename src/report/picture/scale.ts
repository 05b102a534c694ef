// Where a time and a port lie in a picture, and the ticks between. Shares from 0 to 1; no logarithm
// and no power: their last digits are not the same everywhere, and a report is compared byte by byte.

import { dateTime, type Zone } from "../../format/zone.ts";
import type { Interval } from "../story.ts";

/** So that what happens at an end of the time does not lie on the border. */
const MARGIN = 0.015;

/** A picture's time axis. */
export class TimeScale {
  readonly startUs: number;
  readonly endUs: number;
  readonly zone: Zone;

  constructor({ startUs, endUs }: Interval, zone: Zone) {
    const lengthUs = Math.max(endUs - startUs, 1000);
    this.startUs = startUs - lengthUs * MARGIN;
    this.endUs = startUs + lengthUs * (1 + MARGIN);
    this.zone = zone;
  }

  /** 0 at the left end, 1 at the right; what lies outside is held at the nearer end. */
  at(timeUs: number): number {
    const share = (timeUs - this.startUs) / (this.endUs - this.startUs);
    return Math.min(Math.max(share, 0), 1);
  }

  ticks(): Tick[] {
    const lengthUs = this.endUs - this.startUs;
    return lengthUs < RELATIVE_US_MAX ? this.relative(lengthUs) : this.byClock(lengthUs);
  }

  /** Short stories are read from their start: 10 ms, 20 ms. */
  private relative(lengthUs: number): Tick[] {
    const firstUs = this.startUs + lengthUs * MARGIN / (1 + 2 * MARGIN);
    let stepUs = 1;
    for (let digit = 0; stepUs * TICKS_MAX < lengthUs; digit++) {
      stepUs = stepUs * [2, 2.5, 2][digit % 3];
    }
    const ticks: Tick[] = [];
    for (let us = 0; firstUs + us <= this.endUs && ticks.length <= TICKS_MAX; us += stepUs) {
      ticks.push({ at: this.at(firstUs + us), label: relativeText(us) });
    }
    return ticks;
  }

  private byClock(lengthUs: number): Tick[] {
    const step = CLOCK_STEPS.find((seconds) => lengthUs / (seconds * 1e6) <= TICKS_MAX) ??
      Math.ceil(lengthUs / TICKS_MAX / DAY_US) * (DAY_US / 1e6);
    const stepUs = step * 1e6;
    const offsetUs = this.zone(this.startUs) * 1e6;
    const ticks: Tick[] = [];
    let us = Math.ceil((this.startUs + offsetUs) / stepUs) * stepUs - offsetUs;
    for (; us <= this.endUs && ticks.length <= TICKS_MAX; us += stepUs) {
      ticks.push({ at: this.at(us), label: clockText(us, this.zone, step) });
    }
    return ticks;
  }
}

export interface Tick {
  /** From 0 to 1. */
  at: number;
  label: string;
}

const TICKS_MAX = 8;
const RELATIVE_US_MAX = 120e6;
const DAY_US = 86_400e6;
const MINUTE = 60, HOUR = 3600, DAY = 86_400;
/** Seconds. */
const CLOCK_STEPS = [
  ...[15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY],
];

function relativeText(us: number): string {
  if (us === 0) return "0";
  if (us < 1000) return `${short(us)} us`;
  if (us < 1e6) return `${short(us / 1000)} ms`;
  return `${short(us / 1e6)} s`;
}

function short(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

function clockText(us: number, zone: Zone, step: number): string {
  const text = dateTime(us, zone);
  const isMidnight = text.slice(11, 19) === "00:00:00";
  if (step >= DAY || isMidnight) return text.slice(5, 10);
  return text.slice(11, step < MINUTE ? 19 : 16);
}

const PORTS = 65_536;
const PIECES = [
  { first: 0, end: 1024, from: 0, to: 0.45 },
  { first: 1024, end: 49_152, from: 0.45, to: 0.85 },
  { first: 49_152, end: PORTS, from: 0.85, to: 1 },
];

/**
 * 0 for port 0, 1 for 65536. The ports below 1024, where nearly all services are, have 45 % of the
 * room, the ephemeral ones 15 %.
 */
export function portAt(port: number): number {
  const piece = PIECES.find(({ end }) => port < end) ?? PIECES[PIECES.length - 1];
  const share = (port - piece.first) / (piece.end - piece.first);
  return piece.from + share * (piece.to - piece.from);
}

/** Ports that the axes name. */
export const PORT_TICKS = [0, 512, 1024, 8192, 16_384, 32_768, 49_152, 65_535];

/** How a picture's ports go up. */
export interface PortAxis {
  /** 0 at the bottom, 1 at the top. */
  at(port: number): number;
  ticks: readonly number[];
  /** All ports, the low ones larger; else from the first to the last, all alike. */
  isWhole: boolean;
}

/** Fewer ports than this would be a line at the bottom of an axis of all. */
const NARROW_PORTS = 4096;
const NARROW_MARGIN = 0.06;
const NARROW_TICKS = 5;

/** An axis on which the ports from `first` to `last` can be told apart. */
export function portAxis(first: number, last: number): PortAxis {
  if (last - first >= NARROW_PORTS) return { at: portAt, ticks: PORT_TICKS, isWhole: true };
  if (first === last) return { at: () => 0.5, ticks: [first], isWhole: false };
  let step = 1;
  for (let digit = 0; step * NARROW_TICKS < last - first; digit++) {
    step = step * [2, 2.5, 2][digit % 3];
  }
  const ticks: number[] = [];
  const whole = Math.max(Math.round(step), 1);
  for (let port = Math.ceil(first / whole) * whole; port <= last; port += whole) ticks.push(port);
  return {
    at: (port) => NARROW_MARGIN + (1 - 2 * NARROW_MARGIN) * (port - first) / (last - first),
    ticks,
    isWhole: false,
  };
}
