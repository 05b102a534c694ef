// Scans that hide, made by real tools as their users would make them: answered sweeps, decoys on one link,
// scanners that come back, packets dressed as others. They go to testdata/attacks/real.

import { stretchPauses } from "../edits.ts";
import type { Case } from "../plan.ts";
import { nginx, site } from "../servers.ts";
import type { Host } from "../host.ts";
import {
  chatter,
  CLIENT,
  horizontal,
  SCANNER,
  TARGET,
  UNLIMITED,
  vertical,
  WITH_CLIENT,
} from "./common.ts";

const PYTHON = "/usr/bin/python3";
const ANSWERER = new URL("../programs/answerer.py", import.meta.url).pathname;
const MANY = { inside: { target: ["203.0.113.10-89/24"] } };
const RANGE = "203.0.113.10-89", HOSTS = ["203.0.113.10-203.0.113.89"];
const LINK = { at: "target", snaplen: 128 };

/** Every address of the host answers on this UDP port. */
async function answering(host: Host, port: number): Promise<void> {
  const addresses = host.addresses.filter((address) => !address.includes(":"));
  const service = host.start([PYTHON, ANSWERER, `${port}`, ...addresses], { unsaid: true });
  await service.until(/ready/);
}

function answered(
  name: string,
  story: string,
  port: number,
  tool: string,
  command: string[],
): Case {
  return {
    name: `answered-${name}`,
    story,
    attack: true,
    world: MANY,
    captures: { "": LINK },
    home: ["203.0.113.0/24"],
    scans: [horizontal("udp", { hosts: HOSTS, ports: `${port}`, open: `${port}`, tool, hops: 1 })],
    async run({ scanner, target }) {
      await answering(target, port);
      await scanner.run(command, { mayFail: true, limitSeconds: 90 });
    },
  };
}

const NMAP = ["nmap", "-n", "-Pn"];

