// systemd's journal, with fields to search by (`journalctl SCANDOG_SOURCE=192.0.2.7`). Knows the
// journal's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL).
//
// Needs: FFI for the C library, nothing else. The journal's socket belongs to systemd and outlives
// the journal daemon, so it also serves from inside a chroot.

import type { ScanEvent, VisitEvent } from "../event.ts";
import { DatagramSocket } from "../system/datagram.ts";
import { libc } from "../system/libc.ts";
import { SystemError } from "../system/system_error.ts";
import { DatagramSink } from "./datagram_sink.ts";
import { escapeLine } from "./escape.ts";
import type { Notice, Sink, SinkEvent } from "./sink.ts";
import { type Priorities, priorityOf } from "./syslog_priority.ts";
import type { Later } from "./timer.ts";

export const JOURNAL_SOCKET = "/run/systemd/journal/socket";

export interface JournalOptions {
  /** `JOURNAL_SOCKET` when absent. */
  path?: string;
  priorities: Priorities;
  /** What of a line is sent, as the log has a time of its own; absent: all of it. */
  trim?: (line: string) => string;
  ident: string;
  /** From `SINK` in params. */
  queue: number;
  lineBytes: number;
  notice: Notice;
  later?: Later;
}

/** True when a journal listens there: otherwise use the syslog daemon. Throws without libc. */
export function journalAnswers(path = JOURNAL_SOCKET): boolean {
  libc();
  try {
    DatagramSocket.unix(path).close();
    return true;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

/** Throws `SystemError` without the C library. */
export function journald(options: JournalOptions): Sink {
  const { path = JOURNAL_SOCKET, priorities, ident, queue, lineBytes, notice, later } = options;
  const { trim = String } = options;
  libc();
  return new DatagramSink({
    name: `journal ${path}`,
    open: () => DatagramSocket.unix(path),
    frame: (line, event) => {
      const { level, facility } = priorityOf(priorities, event);
      return journalEntry([
        ["MESSAGE", escapeLine(trim(line), lineBytes)],
        ["PRIORITY", String(level)],
        ["SYSLOG_FACILITY", String(facility)],
        ["SYSLOG_IDENTIFIER", ident],
        ...journalFields(event).map(([name, value]): [string, string] => [
          name,
          wholeItems(value, lineBytes),
        ]),
      ]);
    },
    confirmed: true,
    queue,
    notice,
    later,
  });
}

/**
 * One entry. A value on one line is `NAME=value`; any other is `NAME`, its length as a little-endian
 * u64, and its bytes, so no value can pose as another field. Names must be upper case, digits and
 * underscores, not first an underscore.
 */
export function journalEntry(fields: readonly [string, string][]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = fields.map(([name, value]) => {
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) {
      throw new TypeError(`${JSON.stringify(name)} is not a name for a journal field`);
    }
    if (!value.includes("\n")) return encoder.encode(`${name}=${value}\n`);
    const head = encoder.encode(`${name}\n`);
    const body = encoder.encode(value);
    const part = new Uint8Array(head.length + 8 + body.length + 1);
    part.set(head);
    new DataView(part.buffer).setBigUint64(head.length, BigInt(body.length), true);
    part.set(body, head.length + 8);
    part[part.length - 1] = 0x0a;
    return part;
  });
  const entry = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    entry.set(part, at);
    at += part.length;
  }
  return entry;
}

/** A list that is longer ends with an item of it, and `...`. */
function wholeItems(list: string, charactersMax: number): string {
  if (list.length <= charactersMax) return list;
  return list.slice(0, list.lastIndexOf(",", charactersMax - 4) + 1) + "...";
}

