// An event as one line of JSON, with the names of the Elastic Common Schema where it has one and
// all else under `scandog`. Knows events; nothing of where the line goes. Keys are in a fixed order;
// what is not known is absent, never null. Described in `event.schema.json`.

import type {
  CaptureLossEvent,
  DetectorEvent,
  FloodEvent,
  Listing,
  MisuseEvent,
  ScanEvent,
  SensorEvent,
  SuppressedEvent,
  VisitEvent,
} from "../event.ts";
import { floodThreat, threat } from "./attack.ts";
import { head, macText, type Observer, observer } from "./ecs.ts";
import { eventName, floodId, scanId, storyId, visitedScanId } from "./event_id.ts";
import { flagLetters } from "./flags.ts";
import { boundedLine, type Members, shortened } from "./members.ts";
import { hasPorts, onlyPort, TRANSPORT_OF_KIND } from "./protocols.ts";
import { severityOf } from "./severity.ts";
import { type TextContext, textLine } from "./text.ts";
import { rfc3339 } from "./zone.ts";

/** What a line needs besides the event; the text context is that of `message`. */
export interface JsonContext extends TextContext, Observer {
  /** See `eventId`. */
  seed: number;
  /** Microseconds since 1970, for when a line was made. Absent in a replay, whose lines are always the same. */
  now?: () => number;
}

/**
 * What may go where a line is too long with all lists empty, the least telling first. When, what, who
 * and how much stay.
 */
const LEFT_OUT = [
  "message",
  "threat",
  "scandog.tool",
  "scandog.evidence.zombie",
  "rule",
  "related",
  "observer",
  "scandog.known",
  "scandog.joined",
  "scandog.sensors.list",
  "scandog.sources",
  "scandog.ttl",
  "scandog.hops",
  "scandog.pace",
  "scandog.tos",
  "scandog.flags",
  "ecs",
  "event.module",
  "event.dataset",
  "event.type",
  "event.created",
  "event.category",
  "scandog.hosts.list",
  "scandog.ports.list",
  "scandog.ports.open",
  "scandog.open",
  "scandog.suppressed.most",
  "scandog.visit.port",
  "scandog.evidence",
  "scandog.ports.order",
  "scandog.ports.choice",
  "network",
  "scandog.ports.truncated",
  "scandog.hosts.truncated",
  "event.start",
  "event.end",
  "source.mac",
  "scandog.visit.scan",
];

/** One line without its end, whole JSON in at most `bytesMax` (at least 1000) bytes. */
export function jsonLine(
  event: DetectorEvent,
  context: JsonContext,
  bytesMax = Infinity,
): string {
  const message = textLine(event, context);
  return boundedLine(
    (itemsMax) => members(event, { ...context, message, itemsMax }),
    LEFT_OUT,
    bytesMax,
  );
}

interface Context extends JsonContext {
  message: string;
  /** The most items of each list, so that the line fits. */
  itemsMax: number;
}

