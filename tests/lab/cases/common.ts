// What many cases share: the usual addresses, and ordinary traffic to hide in.

import type { ScanTruth, Technique } from "../plan.ts";
import { nginx, site } from "../servers.ts";
import type { World } from "../world.ts";

export const SCANNER = "198.51.100.7";
export const SCANNER6 = "2001:db8:51::7";
export const TARGET = "203.0.113.10";
export const TARGET6 = "2001:db8:113::10";
export const CLIENT = "198.51.100.40";

/** Without this Linux sends about one unreachable a second after the first six. */
export const UNLIMITED = [
  "net.ipv4.icmp_ratelimit=0",
  "net.ipv6.icmp.ratelimit=0",
  "net.ipv4.icmp_msgs_per_sec=10000",
];

/** The scanner, an honest client, and the target. */
export const WITH_CLIENT = {
  outside: {
    scanner: [`${SCANNER}/24`, `${SCANNER6}/64`],
    client: [`${CLIENT}/24`, "2001:db8:51::40/64"],
  },
};

/** A scan of ports 1-120 of the target, four of them open, unless told otherwise. */
export function vertical(technique: Technique, more: Partial<ScanTruth> = {}): ScanTruth {
  return {
    sources: [SCANNER],
    techniques: [technique],
    shape: "vertical",
    hosts: [TARGET],
    ports: "1-120",
    open: "22,25,80,110",
    tool: "nmap",
    hops: 1,
    evidence: "none",
    ...more,
  };
}

/** One port, or a ping, over many hosts. */
export function horizontal(technique: Technique, more: Partial<ScanTruth> = {}): ScanTruth {
  return {
    sources: [SCANNER],
    techniques: [technique],
    shape: "horizontal",
    hosts: ["203.0.113.1-203.0.113.254"],
    tool: "nmap",
    hops: 0,
    evidence: "none",
    ...more,
  };
}

/** A web server on the target, and a client that keeps fetching from it until the world ends. */
export async function chatter(world: World, port = 80, pauseMs = 200): Promise<void> {
  await nginx(world.target, await site(world.target, 20, [TARGET]), [port]);
  const pause = `sleep 0.$(printf %03d $((RANDOM % ${pauseMs * 2})))`;
  const url = `http://${TARGET}:${port}/part$((RANDOM % 20)).png`;
  world.host("client").start([
    "bash",
    "-c",
    `while :; do curl -s -m 2 -o /dev/null ${url}; ${pause}; done`,
  ]);
}
