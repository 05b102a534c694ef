// An event as one line of the Common Event Format (ArcSight, "CEF Implementation Standard" version 25),
// for log collectors that take no JSON. Knows events; nothing of where the line goes.
//
// CEF has no place for most of what is known, so the six custom strings and three custom numbers say
// it, each with its label. What is not known is absent.

import type {
  CaptureLossEvent,
  DetectorEvent,
  Direction,
  FloodEvent,
  MisuseEvent,
  ScanEvent,
  SensorEvent,
  SuppressedEvent,
  VisitEvent,
} from "../event.ts";
import { Kind } from "../record.ts";
import { eventName, floodId, scanId, storyId, visitedScanId } from "./event_id.ts";
import type { JsonContext } from "./json.ts";
import { cutList } from "./lists.ts";
import { printable } from "./printable.ts";
import { KEYWORD_OF_KIND, onlyPort } from "./protocols.ts";
import { textLine } from "./text.ts";

/** What a line needs besides the event: the same as JSON. */
export type CefContext = JsonContext;

interface Context extends CefContext {
  /** Longest list. */
  listMax: number;
}

type Extension = [key: string, value: string | number | undefined];

/** Longest values that the standard allows. */
const MESSAGE_CHARACTERS_MAX = 1023;
const CUSTOM_CHARACTERS_MAX = 4000;

/** Longest lists that are tried, until the line fits. */
const LIST_CHARACTERS_MAX = [CUSTOM_CHARACTERS_MAX - 100, 2000, 1000, 500, 250, 100, 0];

/** Name, and severity from 0 to 10: 4 to 6 is medium, 7 and 8 high. */
const HEADS: Record<DetectorEvent["action"], { name: string; severity: number }> = {
  "scan-start": { name: "Scan found", severity: 6 },
  "scan-update": { name: "Scan goes on", severity: 4 },
  "scan-end": { name: "Scan ended", severity: 4 },
  "address-misused": { name: "Address misused", severity: 4 },
  "scan-visit": { name: "Visit after a scan", severity: 8 },
  flood: { name: "Flood", severity: 8 },
  "alerts-suppressed": { name: "Alerts suppressed", severity: 5 },
  "capture-loss": { name: "Packets lost", severity: 5 },
  "sensor-silent": { name: "Sensor silent", severity: 5 },
  "sensor-back": { name: "Sensor is back", severity: 3 },
  "sensor-refused": { name: "Sensor not believed", severity: 5 },
};
/** The scanner found something open. */
const SEVERITY_OPEN = 7;
/** The visitor has another address of the scanner's network, and may be somebody else. */
const SEVERITY_NEIGHBOUR = 5;
/** The flood is over. */
const SEVERITY_OVER = 5;

/**
 * One line without its end, in printable ASCII, and of at most `bytesMax` (at least 1000) bytes: lists
 * are cut shorter first, then the last extensions are left out. So every key has its whole value.
 */
export function cefLine(event: DetectorEvent, context: CefContext, bytesMax = Infinity): string {
  const { name } = HEADS[event.action];
  const version = context.version.slice(0, VERSION_CHARACTERS_MAX);
  const head = ["CEF:0", "scandog", "scandog", version, event.action, name]
    .map((field) => headerText(field)).join("|") + `|${severityOf(event)}|`;
  for (const listMax of LIST_CHARACTERS_MAX) {
    const line = head + printed(extensionsOf(event, { ...context, listMax })).join(" ");
    if (line.length <= bytesMax) return line;
  }
  const pairs = printed(extensionsOf(event, { ...context, listMax: 0 }));
  while (pairs.length > 0 && head.length + pairs.join(" ").length > bytesMax) pairs.pop();
  return head + pairs.join(" ");
}

const VERSION_CHARACTERS_MAX = 31;

/** A custom field and its label are one, so that neither is left without the other. */
function printed(extensions: readonly Extension[]): string[] {
  const pairs: string[] = [];
  for (const [key, value] of extensions) {
    if (value === undefined || value === "") continue;
    const text = `${key}=${extensionText(`${value}`)}`;
    if (key.endsWith("Label")) pairs[pairs.length - 1] += ` ${text}`;
    else pairs.push(text);
  }
  return pairs;
}

