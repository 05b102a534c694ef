// Scans in circumstances: filters in the way, everything open, bursts with pauses, honest company,
// other tools' connections, servers misused.

import type { Case, ScanTruth } from "../plan.ts";
import { nginx, site, vsftpd } from "../servers.ts";
import type { World } from "../world.ts";
import { chatter, CLIENT, SCANNER, TARGET, UNLIMITED, vertical, WITH_CLIENT } from "./common.ts";

/** A filter in front of the target's ports, and a SYN scan of 100 of them. */
function filtered(name: string, story: string, rules: string, truth: Partial<ScanTruth>): Case {
  return {
    name,
    story,
    scans: [vertical("syn", { ports: "1-100", ...truth })],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      await target.sysctl(...UNLIMITED);
      await target.filter(`chain in { type filter hook input priority 0; ${rules} }`);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "--max-retries", "1", "-p", "1-100", TARGET]);
    },
  };
}

/** Every port of 1-1000 leads to one listener. */
async function openEverything({ target }: World): Promise<void> {
  await target.listen(80);
  await target.filter(
    "chain pre { type nat hook prerouting priority -100; tcp dport 1-1000 redirect to :80; }",
  );
}

export const company: Case[] = [
  filtered("firewall-drop", "SYN scan of a host whose filter swallows everything", "drop;", {
    open: "",
    silent: "1-100",
  }),
  filtered(
    "firewall-mixed",
    "SYN scan of a host with two open ports, some closed ones, and most swallowed",
    "tcp dport { 22, 80, 1-10 } accept; tcp dport 1-100 drop;",
    { open: "22,80", silent: "11-21,23-79,81-100", evidence: "reset" },
  ),
  filtered(
    "firewall-reject",
    "SYN scan of a host whose filter answers with ICMP administratively prohibited",
    "tcp dport { 22, 80 } accept; tcp dport 1-100 reject with icmpx admin-prohibited;",
    { open: "22,80", evidence: "reset", note: "closed here means refused by ICMP" },
  ),
  filtered(
    "firewall-reset",
    "SYN scan of a host whose filter answers with RST",
    "tcp dport { 22, 80 } accept; tcp dport 1-100 reject with tcp reset;",
    { open: "22,80", evidence: "reset" },
  ),
  {
    name: "all-open-syn",
    story: "SYN scan of a host that answers SYN-ACK on every port",
    scans: [vertical("syn", { ports: "1-200", open: "1-200", evidence: "reset" })],
    async run(world) {
      await openEverything(world);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-200", TARGET]);
    },
  },
  {
    name: "all-open-connect",
    story: "Connect scan of a host that accepts on every port",
    scans: [vertical("connect", { ports: "1-200", open: "1-200", evidence: "handshake" })],
    async run(world) {
      await openEverything(world);
      await world.scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sT",
        "--scan-delay",
        "10ms",
        "-p",
        "1-200",
        TARGET,
      ]);
    },
  },
  {
    name: "bursts",
    story: "Six ports, four seconds of silence, ten times: no burst reaches scanlogd's threshold",
    scans: [vertical("syn", { ports: "3000-3059", open: "", slow: true })],
    async run({ scanner }) {
      const burst =
        `nmap -n -Pn -sS --max-retries 0 -p $((3000 + i * 6))-$((3005 + i * 6)) ${TARGET}`;
      await scanner.shell(`for i in $(seq 0 9); do ${burst}; sleep 4; done`, { limitSeconds: 90 });
    },
  },
  {
    name: "seven-ports",
    story: "Seven refused privileged ports within a second: the least that scanlogd calls a scan",
    scans: [vertical("connect", { ports: "21,23,25,110,111,143,445", open: "", tool: "nc" })],
    async run({ scanner }) {
      await scanner.shell(
        `for p in 21 23 25 110 111 143 445; do nc -z -w 1 ${TARGET} $p; done; true`,
      );
    },
  },
  {
    name: "connect-nc",
    story: "nc -z over 100 ports, one after the other, four of them open",
    scans: [
      vertical("connect", {
        ports: "20-119",
        open: "22,25,80,110",
        tool: "nc",
        evidence: "handshake",
      }),
    ],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      await scanner.run(["nc", "-n", "-z", "-w", "1", TARGET, "20-119"], { mayFail: true });
    },
  },
  {
    name: "connect-bash",
    story: "bash's /dev/tcp over 50 ports while a client browses",
    world: WITH_CLIENT,
    scans: [
      vertical("connect", { ports: "60-109", open: "80", tool: "bash", evidence: "handshake" }),
    ],
    async run(world) {
      await chatter(world);
      const loop =
        `for p in $(seq 60 109); do (</dev/tcp/${TARGET}/$p) 2>/dev/null; sleep 0.02; done; true`;
      await world.scanner.shell(loop);
    },
  },
  {
    name: "mixed-syn",
    story: "nmap SYN scan at ten ports a second while a client browses",
    world: WITH_CLIENT,
    scans: [vertical("syn", { open: "80", evidence: "reset" })],
    async run(world) {
      await chatter(world);
      const slowly = ["--scan-delay", "100ms", "--max-retries", "1"];
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", ...slowly, "-p", "1-120", TARGET]);
    },
  },
  {
    name: "mixed-fin",
    story: "nmap FIN scan while a client browses",
    world: WITH_CLIENT,
    scans: [vertical("fin", { open: "80" })],
    async run(world) {
      await chatter(world);
      const slowly = ["--scan-delay", "50ms", "--max-retries", "0"];
      await world.scanner.run(["nmap", "-n", "-Pn", "-sF", ...slowly, "-p", "1-120", TARGET]);
    },
  },
  {
    name: "mixed-ack",
    story: "nmap ACK scan while a client browses",
    world: WITH_CLIENT,
    scans: [vertical("ack", { open: "80" })],
    async run(world) {
      await chatter(world);
      const slowly = ["--scan-delay", "50ms", "--max-retries", "0"];
      await world.scanner.run(["nmap", "-n", "-Pn", "-sA", ...slowly, "-p", "1-120", TARGET]);
    },
  },
  {
    name: "mixed-same-source",
    story: "A client browses, and scans 60 ports from the same address meanwhile",
    world: { outside: { client: [`${CLIENT}/24`] } },
    scans: [vertical("syn", { sources: [CLIENT], ports: "1-60", open: "", evidence: "reset" })],
    async run(world) {
      await chatter(world, 80, 100);
      const slowly = ["--scan-delay", "50ms", "--max-retries", "0"];
      const client = world.host("client");
      await client.run(["nmap", "-n", "-Pn", "-sS", ...slowly, "-p", "1-60", TARGET]);
    },
  },
  {
    name: "mixed-ftp",
    story: "nmap connect scan of high ports while a client fetches 100 files by passive FTP",
    world: WITH_CLIENT,
    scans: [vertical("connect", { ports: "20000-20099", open: "" })],
    async run(world) {
      await vsftpd(world.target, 100);
      await Deno.mkdir(`${world.folder}/got`);
      const get = `set net:max-retries 1; open ${TARGET}; mget -O ${world.folder}/got pub/*`;
      await Promise.all([
        world.host("client").run(["lftp", "-c", get]),
        world.scanner.run(["nmap", "-n", "-Pn", "-sT", "-p", "20000-20099", TARGET]),
      ]);
    },
  },
  {
    name: "ftp-bounce",
    story:
      "nmap bounces off a careless FTP server: the target sees its connections, not the scanner",
    world: {
      outside: { scanner: [`${SCANNER}/24`], target2: ["198.51.100.60/24"] },
    },
    scans: [vertical("connect", {
      sources: ["198.51.100.60"],
      ports: "8001-8060",
      open: "8022,8025",
      evidence: "handshake",
      note: "the apparent source is the FTP server, which was used by 198.51.100.7",
    })],
    async run(world) {
      await world.target.listen(8022, 8025);
      await vsftpd(world.host("target2"), 1, "port_promiscuous=YES\nconnect_from_port_20=NO");
      const via = ["-b", "anonymous:x@198.51.100.60:21"];
      await world.scanner.run(["nmap", "-n", "-Pn", ...via, "-p", "8001-8060", TARGET]);
    },
  },
  {
    name: "zombie-probing",
    story:
      "hping3 sends SYN-ACKs to one port and reads our IP IDs: the beginning of an idle scan, not a scan of us",
    quiet: true,
    allowed: ["idle-probe", "backscatter"],
    misuse: { kind: "zombie", address: TARGET, by: SCANNER },
    world: WITH_CLIENT,
    async run(world) {
      await nginx(world.target, await site(world.target, 1, [TARGET]));
      await world.scanner.run(
        ["hping3", "-n", "-q", "-S", "-A", "-p", "80", "-c", "40", "-i", "u50000", TARGET],
        { mayFail: true },
      );
    },
  },
];
