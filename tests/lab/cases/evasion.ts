// Packets made to be overlooked: odd flags, odd source ports, options, extension headers, fragments.

import type { Case, ScanTruth, Technique } from "../plan.ts";
import { SCANNER6, TARGET, TARGET6, UNLIMITED, vertical } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const EXTENSION = new URL("../programs/ip6_extension.py", import.meta.url).pathname;

function nmap(
  name: string,
  story: string,
  options: string[],
  technique: Technique,
  more: Partial<ScanTruth> = {},
): Case {
  const truth = vertical(technique, { ports: "1-80", open: "22,80", ...more });
  return {
    name,
    story,
    scans: [truth],
    async run({ scanner, target }) {
      await target.listen(22, 80);
      await target.sysctl(...UNLIMITED);
      await scanner.run(["nmap", "-n", "-Pn", ...options, "-p", truth.ports!, TARGET]);
    },
  };
}

function extension(kind: string, story: string, more: Partial<ScanTruth> = {}): Case {
  return {
    name: `ip6-${kind}`,
    story,
    scans: [vertical("syn", {
      sources: [SCANNER6],
      hosts: [TARGET6],
      ports: "1-60",
      open: "22",
      tool: "scapy",
      evidence: "reset",
      ...more,
    })],
    async run(world) {
      const { scanner, target } = world;
      await target.listen(22);
      await scanner.run(["ping", "-c", "1", TARGET6], { unsaid: true });
      const gateway = await world.host("router")
        .run(["cat", "/sys/class/net/outside/address"], { unsaid: true });
      await scanner.run([PYTHON, EXTENSION, TARGET6, "1", "60", kind, gateway.stdout.trim()]);
    },
  };
}

export const evasion: Case[] = [
  nmap(
    "flags-synfin",
    "nmap scan with SYN and FIN together",
    ["-sS", "--scanflags", "SYNFIN"],
    "other-tcp",
  ),
  nmap(
    "flags-urgpsh",
    "nmap scan with URG and PSH and nothing else",
    ["-sF", "--scanflags", "URGPSH"],
    "other-tcp",
  ),
  nmap(
    "flags-synack",
    "nmap sends SYN-ACK to every port: a RST from each",
    ["-sA", "--scanflags", "SYNACK"],
    "syn-ack",
  ),
  nmap(
    "flags-rstack",
    "nmap sends RST with ACK to every port, as if it refused connections: nothing answers",
    ["-sS", "--scanflags", "RSTACK", "--max-retries", "0"],
    "other-tcp",
  ),
  nmap(
    "flags-ecn",
    "nmap SYN scan with both ECN bits, as a modern client sets them",
    ["-sS", "--scanflags", "SYNECECWR"],
    "syn",
    { evidence: "reset" },
  ),
  nmap(
    "flags-all",
    "nmap scan with every flag set at once",
    ["-sF", "--scanflags", "255"],
    "other-tcp",
  ),
  nmap("source-port-53", "SYN scan from port 53, as if it were DNS", ["-sS", "-g", "53"], "syn", {
    evidence: "reset",
  }),
  nmap(
    "source-port-20",
    "SYN scan from port 20, as if it were active FTP",
    ["-sS", "-g", "20"],
    "syn",
    { evidence: "reset" },
  ),
  nmap("source-port-80-ack", "ACK scan from port 80, as if it were a web server's answers", [
    "-sA",
    "-g",
    "80",
  ], "ack"),
  nmap(
    "syn-with-data",
    "SYN scan whose SYNs carry 24 bytes",
    ["-sS", "--data-length", "24"],
    "syn",
    { evidence: "reset" },
  ),
  nmap(
    "ip-options-record-route",
    "SYN scan with the record-route option: TCP begins 40 bytes later",
    ["-sS", "--ip-options", "R"],
    "syn",
    { evidence: "reset" },
  ),
  nmap(
    "ip-options-timestamp",
    "SYN scan with the timestamp option",
    ["-sS", "--ip-options", "T"],
    "syn",
    { evidence: "reset" },
  ),
  nmap(
    "bad-checksum",
    "SYN scan with wrong checksums: no host answers, a filter might",
    ["-sS", "--badsum", "--max-retries", "0"],
    "syn",
    { open: "", silent: "1-80" },
  ),
  nmap("low-ttl", "SYN scan with a time to live of 3", ["-sS", "--ttl", "3"], "syn", {
    evidence: "reset",
  }),
  nmap(
    "udp-source-port-53",
    "UDP scan from port 53, as if it were DNS answers",
    ["-sU", "-g", "53", "--max-retries", "1"],
    "udp",
    { ports: "30000-30040", open: "" },
  ),

  extension(
    "hop-by-hop",
    "SYN scan behind a hop-by-hop header of 8 octets, whose length field is 0",
  ),
  extension("destination", "SYN scan behind a destination options header of 8 octets"),
  extension("both", "SYN scan behind two extension headers"),
  extension("atomic-fragment", "SYN scan behind a fragment header that fragments nothing"),
  extension(
    "fragments",
    "SYN scan in IPv6 fragments of 24 bytes: the options come in the second",
  ),
  extension(
    "tiny-fragments",
    "SYN scan in IPv6 fragments of 8 bytes: the flags are in the second, so Linux refuses it (RFC 7112)",
    { open: "", silent: "1-60", evidence: "none" },
  ),
];
