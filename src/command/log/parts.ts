// From the options of `scandog log` to its parts: rules, formats, outputs.

import type { FormatContext } from "./report.ts";
import { PACKET_JSON_BYTES_MAX, PacketJson } from "../../format/packet_json.ts";
import { PACKET_LINE_BYTES_MAX, PacketLines } from "../../format/packet_line.ts";
import { REPORT_BYTES_MAX } from "../../format/packet_report.ts";
import { MASK_DEFAULT } from "../../packetlog/flag_table.ts";
import type { PacketLogRules } from "../../packetlog/packet_log.ts";
import { LOGGED_PROTOCOLS, type LoggedProtocol } from "../../packetlog/selection.ts";
import type { Records } from "../../record.ts";
import type { PacketBytes } from "../../detector.ts";
import { PacketFile } from "../../sink/packet_file.ts";
import type { Notice, Sink } from "../../sink/sink.ts";
import type { LogValues } from "../../options/log.ts";
import { inputFiles } from "../capture_files.ts";
import { refuseInputs, type WrittenFile } from "../same_file.ts";
import { writesElsewhere } from "./values.ts";
import { makeReport } from "./report.ts";
import {
  LineOutput,
  type LineTarget,
  type PacketFormat,
  type PacketOutput,
  PacketOutputs,
} from "../../packetlog/outputs.ts";
import { SavefileOutput } from "../../sink/savefile_output.ts";
import { SinkTarget, type StdoutTarget } from "../../sink/line_targets.ts";

const MASK_ALL = 255;
const PROTOCOLS_DEFAULT: readonly LoggedProtocol[] = ["tcp", "udp", "icmp"];
/** Live capture has limits unless they are lifted: whoever floods must not fill the disk. */
export const LIVE_RATES = { perSource: 100, overall: 2000 } as const;
const LIVE_ROTATE_MIB = 64;
const MEBIBYTE = 1 << 20;

/** Does anything need the packets' bytes beside their records? */
export function wantsBytes({ raw, dir, report }: LogValues): boolean {
  return raw !== undefined || dir !== undefined || report;
}

/** Which packets. A report or a summary tells of all that was recorded unless something is said. */
export function logRules(values: LogValues, seed: number): PacketLogRules {
  const whole = values.report || values.summary;
  const chosen = values.probes || values.exact !== undefined;
  const mask = values.flags ?? (chosen ? 0 : whole ? MASK_ALL : MASK_DEFAULT);
  const live = values.read === undefined;
  return {
    selection: {
      protocols: values.protocols ?? (whole ? LOGGED_PROTOCOLS : PROTOCOLS_DEFAULT),
      tcp: { mask, exact: values.exact ?? [], probes: values.probes },
      udpPorts: values.udpPorts,
      icmpTypes: values.icmpTypes,
      icmp6Types: values.icmp6Types,
      sctpChunks: values.sctpChunks,
    },
    limits: {
      perSource: values.sourceRate ?? (live ? LIVE_RATES.perSource : 0),
      overall: values.totalRate ?? (live ? LIVE_RATES.overall : 0),
    },
    seed,
  };
}

/** Makes the format for the buffer of an output. */
export function formatMaker(
  values: LogValues,
  context: FormatContext,
  records: Records,
  packets: PacketBytes | undefined,
): (buffer: Uint8Array) => PacketFormat {
  const { names, verbose } = values;
  const all = { ...context, names, verbose };
  if (values.report) return (buffer) => makeReport(records, packets!, buffer, context);
  if (values.format === "text") return (buffer) => new PacketLines(records, buffer, all);
  return (buffer) => new PacketJson(records, buffer, { ...all, ...context.json });
}

/** Every file that is written. */
function writtenFiles(values: LogValues): WrittenFile[] {
  const { raw, dir, logFile, keep } = values;
  const written: WrittenFile[] = [];
  if (logFile !== undefined) written.push({ option: "--log-file", path: logFile, keep });
  if (dir === undefined) {
    return raw === undefined ? written : [...written, { option: "--raw", path: raw, keep }];
  }
  for (const name of logRules(values, 0).selection.protocols) {
    for (const form of ["log", "pcap"]) {
      written.push({ option: "--dir", path: `${dir}/${name}.${form}`, keep });
    }
  }
  return written;
}

/** Opens what is written to. Throws `PacketFileError`, and `CannotRun` for a file that is also read. */
export function makeOutputs(
  values: LogValues,
  stdout: StdoutTarget,
  sinks: readonly Sink[],
  notice: Notice,
): PacketOutputs {
  const live = values.read === undefined;
  if (values.read !== undefined) refuseInputs(writtenFiles(values), inputFiles([values.read]));
  const files = {
    rotateBytes: (values.rotateSize ?? (live ? LIVE_ROTATE_MIB : 0)) * MEBIBYTE,
    rotateUs: values.rotateTime * 1e6,
    keep: values.keep,
    notice,
  };
  const lineBytes = values.report
    ? REPORT_BYTES_MAX
    : Math.max(PACKET_LINE_BYTES_MAX, values.format === "json" ? PACKET_JSON_BYTES_MAX : 0);
  const lineFile = (path: string) =>
    new PacketFile({ ...files, path, header: new Uint8Array(0), append: true });
  const linesTo = (targets: LineTarget[], each = false) =>
    targets.length === 0 ? undefined : new LineOutput(targets, lineBytes, each);
  const common: LineTarget[] = sinks.map((sink) => new SinkTarget(sink));
  if (values.logFile !== undefined) common.push(lineFile(values.logFile));
  if (values.stdout || !writesElsewhere(values)) common.push(stdout);

  const { raw, dir } = values;
  const savefile = (path: string) => new SavefileOutput({ ...files, path }, false);
  const saved = raw === undefined ? undefined : savefile(raw);
  const outputs: Partial<Record<LoggedProtocol, PacketOutput>> = {};
  for (const name of logRules(values, 0).selection.protocols) {
    outputs[name] = dir === undefined ? { raw: saved } : {
      lines: linesTo([lineFile(`${dir}/${name}.log`)]),
      raw: savefile(`${dir}/${name}.pcap`),
    };
  }
  return new PacketOutputs(outputs, linesTo(common, sinks.length > 0));
}
