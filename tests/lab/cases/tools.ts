// What tells one tool from another: hping3, nmap's operating system and version probes, far-away
// sources, and what the scanning host itself sees.

import type { Case } from "../plan.ts";
import { nginx, site, sshd } from "../servers.ts";
import { SCANNER, TARGET, vertical } from "./common.ts";

/** hping3 ends with status 1 when anything stayed unanswered. */
const ANY_STATUS = { mayFail: true, limitSeconds: 40 };

export const tools: Case[] = [
  {
    name: "hping-syn",
    story: "hping3 walks 80 ports upwards with SYNs",
    scans: [vertical("syn", { ports: "1-80", open: "22,80", tool: "hping3", evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      const walk = ["-S", "-p", "++1", "-c", "80", "-i", "u10000"];
      await scanner.run(["hping3", "-n", ...walk, TARGET], ANY_STATUS);
    },
  },
  {
    name: "hping-fin",
    story: "hping3 walks 60 ports upwards with FINs",
    scans: [vertical("fin", { ports: "100-159", open: "", tool: "hping3" })],
    async run({ scanner }) {
      const walk = ["-F", "-p", "++100", "-c", "60", "-i", "u10000"];
      await scanner.run(["hping3", "-n", ...walk, TARGET], ANY_STATUS);
    },
  },
  {
    name: "hping-xmas",
    story: "hping3 walks 60 ports upwards with FIN, PSH and URG",
    scans: [vertical("xmas", { ports: "100-159", open: "", tool: "hping3" })],
    async run({ scanner }) {
      const walk = ["-F", "-P", "-U", "-p", "++100", "-c", "60", "-i", "u10000"];
      await scanner.run(["hping3", "-n", ...walk, TARGET], ANY_STATUS);
    },
  },
  {
    name: "hping-scan",
    story: "hping3's own scan mode over 100 ports",
    scans: [vertical("syn", { ports: "1-100", open: "22,80", tool: "hping3", evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      await scanner.run(["hping3", "-n", "-S", "--scan", "1-100", TARGET], ANY_STATUS);
    },
  },
  {
    name: "nmap-os",
    story: "nmap -O: a SYN scan of 100 usual ports, then the operating system probes",
    captures: { "": { at: "target", snaplen: 256 } },
    scans: [
      vertical("syn", {
        ports: "20-119",
        open: "22,80",
        evidence: "reset",
        note: "-O adds SYN, NULL, Xmas, ACK, UDP and ICMP probes of few ports",
      }),
    ],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      await scanner.run(["nmap", "-n", "-Pn", "-O", "--max-os-tries", "1", "-p", "20-119", TARGET]);
    },
  },
  {
    name: "nmap-version",
    story: "nmap -sV: a SYN scan, then conversations with the open ports",
    captures: { "": { at: "target", snaplen: 256 } },
    scans: [vertical("syn", { ports: "20-119", open: "22,80", evidence: "handshake" })],
    async run({ scanner, target }) {
      await nginx(target, await site(target, 3, [TARGET]));
      await sshd(target);
      await scanner.run(["nmap", "-n", "-Pn", "-sV", "--version-light", "-p", "20-119", TARGET]);
    },
  },
  {
    name: "nmap-aggressive",
    story: "nmap -A: SYN scan, versions, operating system, scripts and traceroute",
    captures: { "": { at: "target", snaplen: 192, format: "pcapng.gz" } },
    scans: [vertical("syn", { ports: "20-119", open: "22,80", evidence: "handshake" })],
    limitSeconds: 120,
    async run({ scanner, target }) {
      await nginx(target, await site(target, 3, [TARGET]));
      await sshd(target);
      await scanner.run(["nmap", "-n", "-Pn", "-A", "-p", "20-119", TARGET], { limitSeconds: 100 });
    },
  },
  {
    name: "far-nmap",
    story: "nmap SYN scan from behind four routers",
    world: { hops: 4 },
    scans: [vertical("syn", { hops: 4, evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "far-masscan",
    story: "masscan from behind five routers: its TTL of 255 arrives as 250",
    world: { hops: 5 },
    scans: [vertical("syn", { hops: 5, ports: "1-100", tool: "masscan", evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["masscan", "-p1-100", TARGET, "--rate", "300", "--wait", "1"]);
    },
  },
  {
    name: "far-connect",
    story: "nmap connect scan from behind three routers",
    world: { hops: 3 },
    scans: [vertical("connect", { hops: 3, evidence: "handshake" })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["nmap", "-n", "-Pn", "-sT", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "outbound-syn",
    story: "The monitored host itself scans another with nmap",
    captures: { "": { at: "scanner", home: [SCANNER] } },
    scans: [vertical("syn", { outbound: true, hops: 0 })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "outbound-sweep",
    story: "The monitored host itself looks for telnet on a whole network, as a bot does",
    world: { blackholes: ["10.40.0.0/22"] },
    captures: { "": { at: "scanner", home: [SCANNER] } },
    scans: [{
      sources: [SCANNER],
      techniques: ["syn"],
      shape: "horizontal",
      hosts: ["10.40.3.0-10.40.3.255"],
      ports: "23",
      silent: "23",
      tool: "masscan",
      hops: 0,
      evidence: "none",
      outbound: true,
    }],
    async run({ scanner }) {
      const unanswered = { mayFail: true, limitSeconds: 8 };
      await scanner.run(["masscan", "-p23", "10.40.3.0/24", "--rate", "100"], unanswered);
    },
  },
];