function members(event: DetectorEvent, context: Context): Members {
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

/** An event without a span is of one moment. */
function headOf(event: DetectorEvent, kind: "alert" | "event", context: Context): Members {
  const { timeUs, action } = event;
  const { startUs, endUs } = "startUs" in event ? event : { startUs: timeUs, endUs: timeUs };
  return head({
    kind,
    dataset: kind,
    action,
    id: eventName(event, context.seed),
    severity: severityOf(event),
    timeUs,
    createdUs: context.now?.(),
    startUs,
    endUs,
    ...(event.action === "flood" ? { type: event.phase === "begin" ? "start" : "end" } : {}),
  });
}

function scan(event: ScanEvent, context: Context): Members {
  const { flagsEver, flagsAlways, evidence, sources, kind } = event;
  const { itemsMax } = context;
  const ports = listed(event.ports, itemsMax);
  const open = event.ports.open === undefined ? undefined : cut(event.ports.open, itemsMax);
  const hosts = addressesListed(event.hosts, itemsMax);
  const among = sources && addressesListed(sources, itemsMax);
  const targets = openTargets(event, itemsMax);
  return {
    ...headOf(event, "alert", context),
    source: { ip: event.source, port: event.sourcePort, mac: macText(event.sourceMac) },
    destination: { ip: event.destination, port: onlyPort(event) },
    network: {
      type: event.ipVersion === 0 ? "arp" : `ipv${event.ipVersion}`,
      transport: TRANSPORT_OF_KIND[kind],
      direction: event.direction,
    },
    rule: { name: ruleName(event), ruleset: event.profile },
    threat: threat(event.techniques, event.shape),
    observer: observer(context, context.interfaceName(event.interface)),
    message: context.message,
    related: related(event.source, among?.list, event.destination, hosts.list),
    scandog: {
      profile: event.profile,
      scan: scanId(event, context.seed),
      shape: event.shape,
      techniques: event.techniques,
      slow: event.slow,
      attempts: event.attempts,
      unfollowed: event.unfollowed,
      pace: pace(event),
      ports: {
        count: event.ports.count,
        list: ports.list,
        open: open?.items,
        truncated: ports.truncated ?? open?.truncated,
        closed: event.ports.closed,
        silent: event.ports.silent,
        order: event.ports.order,
        choice: event.ports.choice,
      },
      open: targets?.list,
      hosts,
      flags: flagsEver === undefined ? undefined : flagLetters(flagsEver, flagsAlways ?? 0),
      tos: event.trafficClass,
      ttl: { min: event.ttlRange.min, max: event.ttlRange.max, varies: event.ttlVaries },
      hops: event.hops && { min: event.hops.min, max: event.hops.max },
      evidence: evidence && { source: evidence, zombie: event.zombie },
      tool: event.tool?.map(({ name, versions, confidence, matched }) => (
        { name, versions, confidence, matched }
      )),
      known: event.known && { name: event.known.name, network: event.known.network },
      sources: among && { ...among, forged: sources.forged, guess: sources.guess },
      sensors: event.sensors && sensorsListed(event.sensors, itemsMax),
      joined: event.joined?.slice(0, itemsMax),
      truncated: targets?.truncated,
    },
  };
}

function split(list: string, itemsMax = Infinity): string[] {
  if (list === "") return [];
  return itemsMax === Infinity ? list.split(",") : list.split(",", itemsMax);
}

/** Reads no more of a list than it needs: of one that is too long many lengths are tried. */
function cut(list: string, itemsMax: number) {
  return shortened(split(list, itemsMax + 1), itemsMax);
}

function listed({ count, list, truncated }: Listing, itemsMax: number) {
  const { items, truncated: isCut } = cut(list, itemsMax);
  return { count, list: items, truncated: truncated ?? isCut };
}

/** One an item, so that a list shorter than its count tells itself. */
function addressesListed(listing: Listing, itemsMax: number) {
  const { count, list, truncated } = listed(listing, itemsMax);
  return { count, list, truncated: truncated ?? (list.length < count || undefined) };
}

/** Found open, host by host; undefined where nothing was, or where the detector does not know at which. */
function openTargets(event: ScanEvent, itemsMax: number) {
  const { open, ports, hosts, destination, kind } = event;
  if (open !== undefined) return open.count === 0 ? undefined : addressesListed(open, itemsMax);
  if (!ports.open || hosts.count !== 1 || !hasPorts(kind)) return undefined;
  const host = destination.includes(":") ? `[${destination}]` : destination;
  const list: string[] = [];
  for (const range of split(ports.open, Math.min(itemsMax, TARGETS_MAX) + 1)) {
    const [first, last = first] = range.split("-").map(Number);
    for (let port = first; port <= last; port++) {
      if (list.length === Math.min(itemsMax, TARGETS_MAX)) return { list, truncated: true };
      list.push(`${host}:${port}`);
    }
  }
  return { list, truncated: undefined };
}

/** For a host on which every port answers, `ports.open` tells the same in fewer words. */
const TARGETS_MAX = 1024;

/** Every address that the line names, each once. */
function related(...addresses: (string | readonly string[] | undefined)[]): Members {
  return { ip: [...new Set(addresses.flat().filter((ip) => ip !== undefined))] };
}

/** What a rule of the collector can match: it changes neither with the scan nor with the version. */
function ruleName({ slow, shape }: ScanEvent): string {
  return `${slow ? "slow " : ""}${shape ?? "port"} scan`;
}

function visit(event: VisitEvent, context: Context): Members {
  const { scanned, source, destination } = event;
  return {
    ...headOf(event, "alert", context),
    source: { ip: source, port: event.sourcePort, mac: macText(event.sourceMac) },
    destination: { ip: destination, port: event.destinationPort },
    network: { type: `ipv${event.ipVersion}`, transport: TRANSPORT_OF_KIND[event.kind] },
    rule: { name: "visit after a scan", ruleset: event.profile },
    observer: observer(context, context.interfaceName(event.interface)),
    message: context.message,
    related: related(source, scanned.source, destination),
    scandog: {
      profile: event.profile,
      scan: visitedScanId(event),
      evidence: { source: event.evidence },
      known: event.known && { name: event.known.name, network: event.known.network },
      visit: {
        match: event.match,
        port: { found: rfc3339(event.foundUs), tried: rfc3339(event.triedUs) },
        scan: {
          start: rfc3339(scanned.startUs),
          source: scanned.source,
          evidence: scanned.evidence,
        },
      },
    },
  };
}

/** Attempts a second, rounded to three figures; undefined for one, and where they are not counted. */
function pace({ attempts, startUs, endUs }: ScanEvent): number | undefined {
  if (attempts === undefined || attempts < 2 || endUs <= startUs) return undefined;
  return Number(((attempts - 1) / ((endUs - startUs) / 1e6)).toPrecision(3));
}

/**
 * An address is misused: no alert about a source. Whose answers were seen is as innocent as the
 * address, so neither stands in `source`, which collectors take for the culprit; who probes a zombie
 * must see its answers, so it is there.
 */
function misuse(event: MisuseEvent, context: Context): Members {
  const { kind, address, addresses, port, by, against, ports, packets } = event;
  const misused = addressesListed(
    { count: addresses, list: event.addressList ?? address },
    context.itemsMax,
  );
  return {
    ...headOf(event, "event", context),
    source: by === undefined ? undefined : { ip: by },
    destination: by === undefined ? undefined : { ip: address, port },
    network: { type: `ipv${event.ipVersion}` },
    rule: { name: `misused address: ${kind}`, ruleset: event.profile },
    observer: observer(context, context.interfaceName(event.interface)),
    message: context.message,
    related: related(address, misused.list, by, against),
    scandog: {
      profile: event.profile,
      misuse: {
        story: storyId(event, context.seed),
        kind,
        address,
        addresses: misused,
        port,
        by,
        against,
        ports,
        packets,
      },
    },
  };
}

/** Names of sensors may hold any letter, so that they are a list from the start. */
function sensorsListed({ count, list }: { count: number; list: string[] }, itemsMax: number) {
  const { items } = shortened(list, itemsMax);
  return { count, list: items, truncated: items.length < count || undefined };
}

function sensor(event: SensorEvent, context: Context): Members {
  return {
    ...headOf(event, "event", context),
    observer: observer(context, undefined),
    message: context.message,
    scandog: {
      profile: event.profile,
      sensor: { name: event.sensor, refused: event.refused },
    },
  };
}

/** Sources are forged, so nobody stands in `source`. */
function flood(event: FloodEvent, context: Context): Members {
  const { destination, network, kind, direction, techniques, packets, sources, rate } = event;
  const { itemsMax } = context;
  const hosts = addressesListed(event.hosts, itemsMax);
  return {
    ...headOf(event, "alert", context),
    destination: { ip: destination, port: onlyPort(event) },
    network: {
      type: `ipv${event.ipVersion}`,
      transport: TRANSPORT_OF_KIND[kind],
      direction,
    },
    rule: {
      name: `${techniques.join("+")} ${event.answers ? "answer flood" : "flood"}`,
      ruleset: event.profile,
    },
    threat: floodThreat(techniques),
    observer: observer(context, context.interfaceName(event.interface)),
    message: context.message,
    related: related(destination, hosts.list),
    scandog: {
      profile: event.profile,
      techniques,
      ports: listed(event.ports, itemsMax),
      hosts,
      flood: {
        story: floodId(event, context.seed),
        answers: event.answers,
        against: network ?? destination,
        packets,
        sources,
        rate: { mean: rate.mean, peak: rate.peak },
        seconds: Number(((event.endUs - event.startUs) / 1e6).toFixed(6)),
      },
    },
  };
}

/** Events about the watching itself. */
function notice(event: SuppressedEvent | CaptureLossEvent, context: Context): Members {
  const most = event.action === "alerts-suppressed" ? event.most ?? [] : [];
  return {
    ...headOf(event, "event", context),
    observer: observer(context, undefined),
    message: context.message,
    related: most.length === 0
      ? undefined
      : related(...most.flatMap(({ source, destination }) => [source, destination])),
    scandog: {
      profile: event.profile,
      ...(event.action === "alerts-suppressed" ? { suppressed: suppressed(event) } : {
        lost: {
          kernel: event.kernel,
          interface: event.interface,
          ring: event.ring,
          tables: event.tables,
        },
      }),
    },
  };
}

/** scanlogd announces that it will be silent before it knows of how many: no count then. */
function suppressed({ count, of, most }: SuppressedEvent): Members {
  return {
    count: count === 0 ? undefined : count,
    of,
    most: most?.map(({ source, destination, attempts }) => ({ source, destination, attempts })),
  };
}
