// `--inside`: which tunnels are looked into. Knows how it is written; nothing of how they are decoded.

import { Tunnel } from "../decode/tunnel.ts";
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
      return new Refusal(`must be of ${NAMES.join(", ")}, separated by commas`);
    }
    bits |= bit;
  }
  return bits;
}

/** Names separated by commas; in a file also an array of them. */
export const TUNNEL_LIST: Kind<number> = {
  metavar: "TUNNEL,...",
  isList: true,
  parse: (text) => parseAll(text.split(",")),
  fromToml(value) {
    if (typeof value === "string") return parseAll(value.split(","));
    const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
    return isTexts ? parseAll(value) : new Refusal("must be a string or an array of strings");
  },
  toml: (bits) =>
    `[${
      NAMES.filter((name) => (bits & TUNNELS[name]) !== 0).map((name) => JSON.stringify(name)).join(
        ", ",
      )
    }]`,
};
