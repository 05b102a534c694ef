// `--weigh`: what failed attempts at some targets weigh. Knows how it is written; nothing of how attempts are
// weighed.

import { parsePrefix, prefixText } from "../address.ts";
import type { TargetWeight } from "../detector.ts";
import type { Profile } from "../event.ts";
import { SCANDOG } from "../params.ts";
import { list } from "./kinds.ts";
import { type Kind, Refusal } from "./row.ts";
import type { Fault, Origin } from "./settings.ts";

/** A single target must never be a scan, whatever it weighs. */
const WEIGHT_MAX = SCANDOG.scanWeight.max - 1;

const WORDS = `CIDR=N or CIDR:PORTS=N with N from 0 to ${WEIGHT_MAX}, such as 10.0.0.0/8=0, ` +
  "10.0.0.5:1-1024=1 or [2001:db8::/32]:443=0";

/** `10.0.0.5:80`, `[2001:db8::/32]:1-100`, `10.0.0.0/8`, `2001:db8::1`. */
const TARGET = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::([0-9]{1,5})(?:-([0-9]{1,5}))?)?$/;

function parseOne(text: string): TargetWeight | undefined {
  const [, target, number] = /^(.+)=([0-9]{1,3})$/.exec(text) ?? [];
  if (target === undefined || Number(number) > WEIGHT_MAX) return undefined;
  const weight = Number(number);
  const bare = parsePrefix(target);
  if (bare !== undefined) return { prefix: bare, weight };
  const [, bracketed, plain, first, last = first] = TARGET.exec(target) ?? [];
  const prefix = parsePrefix(bracketed ?? plain ?? "");
  if (prefix === undefined) return undefined;
  if (first === undefined) return { prefix, weight };
  const from = Number(first), to = Number(last);
  return from <= to && to <= 0xffff ? { prefix, ports: { from, to }, weight } : undefined;
}

/** As `WEIGHTS` reads it. */
export function targetWeightText({ prefix, ports, weight }: TargetWeight): string {
  const network = prefixText(prefix);
  if (ports === undefined) return `${network}=${weight}`;
  const range = ports.from === ports.to ? `${ports.from}` : `${ports.from}-${ports.to}`;
  return `${network.includes(":") ? `[${network}]` : network}:${range}=${weight}`;
}

/** Targets and their weights. The first that fits counts. */
export const WEIGHTS: Kind<TargetWeight[]> = list(
  "CIDR[:PORTS]=N",
  parseAll,
  (weights) => weights.map(targetWeightText),
);

function parseAll(texts: readonly string[]): TargetWeight[] | Refusal {
  const weights: TargetWeight[] = [];
  for (const text of texts) {
    const weight = parseOne(text.trim());
    if (weight === undefined) {
      return new Refusal(`must be ${WORDS}; got ${JSON.stringify(text.slice(0, 60))}`);
    }
    weights.push(weight);
  }
  return weights;
}

/** What is wrong with the weights beside the profile and its numbers. */
export function weighFaults(
  profile: Profile,
  weigh: readonly TargetWeight[] | undefined,
  origin: Origin,
  { scanWeight }: Record<string, number>,
): Fault[] {
  if (weigh === undefined) return [];
  if (profile !== "scandog") {
    // A file may serve several profiles.
    if (origin.from !== "command line") return [];
    return [{ key: "weigh", reason: `is for scandog; the profile is ${profile}` }];
  }
  const tooMuch = weigh.find(({ weight }) => weight >= scanWeight);
  if (tooMuch === undefined) return [];
  const text = targetWeightText(tooMuch);
  return [{
    key: "weigh",
    reason: `must be below --scan-weight (${scanWeight}) for each target, got "${text}"`,
  }];
}
