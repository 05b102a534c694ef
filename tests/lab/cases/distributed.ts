// One scan from many addresses.

import type { Case } from "../plan.ts";
import { TARGET, vertical } from "./common.ts";

/** Numbers `first` to `last`. */
function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const EIGHT = span(71, 78).map((n) => `198.51.100.${n}`);
const SIXTEEN = span(112, 127).map((n) => `198.51.100.${n}`);

export const distributed: Case[] = [
  {
    name: "distributed-nmap",
    story: "Eight hosts share a list of 160 ports, each scans twenty with nmap, at the same time",
    world: {
      outside: Object.fromEntries(EIGHT.map((address, i) => [`scanner${i}`, [`${address}/24`]])),
    },
    scans: [
      vertical("syn", { shape: "distributed", sources: EIGHT, ports: "1-160", evidence: "reset" }),
    ],
    async run(world) {
      await world.target.listen(22, 25, 80, 110);
      await Promise.all(EIGHT.map((_, i) =>
        world.host(`scanner${i}`).run([
          "nmap",
          "-n",
          "-Pn",
          "-sS",
          "-p",
          `${i * 20 + 1}-${i * 20 + 20}`,
          TARGET,
        ])
      ));
    },
  },
  {
    name: "distributed-few-each",
    story:
      "Eight hosts of one network try five ports each, two seconds apart: nobody alone is conspicuous",
    world: {
      outside: Object.fromEntries(EIGHT.map((address, i) => [`scanner${i}`, [`${address}/24`]])),
    },
    scans: [vertical("syn", {
      shape: "distributed",
      sources: EIGHT,
      ports: "1001-1040",
      open: "",
    })],
    async run(world) {
      for (const turn of span(0, 4)) {
        await Promise.all(EIGHT.map((_, i) =>
          world.host(`scanner${i}`).run([
            "nmap",
            "-n",
            "-Pn",
            "-sS",
            "--max-retries",
            "0",
            "-p",
            `${1001 + turn * 8 + i}`,
            TARGET,
          ])
        ));
        await world.target.run(["sleep", "2"], { unsaid: true });
      }
    },
  },
  {
    name: "distributed-masscan",
    story: "masscan changes its source address among sixteen while it scans 320 ports",
    world: { outside: { scanner: ["198.51.100.7/24", "198.51.100.112-127/24"] } },
    scans: [vertical("syn", {
      shape: "distributed",
      sources: SIXTEEN,
      ports: "1-320",
      tool: "masscan",
      evidence: "reset",
    })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      const from = ["--source-ip", "198.51.100.112-198.51.100.127"];
      await scanner.run(["masscan", "-p1-320", TARGET, ...from, "--rate", "300", "--wait", "1"]);
    },
  },
  {
    name: "distributed-sweep",
    story: "Eight hosts share a sweep of port 22 over 160 addresses",
    world: {
      outside: Object.fromEntries(EIGHT.map((address, i) => [`scanner${i}`, [`${address}/24`]])),
      blackholes: ["10.40.0.0/22"],
    },
    captures: { "": { at: "router", interface: "outside" } },
    home: ["10.40.0.0/22"],
    scans: [{
      sources: EIGHT,
      techniques: ["syn"],
      shape: "distributed",
      hosts: ["10.40.0.1-10.40.0.160"],
      ports: "22",
      silent: "22",
      tool: "nmap",
      hops: 0,
      evidence: "none",
    }],
    async run(world) {
      await Promise.all(EIGHT.map((_, i) =>
        world.host(`scanner${i}`).run([
          "nmap",
          "-n",
          "-Pn",
          "-sS",
          "--max-retries",
          "0",
          "-p",
          "22",
          `10.40.0.${i * 20 + 1}-${i * 20 + 20}`,
        ])
      ));
    },
  },
  {
    name: "distributed-ip6-hopping",
    story: "A scanner takes a new IPv6 address of its /64 for every three ports",
    world: { outside: { scanner: ["2001:db8:51::100-11f/64"] } },
    scans: [vertical("syn", {
      shape: "distributed",
      sources: span(0x100, 0x11f).map((n) => `2001:db8:51::${n.toString(16)}`),
      hosts: ["2001:db8:113::10"],
      ports: "1-96",
      evidence: "reset",
    })],
    async run({ scanner, target }) {
      await target.listen(22, 25, 80, 110);
      for (const i of span(0, 31)) {
        const source = `2001:db8:51::${(0x100 + i).toString(16)}`;
        await scanner.run([
          "nmap",
          "-6",
          "-n",
          "-Pn",
          "-sS",
          "-e",
          "eth0",
          "-S",
          source,
          "-p",
          `${i * 3 + 1}-${i * 3 + 3}`,
          "2001:db8:113::10",
        ]);
      }
    },
  },
  {
    name: "distributed-ip6-site",
    story: "A scanner takes each of its addresses from another /64 of its /48, one for each port",
    world: { outside: { scanner: span(1, 40).map((n) => `${ofSite(n)}/48`) } },
    scans: [vertical("syn", {
      shape: "distributed",
      sources: span(1, 40).map(ofSite),
      hosts: ["2001:db8:113::10"],
      ports: "1-40",
      open: "22,25",
      evidence: "none",
    })],
    async run({ scanner, target }) {
      await target.listen(22, 25);
      for (const i of span(1, 40)) {
        const from = ["-e", "eth0", "-S", ofSite(i), "-p", `${i}`];
        await scanner.run(["nmap", "-6", "-n", "-Pn", "-sS", ...from, "2001:db8:113::10"]);
      }
    },
  },
];

/** An address in the n-th /64 of the scanner's site. */
function ofSite(n: number): string {
  return `2001:db8:51:${n.toString(16)}::7`;
}
