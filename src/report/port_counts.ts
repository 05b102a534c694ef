// Which ports scans wanted: of each, how many sources tried it. From the scans' own lists, which may be
// cut.

import { compare } from "./fold.ts";
import type { Scan } from "./story.ts";

export const PORTS = 65_536;

/** For each port, how many sources tried it with one transport. */
export interface PortCounts {
  transport: string;
  counts: Uint32Array;
  open: Uint8Array;
  sources: number;
}

/** `tcp` and `udp` and `sctp`, as far as there are scans of them. */
export function portCounts(scans: readonly Scan[]): PortCounts[] {
  return ["tcp", "udp", "sctp"].flatMap((transport) => {
    const own = scans.filter((scan) => transportsOf(scan).includes(transport) && hasPorts(scan));
    if (own.length === 0) return [];
    const counts = new Uint32Array(PORTS), open = new Uint8Array(PORTS);
    // A source that comes again counts once: each port remembers by whom it was counted last.
    const lastBy = new Int32Array(PORTS).fill(-1);
    const sources = new Map<string, number>();
    for (const { source } of own) if (!sources.has(source)) sources.set(source, sources.size);
    // Source by source, or the mark of one would cover the other's.
    for (const { source, ports } of own.toSorted((a, b) => compare(a.source, b.source))) {
      const index = sources.get(source)!;
      for (const { first, last } of ports.ranges) {
        for (let port = first; port <= last; port++) {
          if (lastBy[port] === index) continue;
          lastBy[port] = index;
          counts[port]++;
        }
      }
    }
    for (const scan of own) {
      for (const { first, last } of scan.open ?? []) open.fill(1, first, last + 1);
    }
    return [{ transport, counts, open, sources: sources.size }];
  });
}

function hasPorts({ ports, techniques }: Scan): boolean {
  return ports.count > 0 && techniques.some((name) => name !== "ip-protocol");
}

/** Where probes were of several kinds, the techniques tell. */
function transportsOf({ transport, techniques }: Scan): string[] {
  if (transport !== undefined) return [transport];
  return techniques.map((name) =>
    name.startsWith("sctp") ? "sctp" : name === "udp" ? "udp" : "tcp"
  );
}

export interface WantedPort {
  port: number;
  transport: string;
  sources: number;
  isOpen: boolean;
}

/** The ports that most sources tried. */
export function mostWanted(all: readonly PortCounts[], max: number): WantedPort[] {
  const found: WantedPort[] = [];
  for (const { transport, counts, open } of all) {
    for (let port = 0; port < PORTS; port++) {
      const sources = counts[port];
      if (sources > 1 || (sources === 1 && open[port] === 1)) {
        found.push({ port, transport, sources, isOpen: open[port] === 1 });
      }
    }
  }
  return found.sort((a, b) =>
    b.sources - a.sources || Number(b.isOpen) - Number(a.isOpen) || a.port - b.port
  ).slice(0, max);
}
