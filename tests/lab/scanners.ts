// How the scanners are called where that takes more than a line.

import { must } from "./process.ts";
import type { World } from "./world.ts";

/** masscan wants to be told the router's address, and waits ten seconds for late answers unless told. */
export function masscan(...options: string[]): string[] {
  return ["masscan", ...options, "--wait", "1"];
}

/** nmap's own list of the `count` most usual TCP ports. */
export async function usualPorts(count: number): Promise<string> {
  const said = await must(["nmap", "--top-ports", `${count}`, "-oG", "-", "-v"]);
  return /TCP\(\d+;([\d,-]+)\)/.exec(said)![1];
}

/** zmap has to be told the router's link address, and to scan networks it holds for reserved. */
export async function zmap(world: World, ...options: string[]): Promise<string[]> {
  const shown = await world.host("router").run(["cat", "/sys/class/net/outside/address"], {
    unsaid: true,
  });
  const fixed = [
    "-i",
    "eth0",
    "-G",
    shown.stdout.trim(),
    "-b",
    "/dev/null",
    "-c",
    "2",
    "-o",
    "/dev/null",
  ];
  return ["zmap", ...fixed, ...options];
}
