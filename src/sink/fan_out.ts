// Several sinks as one. Knows that any of them may fail, and that none may take the others along.

import type { Notice, Sink, SinkCounters, SinkEvent } from "./sink.ts";
import { Trouble } from "./trouble.ts";

interface Branch {
  sink: Sink;
  trouble: Trouble;
  /** Calls that threw, which no sink should. */
  failures: number;
}

/** Hands every line to every sink, in their order. What one throws is counted and told to `notice`. */
export class FanOut implements Sink {
  readonly name: string;
  readonly #branches: Branch[];

  constructor(sinks: readonly Sink[], notice: Notice, clock?: () => number) {
    this.name = sinks.map(({ name }) => name).join(", ");
    this.#branches = sinks.map((sink) => ({
      sink,
      trouble: new Trouble(sink.name, notice, clock),
      failures: 0,
    }));
  }

  /** The sums over all sinks: a line that reached two of them counts twice. */
  get counters(): Readonly<SinkCounters> {
    const sum = { written: 0, dropped: 0, failures: 0, waiting: 0 };
    for (const { sink: { counters }, failures } of this.#branches) {
      sum.written += counters.written;
      sum.dropped += counters.dropped;
      sum.failures += counters.failures + failures;
      sum.waiting += counters.waiting;
    }
    return sum;
  }

  /** Each sink with its own counters, for statistics. */
  get sinks(): readonly Sink[] {
    return this.#branches.map(({ sink }) => sink);
  }

  write(line: string, event: SinkEvent): void {
    for (const branch of this.#branches) {
      try {
        branch.sink.write(line, event);
        branch.trouble.passed();
      } catch (error) {
        this.#failed(branch, error);
      }
    }
  }

  async flush(): Promise<void> {
    await this.#all((sink) => sink.flush());
  }

  reopen(): void {
    for (const branch of this.#branches) {
      try {
        branch.sink.reopen?.();
      } catch (error) {
        this.#failed(branch, error);
      }
    }
  }

  async close(): Promise<void> {
    await this.#all((sink) => sink.close());
  }

  async #all(act: (sink: Sink) => Promise<void> | void): Promise<void> {
    await Promise.all(this.#branches.map(async (branch) => {
      try {
        await act(branch.sink);
      } catch (error) {
        this.#failed(branch, error);
      }
    }));
  }

  #failed(branch: Branch, error: unknown): void {
    branch.failures++;
    branch.trouble.failed((error as Error).message);
  }
}
