// The direction of a scan, seen from the monitored addresses. Works between detector and format: no packet pays for
// it, and no decision depends on it.

import { inPrefixes, parseAddress, type Prefix } from "../address.ts";
import type { DetectorEvent, Direction } from "../event.ts";

export class Directions {
  /**
   * `home`: monitored addresses; none: nothing is known. `isWhole`: they are all there are, as the
   * user said; else they are some, such as this machine's own beside a network that it also sees.
   */
  constructor(private readonly home: readonly Prefix[], private readonly isWhole: boolean) {}

  /** The event, with its direction where that is known. */
  tag(event: DetectorEvent): DetectorEvent {
    // Whoever floods forges sources: only where it arrives is known.
    if (event.action === "flood") {
      return this.isHome(event.destination) ? { ...event, direction: "inbound" } : event;
    }
    if (!("scan" in event)) return event;
    const direction = this.of(event.source, event.destination);
    return direction === undefined ? event : { ...event, direction };
  }

  /** Of packets between two addresses; undefined when it is not known, or one is no address. */
  of(source: string, destination: string): Direction | undefined {
    const from = this.isHome(source), to = this.isHome(destination);
    if (this.home.length === 0 || from === undefined || to === undefined) return undefined;
    if (from) return to ? "internal" : "outbound";
    if (to) return "inbound";
    // What is neither from nor to some monitored addresses may be so for others.
    return this.isWhole ? "external" : undefined;
  }

  private isHome(text: string): boolean | undefined {
    const address = parseAddress(text);
    return address && inPrefixes(this.home, address, 0);
  }
}
