// An event as one line of the Common Event Format (ArcSight, "CEF Implementation Standard" version 25),
// for log collectors that take no JSON. Knows events; nothing of where the line goes.
//
// CEF has no place for most of what is known, so the six custom strings and three custom numbers say
// it, each with its label. What is not known is absent.

import type {
  CaptureLossEvent,
  DetectorEvent,
  Direction,
  MisuseEvent,
  ScanEvent,
  SuppressedEvent,
  VisitEvent,
} from "../event.ts";
import { Kind } from "../record.ts";
import { eventId, scanId, visitedScanId, visitId } from "./event_id.ts";
import type { JsonContext } from "./json.ts";
import { KEYWORD_OF_KIND } from "./protocols.ts";
import { printable } from "./printable.ts";
import { textLine } from "./text.ts";

/** What a line needs besides the event: the same as JSON. */
export type CefContext = JsonContext;

type Extension = [key: string, value: string | number | undefined];

/** Longest values that the standard allows. */
const MESSAGE_CHARACTERS_MAX = 1023;
const CUSTOM_CHARACTERS_MAX = 4000;

/** Name, and severity from 0 to 10: 4 to 6 is medium, 7 and 8 high. */
const HEADS: Record<DetectorEvent["action"], { name: string; severity: number }> = {
  "scan-start": { name: "Scan found", severity: 6 },
  "scan-update": { name: "Scan goes on", severity: 4 },
  "scan-end": { name: "Scan ended", severity: 4 },
  "address-misused": { name: "Address misused", severity: 4 },
  "scan-visit": { name: "Visit after a scan", severity: 8 },
  "alerts-suppressed": { name: "Alerts suppressed", severity: 5 },
  "capture-loss": { name: "Packets lost", severity: 5 },
};
/** The scanner found something open. */
const SEVERITY_OPEN = 7;
/** Who visits is another address of the scanner's network, and perhaps somebody else. */
const SEVERITY_NEIGHBOUR = 5;

/** One line without its end, in printable ASCII. */
export function cefLine(event: DetectorEvent, context: CefContext): string {
  const { name } = HEADS[event.action];
  const extensions = extensionsOf(event, context);
  const head = ["CEF:0", "scandog", "scandog", context.version, event.action, name];
  return [
    ...head.map((field) => headerText(field)),
    severityOf(event),
    extensions.filter(([, value]) => value !== undefined && value !== "")
      .map(([key, value]) => `${key}=${extensionText(`${value}`)}`).join(" "),
  ].join("|");
}

function severityOf(event: DetectorEvent): number {
  if (event.action === "scan-start" && event.ports.open) return SEVERITY_OPEN;
  if (event.action === "scan-visit" && event.match === "network") return SEVERITY_NEIGHBOUR;
  return HEADS[event.action].severity;
}

function extensionsOf(event: DetectorEvent, context: CefContext): Extension[] {
  switch (event.action) {
    case "alerts-suppressed":
    case "capture-loss":
      return notice(event, context);
    case "scan-visit":
      return visit(event, context);
    case "address-misused":
      return misuse(event, context);
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

function scan(event: ScanEvent, context: CefContext): Extension[] {
  const { ports, hosts, evidence, hops, sources } = event;
  const tool = event.tool?.map(({ name, confidence }) => `${name} ${confidence}`).join(", ");
  const probes = [event.slow && "slow", event.shape, ...event.techniques].filter(Boolean).join(" ");
  return [
    ...common(event, scanId(event, context.seed), context),
    ["cat", "network/scan"],
    ...address("src", "c6a2", "Source IPv6 Address", event.source),
    ["spt", event.sourcePort],
    ...address("dst", "c6a3", "Destination IPv6 Address", event.destination),
    ["proto", protocolName(event.kind)],
    ["deviceDirection", event.direction && DIRECTIONS[event.direction]],
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ["cnt", event.attempts],
    ...custom("cs1", "ports", ports.list),
    ...custom("cs2", "openPorts", ports.open),
    ...custom("cs3", "scan", probes),
    ...custom("cs4", "sourceEvidence", event.zombie ? `${evidence}, likely a zombie` : evidence),
    ...custom("cs5", "tool", tool),
    ...custom("cs6", "sources", sources && `${sources.list} (${sources.forged} forged)`),
    ...custom("cn1", "hosts", hosts.count),
    ...custom("cn2", "closedPorts", ports.closed),
    ...custom("cn3", "hopsMax", hops?.max),
    ["msg", textLine(event, context).slice(0, MESSAGE_CHARACTERS_MAX)],
  ];
}

/** Victims stand in fields of their own: `src` and `dst` are for who sent what to whom. */
function misuse(event: MisuseEvent, context: CefContext): Extension[] {
  const { kind, address: misused, addresses, by, against, ports, packets } = event;
  return [
    ...common(
      event,
      eventId(event.startUs, `${event.profile}/misuse/${event.story}`, context.seed),
      context,
    ),
    ["cat", "network/misuse"],
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
    ["msg", textLine(event, context).slice(0, MESSAGE_CHARACTERS_MAX)],
  ];
}

function visit(event: VisitEvent, context: CefContext): Extension[] {
  const { scanned, timeUs } = event;
  const times = { timeUs, startUs: timeUs, endUs: timeUs };
  return [
    ...common(times, visitId(event, context.seed), context),
    ["cat", "network/visit"],
    ...address("src", "c6a2", "Source IPv6 Address", event.source),
    ["spt", event.sourcePort],
    ...address("dst", "c6a3", "Destination IPv6 Address", event.destination),
    ["dpt", event.destinationPort],
    ["proto", protocolName(event.kind)],
    ["deviceInboundInterface", context.interfaceName(event.interface)],
    ...custom("cs1", "scanId", visitedScanId(event)),
    ...custom("cs2", "scanner", scanned.source),
    ...custom("cs3", "match", event.match),
    ...custom("cs4", "sourceEvidence", event.evidence),
    ...custom("cs5", "scannerEvidence", scanned.evidence),
    ...custom("deviceCustomDate1", "scanStart", milliseconds(scanned.startUs)),
    ...custom("deviceCustomDate2", "portFound", milliseconds(event.foundUs)),
    ["msg", textLine(event, context).slice(0, MESSAGE_CHARACTERS_MAX)],
  ];
}

function notice(event: SuppressedEvent | CaptureLossEvent, context: CefContext): Extension[] {
  const isLoss = event.action === "capture-loss";
  const what = `${event.profile}/${event.action}/${isLoss ? "" : event.of}/${event.timeUs}`;
  const count = isLoss ? event.kernel + event.interface + event.ring + event.tables : event.count;
  return [
    ...common(event, eventId(event.startUs, what, context.seed), context),
    ["cat", "sensor"],
    ["cnt", count === 0 ? undefined : count],
    ["msg", textLine(event, context).slice(0, MESSAGE_CHARACTERS_MAX)],
  ];
}

/** Times are milliseconds since 1970. */
function common(
  event: { timeUs: number; startUs: number; endUs: number },
  id: string,
  context: CefContext,
): Extension[] {
  return [
    ["rt", milliseconds(event.timeUs)],
    ["start", milliseconds(event.startUs)],
    ["end", milliseconds(event.endUs)],
    ["externalId", id],
    ["dvchost", context.observer],
  ];
}

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
