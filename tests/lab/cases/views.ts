// The same scans from other points of view: one direction only, a beginning that was missed, other
// link layers and file formats.

import type { CapturePlan, Case } from "../plan.ts";
import { bsdLoopback, ppp, tagged } from "../edits.ts";
import { chatter, TARGET, UNLIMITED, vertical, WITH_CLIENT } from "./common.ts";

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
];
