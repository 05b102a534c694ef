// The same scans from other points of view: one direction only, a beginning that was missed, other
// link layers and file formats, other paces.

import type { CapturePlan, Case } from "../plan.ts";
import { bsdLoopback, ppp, stretch, tagged } from "../edits.ts";
import { chatter, SCANNER, TARGET, UNLIMITED, vertical, WITH_CLIENT } from "./common.ts";

const BOTH_WAYS: Record<string, CapturePlan> = {
  "-in": { at: "target", direction: "in" },
  "-out": { at: "target", direction: "out" },
};
const PACED = ["--scan-delay", "10ms", "--max-retries", "1"];
const WEB_AND = "while a client browses, seen in one direction only";

export const views: Case[] = [
  {
    name: "one-way-syn",
    story: `nmap SYN scan of 120 ports ${WEB_AND}`,
    world: WITH_CLIENT,
    captures: BOTH_WAYS,
    scans: [vertical("syn", { open: "22,80" })],
    async run(world) {
      await chatter(world);
      await world.target.listen(22);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "one-way-connect",
    story: `nmap connect scan of 120 ports ${WEB_AND}`,
    world: WITH_CLIENT,
    captures: BOTH_WAYS,
    scans: [vertical("connect", { open: "22,80" })],
    async run(world) {
      await chatter(world);
      await world.target.listen(22);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sT", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "one-way-fin",
    story: `nmap FIN scan of 120 ports ${WEB_AND}`,
    world: WITH_CLIENT,
    captures: { "-in": BOTH_WAYS["-in"] },
    scans: [vertical("fin", { open: "80" })],
    async run(world) {
      await chatter(world);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sF", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "one-way-udp",
    story: `nmap UDP scan of 60 ports ${WEB_AND}`,
    world: WITH_CLIENT,
    captures: BOTH_WAYS,
    scans: [vertical("udp", { ports: "100-159", open: "" })],
    async run(world) {
      await chatter(world);
      await world.target.sysctl(...UNLIMITED);
      await world.scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sU",
        "--max-retries",
        "1",
        "-p",
        "100-159",
        TARGET,
      ]);
    },
  },
  {
    name: "late-start",
    story:
      "nmap SYN scan while a client browses; the capture begins in the middle of both, after 80 ports",
    world: WITH_CLIENT,
    scans: [vertical("syn", { ports: "81-150", open: "110", evidence: "reset" })],
    async prepare(world) {
      await world.target.listen(22, 110);
      await chatter(world, 80, 60);
      const { scanner } = world;
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        ...PACED,
        "-g",
        "41111",
        "-p",
        "1-80",
        TARGET,
      ]);
    },
    async run({ scanner }) {
      await scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        ...PACED,
        "-g",
        "41111",
        "-p",
        "81-150",
        TARGET,
      ]);
    },
  },
  {
    name: "format",
    story: "One SYN scan of 60 ports while a client browses, in a capture format of its own",
    world: WITH_CLIENT,
    captures: {
      "-sll": { at: "target", interface: "any", linkName: "LINUX_SLL" },
      "-sll2": { at: "target", interface: "any", linkName: "LINUX_SLL2" },
      "-pcapng": { at: "target", format: "pcapng" },
      "-pcapng-gz-ns": { at: "target", format: "pcapng.gz", nanoseconds: true },
      "-nanoseconds": { at: "target", nanoseconds: true },
      "-gzip": { at: "target", format: "pcap.gz" },
      "-vlan": { at: "target", edits: [tagged({ type: 0x8100, vlan: 42 })] },
      "-qinq": {
        at: "target",
        edits: [tagged({ type: 0x88a8, vlan: 100 }, { type: 0x8100, vlan: 42 })],
      },
      "-ppp": { at: "target", edits: [ppp()] },
      "-loopback": { at: "target", edits: [bsdLoopback()] },
      "-router": { at: "router", interface: "inside" },
      "-two-interfaces": {
        at: "router",
        interface: "outside",
        and: "inside",
        format: "pcapng",
        story:
          "The scan at both interfaces of the router: every packet comes twice, with its TTL one less",
      },
      "-whole-packets": { at: "target", snaplen: 65535, format: "pcap.gz" },
      "-short-packets": { at: "target", snaplen: 54 },
    },
    scans: [vertical("syn", { ports: "20-79", open: "22", evidence: "reset" })],
    async run(world) {
      await chatter(world, 80, 400);
      await world.target.listen(22);
      const paced = ["--scan-delay", "15ms", "--max-retries", "1"];
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", ...paced, "-p", "20-79", TARGET]);
    },
  },
  {
    name: "format-raw-ip",
    story: "nmap SYN scan through a tunnel device: packets without any link layer",
    captures: { "": { at: "target", interface: "tun0", home: ["10.99.0.2"] } },
    scans: [vertical("syn", {
      sources: ["10.99.0.1"],
      hosts: ["10.99.0.2"],
      ports: "1-60",
      open: "22",
      hops: 0,
      evidence: "reset",
    })],
    async prepare({ scanner, target }) {
      const tun = (own: string) => `TUN:${own}/30,up,tun-name=tun0,iff-no-pi`;
      target.start(["socat", "UDP4-LISTEN:5555", tun("10.99.0.2")]);
      scanner.start(["socat", `UDP4:${TARGET}:5555`, tun("10.99.0.1")]);
      await scanner.run(["bash", "-c", "sleep 1; ping -c 2 -i 0.3 10.99.0.2"], {
        unsaid: true,
        mayFail: true,
      });
    },
    async run({ scanner, target }) {
      await target.listen(22);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-60", "10.99.0.2"]);
    },
  },
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
