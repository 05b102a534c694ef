// One line of an event log (`--format json`) to what it told. Knows the contract's names, in the
// form of today and in the one before (lists as one text, `event.id` of the scan); trusts nothing.

import { countOf, listOf, type Members, members, numberOf, textOf, timeOf } from "./fields.ts";
import { addressesOf } from "./hosts.ts";
import { openAtOf, rangesOf } from "./ports.ts";
import type { Told, ToldLoss, ToldScan, ToldStory, ToldSuppressed, ToldVisit } from "./told.ts";

/** Why a line told nothing: it is no event of ours, or one that a report has no use for. */
export type NotTold = "foreign" | "unused";

/** Events that are told elsewhere: the packet logger's, and those of sensors. */
const UNUSED = new Set(["packet", "sensor-silent", "sensor-back", "sensor-refused"]);

/**
 * Reads one line. What a syslog daemon wrote before the object is skipped. Never throws: a line that
 * is cut or of another program is `foreign`.
 */
export function readLine(line: string): Told | NotTold {
  const start = line.indexOf("{");
  if (start < 0) return "foreign";
  let whole: Members;
  try {
    whole = members(JSON.parse(line.slice(start)));
  } catch {
    return "foreign";
  }
  const event = members(whole.event);
  const action = textOf(event.action);
  if (members(whole.observer).product !== "scandog" || action === undefined) return "foreign";
  const timeUs = timeOf(whole["@timestamp"]);
  if (timeUs === undefined) return "foreign";
  const startUs = timeOf(event.start) ?? timeUs;
  const head: Head = {
    id: textOf(event.id) ?? "",
    timeUs,
    startUs,
    endUs: Math.max(timeOf(event.end) ?? timeUs, startUs),
    observer: textOf(members(whole.observer).name),
  };
  return told(action, whole, head) ?? "foreign";
}

interface Head {
  id: string;
  timeUs: number;
  startUs: number;
  endUs: number;
  observer?: string;
}

function told(action: string, whole: Members, head: Head): Told | NotTold | undefined {
  switch (action) {
    case "scan-start":
    case "scan-update":
    case "scan-end":
      return scan(action.slice("scan-".length) as ToldScan["phase"], whole, head);
    case "scan-visit":
      return visit(whole, head);
    case "address-misused":
      return story("misuse", whole, head);
    case "flood":
      return story("flood", whole, head);
    case "capture-loss":
      return loss(whole, head);
    case "alerts-suppressed":
      return suppressed(whole, head);
    default:
      return UNUSED.has(action) ? "unused" : undefined;
  }
}

function scan(phase: ToldScan["phase"], whole: Members, head: Head): ToldScan | undefined {
  const source = textOf(members(whole.source).ip);
  const destination = textOf(members(whole.destination).ip);
  if (source === undefined || destination === undefined) return undefined;
  const own = members(whole.scandog);
  const ports = members(own.ports), hosts = members(own.hosts), sources = members(own.sources);
  const sensors = members(own.sensors);
  const evidence = members(own.evidence);
  const looksAtAnswers = "open" in ports || "closed" in ports || "silent" in ports;
  const open = rangesOf(listOf(ports.open));
  return {
    what: "scan",
    phase,
    ...head,
    id: textOf(own.scan) ?? head.id,
    source,
    destination,
    transport: textOf(members(whole.network).transport),
    direction: textOf(members(whole.network).direction),
    techniques: listOf(own.techniques),
    shape: textOf(own.shape),
    slow: own.slow === true,
    attempts: countOf(own.attempts),
    ports: { count: countOf(ports.count) ?? 0, ranges: rangesOf(listOf(ports.list)) },
    open: looksAtAnswers ? open : undefined,
    closed: countOf(ports.closed),
    silent: countOf(ports.silent),
    order: textOf(ports.order),
    openAt: openAt(own.open, open, hosts, destination),
    hosts: { count: countOf(hosts.count) ?? 1, list: addressesOf(listOf(hosts.list)) },
    hops: spanOf(own.hops),
    evidence: textOf(evidence.source),
    isZombie: evidence.zombie !== undefined,
    tools: toolsOf(own.tool),
    known: textOf(members(own.known).name),
    sources: countOf(sources.count) === undefined ? undefined : {
      count: countOf(sources.count)!,
      list: listOf(sources.list),
      forged: countOf(sources.forged) ?? 0,
    },
    sensors: countOf(sensors.count) === undefined
      ? undefined
      : { count: countOf(sensors.count)!, list: listOf(sensors.list) },
    device: textOf(members(members(members(whole.observer).ingress).interface).name),
  };
}

