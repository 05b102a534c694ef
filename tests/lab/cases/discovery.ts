// Sweeps by other means than echo and SYN, the smaller scanners, and scans imitated by hand because
// the tool itself is not packaged.

import type { Case, ScanTruth, Technique } from "../plan.ts";
import {
  chatter,
  horizontal,
  SCANNER,
  TARGET,
  UNLIMITED,
  vertical,
  WITH_CLIENT,
} from "./common.ts";

const PYTHON = "/usr/bin/python3";
const IMITATE = new URL("../programs/imitate.py", import.meta.url).pathname;
const ALIVE = { target: ["203.0.113.10-29/24"] };
const EDGE = { at: "router", interface: "outside" };
const INSIDE = ["203.0.113.0/24"];

/** One nmap command over `hosts`, while a client browses one of them. */
function sweep(
  name: string,
  story: string,
  options: string[],
  technique: Technique,
  hosts: string,
  more: Partial<ScanTruth> = {},
): Case {
  return {
    name,
    story,
    world: { outside: WITH_CLIENT.outside, inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal(technique, more)],
    async run(world) {
      await chatter(world);
      await world.scanner.run(["nmap", "-n", ...options, hosts]);
    },
  };
}

/** A scan of one host or a network that imitates a tool's packets field by field. */
function imitated(
  name: string,
  story: string,
  kind: string,
  truth: ScanTruth,
  where: string,
): Case {
  const wide = truth.shape !== "vertical";
  return {
    name,
    story,
    world: { blackholes: ["10.40.0.0/22"] },
    captures: { "": wide ? EDGE : { at: "target" } },
    home: wide ? ["10.40.0.0/22"] : [TARGET],
    scans: [{ ...truth, note: "packets imitated with raw sockets" }],
    async run({ scanner, target }) {
      if (!wide) await target.listen(22, 80);
      await scanner.run([PYTHON, IMITATE, kind, where]);
    },
  };
}

