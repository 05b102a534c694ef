// An event as one line of JSON, with the names of the Elastic Common Schema where it has one and
// all else under `scandog`. Knows events; nothing of where the line goes. Keys are in a fixed order;
// what is not known is absent, never null.

import type {
  CaptureLossEvent,
  DetectorEvent,
  MisuseEvent,
  ScanEvent,
  SuppressedEvent,
  VisitEvent,
} from "../event.ts";
import { TRANSPORT_OF_KIND } from "./protocols.ts";
import { eventId, scanId, visitedScanId, visitId } from "./event_id.ts";
import { flagLetters } from "./flags.ts";
import { type TextContext, textLine } from "./text.ts";
import { rfc3339 } from "./zone.ts";

/** What a line needs besides the event; the text context is that of `message`. */
export interface JsonContext extends TextContext {
  /** Name of this sensor; undefined when not known. */
  observer: string | undefined;
  /** Version of the program. */
  version: string;
  /** See `eventId`. */
  seed: number;
}

/** The Elastic Common Schema that the names and values are from. */
export const ECS_VERSION = "8.11.0";

/** An object to be printed; members that are undefined are left out. */
type Members = Record<string, unknown>;

/** One line without its end: ASCII only, so that no terminal or log reader can be led astray. */
export function jsonLine(event: DetectorEvent, context: JsonContext): string {
  return JSON.stringify(members(event, context), finiteOnly).replace(/[^\x20-\x7e]/g, escapeUnit);
}