export const attacks: Case[] = [
  answered("ike-scan", "ike-scan over eighty addresses, all of which answer", 500, "ike-scan", [
    "ike-scan",
    "--retry=1",
    "--interval=20",
    ...Array.from({ length: 80 }, (_, i) => `203.0.113.${10 + i}`),
  ]),
  answered(
    "snmp",
    "onesixtyone over eighty addresses, all of which answer",
    161,
    "onesixtyone",
    [
      "bash",
      "-c",
      `for i in $(seq 10 89); do echo 203.0.113.$i; done > /tmp/scandog-lab-hosts-$$; onesixtyone -w 10 -i /tmp/scandog-lab-hosts-$$ public; rm /tmp/scandog-lab-hosts-$$`,
    ],
  ),
  answered("sip", "nmap asks eighty addresses for SIP, and all of them answer", 5060, "nmap", [
    ...NMAP,
    ...["-sU", "--max-retries", "0", "-p", "5060", RANGE],
  ]),
  {
    name: "ack-one-byte",
    story: "A client fetches a page; then nmap -sA with one octet of data in each probe",
    attack: true,
    scans: [vertical("ack", { ports: "1-300", open: "" })],
    async run({ scanner, target }) {
      await nginx(target, await site(target, 2, [TARGET]), [8080]);
      await scanner.run(["curl", "-s", "-o", "/dev/null", `http://${TARGET}:8080/part1.png`]);
      await scanner.run([...NMAP, "-sA", "--data-length", "1", "-p", "1-300", TARGET]);
    },
  },
  {
    name: "udp-version-silent",
    story: "nmap -sUV of twenty swallowed UDP ports, while a client browses: each is asked often",
    attack: true,
    world: WITH_CLIENT,
    limitSeconds: 300,
    scans: [vertical("udp", { ports: "120-139", open: "", silent: "120-139" })],
    async run(world) {
      await chatter(world, 80, 900);
      await world.target.drop("udp dport 1-65535");
      const options = ["-sU", "-sV", "--version-intensity", "3", "-p", "120-139"];
      await world.scanner.run([...NMAP, ...options, TARGET], { limitSeconds: 240 });
    },
  },
  {
    name: "udp-from-53",
    story: "The target asks the scanner for a name; then UDP probes come from port 53",
    attack: true,
    scans: [vertical("udp", { ports: "300-339", open: "" })],
    async run({ scanner, target }) {
      await target.sysctl(...UNLIMITED);
      const server = scanner.start(
        ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root"].concat(
          ["--pid-file=", "--conf-file=/dev/null", "--address=/shop.example/192.0.2.1"],
        ),
      );
      await target.shell(`sleep 0.5; dig +short +tries=1 @${SCANNER} shop.example`);
      await server.stop("SIGTERM");
      const options = ["-sU", "-g", "53", "--max-retries", "0", "-p", "300-339"];
      await scanner.run([...NMAP, ...options, TARGET]);
    },
  },
  {
    name: "decoys-on-link",
    story: "nmap -D with five neighbours' addresses, all from one machine on the link",
    attack: true,
    world: { hops: 0, outside: { scanner: ["192.168.7.66/24"] } },
    scans: [vertical("syn", {
      sources: ["192.168.7.66"],
      forged: Array.from({ length: 5 }, (_, i) => `192.168.7.${101 + i}`),
      shape: "decoy",
      hosts: ["192.168.7.10"],
      ports: "1-80",
      open: "22",
      hops: 0,
      evidence: "reset",
    })],
    async run({ scanner, target }) {
      await target.listen(22);
      const decoys = Array.from({ length: 5 }, (_, i) => `192.168.7.${101 + i}`).join();
      await scanner.run([...NMAP, "-sS", "-D", decoys, "-p", "1-80", "192.168.7.10"]);
    },
  },
  {
    name: "decoys-after-scan",
    story: "nmap -sS, then nmap -D with neighbours' addresses from the same machine on the link",
    attack: true,
    world: { hops: 0, outside: { scanner: ["192.168.7.66/24"] } },
    scans: [vertical("syn", {
      sources: ["192.168.7.66"],
      forged: ["192.168.7.101", "192.168.7.102"],
      shape: "decoy",
      hosts: ["192.168.7.10"],
      ports: "1-100",
      open: "22",
      hops: 0,
      evidence: "reset",
    })],
    async run({ scanner, target }) {
      await target.listen(22);
      await scanner.run([...NMAP, "-sS", "-p", "1-100", "192.168.7.10"]);
      const decoys = "192.168.7.101,192.168.7.102";
      await scanner.run([...NMAP, "-sS", "-D", decoys, "-p", "1-100", "192.168.7.10"]);
    },
  },
  {
    name: "comes-back",
    story: "nmap -sS; hours later nmap -sS of the same ports, and hours later nmap -sF",
    attack: true,
    captures: {
      "": { at: "target", snaplen: 80, filter: "tcp", edits: [stretchPauses(900, 5500)] },
    },
    scans: [
      vertical("syn", { ports: "1-100", open: "22", evidence: "reset" }),
      vertical("syn", { ports: "1-100", open: "22", evidence: "reset" }),
      // A FIN to an open port is not answered: nothing is learned to be open.
      vertical("fin", { ports: "1-100", open: "", silent: "22" }),
    ],
    async run({ scanner, target }) {
      await target.listen(22);
      for (const scan of ["-sS", "-sS", "-sF"]) {
        await scanner.run([...NMAP, scan, "-p", "1-100", TARGET]);
        await scanner.run(["sleep", "6"], { unsaid: true });
      }
    },
  },
  {
    name: "sweep-fping-five",
    story: "fping -c 5 over a network with nobody in it but the router",
    attack: true,
    captures: { "": { at: "router", interface: "outside" } },
    world: { blackholes: ["10.40.0.0/24"] },
    scans: [horizontal("icmp-echo", { hosts: ["10.40.0.1-10.40.0.254"], tool: "fping" })],
    async run({ scanner }) {
      const command = ["fping", "-q", "-c", "5", "-p", "100", "-i", "2", "-t", "50"];
      await scanner.run([...command, "-g", "10.40.0.0/24"], { mayFail: true });
    },
  },
  {
    name: "banners",
    story: "nmap -sT with the banner script: what is open says something, and is used",
    attack: true,
    scans: [
      vertical("connect", { ports: "1-60", open: "21,22,25", evidence: "handshake" }),
    ],
    async run({ scanner, target }) {
      await target.listen(21, 22, 25);
      await scanner.run([...NMAP, "-sT", "--script", "banner", "-p", "1-60", TARGET]);
    },
  },
  {
    name: "hping-low-ttl-data",
    story: "hping3 -A with data and a TTL that just reaches the target, from changing ports",
    attack: true,
    scans: [vertical("ack", { ports: "100-159", open: "", tool: "hping3" })],
    async run({ scanner, target }) {
      await nginx(target, await site(target, 2, [TARGET]), [80]);
      await scanner.run(["curl", "-s", "-o", "/dev/null", `http://${TARGET}/part1.png`]);
      const walk = ["-A", "-d", "7", "-t", "3", "-p", "++100", "-c", "60", "-i", "u20000"];
      await scanner.run(["hping3", "-n", ...walk, TARGET], { mayFail: true });
    },
  },
  {
    name: "zmap-udp-answered",
    story: "zmap asks eighty addresses for SNMP in random order, and all of them answer",
    attack: true,
    world: MANY,
    captures: { "": LINK },
    scans: [horizontal("udp", { hosts: HOSTS, ports: "161", open: "161", tool: "zmap", hops: 1 })],
    async run(world) {
      const { scanner, target } = world;
      await answering(target, 161);
      await scanner.shell(
        "printf '203.0.113.%s/32\\n' $(seq 10 89) > list.txt; mac=$(ip neigh show 198.51.100.1 | " +
          "sed -n 's/.*lladdr \\([^ ]*\\).*/\\1/p'); ping -c 1 -W 1 203.0.113.10 > ping.txt; " +
          "mac=$(ip neigh show 198.51.100.1 | sed -n 's/.*lladdr \\([^ ]*\\).*/\\1/p'); " +
          "zmap -q -M udp -p 161 --probe-args=text:abcdefghijkl -w list.txt -b /dev/null -r 50 -c 1 " +
          "-i eth0 -G $mac -o found.txt",
        { cwd: world.folder, mayFail: true },
      );
    },
  },
  {
    name: "client-resets",
    story: "A client with short limits fetches from a slow server and gives up, again and again",
    attack: true,
    quiet: true,
    world: WITH_CLIENT,
    async run(world) {
      await chatter(world, 80, 100);
      await world.host("client").shell(
        `for i in $(seq 60); do curl -s -m 0.02 -o part.png http://${TARGET}/part$((i % 20)).png & ` +
          `curl -s -m 0.3 -o other.png http://${TARGET}:$((8000 + i % 4))/ ; done; wait; ` +
          `echo from ${CLIENT}`,
        { mayFail: true, cwd: world.folder },
      );
    },
  },
];
