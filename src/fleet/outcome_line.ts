// An outcome as one line of JSON, and back: `--outcomes FILE`. Names of the Elastic Common Schema where it
// has one, all else under `scandog`. Knows text; no file. Keys are in a fixed order; what is absent is never
// null.
//
//     {"@timestamp":"2026-…Z","event":{"kind":"event","action":"attempt","start":"…","end":"…"},
//      "source":{"ip":"198.51.100.7","port":40000},"destination":{"ip":"203.0.113.10","port":22},
//      "observer":{"name":"web1","product":"scandog"},
//      "scandog":{"version":1,"attempt":{"target":"tcp","outcome":"refused","witness":"target",…}}}
//
// `@timestamp` is when the outcome was known, `event.start` the first packet, `event.end` the latest of the
// source. What was not written for its number is a line of its own: `"action":"attempts-dropped"`, and
// `"scandog":{"version":1,"dropped":17}`, from `event.start` to `event.end`.

import { type AttemptOutcome, decodeOutcome, encodeOutcome } from "../outcome.ts";
import { type Members, printed } from "../format/members.ts";
import { rfc3339 } from "../format/zone.ts";
import { type Dropped, isDropped } from "./batch.ts";
import { isSensorName } from "./sensor_name.ts";

export const OUTCOME_LINE_VERSION = 1;

/** Characters of the longest line that is read; the longest that is written has less than 3,000. */
export const OUTCOME_LINE_CHARACTERS_MAX = 4096;

const ATTEMPT = "attempt";
const DROPPED = "attempts-dropped";

/** Targets that have ports: `destination.port` is theirs, and there also if it is 0. */
const WITH_PORTS: readonly string[] = ["tcp", "udp", "sctp"];

/** Whole numbers under `scandog.attempt` that have the outcome's own names, with the largest of each. */
const NUMBERS = {
  packets: 0xffff,
  replyBytes: 0xffffffff,
  interface: 0xffff,
  ttl: 0xff,
  trafficClass: 0xff,
  tcpFlags: 0xff,
  ipVersion: 6,
  window: 0xffff,
  ipId: 0xffff,
  size: 0xffff,
  sequence: 0xffffffff,
  acknowledgement: 0xffffffff,
  signature: 0xffffffff,
  linkSource: 0xffffffff,
} as const;
type NumberName = keyof typeof NUMBERS;
const NUMBER_NAMES = Object.keys(NUMBERS) as NumberName[];

/** One line without its end. */
export function outcomeLine(outcome: AttemptOutcome, sensor: string): string {
  const { source, sourcePort, destination, target, port } = outcome;
  const hasPort = WITH_PORTS.includes(target);
  return printed({
    ...head(ATTEMPT, outcome.settledUs, [outcome.firstUs, outcome.latestUs]),
    source: { ip: source, port: sourcePort === 0 ? undefined : sourcePort },
    destination: { ip: destination, port: hasPort ? port : undefined },
    observer: { name: sensor, product: "scandog" },
    scandog: {
      version: OUTCOME_LINE_VERSION,
      attempt: {
        target,
        number: hasPort || port === 0 ? undefined : port,
        outcome: outcome.outcome,
        witness: outcome.witness,
        excuse: outcome.excuse,
        techniques: outcome.techniques,
        facts: outcome.facts,
        ...Object.fromEntries(NUMBER_NAMES.map((name) => [name, outcome[name]])),
        options: outcome.options,
        dontFragment: outcome.dontFragment,
        uses: outcome.uses,
      },
    },
  });
}

/** The line for outcomes that have none. */
export function droppedLine({ count, fromUs, toUs }: Dropped, sensor: string): string {
  return printed({
    ...head(DROPPED, toUs, [fromUs, toUs]),
    observer: { name: sensor, product: "scandog" },
    scandog: { version: OUTCOME_LINE_VERSION, dropped: count },
  });
}

function head(action: string, timeUs: number, [startUs, endUs]: [number, number]): Members {
  return {
    "@timestamp": rfc3339(timeUs),
    event: { kind: "event", action, start: rfc3339(startUs), end: rfc3339(endUs) },
  };
}

/** What a line holds, or why it cannot be read: a sentence of the reader's own, nothing of the line's. */
export type ReadLine =
  | { sensor: string; outcome: AttemptOutcome; dropped?: undefined; refused?: undefined }
  | { sensor: string; dropped: Dropped; outcome?: undefined; refused?: undefined }
  | { refused: string; outcome?: undefined; dropped?: undefined };

