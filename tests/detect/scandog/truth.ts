// What is said of scans and of misused addresses, against what the lab knows of them: each statement is
// right, wrong or unsaid. For the test and for the table in the documents.

import { parsePrefix, type Prefix } from "../../../src/address.ts";
import { Directions } from "../../../src/label/direction.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { MisuseEvent, ScanEvent, SourceEvidence, VisitEvent } from "../../../src/event.ts";
import { homeOf } from "../../support/home_of.ts";
import { runCapture } from "../../support/run_capture.ts";
import type { Truth } from "./corpus.ts";

/** What can be said, in the order of the table. */
export const ASPECTS = {
  source: "the scan's source",
  forged: "forged sources",
  proof: "the proof of it",
  technique: "how it probed",
  ports: "the ports it asked for",
  hosts: "how many hosts it asked",
  open: "open ports",
  tool: "the program",
  distance: "distance",
  zombie: "source is a zombie (idle scan)",
  direction: "direction, of the inferred home",
  misuse: "an address that others use",
  victim: "against whom, and what answered",
  visit: "who came back to a port it found",
} as const;
export type Aspect = keyof typeof ASPECTS;

export type Verdict = "right" | "wrong" | "unsaid";

/** One statement, or its absence. */
export interface Statement {
  aspect: Aspect;
  verdict: Verdict;
  /** What was said, and for what is wrong what is true. */
  said: string;
}

interface Scan {
  sources: string[];
  forged?: string[];
  evidence?: SourceEvidence;
  techniques: string[];
  hosts: string[];
  ports?: { list: string; open: string };
  tool: string;
  hops?: number;
  zombie?: boolean;
}

interface Misuse {
  kind: MisuseEvent["kind"];
  address: string;
  by?: string;
  against?: string;
  ports?: string;
  open?: string;
}

type Visit = Pick<VisitEvent, "source" | "match"> & { port: number };

interface Case {
  scans: Scan[];
  forged: string[];
  home: string[];
  misuse?: Misuse;
  visits?: Visit[];
}

const STRENGTH: Record<SourceEvidence, number> = { none: 0, reset: 1, handshake: 2 };

/** Captures that hold more proof than is noted of the scan itself. */
const PROVED_OTHERWISE: Record<string, string> = {
  "outbound-syn": "the kernel of the scanning host resets what was accepted, in sight",
};
const VERSIONS = "what is found open is asked by connections what it is";
const SYSTEM =
  "the system is found out with probes of many kinds, some to a closed port of its own";
/** What a program does besides what is noted of the scan, or what a capture shows of it. */
const DONE_OTHERWISE: Record<string, [aspect: Aspect, why: string][]> = {
  "discovery-nmap-default": [["ports", "hosts are found by a port of TCP as well"]],
  "forged-between-probes": [["technique", "60 bytes of a frame hold no TCP options of a kernel"]],
  "nmap-aggressive": [["technique", SYSTEM], ["ports", SYSTEM]],
  "nmap-os": [["technique", SYSTEM], ["ports", SYSTEM]],
  "nmap-version": [["technique", VERSIONS]],
  "one-way-connect-out": [["technique", "by answers alone a connect scan is a SYN scan"]],
  "sweep-netbios-nbtscan": [[
    "hosts",
    "the first and the last address of the network are asked too",
  ]],
  "visit-not-by-version-scan": [["technique", VERSIONS]],
};
/** Seen on both sides of a router, a source is as far away as on either. */
const TWO_DISTANCES = ["format-two-interfaces"];

