// How the scanners are called where that takes more than a line.

import { must } from "./process.ts";

/** masscan wants to be told the router's address, and waits ten seconds for late answers unless told. */
export function masscan(...options: string[]): string[] {
  return ["masscan", ...options, "--wait", "1"];
}

/** nmap's own list of the `count` most usual TCP ports. */
export async function usualPorts(count: number, protocol: "TCP" | "UDP" = "TCP"): Promise<string> {
  const kind = protocol === "UDP" ? ["-sU"] : [];
  const said = await must(["nmap", ...kind, "--top-ports", `${count}`, "-oG", "-", "-v"]);
  return new RegExp(`${protocol}\\(\\d+;([\\d,-]+)\\)`).exec(said)![1];
}
