// Turns the counters of lost packets into events: at most one every few seconds, with the interval
// in which the losses happened. Knows counters and times; asks no clock.

import type { CaptureLossEvent, Profile } from "../event.ts";

/** Packets lost since the start. */
export interface Losses {
  kernel: number;
  interface: number;
  ring: number;
  /** When the kernel's and interfaces' counters were read; 0: not yet. Microseconds since 1970. */
  lookedUs: number;
}

/** Shortest time between two events. */
const INTERVAL_US = 5_000_000;

/** Follows one capture's counters. */
export class LossReport {
  private said: Losses = { kernel: 0, interface: 0, ring: 0, lookedUs: 0 };
  /**
   * When the counters were last read without a loss that is unsaid: the blind interval's start. They
   * are read once a second, or not at all while the process is stopped, so that is not "now".
   */
  private sinceUs: number;
  private lastSaidUs = -Infinity;

  constructor(private readonly profile: Profile, startUs: number) {
    this.sinceUs = startUs;
  }

  /** The event that is due now, if one is. `last` says it at once: there is no later. */
  check(now: Losses, nowUs: number, last = false): CaptureLossEvent | undefined {
    const kernel = now.kernel - this.said.kernel;
    const interface_ = now.interface - this.said.interface;
    const ring = now.ring - this.said.ring;
    if (kernel + interface_ + ring <= 0) {
      if (now.lookedUs !== 0) this.sinceUs = now.lookedUs;
      return undefined;
    }
    const sooner = nowUs >= this.lastSaidUs && nowUs - this.lastSaidUs < INTERVAL_US;
    if (sooner && !last) return undefined;
    const event: CaptureLossEvent = {
      action: "capture-loss",
      profile: this.profile,
      timeUs: nowUs,
      startUs: Math.min(this.sinceUs, nowUs),
      endUs: nowUs,
      kernel,
      interface: interface_,
      ring,
      tables: 0,
    };
    this.said = { ...now };
    this.sinceUs = now.lookedUs === 0 ? nowUs : now.lookedUs;
    this.lastSaidUs = nowUs;
    return event;
  }
}
