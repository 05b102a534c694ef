// Event to scanlogd's own line, both versions: what it hands to syslog, without syslog's header.
// Knows no clock: the zone of the printed time is an argument.
//
// One difference: the flood message of 1.0 ends in a newline. An alert is one line here and a sink
// ends lines itself (syslog daemons strip a newline at the end), so it is left out.

import type { DetectorEvent, Profile, ScanEvent } from "../event.ts";
import { flagLetters } from "./flags.ts";
import { timeOfDay, type Zone } from "./zone.ts";

export interface ScanlogdOptions {
  /** The zone of printed times. */
  zone: Zone;
  /** Characters. Ports are left off the end, down to one, until the line fits. */
  lineLength: number;
}

/** How one version words it. */
interface Wording {
  flood: string;
  /** `ports`: those that are left, each before a comma and a space. */
  line(event: ScanEvent, ports: string, flags: string | undefined, time: string): string;
}

/** 1.0 knows no ECE and CWR, the last two of `flagLetters`. */
const FLAGS_OF_VERSION_1 = 6;

const VERSION_1: Wording = {
  flood: "More possible port scans follow.",
  line(event, ports, flags, time) {
    // 0.0.0.0 is how 1.0 says that the destination varied.
    const { destination, destinationVaries } = event;
    const target = destinationVaries || destination === "0.0.0.0" ? "" : `${destination} `;
    const fields = list([flags && `flags ${flags.slice(0, FLAGS_OF_VERSION_1)}`, ttl(event)]);
    return `From ${source(event)} to ${target}ports ${ports}...${fields}, started at ${time}`;
  },
};

const VERSION_2: Wording = {
  flood: "More possible port scans follow",
  line(event, ports, flags, time) {
    const others = event.destinationVaries ? " and others" : "";
    // scanlogd saw TCP only. A probe without ports or flags, as an ICMP echo, goes without them.
    const probed = ports === "" ? "" : `${others && ","} ports ${ports}...`;
    const fields = list([flags, tos(event), ttl(event)]);
    return `${source(event)} to ${event.destination}${others}${probed}${fields} @${time}`;
  },
};

const WORDINGS: Record<Profile, Wording> = {
  "scanlogd-1": VERSION_1,
  "scanlogd-2": VERSION_2,
  scandog: VERSION_2,
};

/**
 * The line for an event. Undefined for what scanlogd has no words for: a scan's progress and end,
 * lost packets.
 */
export function formatScanlogd(event: DetectorEvent, options: ScanlogdOptions): string | undefined {
  const wording = WORDINGS[event.profile];
  if (event.action === "alerts-suppressed") return wording.flood;
  if (event.action !== "scan-start") return undefined;

  const { flagsEver, flagsAlways, portsSeen } = event;
  const flags = flagsEver === undefined || flagsAlways === undefined
    ? undefined
    : flagLetters(flagsEver, flagsAlways);
  const time = timeOfDay(event.startUs, options.zone);
  for (let count = portsSeen.length;; count--) {
    const ports = portsSeen.slice(0, count).map((port) => `${port}, `).join("");
    const line = wording.line(event, ports, flags, time);
    if (line.length <= options.lineLength || count <= 1) return line;
  }
}

function source({ source, sourcePort }: ScanEvent): string {
  if (sourcePort === undefined) return source;
  return source.includes(":") ? `[${source}]:${sourcePort}` : `${source}:${sourcePort}`;
}

function ttl({ ttl }: ScanEvent): string | undefined {
  return ttl === undefined ? undefined : `TTL ${ttl}`;
}

function tos({ trafficClass }: ScanEvent): string | undefined {
  return trafficClass === undefined
    ? undefined
    : `TOS ${trafficClass.toString(16).padStart(2, "0")}`;
}

/** Each field that is there, after a comma. */
function list(fields: (string | undefined)[]): string {
  return fields.filter((field) => field !== undefined).map((field) => `, ${field}`).join("");
}
