// A machine with guests whose addresses it translates, as container hosts do, captured on all its interfaces: each
// packet of a guest comes twice, before and after.

import type { CapturePlan, Case, ScanTruth, WorldPlan } from "../plan.ts";
import { TARGET, UNLIMITED, vertical } from "./common.ts";
import type { World } from "../world.ts";

const GUEST = "172.17.0.2", NEIGHBOUR = "172.17.0.3";
const GUESTS: Partial<WorldPlan> = {
  outside: { scanner: [`${GUEST}/24`], client: [`${NEIGHBOUR}/24`] },
  outsideGateway: ["172.17.0.1/24", "fd17::1/64"],
};
const EVERYWHERE: Record<string, CapturePlan> = {
  "": { at: "router", interface: "any", linkName: "LINUX_SLL2" },
};

function byGuest(technique: ScanTruth["techniques"][number], more: Partial<ScanTruth>): ScanTruth {
  return vertical(technique, { sources: [GUEST], hops: 0, ...more });
}

/** Translates the guests' addresses, and has the neighbour ask the target's port 80 and a closed one. */
async function translate(world: World): Promise<void> {
  const masquerade = "oifname inside ip saddr 172.17.0.0/24 masquerade;";
  await world.host("router").filter(
    `chain out { type nat hook postrouting priority 100; ${masquerade} }`,
  );
  await world.target.listen(22, 80);
  const fetch = `curl -s -m 2 --http0.9 -o /dev/null http://${TARGET}`;
  world.host("client").start([
    "bash",
    "-c",
    `while :; do ${fetch}/; ${fetch}:8081/; sleep 0.2; done`,
  ]);
}

export const gateways: Case[] = [
  {
    name: "gateway-syn",
    story: "nmap SYN scan by a container, seen on all interfaces of its host, before and after NAT",
    world: GUESTS,
    captures: EVERYWHERE,
    scans: [byGuest("syn", { ports: "1-120", open: "22,80", evidence: "reset" })],
    async run(world) {
      await translate(world);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", "1-120", TARGET]);
    },
  },
  {
    name: "gateway-udp",
    story: "nmap UDP scan by a container that asks again, seen before and after NAT",
    world: GUESTS,
    captures: EVERYWHERE,
    scans: [byGuest("udp", { ports: "1-40", open: "" })],
    async prepare({ target }) {
      await target.sysctl(...UNLIMITED);
      await target.drop("udp dport 30-40");
    },
    async run(world) {
      await translate(world);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sU", "-p", "1-40", TARGET]);
    },
  },
  {
    name: "gateway-quiet",
    story: "Containers ask open, closed and filtered ports, seen before and after NAT",
    quiet: true,
    world: GUESTS,
    captures: EVERYWHERE,
    async run(world) {
      await translate(world);
      await world.target.drop("tcp dport 9000");
      const ask = (port: number) => `curl -s -m 1 --http0.9 http://${TARGET}:${port}/`;
      const ports = [80, 443, 8080, 9000, 5432].map(ask).join("; ");
      await world.scanner.shell(`for i in $(seq 8); do ${ports}; done; true`);
    },
  },
];
