// The severity of an event: 1 is for information, 2 should be looked at in time, 3 should be looked at now.

import type { DetectorEvent } from "../event.ts";

/** `event.severity` of each action; see `severityOf` for what differs. */
export const SEVERITIES: Record<DetectorEvent["action"], number> = {
  "scan-start": 3,
  "scan-update": 2,
  "scan-end": 2,
  "address-misused": 2,
  "scan-visit": 3,
  flood: 3,
  "alerts-suppressed": 2,
  "capture-loss": 2,
  "sensor-silent": 2,
  "sensor-back": 1,
  "sensor-refused": 2,
};

/** A neighbour of the scanner may be somebody else. */
const SEVERITY_NEIGHBOUR = 2;

/** A flood needs a reaction while it goes on. */
const SEVERITY_OVER = 2;

export function severityOf(event: DetectorEvent): number {
  if (event.action === "flood" && event.phase === "end") return SEVERITY_OVER;
  const isNeighbour = event.action === "scan-visit" && event.match === "network";
  return isNeighbour ? SEVERITY_NEIGHBOUR : SEVERITIES[event.action];
}