function members(event: DetectorEvent, context: JsonContext): Members {
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

/** JSON would print a number that is none as null. */
function finiteOnly(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** 1 to be known, 2 to be looked at in time, 3 to be looked at. */
const SEVERITY: Record<DetectorEvent["action"], number> = {
  "scan-start": 3,
  "scan-update": 2,
  "scan-end": 2,
  "address-misused": 2,
  "scan-visit": 3,
  "alerts-suppressed": 2,
  "capture-loss": 2,
};

/** A neighbour of the scanner may be somebody else. */
const SEVERITY_NEIGHBOUR = 2;

function severityOf(event: DetectorEvent): number {
  const isNeighbour = event.action === "scan-visit" && event.match === "network";
  return isNeighbour ? SEVERITY_NEIGHBOUR : SEVERITY[event.action];
}

/** What every line begins with, in the contract's order. An event without a span is of one moment. */
function head(event: DetectorEvent, kind: "alert" | "event", id: string): Members {
  const { startUs, endUs } = "startUs" in event
    ? event
    : { startUs: event.timeUs, endUs: event.timeUs };
  return {
    "@timestamp": rfc3339(event.timeUs),
    ecs: { version: ECS_VERSION },
    event: {
      kind,
      category: kind === "alert" ? ["network", "intrusion_detection"] : ["network"],
      type: ["info"],
      action: event.action,
      id,
      severity: severityOf(event),
      start: rfc3339(startUs),
      end: rfc3339(endUs),
    },
  };
}

function scan(event: ScanEvent, context: JsonContext): Members {
  const { flagsEver, flagsAlways, evidence } = event;
  return {
    ...head(event, "alert", scanId(event, context.seed)),
    source: { ip: event.source, port: event.sourcePort },
    destination: { ip: event.destination },
    network: {
      type: event.ipVersion === 0 ? "arp" : `ipv${event.ipVersion}`,
      transport: TRANSPORT_OF_KIND[event.kind],
      direction: event.direction,
    },
    threat: threat(event),
    observer: observer(context, context.interfaceName(event.interface)),
    message: textLine(event, context),
    scandog: {
      profile: event.profile,
      shape: event.shape,
      techniques: event.techniques,
      slow: event.slow,
      attempts: event.attempts,
      pace: pace(event),
      ports: {
        count: event.ports.count,
        list: event.ports.list,
        open: event.ports.open,
        closed: event.ports.closed,
        silent: event.ports.silent,
        order: event.ports.order,
        choice: event.ports.choice,
      },
      hosts: { count: event.hosts.count, list: event.hosts.list },
      flags: flagsEver === undefined ? undefined : flagLetters(flagsEver, flagsAlways ?? 0),
      tos: event.trafficClass,
      ttl: { min: event.ttlRange.min, max: event.ttlRange.max, varies: event.ttlVaries },
      hops: event.hops && { min: event.hops.min, max: event.hops.max },
      evidence: evidence && { source: evidence, zombie: event.zombie },
      tool: event.tool?.map(({ name, versions, confidence, matched }) => (
        { name, versions, confidence, matched }
      )),
      known: event.known && { name: event.known.name, network: event.known.network },
      sources: event.sources && {
        count: event.sources.count,
        list: event.sources.list,
        forged: event.sources.forged,
      },
    },
  };
}

function visit(event: VisitEvent, context: JsonContext): Members {
  const { scanned, source, destination } = event;
  return {
    ...head(event, "alert", visitId(event, context.seed)),
    source: { ip: source, port: event.sourcePort },
    destination: { ip: destination, port: event.destinationPort },
    network: { type: `ipv${event.ipVersion}`, transport: TRANSPORT_OF_KIND[event.kind] },
    related: { ip: [...new Set([source, scanned.source, destination])] },
    observer: observer(context, context.interfaceName(event.interface)),
    message: textLine(event, context),
    scandog: {
      profile: event.profile,
      evidence: { source: event.evidence },
      known: event.known && { name: event.known.name, network: event.known.network },
      visit: {
        match: event.match,
        port: { found: rfc3339(event.foundUs), tried: rfc3339(event.triedUs) },
        scan: {
          id: visitedScanId(event),
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

/** Techniques that look for hosts, not for their ports. */
const HOST_DISCOVERY = new Set(["icmp-echo", "icmp-timestamp", "icmp-mask", "arp"]);

/**
 * MITRE ATT&CK: T1046 network service discovery, T1018 remote system discovery, T1595.001 scanning
 * of address blocks.
 */
function threat({ techniques, shape }: ScanEvent): Members {
  const id = [];
  if (techniques.some((name) => !HOST_DISCOVERY.has(name))) id.push("T1046");
  if (techniques.some((name) => HOST_DISCOVERY.has(name))) id.push("T1018");
  const block = shape === "horizontal" || shape === "block";
  if (block) id.push("T1595");
  return {
    framework: "MITRE ATT&CK",
    technique: { id, subtechnique: block ? { id: ["T1595.001"] } : undefined },
  };
}

function observer(context: JsonContext, interfaceName: string | undefined): Members {
  return {
    name: context.observer,
    product: "scandog",
    type: "ids",
    version: context.version,
    ingress: interfaceName === undefined ? undefined : { interface: { name: interfaceName } },
  };
}

/**
 * An address is misused: no alert about a source. Whose answers were seen is as innocent as the
 * address, so neither stands in `source`, which collectors take for the culprit; who probes a zombie
 * must see its answers, so it is there.
 */
function misuse(event: MisuseEvent, context: JsonContext): Members {
  const { kind, address, addresses, port, by, against, ports, packets } = event;
  const what = `${event.profile}/misuse/${event.story}`;
  return {
    ...head(event, "event", eventId(event.startUs, what, context.seed)),
    source: by === undefined ? undefined : { ip: by },
    destination: by === undefined ? undefined : { ip: address, port },
    network: { type: `ipv${event.ipVersion}` },
    related: { ip: [address, by, against].filter((ip) => ip !== undefined) },
    observer: observer(context, context.interfaceName(event.interface)),
    message: textLine(event, context),
    scandog: {
      profile: event.profile,
      misuse: { kind, address, addresses, port, by, against, ports, packets },
    },
  };
}

/** Events about the watching itself. */
function notice(event: SuppressedEvent | CaptureLossEvent, context: JsonContext): Members {
  const suppressed = event.action === "alerts-suppressed";
  const what = `${event.profile}/${event.action}/${suppressed ? event.of : ""}/${event.timeUs}`;
  return {
    ...head(event, "event", eventId(event.startUs, what, context.seed)),
    observer: observer(context, undefined),
    message: textLine(event, context),
    scandog: {
      profile: event.profile,
      // scanlogd announces that it will be silent before it knows of how many: no count then.
      ...(suppressed
        ? { suppressed: { count: event.count === 0 ? undefined : event.count, of: event.of } }
        : {
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
