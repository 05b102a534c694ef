// The codes of an account in words that need no knowledge of the code. Knows codes; nothing of numbers.

import type {
  AttemptAccount,
  Outcome,
  ShapeName,
  TargetName,
  Telling,
  Threshold,
} from "../account.ts";
import { decisionNamed, type Witness } from "../decision.ts";
import { HOST_CLASSES, PORT_CLASSES } from "../failure_class.ts";

export const OUTCOME_WORDS: Record<Outcome, string> = {
  undecided: "undecided",
  used: "used",
  harmless: "harmless",
  refused: "refused",
  silent: "no answer",
  "half-open": "half-open",
  empty: "answered, then nothing",
};

/** `harmless: an answer ...`: what was decided, and why where the head does not say all. */
export function decisionText(decision: string): string {
  const row = decisionNamed(decision);
  if (row === undefined) throw new TypeError(`Cannot tell a decision: ${decision} is none`);
  return row.words === "" ? row.head : `${row.head}: ${row.words}`;
}

/** The witness of what speaks for a source, in words that follow the reason; undefined if there is none. */
export function witnessText(decision: string): string | undefined {
  const row = decisionNamed(decision);
  const speaks = row?.head === "harmless" || row?.head === "not counted" || row?.head === "used";
  return speaks ? WITNESS_WORDS[row.witness] : undefined;
}

const WITNESS_WORDS: Record<Witness, string | undefined> = {
  target: "by the target's packets",
  router: "by a router's error",
  link: "by who speaks on the link",
  capture: "by what the capture cannot show",
  source: "by its own packets only",
  user: "by your options",
  none: undefined,
};

/** What a failed port is, in words; of the name of a row of `PORT_CLASSES`. */
export function portClassText(name: string): string {
  return wordsOf(PORT_CLASSES, name);
}

/** What a failed host is, in words; of the name of a row of `HOST_CLASSES`. */
export function hostClassText(name: string): string {
  return wordsOf(HOST_CLASSES, name);
}

function wordsOf(rows: readonly { name: string; words: string }[], name: string): string {
  return rows.find((row) => row.name === name)?.words ?? name;
}

/** What a shape looks for. */
export const SHAPE_WORDS: Record<ShapeName, string> = {
  none: "none",
  ports: "many ports of one host",
  hosts: "many hosts by one port or ping",
  "few-ports": "many hosts by a few ports",
  grid: "a grid of ports and hosts",
  socket: "anything from one source port",
  network: "sources of one network together",
  "group-ports": "several sources alike, ports of one host",
  "group-hosts": "several sources alike, many hosts by one port",
};

/** What is counted towards a shape, and the option that says how much is enough. */
export const SHAPE_UNITS: Record<ShapeName, { unit: string; option: string }> = {
  none: { unit: "weight", option: "" },
  ports: { unit: "weight", option: "--scan-weight" },
  hosts: { unit: "points", option: "--sweep-hosts" },
  "few-ports": { unit: "points", option: "--sweep-hosts" },
  grid: { unit: "failed targets", option: "--block-targets" },
  socket: { unit: "weight", option: "--scan-weight" },
  network: { unit: "weight", option: "--network-factor" },
  "group-ports": { unit: "weight", option: "--scan-weight" },
  "group-hosts": { unit: "points", option: "--sweep-hosts" },
};

/** Why a scan was not told, or that it was. */
export const TELLING_WORDS: Record<Telling, string> = {
  told: "told",
  nothing: "not told: its attempts are forgotten or belong to another scan",
  forged:
    "not told: only answers were seen, and the source sends other things: somebody forged its address",
  "source-alerts": "not told: --source-alerts were told of this source already",
  budget: "not told: too many scans at once (--alert-burst, --alert-refill)",
  router:
    "not told: ARP of what has shown itself as a router since, which asks on behalf of others",
};

/** Why enough was not enough. */
export function heldText({ held, failed, used }: Threshold): string | undefined {
  switch (held) {
    case "successes":
      return `no scan, because too many succeed: ${failed} failed, ${used} used (--failure-ratio)`;
    case "shape":
      return "no scan, because every target is another host and another port, as peer-to-peer has it";
    case "sources":
      return "no scan, because the sources are too few (--group-sources) or tried too little each";
    case "neighbours":
      return "no scan, because its sources were used elsewhere too, or belong to other scans";
    default:
      return undefined;
  }
}

const TARGET_WORDS: Record<TargetName, string> = {
  tcp: "tcp",
  udp: "udp",
  sctp: "sctp",
  ping: "ping",
  timestamp: "timestamp request",
  mask: "mask request",
  protocol: "IP protocol",
  arp: "ARP",
};

/** `tcp 22`, `ping`. */
export function aimText({ target, port }: AttemptAccount): string {
  return port === undefined ? TARGET_WORDS[target] : `${TARGET_WORDS[target]} ${port}`;
}
