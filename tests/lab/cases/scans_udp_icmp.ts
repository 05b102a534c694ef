// Scans that are not TCP: UDP, SCTP, IP protocols.

import type { Case } from "../plan.ts";
import { chatter, SCANNER6, TARGET, TARGET6, UNLIMITED, vertical, WITH_CLIENT } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const SCTP_HOST = new URL("../programs/sctp_host.py", import.meta.url).pathname;

export const scansUdpIcmp: Case[] = [
  {
    name: "udp-mix",
    story:
      "nmap UDP scan: two ports answer, five are swallowed by a filter, the others send unreachables",
    scans: [vertical("udp", { ports: "50-130,161", open: "53,123,161", silent: "67-69,111,130" })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await target.listen("u53", "u123", "u161");
      await target.drop("udp dport { 67-69, 111, 130 }");
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sU",
        "--max-retries",
        "1",
        "-p",
        "50-130,161",
        TARGET,
      ]);
    },
  },
  {
    name: "udp-ratelimited",
    story:
      "nmap UDP scan of 30 closed ports: the kernel answers about one a second, so most seem silent",
    scans: [vertical("udp", { ports: "500-529", open: "" })],
    async run({ scanner }) {
      const options = ["-sU", "--max-retries", "2", "--host-timeout", "60s", "-p", "500-529"];
      await scanner.run(["nmap", "-n", "-Pn", ...options, TARGET], { limitSeconds: 90 });
    },
  },
  {
    name: "udp-silent-mixed",
    story: "nmap UDP scan of 60 ports, all swallowed, while a client browses",
    world: WITH_CLIENT,
    scans: [vertical("udp", { ports: "1000-1059", open: "", silent: "1000-1059" })],
    async run(world) {
      const { scanner, target } = world;
      await chatter(world);
      await target.drop("udp dport 1-65535");
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sU",
        "--max-retries",
        "1",
        "-p",
        "1000-1059",
        TARGET,
      ]);
    },
  },
  {
    name: "udp-ip6",
    story: "nmap UDP scan over IPv6",
    scans: [
      vertical("udp", { sources: [SCANNER6], hosts: [TARGET6], ports: "50-110", open: "53" }),
    ],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await target.listen("u53");
      await scanner.run([
        "nmap",
        "-6",
        "-n",
        "-Pn",
        "-sU",
        "--max-retries",
        "1",
        "-p",
        "50-110",
        TARGET6,
      ]);
    },
  },
  {
    name: "udp-hping",
    story: "hping3 walks 60 UDP ports upwards",
    scans: [vertical("udp", { ports: "2000-2059", open: "", tool: "hping3" })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      const walk = ["--udp", "-p", "++2000", "-c", "60", "-i", "u20000"];
      await scanner.run(["hping3", "-n", ...walk, TARGET], { mayFail: true });
    },
  },
  {
    name: "udp-masscan-service-probes",
    story: "masscan of the UDP ports it has payloads for",
    scans: [
      vertical("udp", {
        ports: "53,69,111,123,137,161,500,1434,1900,5060,5353,11211",
        open: "53",
        tool: "masscan",
      }),
    ],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await target.listen("u53");
      const ports = [53, 69, 111, 123, 137, 161, 500, 1434, 1900, 5060, 5353, 11211];
      const list = ports.map((port) => `U:${port}`).join(",");
      await scanner.run(["masscan", "-p", list, TARGET, "--rate", "50", "--wait", "1"]);
    },
  },
  {
    name: "sctp-init",
    story:
      "nmap SCTP INIT scan of a host that answers INIT-ACK on three ports and ABORT on the others",
    scans: [vertical("sctp-init", { ports: "1-60", open: "7,22,36" })],
    async run({ scanner, target }) {
      const host = target.start([PYTHON, SCTP_HOST, "7", "22", "36"]);
      await host.until(/ready/);
      await scanner.run(["nmap", "-n", "-Pn", "-sY", "-p", "1-60", TARGET]);
    },
  },
  {
    name: "sctp-init-unsupported",
    story: "nmap SCTP INIT scan of a host without SCTP: protocol unreachable",
    scans: [
      vertical("sctp-init", { ports: "2900-2950", open: "", note: "the host has no SCTP at all" }),
    ],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sY",
        "--max-retries",
        "1",
        "-p",
        "2900-2950",
        TARGET,
      ]);
    },
  },
  {
    name: "sctp-cookie-echo",
    story: "nmap SCTP COOKIE-ECHO scan: open ports keep silent, the others send ABORT",
    scans: [vertical("sctp-cookie-echo", { ports: "1-60", open: "7,22,36" })],
    async run({ scanner, target }) {
      const host = target.start([PYTHON, SCTP_HOST, "7", "22", "36"]);
      await host.until(/ready/);
      await scanner.run(["nmap", "-n", "-Pn", "-sZ", "--max-retries", "1", "-p", "1-60", TARGET]);
    },
  },
  {
    name: "ip-protocol",
    story: "nmap IP protocol scan of all 256 protocols",
    scans: [vertical("ip-protocol", {
      ports: "0-255",
      open: "1,2,4,6,17,41,47,50,51,103,108,136,255",
      note: "ports are protocol numbers; which of them the kernel knows is approximate",
    })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      await scanner.run(["nmap", "-n", "-Pn", "-sO", "--max-retries", "1", TARGET], {
        limitSeconds: 90,
      });
    },
  },
  {
    name: "ip-protocol-ip6",
    story: "nmap IP protocol scan over IPv6: parameter problem, unrecognised next header",
    scans: [vertical("ip-protocol", {
      sources: [SCANNER6],
      hosts: [TARGET6],
      ports: "100-180",
      open: "103,136",
      note: "ports are protocol numbers; which of them the kernel knows is approximate",
    })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      const options = ["-sO", "--max-retries", "1", "-p", "100-180"];
      await scanner.run(["nmap", "-6", "-n", "-Pn", ...options, TARGET6], { limitSeconds: 90 });
    },
  },
];
