// TCP port scans of one host by nmap and masscan, one technique each.

import type { Case, ScanTruth } from "../plan.ts";
import { masscan } from "../scanners.ts";
import { LAN } from "../world.ts";
import { TARGET, vertical } from "./common.ts";

const PORTS = "1-120";

/** A case of nmap with one scan type against a host with four open ports. */
function nmap(name: string, story: string, options: string[], truth: ScanTruth): Case {
  return {
    name,
    story,
    scans: [truth],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["nmap", "-n", "-Pn", ...options, "-p", truth.ports!, truth.hosts[0]]);
    },
  };
}

export const scansTcp: Case[] = [
  nmap(
    "tcp-syn",
    "nmap SYN scan of 120 ports, four open",
    ["-sS"],
    vertical("syn", { evidence: "reset" }),
  ),
  nmap(
    "tcp-connect",
    "nmap connect scan of 120 ports, four open",
    ["-sT"],
    vertical("connect", { evidence: "handshake" }),
  ),
  nmap("tcp-fin", "nmap FIN scan: open ports say nothing", ["-sF"], vertical("fin")),
  nmap("tcp-xmas", "nmap Xmas scan: FIN, PSH and URG", ["-sX"], vertical("xmas")),
  nmap("tcp-null", "nmap NULL scan: no flags at all", ["-sN"], vertical("null")),
  nmap("tcp-maimon", "nmap Maimon scan: FIN and ACK, a RST from open and closed ports alike", [
    "-sM",
  ], vertical("maimon")),
  nmap("tcp-ack", "nmap ACK scan: every port answers RST", ["-sA"], vertical("ack")),
  nmap(
    "tcp-window",
    "nmap window scan: ACK packets, told from -sA by nothing on the wire",
    ["-sW"],
    vertical("ack"),
  ),
  nmap(
    "tcp-syn-fragments",
    "nmap SYN scan in fragments of 8 bytes",
    ["-sS", "-f"],
    vertical("syn", { evidence: "reset", note: "fragmented" }),
  ),
  nmap(
    "tcp-syn-mtu16",
    "nmap SYN scan in fragments of 16 bytes",
    ["-sS", "--mtu", "16"],
    vertical("syn", { evidence: "reset", note: "fragmented" }),
  ),
  nmap(
    "tcp-fin-mtu8",
    "nmap FIN scan in fragments of 8 bytes",
    ["-sF", "--mtu", "8"],
    vertical("fin", { note: "fragmented" }),
  ),
  nmap(
    "ip6-syn",
    "nmap SYN scan over IPv6",
    ["-6", "-sS"],
    vertical("syn", {
      sources: ["2001:db8:51::7"],
      hosts: ["2001:db8:113::10"],
      evidence: "reset",
    }),
  ),
  nmap(
    "ip6-connect",
    "nmap connect scan over IPv6",
    ["-6", "-sT"],
    vertical("connect", {
      sources: ["2001:db8:51::7"],
      hosts: ["2001:db8:113::10"],
      evidence: "handshake",
    }),
  ),
  {
    name: "tcp-syn-lan",
    story: "nmap SYN scan of the thousand usual ports with host discovery, from the same LAN",
    world: LAN,
    scans: [{
      sources: ["192.168.7.66"],
      techniques: ["syn"],
      shape: "vertical",
      hosts: ["192.168.7.10"],
      usualPorts: 1000,
      open: "22,80,443,8080",
      tool: "nmap",
      hops: 0,
      evidence: "reset",
    }],
    async run({ scanner, target }) {
      await target.listen(22, 80, 443, 8080);
      await scanner.run(["nmap", "-n", "-sS", target.v4]);
    },
  },
  {
    name: "tcp-decoys",
    story: "nmap SYN scan with four decoys, the true source third",
    world: {
      outside: {
        scanner: ["198.51.100.7/24"],
        decoy1: ["198.51.100.21/24"],
        decoy2: ["198.51.100.22/24"],
      },
    },
    scans: [vertical("syn", {
      shape: "decoy",
      forged: ["198.51.100.21", "198.51.100.22", "198.51.100.23", "192.0.2.99"],
      evidence: "reset",
      note:
        "decoys .21 and .22 exist and answer an unasked SYN-ACK with RST, the others do not exist",
    })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      const decoys = "198.51.100.21,198.51.100.22,ME,198.51.100.23,192.0.2.99";
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-D", decoys, "-p", PORTS, TARGET]);
    },
  },
  {
    name: "tcp-masscan",
    story: "masscan of 300 ports of one host",
    scans: [vertical("syn", { ports: "1-300", tool: "masscan", evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(masscan("-p1-300", TARGET, "--rate", "500"));
    },
  },
  {
    name: "tcp-slow",
    story: "nmap SYN scan with a probe every four seconds, longer than scanlogd's memory",
    captures: { "": { at: "target" } },
    scans: [vertical("syn", { ports: "20-59", open: "22,25", slow: true, evidence: "reset" })],
    limitSeconds: 240,
    async run({ scanner, target }) {
      await target.listen(22, 25);
      const options = ["--scan-delay", "4s", "--max-retries", "0", "-p", "20-59"];
      await scanner.run(["nmap", "-n", "-Pn", "-sS", ...options, TARGET], { limitSeconds: 200 });
    },
  },
];
