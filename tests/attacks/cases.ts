// Attacks, and the honest traffic beside them: each a capture made in memory, what must be said of it, and
// nobody else may be named. Cases that the detector does not meet yet stand in one list, with what it says.

import assert from "node:assert/strict";
import { Explainer } from "../../src/detect/scandog/account/explainer.ts";
import { ScandogDetector } from "../../src/detect/scandog/detector.ts";
import { type ScandogOptions, scandogOptions } from "../../src/detect/scandog/options.ts";
import type { Explanation } from "../../src/account.ts";
import type { DetectorEvent, ScanEvent } from "../../src/event.ts";
import { runCapture } from "../support/run_capture.ts";
import { KNOWN_FAILURES } from "./known_failures.ts";
import { Wire } from "./wire.ts";

/** One scan, as its last event tells it. */
export interface Told {
  source: string;
  techniques: string;
  shape?: string;
  /** How many, and of these: */
  ports: number;
  list: string;
  open: string;
  closed: number;
  silent: number;
  hosts: number;
  evidence?: string;
  startUs: number;
  endUs: number;
  slow?: boolean;
  /** Addresses that took part, where there are several; and how many of them are said to be forged. */
  sources: string;
  forged: number;
  tool: string;
  /** When it was first told. */
  toldUs: number;
}

/** What must be said of a scan: `source`, and what else the case is about. */
export type Expected =
  & Partial<Omit<Told, "techniques" | "toldUs">>
  & { source: string; techniques?: string | RegExp; toldBeforeUs?: number };

export interface Heard {
  told: Told[];
  events: DetectorEvent[];
  /** The account of the same capture, for who asks: it takes another run. */
  readonly explanation: Explanation;
}

/** Runs a capture through the detector. */
export function hear(capture: Uint8Array, options: Partial<ScandogOptions> = {}): Heard {
  const given = scandogOptions({ memory: 16, ...options });
  const { events } = runCapture(
    capture,
    (records, emit) => new ScandogDetector(records, given, emit),
  );
  return {
    told: toldOf(events),
    events,
    get explanation() {
      let explainer: Explainer | undefined;
      runCapture(capture, (records, emit) => {
        return explainer = new Explainer(records, given, { only: [], listMax: 0 }, emit);
      });
      return explainer!.explanation();
    },
  };
}

/** The scans in these events, in the order in which they were told. */
export function toldOf(events: readonly DetectorEvent[]): Told[] {
  const scans = new Map<number, { first: ScanEvent; last: ScanEvent }>();
  for (const event of events) {
    if (!("scan" in event)) continue;
    const first = scans.get(event.scan)?.first ?? event;
    assert.ok(event.timeUs >= first.timeUs, "an event of a scan is older than its start");
    scans.set(event.scan, { first, last: event });
  }
  return [...scans.values()].map(({ first, last }) => ({
    source: last.source,
    techniques: last.techniques.join("+"),
    shape: last.shape,
    ports: last.ports.count,
    list: last.ports.list,
    open: last.ports.open ?? "",
    closed: last.ports.closed ?? 0,
    silent: last.ports.silent ?? 0,
    hosts: last.hosts.count,
    evidence: last.evidence,
    startUs: last.startUs,
    endUs: last.endUs,
    slow: last.slow,
    sources: last.sources?.list ?? "",
    forged: last.sources?.forged ?? 0,
    tool: last.tool?.map(({ name }) => name).join("+") ?? "",
    toldUs: first.timeUs,
  }));
}

/** One line of a scan, for messages. */
export function words(scan: Told): string {
  const { source, shape, techniques, ports, open, closed, silent, hosts, evidence } = scan;
  const others = scan.sources === "" ? "" : ` (of ${scan.sources}, ${scan.forged} forged)`;
  return `${source}${others} ${shape} ${techniques} ${ports} ports ` +
    `(open ${open || "-"}, ${closed} closed, ${silent} silent), ${hosts} hosts, ${evidence}`;
}