/** Everything that is said of a case by its scans' last events. */
export function statementsOf({ name, file, also }: Truth): Statement[] {
  const truth: Case = JSON.parse(
    Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")),
  );
  const { events } = runCapture(
    file,
    (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
  );
  const found: Statement[] = [];
  const inferred = new Directions(homeOf(file), false);
  for (const event of events) {
    if (event.action === "scan-end") found.push(...ofScan(event, name, truth, also, inferred));
  }
  const misuses = events.filter((event) => event.action === "address-misused");
  for (const event of misuses) found.push(...ofMisuse(event, truth.misuse));
  if (misuses.length === 0 && truth.misuse !== undefined) {
    found.push(statement("misuse", undefined, "", ""));
  }
  const visits = events.filter((event) => event.action === "scan-visit");
  found.push(...ofVisits(visits, truth.visits ?? []));
  return found;
}

function ofScan(
  event: ScanEvent,
  name: string,
  truth: Case,
  also: string[],
  inferred: Directions,
): Statement[] {
  const { source, evidence = "none" } = event;
  // Whole scans that were forged cannot be told from real ones; they must not be proved.
  if (also.includes(source)) {
    return [statement("source", evidence === "none" ? undefined : false, source, "forged")];
  }
  const found = [statement("source", !truth.forged.includes(source), source, "forged")];
  const scan = truth.scans.find(({ sources }) => sources.includes(source));
  if (scan === undefined) return found;
  if (scan.forged || event.sources?.forged) found.push(forged(event, scan));
  const own = truth.scans.filter(({ sources }) => sources.includes(source));
  const asked = [technique(event, own), portsAsked(event, own), hostsAsked(event, own)];
  const others = DONE_OTHERWISE[name]?.map(([aspect]) => aspect) ?? [];
  found.push(
    proof(evidence, scan, name),
    ...asked.filter(({ aspect }) => !others.includes(aspect)),
  );
  found.push(openPorts(event, scan), tool(event, truth.scans));
  if (scan.hops !== undefined) found.push(distance(event, scan.hops, name));
  if (scan.zombie || event.zombie) {
    const said = event.zombie && event.zombie.join(", ");
    found.push(statement("zombie", said && scan.zombie === true, said ?? "", "no zombie"));
  }
  found.push(direction(event, truth.home, inferred));
  return found;
}

/** `isRight`: undefined for what was not said. */
function statement(
  aspect: Aspect,
  isRight: boolean | "" | undefined,
  said: string,
  truth: unknown,
): Statement {
  if (isRight === undefined || isRight === "") return { aspect, verdict: "unsaid", said: "" };
  return isRight
    ? { aspect, verdict: "right", said }
    : { aspect, verdict: "wrong", said: `${said}, but ${truth}` };
}

function forged({ sources }: ScanEvent, { sources: real, forged = [] }: Scan): Statement {
  if (sources === undefined) return statement("forged", undefined, "", "");
  const all = sources.list.split(",").sort().join();
  const isRight = sources.forged === forged.length && all === [...real, ...forged].sort().join();
  return statement("forged", isRight, `${sources.forged} of ${sources.count}`, forged);
}

function proof(evidence: SourceEvidence, scan: Scan, name: string): Statement {
  const proved = STRENGTH[evidence], provable = STRENGTH[scan.evidence ?? "none"];
  if (proved < provable) return statement("proof", undefined, "", "");
  const isRight = proved === provable || name in PROVED_OTHERWISE;
  return statement("proof", isRight, evidence, scan.evidence);
}

/**
 * Of what a source did in all: more than that is wrong; all of it, or of one of its scans, is right; less is
 * unsaid: a capture may begin late, or at a host that not all of it concerned.
 */
function ofWhole(
  aspect: Aspect,
  said: Set<string | number>,
  scans: Set<string | number>[],
  text: string,
): Statement {
  const all = new Set(scans.flatMap((scan) => [...scan]));
  if ([...said].some((one) => !all.has(one))) {
    return statement(aspect, false, text, [...all].join());
  }
  const isWhole = [all, ...scans].some(({ size }) => size === said.size);
  return statement(aspect, isWhole || undefined, text, "");
}

function technique({ techniques }: ScanEvent, own: readonly Scan[]): Statement {
  const scans = own.map(({ techniques }) => new Set<string | number>(techniques));
  return ofWhole("technique", new Set(techniques), scans, techniques.join("+"));
}

/** Ports of TCP, UDP and SCTP, and IP protocols; counts are exact where the list is cut. */
function portsAsked({ ports }: ScanEvent, own: readonly Scan[]): Statement {
  const scans = own.map((scan) => new Set<string | number>(portsOf(scan.ports?.list ?? "")));
  const said = portsOf(ports.list), text = `${ports.count}`;
  if (said.size === ports.count) return ofWhole("ports", new Set(said), scans, text);
  const most = Math.max(...scans.map(({ size }) => size));
  if (ports.count > most) return statement("ports", false, text, most);
  return statement("ports", ports.count === most || undefined, text, "");
}

function hostsAsked({ hosts }: ScanEvent, own: readonly Scan[]): Statement {
  const counts = own.map((scan) => scan.hosts.reduce((sum, host) => sum + hostsIn(host), 0));
  const all = counts.reduce((sum, count) => sum + count, 0), said = `${hosts.count}`;
  if (hosts.count > all) return statement("hosts", false, said, all);
  const isWhole = hosts.count === all || counts.includes(hosts.count);
  return statement("hosts", isWhole || undefined, said, "");
}

/** A single address, or `first-last`. */
function hostsIn(host: string): number {
  const [first, last] = host.split("-").map((text) => parsePrefix(text)!.address);
  if (last === undefined) return 1;
  return first.reduce((sum, byte, i) => (last[i] - byte) + 256 * sum, 0) + 1;
}

/** A listener behind a filter, or one asked by a FIN, is open and cannot be learned of. */
function openPorts({ ports }: ScanEvent, scan: Scan): Statement {
  const listening = portsOf(scan.ports?.open ?? ""), said = portsOf(ports.open ?? "");
  const isTrue = [...said].every((port) => listening.has(port));
  if (isTrue && said.size < listening.size) return statement("open", undefined, "", "");
  return statement("open", isTrue, ports.open || "none", scan.ports?.open);
}

function tool({ tool }: ScanEvent, scans: Scan[]): Statement {
  if (!tool?.length) return statement("tool", undefined, "", "");
  const names = tool.map(({ name }) => name), real = scans.map(({ tool }) => tool);
  return statement("tool", names.every((name) => real.includes(name)), names.join(), real);
}

function distance({ hops }: ScanEvent, truth: number, name: string): Statement {
  if (hops === undefined) return statement("distance", undefined, "", "");
  const nearest = TWO_DISTANCES.includes(name) ? truth - 1 : truth;
  const said = hops.min === hops.max ? `${hops.min}` : `${hops.min}-${hops.max}`;
  return statement("distance", hops.min <= truth && nearest <= hops.max, said, truth);
}

function direction(event: ScanEvent, home: string[], inferred: Directions): Statement {
  const { source, destination } = event;
  const prefixes = home.map(parsePrefix).filter((prefix): prefix is Prefix => !!prefix);
  const real = new Directions(prefixes, true).of(source, destination);
  const said = inferred.of(source, destination);
  return statement("direction", said && said === real, said ?? "", real);
}

function ofMisuse(event: MisuseEvent, truth: Misuse | undefined): Statement[] {
  const { kind, address, by, against, ports } = event;
  const said = [kind, address, by && `by ${by}`].filter(Boolean).join(" ");
  const isRight = truth !== undefined && kind === truth.kind && address === truth.address &&
    by === truth.by;
  const found = [statement("misuse", isRight, said, JSON.stringify(truth))];
  if (truth?.against === undefined && against === undefined) return found;
  if (against === undefined) return [...found, statement("victim", undefined, "", "")];
  const counts = truth?.ports === undefined ||
    (ports?.count === portsOf(truth.ports).size && ports.open === portsOf(truth.open ?? "").size);
  const answered = `${against}, ${ports?.count} ports, ${ports?.open} open`;
  const isTrue = against === truth?.against && counts;
  return [...found, statement("victim", isTrue, answered, JSON.stringify(truth))];
}

function ofVisits(events: VisitEvent[], truth: Visit[]): Statement[] {
  const text = ({ source, port, match }: Visit) => `${source} to ${port} (${match})`;
  const real = truth.map(text);
  const said = events.map(({ source, destinationPort: port, match }) =>
    text({ source, port, match })
  );
  return [
    ...said.map((one) => statement("visit", real.includes(one), one, real.join("; "))),
    ...real.filter((one) => !said.includes(one)).map(() => statement("visit", undefined, "", "")),
  ];
}

function portsOf(list: string): Set<number> {
  const ports = new Set<number>();
  for (const part of list.split(",").filter((part) => part !== "")) {
    const [from, to = from] = part.split("-").map(Number);
    for (let port = from; port <= to; port++) ports.add(port);
  }
  return ports;
}