/** What an event says, as fields. A name may come more than once (techniques, tools). */
export function journalFields(event: SinkEvent): [string, string][] {
  const fields: [string, string | number | undefined][] = [
    ["SCANDOG_ACTION", event.action],
    ["SCANDOG_TIME_US", event.timeUs],
  ];
  switch (event.action) {
    case "packet":
      break;
    case "alerts-suppressed":
      fields.push(["SCANDOG_PROFILE", event.profile]);
      fields.push(["SCANDOG_SUPPRESSED", event.count], ["SCANDOG_SUPPRESSED_OF", event.of]);
      break;
    case "address-misused":
      fields.push(["SCANDOG_PROFILE", event.profile], ["SCANDOG_MISUSE", event.kind]);
      fields.push(["SCANDOG_ADDRESS", event.address], ["SCANDOG_AGAINST", event.against]);
      fields.push(["SCANDOG_SOURCE", event.by]);
      break;
    case "flood":
      fields.push(["SCANDOG_PROFILE", event.profile], ["SCANDOG_FLOOD", event.phase]);
      fields.push(["SCANDOG_DESTINATION", event.destination], ["SCANDOG_AGAINST", event.network]);
      fields.push(["SCANDOG_PORTS", event.ports.list], ["SCANDOG_PORT_COUNT", event.ports.count]);
      fields.push(["SCANDOG_HOST_COUNT", event.hosts.count], ["SCANDOG_PACKETS", event.packets]);
      fields.push(["SCANDOG_SOURCE_COUNT", event.sources], ["SCANDOG_RATE", event.rate.mean]);
      fields.push(["SCANDOG_DIRECTION", event.direction]);
      for (const name of event.techniques) fields.push(["SCANDOG_TECHNIQUE", name]);
      break;
    case "capture-loss":
      fields.push(["SCANDOG_PROFILE", event.profile]);
      fields.push(["SCANDOG_LOST_KERNEL", event.kernel], ["SCANDOG_LOST_RING", event.ring]);
      fields.push(["SCANDOG_LOST_INTERFACE", event.interface]);
      fields.push(["SCANDOG_LOST_TABLES", event.tables]);
      break;
    case "scan-visit":
      fields.push(...visitFields(event));
      break;
    case "sensor-silent":
    case "sensor-back":
    case "sensor-refused":
      fields.push(["SCANDOG_PROFILE", event.profile], ["SCANDOG_SENSOR", event.sensor]);
      break;
    default:
      fields.push(...scanFields(event));
  }
  return fields.flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]]);
}

function visitFields(event: VisitEvent): [string, string | number | undefined][] {
  const { scanned } = event;
  return [
    ["SCANDOG_PROFILE", event.profile],
    ["SCANDOG_SOURCE", event.source],
    ["SCANDOG_SOURCE_PORT", event.sourcePort],
    ["SCANDOG_DESTINATION", event.destination],
    ["SCANDOG_DESTINATION_PORT", event.destinationPort],
    ["SCANDOG_MATCH", event.match],
    ["SCANDOG_EVIDENCE", event.evidence],
    ["SCANDOG_FOUND_US", event.foundUs],
    // The number is of the run that told it; the time tells apart what runs number alike.
    ["SCANDOG_SCAN", scanned.number],
    ["SCANDOG_SCAN_START_US", scanned.startUs],
    ["SCANDOG_SCANNER", scanned.source],
  ];
}

function scanFields(event: ScanEvent): [string, string | number | undefined][] {
  return [
    ["SCANDOG_PROFILE", event.profile],
    ["SCANDOG_SCAN", event.scan],
    ["SCANDOG_SOURCE", event.source],
    ["SCANDOG_SOURCE_PORT", event.sourcePort],
    ["SCANDOG_DESTINATION", event.destination],
    ["SCANDOG_PORTS", event.ports.list],
    ["SCANDOG_PORT_COUNT", event.ports.count],
    ["SCANDOG_PORTS_OPEN", event.ports.open],
    ["SCANDOG_HOSTS", event.hosts.list],
    ["SCANDOG_HOST_COUNT", event.hosts.count],
    ["SCANDOG_SHAPE", event.shape],
    ["SCANDOG_DIRECTION", event.direction],
    ["SCANDOG_SLOW", event.slow === undefined ? undefined : event.slow ? "1" : "0"],
    ["SCANDOG_EVIDENCE", event.evidence],
    ...event.techniques.map((name): [string, string] => ["SCANDOG_TECHNIQUE", name]),
    ...(event.tool ?? []).map(({ name }): [string, string] => ["SCANDOG_TOOL", name]),
  ];
}
