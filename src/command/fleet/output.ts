// What a sensor writes and publishes for others, made from its options: the file of outcomes, and the publisher.
// Knows in which step of a start each is made; nothing of packets.

import type { DetectorEvent } from "../../event.ts";
import { CannotRun } from "../../failure.ts";
import { OutcomeFile } from "../../fleet/outcome_file.ts";
import { OutcomeTap } from "../../fleet/outcome_tap.ts";
import { isSensorName } from "../../fleet/sensor_name.ts";
import type { FleetValues } from "../../options/fleet.ts";
import type { AttemptOutcome } from "../../outcome.ts";
import { LogFile } from "../../sink/log_file.ts";
import type { Sink } from "../../sink/sink.ts";
import type { PublishStatus } from "../../status/status.ts";
import { refuseInputs, refuseOutputs, type WrittenFile } from "../same_file.ts";
import type { Publishing } from "./publishing.ts";
import type { FleetRun } from "./run.ts";

export class FleetOutput {
  readonly #values: FleetValues;
  readonly #run: FleetRun;
  readonly #name: string;
  readonly #publishing: Publishing | undefined;
  #file: LogFile | undefined;
  #tap: OutcomeTap | undefined;

  private constructor(
    values: FleetValues,
    run: FleetRun,
    name: string,
    publishing: Publishing | undefined,
  ) {
    this.#values = values;
    this.#run = run;
    this.#name = name;
    this.#publishing = publishing;
  }

  /**
   * Undefined where nothing is to be told. Reads credentials and looks names up, while that can be done. Rejects
   * with `CannotRun`.
   */
  static async prepare(values: FleetValues, run: FleetRun): Promise<FleetOutput | undefined> {
    const { outcomes, publish } = values;
    if (outcomes === undefined && publish === undefined) return undefined;
    const { name } = run;
    if (name === undefined || !isSensorName(name)) {
      throw new CannotRun(
        "this sensor has no name: give it one with --observer NAME",
      );
    }
    refuseTaken(writtenFiles(values), run);
    if (publish === undefined) return new FleetOutput(values, run, name, undefined);
    const { Publishing } = await import("./publishing.ts");
    return new FleetOutput(values, run, name, await Publishing.prepare(values, run, name));
  }

  /** TCP ports that are connected to for as long as the program runs. */
  get ports(): number[] {
    return (this.#values.publish ?? []).map(({ port }) => port);
  }

  /** As the user who writes from now on. */
  openFiles(): void {
    const { outcomes, outcomesPerSecond } = this.#values;
    if (outcomes !== undefined) {
      this.#file = new LogFile({
        path: outcomes,
        queue: QUEUE_LINES,
        lineBytes: LINE_BYTES_MAX,
        notice: this.#run.say.error,
      });
    }
    this.#publishing?.open();
    const takers = [
      ...this.#file === undefined ? [] : [new OutcomeFile(this.#file, this.#name)],
      ...this.#publishing === undefined ? [] : [this.#publishing.sensor],
    ];
    this.#tap = new OutcomeTap(takers, outcomesPerSecond);
  }

  /** Everything is given up: connects, and says that this sensor is there. */
  start(): void {
    this.#publishing?.start();
  }

  /** For the detector. It is made before the files are open, and has no outcome before. */
  readonly takeOutcome = (outcome: AttemptOutcome): void => this.#tap?.take(outcome);

  event(event: DetectorEvent): void {
    this.#publishing?.event(event);
  }

  /** In a replay: what is to be waited for, as more would be lost. */
  drained(): Promise<void> | undefined {
    return this.#publishing?.drained();
  }

  reopen(): void {
    this.#file?.reopen();
  }

  get sinks(): readonly Sink[] {
    return this.#file === undefined ? [] : [this.#file];
  }

  /** Undefined: nothing is published. */
  status(): PublishStatus | undefined {
    const dropped = this.#tap?.dropped ?? 0;
    return this.#publishing?.status(dropped);
  }

  /** Hands over what is left, within a bounded time. False when something of it was lost. */
  async close(): Promise<boolean> {
    this.#tap?.flush();
    const isPublished = await this.#publishing?.close() ?? true;
    await this.#file?.close();
    return isPublished && (this.#file?.counters.dropped ?? 0) === 0;
  }
}

function writtenFiles({ outcomes, publish, publishSpool }: FleetValues): WrittenFile[] {
  const spool = publish === undefined ? undefined : publishSpool;
  return [["--outcomes", outcomes], ["--publish-spool", spool]].flatMap(([option, path]) =>
    path === undefined ? [] : [{ option: option!, path }]
  );
}

/** Each file is for one thing. Throws `CannotRun`. */
function refuseTaken(files: readonly WrittenFile[], { inputs, outputs }: FleetRun): void {
  refuseInputs(files, inputs);
  files.forEach((file, i) => {
    refuseOutputs(file, [...outputs, ...files.slice(0, i).map(({ path }) => path)]);
  });
}

/** A line of an outcome has less than 3,000 bytes. */
const LINE_BYTES_MAX = 4096;
/** Lines that wait for a disk that is full: two seconds of a flood. */
const QUEUE_LINES = 4096;