function severityOf(event: DetectorEvent): number {
  if (event.action === "scan-start" && event.ports.open) return SEVERITY_OPEN;
  if (event.action === "scan-visit" && event.match === "network") return SEVERITY_NEIGHBOUR;
  if (event.action === "flood" && event.phase === "end") return SEVERITY_OVER;
  return HEADS[event.action].severity;
}

function extensionsOf(event: DetectorEvent, context: Context): Extension[] {
  switch (event.action) {
    case "alerts-suppressed":
    case "capture-loss":
      return notice(event, context);
    case "sensor-silent":
    case "sensor-back":
    case "sensor-refused":
      return sensor(event, context);
    case "scan-visit":
      return visit(event, context);
    case "address-misused":
      return misuse(event, context);
    case "flood":
      return flood(event, context);
    default:
      return scan(event, context);
  }
}

/** A bar would end the field. */
function headerText(text: string): string {
  return printable(text).replace(/[\\|]/g, "\\$&");
}

/** An equals sign would begin the next value. Line ends are gone: `printable` has named them. */
function extensionText(text: string): string {
  return printable(text).replace(/[\\=]/g, "\\$&");
}

function scan(event: ScanEvent, context: Context): Extension[] {
  const { ports, hosts, evidence, hops, sources } = event;
  const { listMax } = context;
  const tool = event.tool?.map(({ name, confidence }) => `${name} ${confidence}`).join(", ");
  const probes = [event.slow && "slow", event.shape, ...event.techniques].filter(Boolean).join(" ");
  return [
    ...common(event, context),
    ["cat", "network/scan"],
    ...address("src", "c6a2", "Source IPv6 Address", event.source),
    ["spt", event.sourcePort],
    ["smac", event.sourceMac],
    ...address("dst", "c6a3", "Destination IPv6 Address", event.destination),
    ["dpt", onlyPort(event)],
    ["proto", protocolName(event.kind)],
    ["cnt", event.attempts],
    ...custom("flexString1", "scanId", scanId(event, context.seed)),
    ["deviceDirection", event.direction && DIRECTIONS[event.direction]],
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ...custom("cn1", "hosts", hosts.count),
    ...custom("cn2", "closedPorts", ports.closed),
    ...custom("cn3", "hopsMax", hops?.max),
    ...custom("flexNumber1", "sensors", event.sensors?.count),
    ...custom("cs2", "openPorts", ports.open && cutList(ports.open, listMax)),
    ...custom("cs1", "ports", cutList(ports.list, listMax)),
    ...custom("cs3", "scan", probes),
    ...custom("cs4", "sourceEvidence", event.zombie ? `${evidence}, likely a zombie` : evidence),
    ...custom("cs5", "tool", tool),
    ...custom(
      "cs6",
      "sources",
      sources &&
        `${sources.guess ? "one of " : ""}${
          cutList(sources.list, listMax)
        } (${sources.forged} forged)`,
    ),
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

/** Victims have fields of their own: `src` and `dst` name who sent packets to whom. */
function misuse(event: MisuseEvent, context: Context): Extension[] {
  const { kind, address: misused, addresses, by, against, ports, packets } = event;
  return [
    ...common(event, context),
    ["cat", "network/misuse"],
    ...custom("flexString1", "storyId", storyId(event, context.seed)),
    ...(by === undefined ? [] : [
      ...address("src", "c6a2", "Source IPv6 Address", by),
      ...address("dst", "c6a3", "Destination IPv6 Address", misused),
    ]),
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ["cnt", packets],
    ...custom("cs1", "misuse", kind),
    ...custom("cs2", "misusedAddress", misused),
    ...custom("cs3", "against", against),
    ...custom("cn1", "addresses", addresses),
    ...custom("cn2", "answeringPorts", ports?.count),
    ...custom("cn3", "openPorts", ports?.open),
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

function flood(event: FloodEvent, context: Context): Extension[] {
  const { phase, destination, network, hosts, ports, packets, sources, rate } = event;
  const { listMax } = context;
  return [
    ...common(event, context),
    ["cat", "network/flood"],
    ...address("dst", "c6a3", "Destination IPv6 Address", destination),
    ["dpt", onlyPort(event)],
    ["proto", protocolName(event.kind)],
    ["cnt", packets],
    ...custom("flexString1", "storyId", floodId(event, context.seed)),
    ["deviceDirection", event.direction && DIRECTIONS[event.direction]],
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ...custom("cs1", "phase", phase),
    ...custom("cs2", "against", network ?? destination),
    ...custom("cs3", "techniques", event.techniques.join(" ")),
    ...custom("cn1", "sources", sources),
    ...custom("cn2", "packetsPerSecond", rate.mean),
    ...custom("cn3", "packetsPerSecondPeak", rate.peak),
    ...custom("cs4", "ports", ports.count > 0 ? cutList(ports.list, listMax) : undefined),
    ...custom("cs5", "hosts", hosts.count > 1 ? cutList(hosts.list, listMax) : undefined),
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

function visit(event: VisitEvent, context: Context): Extension[] {
  const { scanned } = event;
  return [
    ...common(event, context),
    ["cat", "network/visit"],
    ...address("src", "c6a2", "Source IPv6 Address", event.source),
    ["spt", event.sourcePort],
    ...address("dst", "c6a3", "Destination IPv6 Address", event.destination),
    ["dpt", event.destinationPort],
    ["smac", event.sourceMac],
    ["proto", protocolName(event.kind)],
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ...custom("flexString1", "scanId", visitedScanId(event)),
    ...custom("cs2", "scanner", scanned.source),
    ...custom("cs3", "match", event.match),
    ...custom("cs4", "sourceEvidence", event.evidence),
    ...custom("cs5", "scannerEvidence", scanned.evidence),
    ...custom("deviceCustomDate1", "scanStart", milliseconds(scanned.startUs)),
    ...custom("deviceCustomDate2", "portFound", milliseconds(event.foundUs)),
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

function notice(event: SuppressedEvent | CaptureLossEvent, context: Context): Extension[] {
  const isLoss = event.action === "capture-loss";
  const count = isLoss ? event.kernel + event.interface + event.ring + event.tables : event.count;
  return [
    ...common(event, context),
    ["cat", "sensor"],
    ["cnt", count === 0 ? undefined : count],
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

function sensor(event: SensorEvent, context: Context): Extension[] {
  const counts = Object.values(event.refused ?? {});
  return [
    ...common(event, context),
    ["cat", "sensor"],
    ["cnt", counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)],
    ...custom("cs1", "sensor", event.sensor),
    ["msg", textLine(event, context, MESSAGE_CHARACTERS_MAX)],
  ];
}

/** Times are milliseconds since 1970. An event without a span is of one moment. */
function common(event: DetectorEvent, context: Context): Extension[] {
  const { timeUs } = event;
  const { startUs, endUs } = "startUs" in event ? event : { startUs: timeUs, endUs: timeUs };
  return [
    ["rt", milliseconds(timeUs)],
    ["start", milliseconds(startUs)],
    ["end", milliseconds(endUs)],
    ["externalId", eventName(event, context.seed)],
    ["dvchost", context.observer?.slice(0, HOST_CHARACTERS_MAX)],
  ];
}

/** The standard's bound for names of hosts. */
const HOST_CHARACTERS_MAX = 100;

function milliseconds(timeUs: number): number | undefined {
  return Number.isFinite(timeUs) ? Math.floor(timeUs / 1000) : undefined;
}

/** `src` and `dst` hold IPv4 only. */
function address(key: string, custom6: string, label: string, text: string): Extension[] {
  if (!text.includes(":")) return [[key, text]];
  return [[custom6, text], [`${custom6}Label`, label]];
}

function custom(key: string, label: string, value: string | number | undefined): Extension[] {
  if (value === undefined || value === "") return [];
  const short = typeof value === "string" ? value.slice(0, CUSTOM_CHARACTERS_MAX) : value;
  return [[key, short], [`${key}Label`, label]];
}

/** The standard knows two. */
const DIRECTIONS: Partial<Record<Direction, number>> = { inbound: 0, outbound: 1 };

/** ARP is no transport, and CEF has no other place for its name. */
function protocolName(kind: number): string | undefined {
  return kind === Kind.Arp ? "ARP" : KEYWORD_OF_KIND[kind];
}