/** Members that this version does not know are passed over. For what anybody may have written: never throws. */
export function readOutcomeLine(line: string): ReadLine {
  if (line.length > OUTCOME_LINE_CHARACTERS_MAX) {
    return { refused: `it has more than ${OUTCOME_LINE_CHARACTERS_MAX} characters` };
  }
  let whole: unknown;
  try {
    whole = JSON.parse(line);
  } catch {
    return { refused: "it is not JSON" };
  }
  const own = objectIn(whole, "scandog"), event = objectIn(whole, "event");
  if (own.version !== OUTCOME_LINE_VERSION) {
    const version = Number.isSafeInteger(own.version) ? `of version ${own.version}` : "no outcome";
    return { refused: `it is ${version}; known is version ${OUTCOME_LINE_VERSION}` };
  }
  const { name: sensor } = objectIn(whole, "observer");
  if (typeof sensor !== "string" || !isSensorName(sensor)) {
    return { refused: "observer.name is no name of a sensor" };
  }
  const firstUs = timeOf(event.start), latestUs = timeOf(event.end);
  if (firstUs === undefined || latestUs === undefined) {
    return { refused: "event.start and event.end are not both times" };
  }
  if (event.action === DROPPED) {
    const dropped = { count: Number(own.dropped), fromUs: firstUs, toUs: latestUs };
    const isCount = typeof own.dropped === "number" && isDropped(dropped);
    return isCount ? { sensor, dropped } : { refused: "scandog.dropped is no count" };
  }
  if (event.action !== ATTEMPT) return { refused: "event.action is none of an outcome" };
  const settledUs = timeOf(memberOf(whole, "@timestamp"));
  if (settledUs === undefined) return { refused: "@timestamp is no time" };
  const given = outcomeIn(whole, { firstUs, latestUs, settledUs });
  if (typeof given === "string") return { refused: `${given} is not what it must be` };
  try {
    // Names, addresses and what excludes each other are checked where the form in bytes is.
    const outcome = decodeOutcome(encodeOutcome(given));
    return outcome === undefined ? { refused: "no outcome can be like that" } : { sensor, outcome };
  } catch {
    return { refused: "an address or a name in it is none" };
  }
}

/** The outcome as it is given, each member of its type; else where one is not. */
function outcomeIn(
  whole: unknown,
  times: Pick<AttemptOutcome, "firstUs" | "latestUs" | "settledUs">,
): AttemptOutcome | string {
  const source = objectIn(whole, "source"), destination = objectIn(whole, "destination");
  const attempt = objectIn(objectIn(whole, "scandog"), "attempt"), uses = objectIn(attempt, "uses");
  const { target, outcome, witness, excuse, options, dontFragment, techniques, facts } = attempt;
  const texts = { target, outcome, witness, options };
  const wrong = Object.keys(texts).find((key) => typeof attempt[key] !== "string");
  if (wrong !== undefined) return `scandog.attempt.${wrong}`;
  const { number: targetNumber = 0 } = attempt, { port: sourcePort = 0 } = source;
  const port = WITH_PORTS.includes(target as string) ? destination.port : targetNumber;
  if (typeof source.ip !== "string" || typeof destination.ip !== "string") return "an address";
  if (!isWhole(port, 0xffff) || !isWhole(sourcePort, 0xffff)) return "a port";
  if (excuse !== undefined && typeof excuse !== "string") return "scandog.attempt.excuse";
  if (typeof dontFragment !== "boolean") return "scandog.attempt.dontFragment";
  if (!isTexts(techniques) || !isTexts(facts)) return "scandog.attempt.techniques or facts";
  const number = NUMBER_NAMES.find((name) => !isWhole(attempt[name], NUMBERS[name]));
  if (number !== undefined) return `scandog.attempt.${number}`;
  const { all, host, port: ofPort } = uses;
  if (![all, host, ofPort].every((count) => isWhole(count, 0xff))) return "scandog.attempt.uses";
  return {
    ...times,
    source: source.ip,
    sourcePort,
    destination: destination.ip,
    port,
    ...texts,
    ...(excuse === undefined ? {} : { excuse }),
    techniques,
    facts,
    ...Object.fromEntries(NUMBER_NAMES.map((name) => [name, attempt[name]])),
    dontFragment,
    uses: { all, host, port: ofPort },
    // Every member was looked at above, but the compiler does not follow that.
  } as AttemptOutcome;
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.hasOwn(value, name) ? (value as Members)[name] : undefined;
}

/** The object of that name in another; one without members when there is none. */
function objectIn(value: unknown, name: string): Members {
  const inner = memberOf(value, name);
  return typeof inner === "object" && inner !== null ? inner as Members : {};
}

function isWhole(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 32 &&
    value.every((item) => typeof item === "string");
}

/** Microseconds since 1970 of what `rfc3339` wrote; undefined for anything else. */
function timeOf(text: unknown): number | undefined {
  const match = typeof text === "string"
    ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(text)
    : null;
  if (match === null) return undefined;
  const timeUs = Date.parse(`${match[1]}Z`) * 1000 + Number(match[2]);
  // The 30th of February would be another day.
  return Number.isSafeInteger(timeUs) && timeUs >= 0 && rfc3339(timeUs) === text
    ? timeUs
    : undefined;
}
