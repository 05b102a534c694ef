// Forged sources: decoys, floods to hide in, idle scans, and scans made to look like somebody else's.

import type { Case } from "../plan.ts";
import { stretchPauses } from "../edits.ts";
import { nginx, site } from "../servers.ts";
import {
  chatter,
  CLIENT,
  SCANNER,
  SCANNER6,
  TARGET,
  TARGET6,
  vertical,
  WITH_CLIENT,
} from "./common.ts";

const PYTHON = "/usr/bin/python3";
const ZOMBIE = new URL("../programs/zombie.py", import.meta.url).pathname;

/** A decoy scan; `ME` stands where the true source is in the row. */
function decoys(
  name: string,
  story: string,
  row: string,
  more: { open?: number[]; silent?: boolean; ports?: string; options?: string[] },
): Case {
  const forged = row.split(",").filter((address) => address !== "ME");
  const ports = more.ports ?? "1-60";
  return {
    name,
    story,
    scans: [vertical(more.options?.includes("-sF") ? "fin" : "syn", {
      shape: "decoy",
      forged,
      ports,
      open: (more.open ?? []).join(","),
      silent: more.silent ? ports : "",
      evidence: more.open ? "reset" : "none",
    })],
    async run({ scanner, target }) {
      if (more.open) await target.listen(...more.open);
      if (more.silent) await target.drop(`tcp dport ${ports}`);
      const options = more.options ?? ["-sS"];
      await scanner.run(["nmap", "-n", "-Pn", ...options, "-D", row, "-p", ports, TARGET]);
    },
  };
}

