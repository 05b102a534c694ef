// Replays a capture at its own pace, or at a multiple of it: gives how long to wait before a packet.

/** Longer gaps than this are cut, so that a clock jumping a year does not stop the replay. */
const GAP_MS_MAX = 60_000;

/** The pace of one replay; `speed` 1 is the capture's own, 2 twice as fast. */
export class Pace {
  private originUs = NaN;
  private originMs = 0;
  private lastUs = NaN;

  constructor(private readonly speed: number, private readonly nowMs: () => number) {}

  /** Milliseconds to wait before the packet of this time is due; 0 when it is due now. */
  wait(timeUs: number): number {
    const jumped = !(timeUs >= this.lastUs && timeUs - this.lastUs <= GAP_MS_MAX * 1000);
    if (jumped) {
      this.originUs = timeUs;
      this.originMs = this.nowMs();
    }
    this.lastUs = timeUs;
    const dueMs = this.originMs + (timeUs - this.originUs) / 1000 / this.speed;
    return Math.max(0, dueMs - this.nowMs());
  }
}
