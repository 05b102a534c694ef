// A set of captures too large for the repository: every case seen from everywhere, and scans in
// combinations of technique, company, pace and distance that the cases themselves do not have. Made
// with `--wide --out FOLDER`, to check a detector against what it was not written for.

import { CASE_GROUPS } from "./cases/mod.ts";
import type { CapturePlan, Case, Technique, WorldPlan } from "./plan.ts";
import { dnsmasq, vsftpd } from "./servers.ts";
import { LAN, ROUTED, type World } from "./world.ts";
import { chatter, TARGET, vertical, WITH_CLIENT } from "./cases/common.ts";

/** The case as every host that takes part sees it: both directions, and each alone. */
function fromEverywhere(plan: Case): Case {
  const world: WorldPlan = { ...(plan.world?.hops === 0 ? LAN : ROUTED), ...plan.world };
  const captures: Record<string, CapturePlan> = {};
  const hosts = [...Object.keys(world.inside), ...Object.keys(world.outside)];
  const known = new Set(Object.values(plan.captures ?? {}).map((capture) => capture.at));
  // A sweep of a network with nobody in it, for one, never comes near the target.
  const missesTarget = plan.captures !== undefined && !known.has("target");
  for (const at of hosts.length > 6 ? ["target"] : hosts) {
    const bystander = !plan.quiet && at !== "target" && !known.has(at);
    if (bystander && at !== "scanner") continue;
    const views: [string, CapturePlan][] = [
      ["", { at }],
      ["-in", { at, direction: "in" }],
      ["-out", { at, direction: "out" }],
      ["-cooked", { at, interface: "any", linkName: "LINUX_SLL2" }],
    ];
    for (const [suffix, capture] of views) {
      // What a scan looks like from its source, or from one side only, may be less than a scan.
      const partial = at !== "target" || suffix === "-out" || missesTarget;
      const optional = !plan.quiet && partial;
      captures[`@${at}${suffix}`] = { ...capture, snaplen: 96, format: "pcap.gz", optional };
    }
  }
  if (world.hops > 0) {
    const router: CapturePlan = {
      at: "router",
      interface: "outside",
      snaplen: 96,
      format: "pcap.gz",
    };
    captures["@router"] = router;
    captures["@router-both-sides"] = { ...router, and: "inside", format: "pcapng.gz" };
    if (world.hops > 1) delete captures["@router-both-sides"];
  }
  return { ...plan, name: `view-${plan.name}`, captures };
}

const TECHNIQUES: [Technique, string[]][] = [
  ["syn", ["-sS"]],
  ["connect", ["-sT"]],
  ["fin", ["-sF"]],
  ["null", ["-sN"]],
  ["xmas", ["-sX"]],
  ["maimon", ["-sM"]],
  ["ack", ["-sA"]],
  ["udp", ["-sU"]],
  ["sctp-init", ["-sY"]],
  ["sctp-cookie-echo", ["-sZ"]],
];
const COMPANY: Record<string, (world: World) => Promise<void>> = {
  alone: () => Promise.resolve(),
  web: (world) => chatter(world, 80, 100),
  async ftp(world) {
    await vsftpd(world.target, 20);
    const url = `ftp://${TARGET}/pub/file$((RANDOM % 20)).txt`;
    world.host("client").start([
      "bash",
      "-c",
      `while :; do curl -s -m 2 -o /dev/null ${url}; sleep 0.1; done`,
    ]);
  },
  async dns(world) {
    await dnsmasq(world.target, ["example.test=192.0.2.1"]);
    const ask = `dig +time=1 +tries=1 @${TARGET} h$RANDOM.example.test >/dev/null`;
    world.host("client").start(["bash", "-c", `while :; do ${ask}; sleep 0.1; done`]);
  },
};
const PACES: Record<string, { options: string[]; ports: string }> = {
  fast: { options: ["-T4"], ports: "1000-1399" },
  sequential: { options: ["-r", "-T4"], ports: "20-139" },
  paced: { options: ["--scan-delay", "100ms"], ports: "3000-3049" },
  polite: { options: ["-T2"], ports: "400-419" },
};

/** Techniques, companies, paces and distances, so combined that each meets each other one. */
function combinations(): Case[] {
  const cases: Case[] = [];
  const companies = Object.entries(COMPANY), paces = Object.entries(PACES);
  TECHNIQUES.forEach(([technique, options], i) => {
    for (let k = 0; k < 4; k++) {
      const [company, join] = companies[(i + k) % companies.length];
      const [pace, { options: slowly, ports }] = paces[k];
      const silent = (i + k) % 3 === 0;
      cases.push({
        name: `mix-${technique}-${company}-${pace}${silent ? "-silent" : ""}`,
        story: `nmap ${technique} scan, pace ${pace}, in the company of ${company}`,
        world: { ...WITH_CLIENT, hops: 1 + (i + k) % 3 },
        captures: {
          "": { at: "target" },
          "-in": { at: "target", direction: "in" },
        },
        scans: [vertical(technique, {
          ports,
          open: "",
          silent: silent ? ports : "",
          hops: 1 + (i + k) % 3,
        })],
        async run(world) {
          await join(world);
          if (silent) {
            const port = `th dport ${ports}`;
            await world.target.drop(`meta l4proto { tcp, udp, sctp } ${port}`);
          }
          const once = ["--max-retries", "1"];
          await world.scanner.run(
            ["nmap", "-n", "-Pn", ...options, ...slowly, ...once, "-p", ports, TARGET],
            { limitSeconds: 100 },
          );
        },
      });
    }
  });
  return cases;
}

export const WIDE_CASES: Case[] = [...combinations(), ...CASE_GROUPS.flat().map(fromEverywhere)];