/** Throws with what is said where it is not what must be said. */
export function check({ told }: Pick<Heard, "told">, expected: readonly Expected[]): void {
  const said = told.map(words).join("; ") || "nothing";
  const names = (all: readonly { source: string }[]) => all.map(({ source }) => source).sort();
  assert.deepEqual(names(told), names(expected), `says ${said}`);
  const rest = [...told];
  for (const one of expected) {
    const place = rest.findIndex(({ source }) => source === one.source);
    const [scan] = rest.splice(place, 1);
    const { techniques, toldBeforeUs, ...exact } = one;
    for (const [key, value] of Object.entries(exact)) {
      const found = scan[key as keyof Told];
      assert.deepEqual(found, value, `${key} is ${found}, not ${value}: says ${said}`);
    }
    if (techniques instanceof RegExp) assert.match(scan.techniques, techniques, `says ${said}`);
    else if (techniques !== undefined) assert.equal(scan.techniques, techniques, `says ${said}`);
    if (toldBeforeUs !== undefined) {
      const late = Math.ceil((scan.toldUs - toldBeforeUs) / 1e6);
      assert.ok(late <= 0, `told ${late} s too late`);
    }
  }
}

/** A capture in the making, with what must be said of it. */
export interface Made {
  wire: Wire;
  expected: Expected[];
  options?: Partial<ScandogOptions>;
  /** The frames stay in the order in which they were made, whatever their times are. */
  inOrder?: boolean;
  /** Frames that the capture lacks: where it sees one direction only. */
  seen?: Parameters<Wire["pcap"]>[0];
  /** `also` alone says what must be told. */
  anyNumber?: boolean;
  /** What else must hold. */
  also?: (heard: Heard) => void;
}

/**
 * `make` is called once for each variant; all of them must be told, or be quiet, as it says. `file` makes
 * the capture's file another one.
 */
export function attack<V>(
  name: string,
  variants: readonly V[],
  make: (variant: V, wire: Wire) => Omit<Made, "wire"> | Expected[],
  wireOptions: (variant: V) => Wire["options"] = () => ({}),
  file: (capture: Uint8Array, variant: V) => Uint8Array = (capture) => capture,
): void {
  assert.ok(variants.length > 0, name);
  Deno.test(name, () => {
    const wrong: string[] = [];
    variants.forEach((variant, index) => {
      const wire = new Wire({ seed: 1 + index, ...wireOptions(variant) });
      const made = make(variant, wire);
      const { expected, options, seen, also, inOrder, anyNumber } = Array.isArray(made)
        ? { expected: made } as Omit<Made, "wire">
        : made;
      try {
        const heard = hear(file(wire.pcap(seen, inOrder), variant), options);
        if (!anyNumber) check(heard, expected);
        also?.(heard);
      } catch (error) {
        if (!(error instanceof assert.AssertionError)) throw error;
        wrong.push(`${JSON.stringify(variant)}: ${error.message.split("\n")[0]}`);
      }
    });
    settle(name, wrong, variants.length);
  });
}

/** Honest traffic: nobody is named, in any variant. */
export function harmless<V>(
  name: string,
  variants: readonly V[],
  make: (variant: V, wire: Wire) => Pick<Made, "options" | "seen" | "also"> | void,
  wireOptions?: (variant: V) => Wire["options"],
): void {
  attack(
    name,
    variants,
    (variant, wire) => ({ ...make(variant, wire), expected: [] }),
    wireOptions,
  );
}

/** Fails a case that went wrong, unless it is known to; and one that is known to and went right. */
export function settle(name: string, wrong: readonly string[], variants: number): void {
  const record = Deno.env.get("SCANDOG_ATTACKS_RECORD");
  const said = `${wrong.length} of ${variants}: ${wrong[0]?.slice(0, 260)}`;
  if (record !== undefined) {
    const row = JSON.stringify([name, wrong.length > 0 ? said : null]);
    Deno.writeTextFileSync(record, `${row}\n`, { append: true });
    return;
  }
  if (name in KNOWN_FAILURES) {
    assert.ok(
      wrong.length > 0,
      `"${name}" is right now: remove it from tests/attacks/known_failures.ts`,
    );
    return;
  }
  assert.deepEqual(
    wrong,
    [],
    `${wrong.length} of ${variants} variants are not told as they should be`,
  );
}