/** As many as a line of ours has. */
const OPEN_AT_MAX = 1024;

/** Where there was one host only, an older line tells the same. */
function openAt(
  pairs: unknown,
  open: ReturnType<typeof rangesOf>,
  hosts: Members,
  destination: string,
): ToldScan["openAt"] {
  if (pairs !== undefined) {
    return listOf(pairs).slice(0, OPEN_AT_MAX).map(openAtOf).filter((pair) => pair !== undefined);
  }
  if (countOf(hosts.count) !== 1) return [];
  const found: ToldScan["openAt"] = [];
  for (const { first, last } of open) {
    for (let port = first; port <= last && found.length < OPEN_AT_MAX; port++) {
      found.push({ host: destination, port });
    }
  }
  return found;
}

function spanOf(value: unknown): { min: number; max: number } | undefined {
  const { min, max } = members(value);
  const least = countOf(min), most = countOf(max);
  return least === undefined || most === undefined ? undefined : { min: least, max: most };
}

const TOOLS_MAX = 8;

function toolsOf(value: unknown): ToldScan["tools"] {
  const tools: ToldScan["tools"] = [];
  for (const item of Array.isArray(value) ? value.slice(0, TOOLS_MAX) : []) {
    const { name, versions, confidence } = members(item);
    const called = textOf(name);
    if (called === undefined) continue;
    tools.push({
      name: called,
      versions: textOf(versions),
      confidence: Math.min(Math.max(numberOf(confidence) ?? 0, 0), 1),
    });
  }
  return tools;
}

function visit(whole: Members, head: Head): ToldVisit | undefined {
  const own = members(whole.scandog);
  const { match, port, scan } = members(own.visit);
  const of = members(scan);
  const source = textOf(members(whole.source).ip);
  const destination = textOf(members(whole.destination).ip);
  const used = countOf(members(whole.destination).port);
  const scanner = textOf(of.source) ?? source;
  if (source === undefined || destination === undefined || used === undefined) return undefined;
  return {
    what: "visit",
    id: head.id,
    timeUs: head.timeUs,
    source,
    destination,
    port: used,
    match: match === "address" ? "address" : "network",
    evidence: textOf(members(own.evidence).source),
    scan: {
      id: textOf(own.scan) ?? textOf(of.id) ?? "",
      source: scanner ?? source,
      startUs: timeOf(of.start),
    },
    foundUs: timeOf(members(port).found),
    known: textOf(members(own.known).name),
    observer: head.observer,
  };
}

/** `2026-11-21 22:14:52.123 MISUSE `: what a text line begins with. */
const LINE_HEAD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [A-Z-]+ /;

function story(what: ToldStory["what"], whole: Members, head: Head): ToldStory {
  const own = members(members(whole.scandog)[what]);
  const addresses = [
    ...listOf(members(whole.related).ip),
    textOf(own.address),
    textOf(own.by),
    textOf(own.against),
    textOf(members(whole.source).ip),
    textOf(members(whole.destination).ip),
  ].filter((text) => text !== undefined);
  return {
    what,
    ...head,
    // The event has a name of its own; the story goes on under one.
    id: textOf(own.story) ?? head.id,
    addresses: [...new Set(addresses)],
    text: (textOf(whole.message) ?? what).replace(LINE_HEAD, ""),
  };
}

function loss(whole: Members, { id, startUs, endUs, observer }: Head): ToldLoss {
  const { kernel, interface: device, ring, tables } = members(members(whole.scandog).lost);
  const packets = [kernel, device, ring, tables].reduce<number>(
    (sum, value) => sum + (countOf(value) ?? 0),
    0,
  );
  return { what: "loss", id, startUs, endUs, packets, observer };
}

function suppressed(whole: Members, { id, startUs, endUs, observer }: Head): ToldSuppressed {
  const { count, of, most } = members(members(whole.scandog).suppressed);
  return {
    what: "suppressed",
    most: mostOf(most),
    id,
    startUs,
    endUs,
    count: countOf(count) ?? 0,
    of: textOf(of) ?? "alerts",
    observer,
  };
}

/** The first of a list: it did most. */
function mostOf(list: unknown): ToldSuppressed["most"] {
  const { source, destination, attempts } = members(Array.isArray(list) ? list[0] : undefined);
  const from = textOf(source), to = textOf(destination), count = countOf(attempts);
  if (from === undefined || to === undefined || count === undefined) return undefined;
  return { source: from, destination: to, attempts: count };
}
