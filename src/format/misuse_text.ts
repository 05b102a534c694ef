// The misuse of an address in words for people: who is harmed, by what, and that the address's owner did not scan.
// Knows the event only.

import type { MisuseEvent } from "../event.ts";
import { durationText, grouped, plural } from "./figures.ts";

/** What follows the first word of the line, in parts. */
export function misuseText(event: MisuseEvent): string[] {
  return [
    `${addressText(event)} ${VERBS[event.kind](event)}: ${evidence(event)} in ` +
    durationText(event.endUs - event.startUs),
    answers(event),
    // It must be there to read the answers; but who wants to blame it can do without.
    event.kind === "zombie" ? `${event.by} may be forged` : "its owner did not send them",
  ].filter((part) => part !== undefined);
}

const VERBS: Record<MisuseEvent["kind"], (event: MisuseEvent) => string> = {
  zombie: ({ by, against }) =>
    against === undefined
      ? `is probed by ${by} as the zombie of an idle scan is`
      : `is used by ${by} as the zombie of an idle scan of ${against}`,
  decoy: (event) => `${isOrAre(event)} a forged source in a scan of ${event.against}`,
  "flood-backscatter": (event) => `${isOrAre(event)} forged sources in a flood of ${event.against}`,
};

function isOrAre({ addresses, kind }: MisuseEvent): string {
  if (addresses > 1) return kind === "decoy" ? "are each" : "are";
  return kind === "decoy" ? "is" : "is among";
}

function addressText({ address, addresses, port }: MisuseEvent): string {
  if (addresses > 1) return `${address} and ${grouped(addresses - 1)} more`;
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function evidence({ kind, packets }: MisuseEvent): string {
  return plural(packets, kind === "zombie" ? "probe" : "unasked answer");
}

function answers({ against, ports }: MisuseEvent): string | undefined {
  if (ports === undefined) return undefined;
  return `${plural(ports.count, "port")} of ${against} answered, ${grouped(ports.open)} open`;
}
