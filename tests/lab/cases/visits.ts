// Scan, then visit: who comes back to what was found open, and who only looks like it. Pauses are made
// short and stretched to hours afterwards; what lies closer together keeps its own timing.

import type { Case } from "../plan.ts";
import { stretchPauses } from "../edits.ts";
import { nginx, site } from "../servers.ts";
import { CLIENT, SCANNER, TARGET, TARGET6, vertical, WITH_CLIENT } from "./common.ts";

/** Ten seconds become hours; nmap -sV waits for six for a greeting. */
const PAUSE = ["sleep", "10"];
/** Neighbours that ask for each other would cut the pauses: only TCP is kept. */
const HOURS = [stretchPauses(900, 9500)];
const PORTS = "8060-8100";

export const visits: Case[] = [
  {
    name: "visit-after-connect-scan",
    story: "nmap -sT finds port 8080 open; hours later the same host fetches pages, and again",
    scans: [vertical("connect", { ports: PORTS, open: "8080", evidence: "handshake" })],
    visits: [{ source: SCANNER, port: 8080, match: "address" }],
    captures: { "": { at: "target", snaplen: 80, edits: HOURS, filter: "tcp" } },
    async run({ scanner, target }) {
      await nginx(target, await site(target, 2, [TARGET]), [8080]);
      await scanner.run(["nmap", "-n", "-Pn", "-sT", "-p", PORTS, TARGET]);
      for (let i = 0; i < 2; i++) {
        await scanner.run(PAUSE);
        await scanner.run(["curl", "-s", "-o", "/dev/null", `http://${TARGET}:8080/part1.png`]);
      }
    },
  },
  {
    name: "visit-by-neighbour",
    story: "nmap -sS finds port 8080 open; hours later another host of the same /24 fetches a page",
    world: WITH_CLIENT,
    scans: [vertical("syn", { ports: PORTS, open: "8080", evidence: "reset" })],
    visits: [{ source: CLIENT, port: 8080, match: "network" }],
    captures: { "": { at: "target", snaplen: 80, edits: HOURS, filter: "tcp" } },
    async run(world) {
      await nginx(world.target, await site(world.target, 2, [TARGET]), [8080]);
      await world.scanner.run(["nmap", "-n", "-Pn", "-sS", "-p", PORTS, TARGET]);
      await world.scanner.run(PAUSE);
      await world.host("client").run([
        "curl",
        "-s",
        "-o",
        "/dev/null",
        `http://${TARGET}:8080/part1.png`,
      ]);
    },
  },
  {
    name: "visit-not-by-version-scan",
    story:
      "nmap -sV finds port 8080 open and asks what it is; the next day's run does the same, and a " +
      "client of elsewhere visits: nobody comes back",
    world: { inside: { target: [`${TARGET}/24`], client: ["203.0.113.40/24"] } },
    scans: [vertical("syn", { ports: PORTS, open: "8080", evidence: "handshake" })],
    captures: { "": { at: "target", snaplen: 80, edits: HOURS, filter: "tcp" } },
    async run(world) {
      await nginx(world.target, await site(world.target, 2, [TARGET]), [8080]);
      for (let i = 0; i < 2; i++) {
        await world.scanner.run(["nmap", "-n", "-Pn", "-sV", "-p", PORTS, TARGET], {
          limitSeconds: 60,
        });
        await world.scanner.run(PAUSE);
      }
      await world.host("client").run([
        "curl",
        "-s",
        "-o",
        "/dev/null",
        `http://${TARGET}:8080/part1.png`,
      ]);
    },
  },
  {
    name: "visit-ip6-by-neighbour",
    story:
      "nmap -6 finds port 8080 open; hours later another address of the same /64 fetches a page",
    world: WITH_CLIENT,
    scans: [
      vertical("syn", {
        sources: ["2001:db8:51::7"],
        hosts: [TARGET6],
        ports: PORTS,
        open: "8080",
        evidence: "reset",
      }),
    ],
    visits: [{ source: "2001:db8:51::40", port: 8080, match: "network" }],
    captures: { "": { at: "target", snaplen: 100, edits: HOURS, filter: "tcp" } },
    async run(world) {
      await nginx(world.target, await site(world.target, 2, [TARGET]), [8080]);
      await world.scanner.run(["nmap", "-6", "-n", "-Pn", "-sS", "-p", PORTS, TARGET6]);
      await world.scanner.run(PAUSE);
      await world.host("client").run([
        "curl",
        "-s",
        "-g",
        "-o",
        "/dev/null",
        `http://[${TARGET6}]:8080/part1.png`,
      ]);
    },
  },
];
