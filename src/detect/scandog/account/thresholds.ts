// What was reached of a shape, as the account has it, and how near that is to a scan. Knows plain data.

import { SHAPES, type Threshold } from "../../../account.ts";
import { Held, type Reached, ShapeCode } from "../shape/shapes.ts";

/** `host` and `target`: how the latest failure's are written; `isNetwork`: it counts towards a network. */
export function thresholdOf(
  { shape, reached, enough, held, failed, used }: Reached,
  host: string,
  target: string,
  isNetwork: boolean,
): Threshold {
  const on = shape === ShapeCode.Ports ? host : shape === ShapeCode.Hosts ? target : undefined;
  return {
    rule: SHAPES[shape],
    reached,
    enough,
    ...(on === undefined ? {} : { on }),
    ...(held === Held.Successes ? { held: "successes", failed, used } : {}),
    ...(held === Held.Shape ? { held: "shape" } : {}),
    ...(isNetwork ? { network: true } : {}),
  };
}

/** For comparing: 1 is a scan, and what is held back is never quite one. */
export function closeness({ reached, enough, held }: Threshold): number {
  const share = reached / enough;
  return held === undefined ? share : Math.min(share, 0.99);
}
