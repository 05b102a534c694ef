// Ports and addresses written as ranges. Knows no packets.

import ipaddr from "ipaddr.js";

/** `22,80-82` as numbers, in order, without repeats. */
export function parsePorts(list: string): number[] {
  const ports = new Set<number>();
  for (const part of list.split(",").filter((part) => part !== "")) {
    const [first, last] = part.split("-").map(Number);
    for (let port = first; port <= (last ?? first); port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

/** Numbers as ranges: `22,80-82`. */
export function formatPorts(ports: Iterable<number>): string {
  const sorted = [...new Set(ports)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i];
    while (i + 1 < sorted.length && sorted[i + 1] === sorted[i] + 1) i++;
    parts.push(sorted[i] === first ? `${first}` : `${first}-${sorted[i]}`);
  }
  return parts.join(",");
}

export function isV6(address: string): boolean {
  return address.includes(":");
}

/** `10.0.0.1-3/24` or `fd00::1-3/64` (last group, in hexadecimal) as single addresses with their length. */
export function expandAddress(range: string): string[] {
  const [whole, length] = range.split("/");
  const dash = whole.indexOf("-");
  if (dash < 0) return [range];
  const cut = Math.max(whole.lastIndexOf("."), whole.lastIndexOf(":"));
  const base = isV6(whole) ? 16 : 10;
  const first = parseInt(whole.slice(cut + 1, dash), base);
  const last = parseInt(whole.slice(dash + 1), base);
  const tail = length === undefined ? "" : `/${length}`;
  const all: string[] = [];
  for (let n = first; n <= last; n++) {
    all.push(`${whole.slice(0, cut + 1)}${n.toString(base)}${tail}`);
  }
  return all;
}

/** All addresses of a host's plan, without prefix lengths. */
export function addressesOf(plan: string[]): string[] {
  return plan.flatMap(expandAddress).map((address) => address.split("/")[0]);
}

/** The network of `address/length`, in the same notation. */
export function networkOf(cidr: string): string {
  const network = isV6(cidr)
    ? ipaddr.IPv6.networkAddressFromCIDR(cidr)
    : ipaddr.IPv4.networkAddressFromCIDR(cidr);
  return `${network}/${cidr.split("/")[1]}`;
}
