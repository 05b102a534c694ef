// An explanation as lines of JSON, for programs: an object for each attempt that is listed, then one
// for its source. Names of the Elastic Common Schema where it has one, all else under `scandog`.
// Knows accounts; what is not known is absent, never null.

import type { AttemptAccount, Explanation, SourceAccount, TargetName } from "../account.ts";
import { decisionNamed } from "../decision.ts";
import type { FloodEvent } from "../event.ts";
import { ECS_VERSION } from "./ecs.ts";
import { rfc3339 } from "./zone.ts";

type Members = Record<string, unknown>;

/**
 * The lines of a whole explanation, then one with what is of no single source. `asked`: the words of
 * `--source`, one each.
 */
export function* explanationJson(
  explanation: Explanation,
  asked: readonly string[],
): Generator<string> {
  const { sources, leftOut, gated, absent, floods } = explanation;
  for (const source of sources) {
    for (const attempt of source.listed) yield JSON.stringify(attemptMembers(attempt));
    yield JSON.stringify(sourceMembers(source));
  }
  yield JSON.stringify({
    ...head("explain-end"),
    scandog: {
      explain: {
        sources: sources.length,
        left_out: leftOut,
        gated,
        absent: absent.map(({ index, received }) => ({ source: asked[index], received })),
        floods: floods.map(floodMembers),
      },
    },
  });
}

function floodMembers(flood: FloodEvent): Members {
  const { startUs, endUs, destination, network, techniques, packets, sources, rate } = flood;
  return {
    start: rfc3339(startUs),
    end: rfc3339(endUs),
    target: network ?? destination,
    techniques,
    ports: flood.ports.count,
    hosts: flood.hosts.count,
    packets,
    sources,
    rate,
  };
}

function head(action: string, times: Members = {}): Members {
  return {
    ecs: { version: ECS_VERSION },
    event: {
      kind: "event",
      category: ["network"],
      type: ["info"],
      action,
      ...times,
      module: "scandog",
      dataset: "scandog.explain",
    },
  };
}

/** Targets that are ports; they are named as ECS names their transport. */
const WITH_PORTS: ReadonlySet<TargetName> = new Set<TargetName>(["tcp", "udp", "sctp"]);

function attemptMembers(attempt: AttemptAccount): Members {
  const { source, sourcePort, destination, target, port, timeUs, weighed } = attempt;
  const isPort = WITH_PORTS.has(target);
  return {
    "@timestamp": rfc3339(timeUs),
    ...head("explain-attempt"),
    source: { ip: source, port: sourcePort },
    destination: { ip: destination, port: isPort ? port : undefined },
    network: isPort ? { transport: target } : undefined,
    scandog: {
      explain: {
        target,
        protocol: isPort ? undefined : port,
        techniques: attempt.techniques,
        outcome: attempt.outcome,
        decision: attempt.decision,
        witness: witnessOf(attempt.decision),
        weight: weighed?.weight,
        points: weighed?.points,
        port_rule: weighed?.portRule,
        host_rule: weighed?.hostRule,
        scan: attempt.scan,
      },
    },
  };
}

/** The witness of a decision: whose packets show it. Absent if there is none. */
function witnessOf(decision: string): string | undefined {
  const witness = decisionNamed(decision)?.witness;
  return witness === "none" ? undefined : witness;
}

function sourceMembers(source: SourceAccount): Members {
  const hasTimes = source.attempts > 0;
  const times = hasTimes ? { start: rfc3339(source.startUs), end: rfc3339(source.endUs) } : {};
  return {
    ...(hasTimes ? { "@timestamp": rfc3339(source.endUs) } : {}),
    ...head("explain-source", times),
    source: { ip: source.source, packets: source.packets?.sent },
    scandog: {
      explain: {
        scanned: source.scanned,
        unfit_packets: source.packets?.unfit,
        attempts: source.attempts,
        listed: source.listed.length,
        outcomes: source.outcomes,
        decisions: source.decisions,
        weight: source.weight,
        points: source.points,
        thresholds: source.thresholds,
        scans: source.scans.map(({ beganUs, ...scan }) => ({ ...scan, began: rfc3339(beganUs) })),
        scan_count: source.scanCount,
        restarts: source.restarts,
        gated: source.gated,
        dismissed: source.dismissed,
        partial: source.partial,
      },
    },
  };
}
