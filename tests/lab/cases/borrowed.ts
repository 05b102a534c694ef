// Addresses that others borrow: idle scans by way of a zombie elsewhere, and our address on probes of
// somebody else.

import type { Case } from "../plan.ts";
import { chatter, CLIENT, SCANNER, TARGET, UNLIMITED, vertical } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const ZOMBIE_PROGRAM = new URL("../programs/zombie.py", import.meta.url).pathname;
const ZOMBIE = "203.0.113.90", VICTIM = "198.51.100.80";

/** The scanner uses the target's address against a victim in its own network. */
const WITH_VICTIM = {
  outside: {
    scanner: [`${SCANNER}/24`],
    victim: [`${VICTIM}/24`],
    client: [`${CLIENT}/24`],
  },
};

/** What the target sees of a scan of the victim in its name; `command` ends before the victim. */
function borrowedFor(
  name: string,
  story: string,
  command: string[],
  { ports, open = "" }: { ports: string; open?: string },
): Case {
  return {
    name,
    story,
    quiet: true,
    world: WITH_VICTIM,
    allowed: ["backscatter"],
    misuse: { kind: "decoy", address: TARGET, against: VICTIM, ports, open },
    captures: { "": { at: "target", snaplen: 96, format: "pcap.gz" } },
    async run(world) {
      const victim = world.host("victim");
      await victim.listen(22, 25);
      await victim.run(["sysctl", "-qw", ...UNLIMITED]);
      await chatter(world);
      await world.scanner.run([...command, VICTIM], { mayFail: true, limitSeconds: 60 });
    },
  };
}

export const borrowed: Case[] = [
  {
    name: "idle-scan-far",
    story: "nmap idle scan from behind eight routers, by way of a zombie next to the target",
    world: {
      hops: 8,
      outside: { scanner: [`${SCANNER}/24`] },
      inside: { target: [`${TARGET}/24`], zombie: [`${ZOMBIE}/24`] },
    },
    captures: {
      "": { at: "target", snaplen: 96, format: "pcap.gz" },
      "-at-zombie": {
        at: "zombie",
        story: "The idle scan from afar seen at the zombie",
        snaplen: 96,
        format: "pcap.gz",
        seen: {
          sources: [SCANNER],
          techniques: ["syn-ack"],
          hosts: [ZOMBIE],
          ports: "80",
          open: "",
          zombie: undefined,
          note: "an IP ID probe, not a port scan: to be told as use as an idle-scan zombie",
        },
        misuse: {
          kind: "zombie",
          address: ZOMBIE,
          by: SCANNER,
          against: TARGET,
          ports: "20-40",
          open: "22,25",
        },
        optional: true,
      },
    },
    scans: [vertical("syn", {
      sources: [ZOMBIE],
      ports: "20-40",
      open: "22,25",
      hops: 8,
      evidence: "reset",
      zombie: true,
      note: "the apparent source is the zombie; the distance is the true scanner's",
    })],
    limitSeconds: 120,
    async run(world) {
      const { scanner, target } = world, zombie = world.host("zombie");
      await target.listen(22, 25);
      await zombie.drop("meta l4proto tcp");
      const program = zombie.start([PYTHON, ZOMBIE_PROGRAM, "eth0"]);
      await program.until(/ready/);
      const words = ["-n", "-Pn", "-sI", `${ZOMBIE}:80`, "-p", "20-40", TARGET];
      await scanner.run(["nmap", ...words], { limitSeconds: 90 });
    },
  },
  borrowedFor(
    "borrowed-hping",
    "hping3 sends 60 SYNs in our name to a victim, whose answers arrive here unasked",
    ["hping3", "-n", "-q", "-S", "-a", TARGET, "-p", "++1", "-c", "60", "-i", "u5000"],
    { ports: "1-60", open: "22,25" },
  ),
  borrowedFor(
    "borrowed-udp",
    "nmap UDP scan of somebody else with our address as a decoy: ICMP errors arrive unasked",
    ["nmap", "-n", "-Pn", "-sU", "--max-retries", "1", "-D", `ME,${TARGET}`, "-p", "1-40"],
    { ports: "1-40" },
  ),
  borrowedFor(
    "borrowed-ack",
    "nmap ACK scan of somebody else with our address as a decoy: bare resets of 60 ports arrive unasked",
    ["nmap", "-n", "-Pn", "-sA", "-D", `ME,${TARGET}`, "-p", "1-60"],
    { ports: "1-60" },
  ),
];
