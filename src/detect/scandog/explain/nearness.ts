// How near an actor is to each rule. Reads the counters that the rules read, and asks the rules' own
// functions; decides nothing.

import type { Threshold } from "../../../account.ts";
import { RULES } from "../../../account.ts";
import { Actor } from "../table/actors.ts";
import type { LedgerTables } from "../ledger.ts";
import { Pair } from "../table/pairs.ts";
import {
  enoughPoints,
  enoughWeight,
  factorOf,
  isBlock,
  isFailing,
  isFewPorts,
  isGrid,
  isRaw,
  isScattered,
  isSocket,
  portsOf,
  Rule,
} from "../rules/rules.ts";

/** The attempt at hand: its pairs, and how its host and its target are written. */
export interface Asked {
  actor: number;
  host: number;
  port: number;
  /** It was UDP. */
  isDatagram: boolean;
  hostText: string;
  targetText: string;
}

/** All rules that could find a scan in what an actor did, with how near each is. */
export function nearness(tables: LedgerTables, asked: Asked): Threshold[] {
  const { actors } = tables;
  const isNetwork = actors.get(asked.actor, Actor.IsNetwork) !== 0;
  const found = [onOneHost(tables, asked), onOnePort(tables, asked)];
  if (isNetwork) return found.map((threshold) => ({ ...threshold, network: true }));
  return [...found, ...onMany(tables, asked)];
}

function onOneHost({ pairs, actors, options }: LedgerTables, asked: Asked): Threshold {
  const { actor, host, hostText } = asked;
  const factor = factorOf(actors.get(actor, Actor.IsNetwork), options);
  const reached = pairs.get(host, Pair.Weight);
  const enough = enoughWeight(factor, options);
  const counts = { failed: pairs.get(host, Pair.Failed), used: pairs.get(host, Pair.Used) };
  const held = reached >= enough && !isFailing(counts.failed, counts.used, options.failureRatio);
  return {
    ...threshold(Rule.Ports, reached, enough),
    on: hostText,
    ...(held ? { held: "successes", ...counts } : {}),
  };
}

function onOnePort({ pairs, actors, options }: LedgerTables, asked: Asked): Threshold {
  const { actor, port, isDatagram, targetText } = asked;
  const factor = factorOf(actors.get(actor, Actor.IsNetwork), options);
  const reached = pairs.get(port, Pair.Points);
  const enough = enoughPoints(factor, options);
  const near = { ...threshold(Rule.Hosts, reached, enough), on: targetText };
  if (reached < enough) return near;
  const counts = { failed: pairs.get(port, Pair.Failed), used: pairs.get(port, Pair.Used) };
  if (!isFailing(counts.failed, counts.used, options.failureRatio)) {
    return { ...near, held: "successes", ...counts };
  }
  return isScattered(actors, actor, pairs, port, isDatagram) ? { ...near, held: "shape" } : near;
}

/** The rules about several hosts and several ports, as far as the targets have their shape. */
function onMany({ actors, options }: LedgerTables, { actor, isDatagram }: Asked): Threshold[] {
  const hosts = actors.bits(actor, Actor.HostBits), ports = portsOf(actors, actor);
  if (hosts < 2 || ports < 2) return [];
  const failed = actors.get(actor, Actor.Failed), used = actors.get(actor, Actor.Used);
  const points = actors.get(actor, Actor.Points);
  const isWhole = isBlock(actors, actor, options);
  const judge = (near: Threshold, holds: boolean): Threshold => {
    if (near.reached < near.enough || (isWhole && holds)) return near;
    if (!isFailing(failed, used, options.failureRatio)) {
      return { ...near, held: "successes", failed, used };
    }
    return { ...near, held: "shape" };
  };
  const found: Threshold[] = [];
  if (3 * ports <= failed) {
    const near = threshold(Rule.FewPorts, points, enoughPoints(1, options));
    found.push(judge(near, isFewPorts(actors, actor, options)));
  }
  if (ports >= 3 && hosts >= 3) {
    const near = threshold(Rule.Grid, failed, options.blockTargets);
    found.push(judge(near, isGrid(actors, actor, options)));
  }
  if (isRaw(actors, actor, isDatagram)) {
    const weight = actors.get(actor, Actor.Weight);
    const near = threshold(Rule.Socket, weight, enoughWeight(1, options));
    found.push(judge(near, isSocket(actors, actor, isDatagram, options)));
  }
  return found;
}

function threshold(rule: number, reached: number, enough: number): Threshold {
  return { rule: RULES[rule], reached, enough };
}

/** For comparing: 1 is a scan, and what is held back is never quite one. */
export function closeness({ reached, enough, held }: Threshold): number {
  const share = reached / enough;
  return held === undefined ? share : Math.min(share, 0.99);
}
