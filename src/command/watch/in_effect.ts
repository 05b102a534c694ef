// What follows from the settings of a running `watch`: detector, format, directions. After a reload, format and
// directions are made anew. The detector is told what changed, if it concerns it, and keeps what it learned over
// hours (ADR 56). Knows no device and no signal.

import { parsePrefix } from "../../address.ts";
import type { DetectorChange, DetectorOptions, MakeDetector } from "../../detector.ts";
import type { DetectorEvent } from "../../event.ts";
import type { AskInsight } from "../../insight.ts";
import type { AttemptOutcome } from "../../outcome.ts";
import { Directions } from "../../label/direction.ts";
import { PROFILES } from "../../options/profiles.ts";
import { tunableValues } from "../../options/tunables.ts";
import type { WatchValues } from "../../options/watch.ts";
import { SCANLOGD_2 } from "../../params.ts";
import type { SinkEvent } from "../../sink/sink.ts";
import type { VisitKeeper } from "../../state/visit_keeper.ts";
import { defaultFormat, type Format, makeFormat, wallClockUs } from "../formats.ts";
import { lineBytesMax } from "../log_sinks.ts";
import { zoneOf } from "../zones.ts";

/** What stays the same for the whole run. */
export interface RunParts {
  seed: number;
  /** This machine's name, for a sensor that has none of its own. */
  host: string | undefined;
  keeper: VisitKeeper;
  /** Is given whom to ask about sources near to a threshold; absent: nobody will ask. */
  keepInsight?: (ask: AskInsight) => void;
  /** Is given outcomes; absent: nobody asks. */
  takeOutcome?: (outcome: AttemptOutcome) => void;
  /** Takes the lines of the packet logger beside the detector. */
  write(line: string, event: SinkEvent): void;
}

export class InEffect {
  /** The addresses of the watched devices, with prefix lengths. */
  private addresses: readonly string[] = [];
  private directions: Directions;
  private format: Format;
  private next: DetectorChange | undefined;

  /** Throws `CannotRun` when a file that the settings name cannot be read. */
  constructor(private values: WatchValues, private readonly parts: RunParts) {
    this.directions = this.newDirections();
    this.format = this.newFormat();
  }

  /** The event with its direction, and its line; no line when the format has no words for it. */
  told(event: DetectorEvent): { event: DetectorEvent; line: string | undefined } {
    const tagged = this.directions.tag(event);
    return { event: tagged, line: this.format(tagged) };
  }

  /** The detector, and beside it the packet logger where that is asked for. */
  async detector(): Promise<MakeDetector> {
    const { seed, host, keeper, keepInsight, takeOutcome, write } = this.parts;
    const { profile, home = [], ignore = [], weigh, logPackets, format, tz, observer } =
      this.values;
    const { detector } = tunableValues(profile, this.values);
    const keepVisits = keeper.attach;
    const make = await PROFILES[profile].make(detector, {
      home,
      ignore,
      weigh,
      seed,
      keepVisits,
      keepInsight,
      takeOutcome,
    });
    if (logPackets === undefined) return make;
    // What it needs takes 7 MiB; that there is one is settled at the start, before files are out of reach.
    const { withPacketLog } = await import("../log/beside.ts");
    return withPacketLog(make, {
      mask: logPackets,
      json: format === "json",
      context: { zone: zoneOf(tz), interfaceName: this.interfaceName },
      observer: observer ?? host,
      hostname: host,
      lineBytesMax: lineBytesMax(this.values),
      seed,
      write,
    });
  }

  /** Goes on with other values; `takeChange` gives what that is to the detector. Throws as the constructor. */
  async change(values: WatchValues): Promise<void> {
    const before = this.values;
    const optionsBefore = JSON.stringify(this.detectorOptions());
    this.values = values;
    try {
      const format = this.newFormat();
      const options = this.detectorOptions();
      if (JSON.stringify(options) !== optionsBefore) {
        this.next = { options, make: await this.detector() };
      }
      this.format = format;
    } catch (error) {
      this.values = before;
      throw error;
    }
    this.directions = this.newDirections();
  }

  /** What has changed for the detector since the last call, if anything has. */
  takeChange(): DetectorChange | undefined {
    const taken = this.next;
    this.next = undefined;
    return taken;
  }

  private detectorOptions(): DetectorOptions {
    const { profile, home = [], ignore = [], weigh } = this.values;
    return { values: tunableValues(profile, this.values).detector, home, ignore, weigh };
  }

  setAddresses(addresses: readonly string[]): void {
    this.addresses = addresses;
    this.directions = this.newDirections();
  }

  /** What is in effect now. */
  get current(): WatchValues {
    return this.values;
  }

  private readonly interfaceName = (index: number) => this.values.interface[index];

  private newDirections(): Directions {
    const { home } = this.values;
    if (home !== undefined) return new Directions(home, true);
    const own = this.addresses.map((text) => parsePrefix(text.replace(/[%/].*$/, "")));
    return new Directions(own.filter((prefix) => prefix !== undefined), false);
  }

  private newFormat(): Format {
    const { seed, host } = this.parts;
    const { profile, format, tz, observer, knownScanners } = this.values;
    const { detector } = tunableValues(profile, this.values);
    return makeFormat(format ?? defaultFormat(profile), {
      tz,
      observer: observer ?? host,
      hostname: host,
      lineLength: detector.lineLength ?? SCANLOGD_2.lineLength.default,
      lineBytesMax: lineBytesMax(this.values),
      now: wallClockUs,
      seed,
      interfaceName: this.interfaceName,
      knownScanners,
    });
  }
}
