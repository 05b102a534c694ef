// Delayed retries of sinks. One timer for each sink; knows no sink.

/** Calls `run` once after `ms`, unless the returned function is called before. */
export type Later = (run: () => void, ms: number) => () => void;

/** The real one. It does not keep the program alive: what waits at the end is `flush`'s matter. */
export const later: Later = (run, ms) => {
  const id = setTimeout(run, ms);
  Deno.unrefTimer(id);
  return () => clearTimeout(id);
};

/** At most one call pending. */
export class Alarm {
  readonly #later: Later;
  #cancel: (() => void) | undefined;

  constructor(later: Later) {
    this.#later = later;
  }

  get pending(): boolean {
    return this.#cancel !== undefined;
  }

  /** Replaces a pending call. */
  set(run: () => void, ms: number): void {
    this.cancel();
    this.#cancel = this.#later(() => {
      this.#cancel = undefined;
      run();
    }, ms);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

/** Waiting times that double from `firstMs` to `lastMs`, for a far end that does not answer. */
export class Backoff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #nextMs: number;

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = this.#nextMs = firstMs;
    this.#lastMs = lastMs;
  }

  next(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * 2, this.#lastMs);
    return ms;
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
