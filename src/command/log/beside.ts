// `watch --log-packets`: the packet logger beside a detector, with the same capture and the same log.

import type { PacketEvent } from "../../sink/sink.ts";
import { PACKET_JSON_BYTES_MAX, PacketJson } from "../../format/packet_json.ts";
import { type PacketLineContext, PacketLines } from "../../format/packet_line.ts";
import { suppressedJson, suppressedText } from "../../format/packet_suppressed.ts";
import { PacketLog } from "../../packetlog/packet_log.ts";
import type { SelectionRules } from "../../packetlog/selection.ts";
import type { MakeDetector } from "../../detector.ts";
import { Field } from "../../record.ts";
import { VERSION } from "../../version.ts";
import { wallClockUs } from "../formats.ts";
import { LIVE_RATES } from "./parts.ts";

export interface BesideOptions {
  /** TCP flags to log; NULL is always logged. UDP and ICMP are the detector's alone. */
  mask: number;
  json: boolean;
  context: Pick<PacketLineContext, "zone" | "interfaceName">;
  observer: string | undefined;
  hostname: string | undefined;
  lineBytesMax: number | undefined;
  seed: number;
  /** Takes a line without its end. */
  write: (line: string, event: PacketEvent) => void;
}

/** The detector and, beside it, the logger: both see every packet. */
export function withPacketLog(make: MakeDetector, options: BesideOptions): MakeDetector {
  const { mask, json, seed, write, observer, hostname } = options;
  const context = {
    ...options.context,
    names: false,
    verbose: false,
    observer,
    hostname,
    version: VERSION,
    seed,
    now: wallClockUs,
    bytesMax: options.lineBytesMax,
  };
  const selection: SelectionRules = {
    protocols: ["tcp"],
    tcp: { mask, exact: [], probes: false },
  };
  return (records, emit) => {
    const detector = make(records, emit);
    const buffer = new Uint8Array(PACKET_JSON_BYTES_MAX);
    const format = json
      ? new PacketJson(records, buffer, context)
      : new PacketLines(records, buffer, context);
    const decoder = new TextDecoder();
    const log = new PacketLog(records, { selection, limits: LIVE_RATES, seed }, {
      packet: (base) => {
        const timeUs = records.f64[(base + Field.TimeUs) >> 3];
        const line = decoder.decode(buffer.subarray(0, format.write(base, 0) - 1));
        write(line, { action: "packet", timeUs });
      },
      suppressed: (what) =>
        write(
          json ? suppressedJson(what, context) : suppressedText(what, context.zone),
          { action: "packet", timeUs: what.endUs },
        ),
      batchEnd: () => {},
    });
    return {
      process(base, count) {
        log.process(base, count);
        detector.process(base, count);
      },
      advance(timeUs) {
        log.advance(timeUs);
        detector.advance?.(timeUs);
      },
      dueUs: () => Math.min(log.dueUs(), detector.dueUs?.() ?? Infinity),
      reconfigure: (options) => detector.reconfigure?.(options) ?? false,
      finish() {
        log.finish();
        detector.finish();
      },
    };
  };
}
