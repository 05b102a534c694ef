// `--inside`: which tunnels are looked into. Knows how it is written; nothing of how they are decoded.

import { Tunnel } from "../decode/tunnel.ts";
import { list } from "./kinds.ts";
import { type Kind, Refusal } from "./row.ts";

/** Their names, as bits. */
const TUNNELS: Readonly<Record<string, number>> = {
  vxlan: Tunnel.Vxlan,
  geneve: Tunnel.Geneve,
  gre: Tunnel.Gre,
  erspan: Tunnel.Erspan,
  ipip: Tunnel.Ipip,
  gtp: Tunnel.Gtp,
};

const NAMES = Object.keys(TUNNELS);

function parseAll(names: readonly string[]): number | Refusal {
  let bits = 0;
  for (const name of names) {
    const bit = TUNNELS[name.trim().toLowerCase()];
    if (bit === undefined) {
      return new Refusal(
        `must be of ${NAMES.join(", ")}, separated by commas; got ${JSON.stringify(name)}`,
      );
    }
    bits |= bit;
  }
  return bits;
}

/** Names of tunnels. */
export const TUNNEL_LIST: Kind<number> = list(
  "TUNNEL,...",
  parseAll,
  (bits) => NAMES.filter((name) => (bits & TUNNELS[name]) !== 0),
);
