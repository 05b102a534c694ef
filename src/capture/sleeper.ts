// How the main thread of a live capture sleeps while nothing comes: the event loop goes on, so that
// signals and logs do, and no timer runs unless something is due soon. The capture thread wakes it, by a
// message, for records and every other second. Knows the ring and a timer; nothing of what is waited for.
//
// `Atomics.waitAsync` would wake nothing with Deno 2.4: it waits for something else to turn the event loop.

import type { Consumer } from "../ring/ring.ts";

/** The capture thread wakes whoever sleeps so often, if nothing else does. */
export const BEAT_MS = 2000;

export class Sleeper {
  private isAwaited = false;
  private resolve: (() => void) | undefined;

  constructor(private readonly consumer: Consumer) {}

  /** Ends the sleep, or keeps the next one from beginning: what is to be looked at may just have been missed. */
  readonly wake = (): void => {
    if (this.resolve === undefined) this.isAwaited = true;
    else this.resolve();
  };

  /**
   * While packets come by the thousand: lets them gather for `ms`, however few there are, unless there are many. To
   * wake up costs as much as hundreds of them. False where it did not sleep.
   */
  gather(ms: number): Promise<boolean> {
    return this.rest(ms, this.consumer.many);
  }

  /**
   * Resolves once there are records, the ring was closed, or `wake` was called; after `ms` at the latest
   * (Infinity, or longer than the next beat: that one). It may resolve for nothing. False where it did not sleep, and
   * the event loop had no turn.
   */
  sleep(ms: number): Promise<boolean> {
    return this.rest(ms, 1);
  }

  private async rest(ms: number, enough: number): Promise<boolean> {
    if (this.isAwaited || !this.consumer.fallAsleep(enough)) {
      this.isAwaited = false;
      return false;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.resolve = resolve;
      if (ms < BEAT_MS) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.resolve = undefined;
    this.consumer.wakeUp();
    return true;
  }
}
