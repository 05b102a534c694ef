// Many hosts: pings, ARP, one port over a network, blocks of hosts and ports, many sources.

import type { Case } from "../plan.ts";
import { zmap } from "../scanners.ts";
import { LAN } from "../world.ts";
import { chatter, horizontal, SCANNER6, WITH_CLIENT } from "./common.ts";

/** Twenty hosts that exist; the rest of the /24 does not. */
const ALIVE = { target: ["203.0.113.10-29/24", "2001:db8:113::10-2f/64"] };
const EDGE = { at: "router", interface: "outside" };
/** A network with nobody in it, swallowed behind the router. */
const EMPTY = { blackholes: ["10.40.0.0/22"] };
const INSIDE = ["203.0.113.0/24"];

export const sweeps: Case[] = [
  {
    name: "sweep-ping-echo",
    story: "nmap ping sweep of a /24 with ICMP echo, 20 hosts answer",
    world: { inside: ALIVE },
    captures: {
      "": EDGE,
      "-at-host": {
        at: "target",
        story:
          "The same sweep seen at the machine that owns 20 of the addresses: their echo requests, and the router's ARP requests for the whole network",
        seen: { hosts: ["203.0.113.10-203.0.113.29"], hops: 1 },
      },
    },
    home: INSIDE,
    scans: [horizontal("icmp-echo", { hosts: ["203.0.113.0-203.0.113.255"] })],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-n", "-sn", "-PE", "203.0.113.0/24"]);
    },
  },
  {
    name: "sweep-ping-timestamp",
    story: "nmap ping sweep with ICMP timestamp requests",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("icmp-timestamp", { hosts: ["203.0.113.1-203.0.113.64"] })],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-n", "-sn", "-PP", "203.0.113.1-64"]);
    },
  },
  {
    name: "sweep-ping-mask",
    story: "nmap ping sweep with ICMP address mask requests, which nobody answers",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("icmp-mask", { hosts: ["203.0.113.1-203.0.113.64"] })],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-n", "-sn", "-PM", "203.0.113.1-64"]);
    },
  },
  {
    name: "sweep-fping",
    story: "fping over a /25 while a client browses one of its hosts",
    world: { outside: WITH_CLIENT.outside, inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("icmp-echo", { hosts: ["203.0.113.1-203.0.113.126"], tool: "fping" })],
    run: async (world) => {
      await chatter(world);
      const quick = ["-q", "-r", "0", "-i", "5", "-g", "203.0.113.0/25"];
      await world.scanner.run(["fping", ...quick], { mayFail: true });
    },
  },
  {
    name: "sweep-ping-ip6",
    story: "nmap ping sweep of 64 IPv6 addresses",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: ["2001:db8:113::/64"],
    scans: [
      horizontal("icmp-echo", { sources: [SCANNER6], hosts: ["2001:db8:113::-2001:db8:113::3f"] }),
    ],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-6", "-n", "-sn", "-PE", "2001:db8:113::/122"]);
    },
  },
  {
    name: "sweep-arp-scan",
    story: "arp-scan asks for all of a /24 on the LAN",
    world: { ...LAN, inside: { target: ["192.168.7.10-15/24"] } },
    scans: [horizontal("arp", {
      sources: ["192.168.7.66"],
      hosts: ["192.168.7.0-192.168.7.255"],
      tool: "arp-scan",
    })],
    home: [
      "192.168.7.10",
      "192.168.7.11",
      "192.168.7.12",
      "192.168.7.13",
      "192.168.7.14",
      "192.168.7.15",
    ],
    run: async ({ scanner }) => {
      await scanner.run(["arp-scan", "-I", "eth0", "-r", "1", "192.168.7.0/24"]);
    },
  },
  {
    name: "sweep-arp-slow",
    story: "arping asks for one address after the other, one a second: slower than most routers",
    world: { ...LAN, inside: { target: ["192.168.7.10-15/24"] } },
    scans: [horizontal("arp", { sources: ["192.168.7.66"], tool: "arping" })],
    run: async ({ scanner }) => {
      const line = "for h in $(seq 100 124); do arping -q -c1 -w1 -I eth0 192.168.7.$h; done";
      await scanner.shell(line, { mayFail: true });
    },
  },
  {
    name: "sweep-arp-nmap",
    story: "nmap ARP sweep of a /24 on the LAN",
    world: { ...LAN, inside: { target: ["192.168.7.10-15/24"] } },
    scans: [horizontal("arp", { sources: ["192.168.7.66"], hosts: ["192.168.7.1-192.168.7.254"] })],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-n", "-sn", "-PR", "192.168.7.1-254"]);
    },
  },
  {
    name: "sweep-zmap",
    story: "zmap: one port over a /24",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("syn", {
      hosts: ["203.0.113.0-203.0.113.255"],
      ports: "80",
      open: "80",
      tool: "zmap",
      evidence: "reset",
    })],
    run: async (world) => {
      await world.target.listen(80);
      await world.scanner.run(await zmap(world, "-p", "80", "-r", "500", "203.0.113.0/24"));
    },
  },
  {
    name: "sweep-zmap-mixed",
    story:
      "zmap: port 443 over a /23 with nobody in it, at ten packets a second, while a client browses",
    world: { ...EMPTY, outside: WITH_CLIENT.outside },
    captures: { "": EDGE },
    home: ["10.40.0.0/22", ...INSIDE],
    scans: [horizontal("syn", {
      hosts: ["10.40.2.0-10.40.3.255"],
      ports: "443",
      silent: "443",
      tool: "zmap",
    })],
    run: async (world) => {
      await chatter(world);
      const what = ["-p", "443", "-r", "10", "-n", "150", "10.40.2.0/23"];
      await world.scanner.run(await zmap(world, ...what), { mayFail: true, limitSeconds: 30 });
    },
  },
  {
    name: "sweep-nmap-one-port",
    story: "nmap SYN to port 22 of a /24, half of the hosts alive behind a filter",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("syn", { ports: "22", silent: "22" })],
    run: async ({ scanner, target }) => {
      await target.drop("tcp dport 22");
      const options = ["-sS", "-p", "22", "--max-retries", "0"];
      await scanner.run(["nmap", "-n", "-Pn", ...options, "203.0.113.1-254"]);
    },
  },
  {
    name: "sweep-connect-mixed",
    story: "bash connects to port 23 of 60 hosts, one after the other, while a client browses",
    world: { outside: WITH_CLIENT.outside, inside: { target: ["203.0.113.10-69/24"] } },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("connect", {
      hosts: ["203.0.113.10-203.0.113.69"],
      ports: "23",
      tool: "bash",
    })],
    run: async (world) => {
      await chatter(world);
      const loop =
        "for i in $(seq 10 69); do (</dev/tcp/203.0.113.$i/23) 2>/dev/null; sleep 0.05; done; true";
      await world.scanner.shell(loop);
    },
  },
  {
    name: "sweep-1000-hosts",
    story: "masscan: port 445 of a /22 with nobody in it, behind a filter",
    world: EMPTY,
    captures: { "": { ...EDGE, snaplen: 96 } },
    home: ["10.40.0.0/22"],
    scans: [horizontal("syn", {
      hosts: ["10.40.0.0-10.40.3.255"],
      ports: "445",
      silent: "445",
      tool: "masscan",
    })],
    run: async ({ scanner }) => {
      // Without a single answer masscan waits for ever for the last one.
      const unanswered = { mayFail: true, limitSeconds: 12 };
      await scanner.run(["masscan", "-p445", "10.40.0.0/22", "--rate", "300"], unanswered);
    },
  },
  {
    name: "sweep-slow",
    story:
      "A connection to port 3389 of another host every two seconds, 45 hosts in all, nobody answers",
    world: EMPTY,
    captures: { "": EDGE },
    home: ["10.40.0.0/22"],
    scans: [horizontal("syn", {
      hosts: ["10.40.1.1-10.40.1.45"],
      ports: "3389",
      silent: "3389",
      slow: true,
    })],
    run: async ({ scanner }) => {
      const quick = "--max-retries 0 --initial-rtt-timeout 150ms --max-rtt-timeout 200ms";
      const loop =
        `for i in $(seq 45); do nmap -n -Pn -sS ${quick} -p 3389 10.40.1.$i; sleep 1.7; done`;
      await scanner.shell(loop, { limitSeconds: 170 });
    },
  },
  {
    name: "sweep-ip6",
    story: "nmap SYN to port 80 of 64 IPv6 addresses",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: ["2001:db8:113::/64"],
    scans: [horizontal("syn", {
      sources: [SCANNER6],
      hosts: ["2001:db8:113::-2001:db8:113::3f"],
      ports: "80",
      open: "80",
      evidence: "reset",
    })],
    run: async ({ scanner, target }) => {
      await target.listen(80);
      const options = ["-sS", "-p", "80", "--max-retries", "1"];
      await scanner.run(["nmap", "-6", "-n", "-Pn", ...options, "2001:db8:113::/122"]);
    },
  },
  {
    name: "sweep-udp",
    story: "nmap UDP to port 161 of 60 hosts",
    world: { inside: { target: ["203.0.113.10-69/24"] } },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("udp", { hosts: ["203.0.113.10-203.0.113.69"], ports: "161" })],
    run: async ({ scanner }) => {
      const options = ["-sU", "-p", "161", "--max-retries", "1"];
      await scanner.run(["nmap", "-n", "-Pn", ...options, "203.0.113.10-69"]);
    },
  },
  {
    name: "block-masscan",
    story: "masscan: five ports of a /26, in random order",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("syn", {
      shape: "block",
      hosts: ["203.0.113.0-203.0.113.63"],
      ports: "22,80,443,3306,8080",
      open: "22,80",
      tool: "masscan",
      evidence: "reset",
    })],
    run: async ({ scanner, target }) => {
      await target.listen(22, 80);
      const what = ["-p22,80,443,3306,8080", "203.0.113.0/26"];
      await scanner.run(["masscan", ...what, "--rate", "200", "--wait", "1"]);
    },
  },
  {
    name: "block-masscan-thin",
    story:
      "masscan: a tenth of 200 ports over a network with nobody in it: hardly a host or port twice",
    world: EMPTY,
    captures: { "": { ...EDGE, snaplen: 96 } },
    home: ["10.40.0.0/22"],
    scans: [horizontal("syn", {
      shape: "block",
      hosts: ["10.40.0.0-10.40.0.255"],
      ports: "1-200",
      silent: "1-200",
      tool: "masscan",
      note: "shard 1 of 100: about 512 of the 51200 pairs of host and port",
    })],
    run: async ({ scanner }) => {
      const what = ["-p1-200", "10.40.0.0/24", "--shard", "1/100"];
      await scanner.run(["masscan", ...what, "--rate", "100"], { mayFail: true, limitSeconds: 15 });
    },
  },
  {
    name: "block-nmap",
    story: "nmap SYN scan of its twenty usual ports on twenty hosts",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("syn", {
      shape: "block",
      hosts: ["203.0.113.10-203.0.113.29"],
      ports: "21-23,25,53,80,110-111,135,139,143,443,445,993,995,1723,3306,3389,5900,8080",
      open: "22,80",
      evidence: "reset",
    })],
    run: async ({ scanner, target }) => {
      await target.listen(22, 80);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "--top-ports", "20", "203.0.113.10-29"]);
    },
  },
  {
    name: "discovery-nmap-default",
    story: "nmap's default host discovery over 60 addresses: echo, SYN 443, ACK 80, timestamp",
    world: { inside: ALIVE },
    captures: { "": EDGE },
    home: INSIDE,
    scans: [horizontal("icmp-echo", {
      techniques: ["icmp-echo", "icmp-timestamp", "syn", "ack"],
      hosts: ["203.0.113.1-203.0.113.60"],
    })],
    run: async ({ scanner }) => {
      await scanner.run(["nmap", "-n", "-sn", "203.0.113.1-60"]);
    },
  },
];
