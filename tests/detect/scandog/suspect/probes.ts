// Refused probes of many sources, for tests of who answers for them together.

import { TargetClass, targetKey } from "../../../../src/detect/scandog/probe/classes.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import type { AttemptOutcome } from "../../../../src/outcome.ts";
import type { Judged } from "../judged.ts";

/** Sources of networks of their own. */
export const apart = (i: number) => `${11 + (i >> 8)}.${i & 255}.7.9`;
let sequence = 1;

/** Ports from 2000 on that share no bit of a campaign's 512: others may be taken for one. */
export const PORTS = distinctPorts();

function distinctPorts(): number[] {
  const hash = new Hash(scandogOptions().seed);
  const seen = new Set<number>();
  const ports: number[] = [];
  for (let port = 2000; ports.length < 200; port++) {
    const bit = hash.pair(targetKey(TargetClass.Tcp, port), 0) & 511;
    if (!seen.has(bit)) ports.push(port);
    seen.add(bit);
  }
  return ports;
}

/** A refused probe of a port that no other probe is a copy of. */
export function probe(
  judged: Judged,
  source: string,
  port: number,
  given: Partial<AttemptOutcome> = {},
) {
  sequence += 7919;
  judged.take({ source, port, sourcePort: 30_000 + sequence % 20_000, sequence, ...given });
}
