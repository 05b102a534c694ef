// Claims about tools against the truth: captures of real tools, and of ordinary programs.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../../src/event.ts";
import { AttemptTable } from "../../../../../src/detect/scandog/table/attempt_table.ts";
import { Hash } from "../../../../../src/keyed_hash.ts";
import { ScandogDetector } from "../../../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../../../src/detect/scandog/options.ts";
import { Tools } from "../../../../../src/detect/scandog/beside/tool/tools.ts";
import { unsuited } from "../../../../support/skip.ts";
import { runCapture } from "../../../../support/run_capture.ts";
import { publicCaptures, publicFolder, testCases } from "../../corpus.ts";
import { attemptsOf } from "./attempts_of.ts";

/** Tools by name in a public capture's file name, or as its publisher says. */
const PUBLIC: Record<string, string> = {
  "chrissanders/activeosfingerprinting.pcapng": "nmap",
  "chrissanders/synscan.pcapng": "nmap",
  "dvolkov15/tcp_fin.pcap": "nmap",
  "dvolkov15/tcp_syn.pcap": "nmap",
  "dvolkov15/udp.pcap": "nmap",
  "dvolkov15/xmas.pcap": "nmap",
  "ndpi/tests/cfgs/default/pcap/synscan.pcap": "nmap",
  "scannerrecognition/masscan.pcap": "masscan",
  "scannerrecognition/zmap.pcap": "zmap",
};

/** Tools that no rule can tell yet: their packets are the kernel's, or nothing of theirs is known. */
const UNTOLD = [
  "arp-scan",
  "arping",
  "bash",
  "dmitry",
  "fping",
  "nbtscan",
  "nc",
  "onesixtyone",
  "pnscan",
  "scapy",
];

/**
 * Of the told tools, how many scans may go unsaid: without their own packets, by the kernel, one probe
 * from each of many sources, or bare headers with decoys.
 */
const UNSAID_MAX = 18;

function scanEvents(file: string): ScanEvent[] {
  const { events } = runCapture(
    file,
    (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
  );
  return events.filter((event): event is ScanEvent => "scan" in event);
}

function claimed({ tool }: ScanEvent): string[] {
  return tool?.map(({ name }) => name) ?? [];
}

Deno.test("Tools names the tool of every capture rightly or not at all", () => {
  const sums: Record<string, { right: number; unsaid: number }> = {};
  for (const { name, file, also } of testCases()) {
    const truth = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
    const tools = truth.scans.map(({ tool }: { tool: string }) => tool);
    for (const event of scanEvents(file)) {
      // Whole scans that hping3 forged from other addresses are hping3's.
      const right = also.includes(event.source) ? ["hping3"] : tools;
      const said = claimed(event);
      assert.deepEqual(said.filter((tool) => !right.includes(tool)), [], `${name} ${said}`);
      const sum = sums[right[0]] ??= { right: 0, unsaid: 0 };
      if (event.action === "scan-end") sum[said.length > 0 ? "right" : "unsaid"]++;
    }
  }
  console.table(sums);
  const told = Object.entries(sums).filter(([tool]) => !UNTOLD.includes(tool));
  const unsaid = told.reduce((sum, [, { unsaid }]) => sum + unsaid, 0);
  assert.ok(unsaid <= UNSAID_MAX, `${unsaid} scans of known tools unsaid`);
  for (const tool of ["nmap", "masscan", "zmap", "hping3", "unicornscan", "mirai"]) {
    assert.ok(sums[tool].right > 0, tool);
  }
  for (const tool of UNTOLD) assert.equal(sums[tool]?.right ?? 0, 0, tool);
});

Deno.test({
  name: "Tools names the tools of public captures",
  ignore: unsuited(
    "the tools of public captures",
    publicFolder() === undefined && "they are not beside this folder",
  ),
  fn() {
    const named = new Set<string>();
    // Of those without a scan other tests see to it that nothing is said.
    for (const { name, file } of publicCaptures().filter(({ label }) => label === "scan")) {
      for (const event of scanEvents(file)) {
        const right = PUBLIC[name] === undefined ? [] : [PUBLIC[name]];
        const said = claimed(event);
        // A start may come too early to tell.
        if (event.action === "scan-end" || said.length > 0) assert.deepEqual(said, right, name);
        if (said.length > 0) named.add(name);
      }
    }
    assert.deepEqual([...named].sort(), Object.keys(PUBLIC).sort());
  },
});

Deno.test("Tools takes no ordinary program for a scanner, though all it does were counted", () => {
  let asked = 0;
  for (const { name, file, label } of testCases()) {
    const truth = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
    // Floods and decoys are no scans of us, but made by scanners.
    const commands = JSON.stringify(truth.commands);
    if (label !== "benign" || /nmap|masscan|zmap|hping3|imitate/.test(commands)) continue;
    const table = new AttemptTable(8192, new Hash(1));
    for (const slots of attemptsOf(file, table).values()) {
      const tools = new Tools();
      for (const slot of slots) tools.count(table, slot);
      assert.deepEqual(tools.describe(), [], name);
      asked++;
    }
  }
  assert.ok(asked > 50, `${asked} sources`);
});
