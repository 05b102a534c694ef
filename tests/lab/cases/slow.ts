// Scans so slow that only a long memory finds them. They are made at a pace that can be waited for,
// and their clocks are stretched afterwards; case.json says by how much.

import type { Case } from "../plan.ts";
import { stretch } from "../edits.ts";
import { chatter, SCANNER, TARGET, vertical, WITH_CLIENT } from "./common.ts";

export const slow: Case[] = [
  {
    name: "slow-five-minutes",
    story: "One port every five minutes, four hours long",
    captures: { "": { at: "target", edits: [stretch(300)] } },
    scans: [vertical("syn", { ports: "20-67", open: "22,25", slow: true, evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 25);
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        "--scan-delay",
        "1s",
        "--max-retries",
        "0",
        "-p",
        "20-67",
        TARGET,
      ], { limitSeconds: 90 });
    },
  },
  {
    name: "slow-five-minutes-mixed",
    story: "One port every five minutes among a client's visits: six of them a minute",
    world: WITH_CLIENT,
    captures: { "": { at: "target", edits: [stretch(300)], snaplen: 80 } },
    scans: [vertical("syn", { ports: "100-147", open: "", slow: true })],
    async run(world) {
      await chatter(world, 80, 100);
      await world.scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        "--scan-delay",
        "1s",
        "--max-retries",
        "0",
        "-p",
        "100-147",
        TARGET,
      ], { limitSeconds: 90 });
    },
  },
  {
    name: "slow-fifteen-seconds",
    story: "A connect scan with a port every fifteen seconds, nmap's -T1 pace",
    captures: { "": { at: "target", edits: [stretch(15)] } },
    scans: [
      vertical("connect", { ports: "20-59", open: "22,25", slow: true, evidence: "handshake" }),
    ],
    async run({ scanner, target }) {
      await target.listen(22, 25);
      const loop = `for p in $(seq 20 59); do nc -n -z -w 1 ${TARGET} $p; sleep 1; done; true`;
      await scanner.shell(loop, { limitSeconds: 90 });
    },
  },
  {
    name: "slow-random-pauses",
    story: "A connect scan with pauses between five and sixty seconds, silent ports among them",
    captures: { "": { at: "target", edits: [stretch(30)] } },
    scans: [
      vertical("connect", {
        ports: "400-439",
        open: "",
        silent: "410-419",
        slow: true,
        tool: "nc",
      }),
    ],
    async run({ scanner, target }) {
      await target.drop("tcp dport 410-419");
      const loop = `for p in $(seq 400 439); do timeout 0.5 nc -n -z ${TARGET} $p; ` +
        "sleep $((RANDOM % 2)).$((RANDOM % 8 + 2)); done; true";
      await scanner.shell(loop, { limitSeconds: 120 });
    },
  },
  {
    name: "slow-udp",
    story: "A UDP scan with a port every thirty seconds",
    captures: { "": { at: "target", edits: [stretch(30)] } },
    scans: [vertical("udp", { ports: "600-639", open: "", slow: true })],
    async run({ scanner }) {
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sU",
        "--scan-delay",
        "1s",
        "--max-retries",
        "0",
        "-p",
        "600-639",
        TARGET,
      ], { limitSeconds: 90 });
    },
  },
  {
    name: "slow-fin",
    story: "A FIN scan with a port every minute",
    captures: { "": { at: "target", edits: [stretch(60)] } },
    scans: [vertical("fin", { ports: "20-59", open: "22", slow: true })],
    async run({ scanner, target }) {
      await target.listen(22);
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sF",
        "--scan-delay",
        "1s",
        "--max-retries",
        "0",
        "-p",
        "20-59",
        TARGET,
      ], { limitSeconds: 90 });
    },
  },
  {
    name: "slow-sweep",
    story: "One host every two minutes: port 22 of 40 hosts, ten of which answer",
    world: { inside: { target: ["203.0.113.10-19/24"] }, blackholes: ["10.40.0.0/22"] },
    captures: { "": { at: "router", interface: "outside", edits: [stretch(120)] } },
    home: ["203.0.113.0/24", "10.40.0.0/22"],
    scans: [{
      sources: [SCANNER],
      techniques: ["connect"],
      shape: "horizontal",
      hosts: ["10.40.0.1-10.40.0.30", "203.0.113.10-203.0.113.19"],
      ports: "22",
      tool: "nc",
      hops: 0,
      evidence: "none",
      slow: true,
    }],
    async run({ scanner }) {
      const hosts = "10.40.0.{1..15} 203.0.113.{10..19} 10.40.0.{16..30}";
      const loop = `for h in ${hosts}; do timeout 0.3 nc -n -z $h 22; sleep 0.7; done; true`;
      await scanner.shell(loop, { limitSeconds: 90 });
    },
  },
];