export const discovery: Case[] = [
  sweep(
    "sweep-syn-ping",
    "nmap finds hosts with SYNs to 443 (-PS443)",
    ["-sn", "-PS443"],
    "syn",
    "203.0.113.1-60",
    {
      hosts: ["203.0.113.1-203.0.113.60"],
      ports: "443",
    },
  ),
  sweep(
    "sweep-ack-ping",
    "nmap finds hosts with ACKs to 80 (-PA80)",
    ["-sn", "-PA80"],
    "ack",
    "203.0.113.1-60",
    {
      hosts: ["203.0.113.1-203.0.113.60"],
      ports: "80",
      open: "80",
    },
  ),
  sweep(
    "sweep-udp-ping",
    "nmap finds hosts with UDP to port 40125 (-PU)",
    ["-sn", "-PU40125"],
    "udp",
    "203.0.113.1-60",
    {
      hosts: ["203.0.113.1-203.0.113.60"],
      ports: "40125",
    },
  ),
  sweep(
    "sweep-sctp-ping",
    "nmap finds hosts with SCTP INIT to port 80 (-PY)",
    ["-sn", "-PY80"],
    "sctp-init",
    "203.0.113.1-60",
    {
      hosts: ["203.0.113.1-203.0.113.60"],
      ports: "80",
    },
  ),
  sweep(
    "sweep-fin",
    "nmap FIN packets to port 80 of thirty hosts",
    ["-Pn", "-sF", "-p", "80", "--max-retries", "0"],
    "fin",
    "203.0.113.10-39",
    {
      hosts: ["203.0.113.10-203.0.113.39"],
      ports: "80",
      open: "80",
    },
  ),
  sweep(
    "sweep-null",
    "nmap NULL packets to port 139 of twenty hosts",
    ["-Pn", "-sN", "-p", "139", "--max-retries", "0"],
    "null",
    "203.0.113.10-29",
    {
      hosts: ["203.0.113.10-203.0.113.29"],
      ports: "139",
    },
  ),
  sweep(
    "sweep-connect-nmap",
    "nmap connects to port 22 of fifty hosts, twenty of which exist",
    ["-Pn", "-sT", "-p", "22", "--max-retries", "0"],
    "connect",
    "203.0.113.10-59",
    {
      hosts: ["203.0.113.10-203.0.113.59"],
      ports: "22",
    },
  ),
  {
    name: "sweep-snmp-onesixtyone",
    story: "onesixtyone asks forty hosts for SNMP with two community names",
    world: { inside: { target: ["203.0.113.10-49/24"] } },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [
      horizontal("udp", {
        hosts: ["203.0.113.10-203.0.113.49"],
        ports: "161",
        tool: "onesixtyone",
      }),
    ],
    async run(world) {
      const hosts = Array.from({ length: 40 }, (_, i) => `203.0.113.${10 + i}`).join("\n");
      const list = await world.file("hosts", hosts + "\n");
      const names = await world.file("names", "public\nprivate\n");
      await world.scanner.run(["onesixtyone", "-c", names, "-i", list], { mayFail: true });
    },
  },
  {
    name: "sweep-netbios-nbtscan",
    story: "nbtscan asks a /26 for NetBIOS names",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [
      horizontal("udp", { hosts: ["203.0.113.1-203.0.113.62"], ports: "137", tool: "nbtscan" }),
    ],
    async run({ scanner }) {
      await scanner.run(["nbtscan", "-q", "203.0.113.0/26"], { mayFail: true, limitSeconds: 30 });
    },
  },
  {
    name: "sweep-pnscan",
    story: "pnscan connects to port 22 of a /26 and reads what it is told",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("connect", {
      hosts: ["203.0.113.0-203.0.113.63"],
      ports: "22",
      open: "22",
      tool: "pnscan",
      evidence: "handshake",
    })],
    async run({ scanner, target }) {
      await target.listen(22);
      await scanner.run(["pnscan", "-t", "2000", "203.0.113.0/26", "22"], {
        mayFail: true,
        limitSeconds: 40,
      });
    },
  },
  {
    name: "connect-dmitry",
    story: "dmitry connects to 149 ports, one after the other",
    scans: [vertical("connect", { ports: "1-149", tool: "dmitry", evidence: "handshake" })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["dmitry", "-p", "-t", "0", TARGET], { mayFail: true, limitSeconds: 40 });
    },
  },
  {
    name: "fragments-udp",
    story: "nmap UDP scan in fragments of 8 bytes: the ports come first, the payload later",
    scans: [vertical("udp", { ports: "50-109", open: "53", note: "fragmented" })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await target.listen("u53");
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sU",
        "-f",
        "--data-length",
        "20",
        "--max-retries",
        "1",
        "-p",
        "50-109",
        TARGET,
      ]);
    },
  },
  {
    name: "fragments-mixed",
    story: "nmap Xmas scan in fragments of 8 bytes while a client browses",
    world: WITH_CLIENT,
    scans: [vertical("xmas", { ports: "1-80", open: "80", note: "fragmented" })],
    async run(world) {
      await chatter(world);
      await world.scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sX",
        "-f",
        "--max-retries",
        "0",
        "-p",
        "1-80",
        TARGET,
      ]);
    },
  },
  imitated(
    "tool-mirai",
    "A Mirai-like bot looks for telnet: its sequence number is the destination address",
    "mirai",
    {
      sources: [SCANNER],
      techniques: ["syn"],
      shape: "horizontal",
      hosts: ["10.40.0.0-10.40.3.255"],
      ports: "23,2323",
      silent: "23,2323",
      tool: "mirai",
      hops: 0,
      evidence: "none",
    },
    "10.40.0.0/22",
  ),
  imitated(
    "tool-unicornscan",
    "A scan as unicornscan sends it: the sequence number is a key mixed with address and ports",
    "unicornscan",
    vertical("syn", {
      ports: "1-100",
      open: "22,80",
      tool: "unicornscan",
      evidence: "reset",
    }),
    TARGET,
  ),
  imitated(
    "tool-zmap4",
    "A sweep as zmap 4 sends it: Windows options, random IP ID, no DF",
    "zmap4",
    {
      sources: [SCANNER],
      techniques: ["syn"],
      shape: "horizontal",
      hosts: ["10.40.0.0-10.40.3.255"],
      ports: "443",
      silent: "443",
      tool: "zmap",
      hops: 0,
      evidence: "none",
    },
    "10.40.0.0/22",
  ),
  imitated(
    "tool-masscan-new",
    "A scan as masscan sends it since 2023: MSS 1460, window 1025",
    "masscan-new",
    vertical("syn", {
      ports: "1-100",
      open: "22,80",
      tool: "masscan",
      evidence: "reset",
    }),
    TARGET,
  ),
];