export const forged: Case[] = [
  decoys(
    "decoy-first",
    "Decoy scan with the true source first; nothing is open, so nothing proves it",
    "ME,198.51.100.31,198.51.100.32,192.0.2.33",
    {},
  ),
  decoys(
    "decoy-last",
    "Decoy scan with the true source last of eight; two ports are open",
    "198.51.100.31,198.51.100.32,192.0.2.33,192.0.2.34,192.0.2.35,192.0.2.36,192.0.2.37,ME",
    { open: [22, 53] },
  ),
  decoys(
    "decoy-silent",
    "Decoy scan of ports that a filter swallows",
    "192.0.2.41,ME,192.0.2.42",
    { silent: true, options: ["-sS", "--max-retries", "1"] },
  ),
  decoys(
    "decoy-fin",
    "Decoy FIN scan with five decoys",
    "192.0.2.51,192.0.2.52,192.0.2.53,ME,192.0.2.54,192.0.2.55",
    { options: ["-sF"] },
  ),
  {
    name: "decoy-ip-protocol",
    story: "Decoy scan of IP protocols: nmap numbers each bare header anew",
    scans: [vertical("ip-protocol", {
      shape: "decoy",
      forged: ["192.0.2.61", "192.0.2.62", "192.0.2.63"],
      ports: "33-90",
      open: "41,47,50,51",
      note: "ports are protocol numbers; which of them the kernel knows is approximate",
    })],
    async run({ scanner }) {
      const row = "192.0.2.61,192.0.2.62,ME,192.0.2.63";
      const options = ["-sO", "--max-retries", "0", "-p", "33-90", "-D", row];
      await scanner.run(["nmap", "-n", "-Pn", ...options, TARGET]);
    },
  },
  {
    name: "decoy-ip6",
    story: "Decoy SYN scan over IPv6",
    scans: [vertical("syn", {
      shape: "decoy",
      sources: [SCANNER6],
      forged: ["2001:db8:51::a1", "2001:db8:51::a2"],
      hosts: [TARGET6],
      ports: "1-60",
      open: "22",
      evidence: "reset",
    })],
    async run({ scanner, target }) {
      await target.listen(22);
      const row = "2001:db8:51::a1,ME,2001:db8:51::a2";
      await scanner.run(["nmap", "-6", "-n", "-Pn", "-sS", "-D", row, "-p", "1-60", TARGET6]);
    },
  },
  {
    name: "forged-flood-hides-scan",
    story:
      "nmap scan of 300 ports inside a flood of 5,000 SYNs from random forged sources to port 80",
    scans: [vertical("syn", { ports: "1-300", open: "22,80", evidence: "reset" })],
    allowed: ["flood"],
    captures: { "": { at: "target", snaplen: 60, format: "pcap.gz" } },
    async run({ scanner, target }) {
      await target.listen(22, 80);
      const flood = scanner.run(
        [
          "hping3",
          "-n",
          "-q",
          "-S",
          "-p",
          "80",
          "--rand-source",
          "-c",
          "5000",
          "-i",
          "u800",
          TARGET,
        ],
        { mayFail: true, limitSeconds: 30 },
      );
      await scanner.run(["sleep", "1"], { unsaid: true });
      const paced = ["--scan-delay", "10ms", "--max-retries", "1"];
      await scanner.run(["nmap", "-n", "-Pn", "-sS", ...paced, "-p", "1-300", TARGET]);
      await flood;
    },
  },
  {
    name: "forged-between-probes",
    story:
      "A connect scan of 18 ports with 256 forged SYNs between any two probes, to push the scanner out of the tables",
    scans: [vertical("connect", { ports: "8-25", open: "22", tool: "nc", evidence: "handshake" })],
    allowed: ["flood"],
    captures: { "": { at: "target", snaplen: 60, format: "pcap.gz" } },
    async run({ scanner, target }) {
      await target.listen(22);
      const forge = `hping3 -n -q -S -p 80 --rand-source -c 256 -i u200 ${TARGET} >/dev/null 2>&1`;
      await scanner.shell(
        `for i in $(seq 8 25); do nc -z -w 1 ${TARGET} $i; ${forge}; done; true`,
        { limitSeconds: 90 },
      );
    },
  },
  {
    name: "forged-five-first",
    story:
      "Five forged scans of 40 ports each, then at once a real one: scanlogd logs five and falls silent",
    forgedScans: ["192.0.2.101", "192.0.2.102", "192.0.2.103", "192.0.2.104", "192.0.2.105"],
    scans: [vertical("syn", { ports: "1-100", open: "22,80", evidence: "reset" })],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      for (const n of [101, 102, 103, 104, 105]) {
        const as = ["-S", "-a", `192.0.2.${n}`, "-p", "++1", "-c", "40", "-i", "u5000"];
        await scanner.run(["hping3", "-n", "-q", ...as, TARGET], { mayFail: true });
      }
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-100", TARGET]);
    },
  },
  {
    name: "idle-scan",
    story:
      "nmap idle scan: the probes carry the zombie's address, which answers our SYN-ACKs with RST",
    world: {
      outside: { scanner: [`${SCANNER}/24`], zombie: ["198.51.100.90/24"] },
    },
    captures: {
      "": { at: "target" },
      "-at-zombie": {
        at: "zombie",
        story:
          "The same idle scan seen at the zombie: unasked SYN-ACKs from the scanner to port 80, and from the target",
        home: ["198.51.100.90"],
        seen: {
          sources: [SCANNER],
          techniques: ["syn-ack"],
          shape: "vertical",
          hosts: ["198.51.100.90"],
          ports: "80",
          zombie: undefined,
          note: "an IP ID probe, not a port scan: to be told as use as an idle-scan zombie",
        },
        misuse: {
          kind: "zombie",
          address: "198.51.100.90",
          by: SCANNER,
          against: TARGET,
          ports: "20-60",
          open: "22,25",
        },
        optional: true,
      },
    },
    scans: [vertical("syn", {
      sources: ["198.51.100.90"],
      ports: "20-60",
      open: "22,25",
      evidence: "reset",
      zombie: true,
      note:
        "the apparent source is the zombie; the true one, 198.51.100.7, never sends us a packet",
    })],
    limitSeconds: 120,
    async run(world) {
      const { scanner, target } = world, zombie = world.host("zombie");
      await target.listen(22, 25);
      await zombie.drop("meta l4proto tcp");
      const program = zombie.start([PYTHON, ZOMBIE, "eth0"]);
      await program.until(/ready/);
      await scanner.run(
        ["nmap", "-n", "-Pn", "-sI", "198.51.100.90:80", "-p", "20-60", TARGET],
        { limitSeconds: 90 },
      );
    },
  },
  {
    name: "scan-then-visit",
    story:
      "nmap finds port 8080 open among 100; six minutes later the same host fetches pages from it",
    scans: [vertical("syn", { ports: "8000-8099", open: "8080", evidence: "reset" })],
    visits: [{ source: SCANNER, port: 8080, match: "address" }],
    captures: { "": { at: "target", edits: [stretchPauses(60, 900)] } },
    async run({ scanner, target }) {
      await nginx(target, await site(target, 5, [TARGET]), [8080]);
      await scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "8000-8099", TARGET]);
      await scanner.run(["sleep", "6"]);
      const visit =
        `for i in 0 1 2 3; do curl -s -o /dev/null http://${TARGET}:8080/part$i.png; done`;
      await scanner.shell(visit);
    },
  },
  {
    name: "flood-forged-one-port",
    story:
      "A flood of 3,000 SYNs from random forged sources to an open port: an attack, but no scan",
    quiet: true,
    world: WITH_CLIENT,
    allowed: ["flood"],
    captures: { "": { at: "target", snaplen: 60, format: "pcap.gz" } },
    async run(world) {
      await chatter(world);
      await world.scanner.run(
        [
          "hping3",
          "-n",
          "-q",
          "-S",
          "-p",
          "80",
          "--rand-source",
          "-c",
          "3000",
          "-i",
          "u1000",
          TARGET,
        ],
        { mayFail: true, limitSeconds: 30 },
      );
    },
  },
  {
    name: "flood-one-source",
    story: "One host sends 2,000 SYNs to one closed port: denial of service, but no scan",
    quiet: true,
    world: WITH_CLIENT,
    allowed: ["flood"],
    captures: { "": { at: "target", snaplen: 60, format: "pcap.gz" } },
    async run(world) {
      await chatter(world);
      await world.scanner.run(
        ["hping3", "-n", "-q", "-S", "-p", "81", "-c", "2000", "-i", "u1000", TARGET],
        { mayFail: true, limitSeconds: 30 },
      );
    },
  },
  {
    name: "backscatter",
    story:
      "Somebody floods a distant server with our addresses as forged sources: its SYN-ACKs and RSTs arrive here unasked",
    quiet: true,
    world: {
      outside: {
        scanner: [`${SCANNER}/24`],
        victim: ["198.51.100.80/24"],
        client: [`${CLIENT}/24`],
      },
      inside: { target: ["203.0.113.10-40/24"] },
    },
    allowed: ["backscatter", "flood"],
    misuse: { kind: "flood-backscatter", address: TARGET, against: "198.51.100.80" },
    captures: { "": { at: "target" }, "-at-edge": { at: "router", interface: "inside" } },
    home: ["203.0.113.0/24"],
    async run(world) {
      await world.host("victim").listen(80);
      await chatter(world);
      const victim = "198.51.100.80";
      for (let n = 10; n < 40; n++) {
        const forge = ["-S", "-a", `203.0.113.${n}`, "-c", "12", "-i", "u3000"];
        const port = n % 3 === 0 ? "81" : "80";
        const random = n % 2 === 0 ? [] : ["-s", `${2000 + n * 100}`];
        await world.scanner.run(["hping3", "-n", "-q", ...forge, ...random, "-p", port, victim], {
          mayFail: true,
        });
      }
    },
  },
  {
    name: "decoy-against-others",
    story:
      "Our address is used as a decoy in a scan of somebody else: RSTs and SYN-ACKs of 100 ports arrive unasked",
    quiet: true,
    world: {
      outside: {
        scanner: [`${SCANNER}/24`],
        victim: ["198.51.100.80/24"],
        client: [`${CLIENT}/24`],
      },
    },
    allowed: ["backscatter"],
    misuse: {
      kind: "decoy",
      address: TARGET,
      against: "198.51.100.80",
      ports: "1-100",
      open: "22,80",
    },
    async run(world) {
      await world.host("victim").listen(22, 80);
      await chatter(world);
      const row = `ME,${TARGET}`;
      await world.scanner.run([
        "nmap",
        "-n",
        "-Pn",
        "-sS",
        "-D",
        row,
        "-p",
        "1-100",
        "198.51.100.80",
      ]);
    },
  },
];
