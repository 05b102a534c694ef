// Writes a case's folder: the capture, case.json, and what scandog and the real scanlogd say about it.

import { must } from "./process.ts";
import type { Captured } from "./capture.ts";
import type { CapturePlan, Case, ScanTruth } from "./plan.ts";
import { formatPorts, parsePorts } from "./ranges.ts";
import { usualPorts } from "./scanners.ts";
import type { World } from "./world.ts";
import { expectedText, replayLines } from "../support/expected.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
export const CASES = `${ROOT}testdata/cases`;
/** Of cases that are marked as attacks. */
export const ATTACKS = `${ROOT}testdata/attacks/real`;

/** The program that runs the real scanlogd over a capture, in the optional sibling folder. */
function oracle(): string {
  const shared = Deno.env.get("SCANDOG_SHARED") ?? `${ROOT}../shared`;
  return `${shared}/tools/scanlogd-oracle/scanlogd-oracle`;
}

async function scanlogdLines(version: "1.0" | "2.2", path: string): Promise<string[]> {
  const out = await must(["env", "TZ=UTC", oracle(), version, path, "raw"], 120);
  // 1.0 ends its flood message with a newline of its own; the empty line that makes is left out.
  return out.replace(/^<\d+> /gm, "").split("\n").filter((line) => line !== "");
}

/** A scan's truth in the form of case.json: counts are worked out, not typed. */
async function scanRecord(scan: ScanTruth): Promise<Record<string, unknown>> {
  const { usualPorts: usual, open, silent, ...rest } = scan;
  const ports = usual === undefined ? scan.ports : await usualPorts(usual);
  const record: Record<string, unknown> = { ...rest };
  if (ports !== undefined) {
    const probed = parsePorts(ports);
    const inProbed = new Set(probed);
    const isOpen = new Set(parsePorts(open ?? "").filter((port) => inProbed.has(port)));
    const isSilent = new Set(parsePorts(silent ?? "").filter((port) => inProbed.has(port)));
    record.ports = {
      count: probed.length,
      list: formatPorts(probed),
      open: formatPorts(isOpen),
      closed: formatPorts(probed.filter((port) => !isOpen.has(port) && !isSilent.has(port))),
      silent: formatPorts(isSilent),
    };
  }
  return record;
}

export async function store(
  plan: Case,
  suffix: string,
  capture: CapturePlan,
  captured: Captured,
  world: World,
  versions: Record<string, string>,
  root: string,
): Promise<string> {
  const name = `${plan.name}${suffix}`;
  const host = world.host(capture.at);
  const blind = capture.blind !== undefined;
  const scans = blind ? [] : (plan.scans ?? []).map((scan) => ({ ...scan, ...capture.seen }));
  const insiders = Object.keys(world.plan.inside).flatMap((inside) => world.host(inside).addresses);
  const isInside = capture.at in world.plan.inside || capture.at in world.plan.outside;
  const home = capture.home ?? plan.home ?? (isInside ? host.addresses : insiders);
  const used = new Set(world.commands.map(({ command }) => command.split(" ")[0]));
  const record = {
    name,
    story: capture.story ?? plan.story,
    label: plan.quiet ? "benign" : "scan",
    quiet: plan.quiet || blind,
    blind: capture.blind,
    optional: capture.optional,
    sources: [...new Set(scans.flatMap((scan) => scan.sources))],
    forged: [...new Set(scans.flatMap((scan) => scan.forged ?? []))],
    forgedScans: plan.forgedScans,
    techniques: [...new Set(scans.flatMap((scan) => scan.techniques))],
    shapes: [...new Set(scans.map((scan) => scan.shape))],
    scans: await Promise.all(scans.map(scanRecord)),
    visits: plan.visits,
    misuse: capture.misuse ?? plan.misuse,
    allowed: plan.allowed,
    home,
    commands: world.commands,
    versions: Object.fromEntries(Object.entries(versions).filter(([tool]) => used.has(tool))),
    capture: {
      point: capture.at,
      interface: capture.and ? `${capture.interface}, ${capture.and}` : capture.interface ?? "eth0",
      direction: capture.direction ?? "both",
      snaplen: capture.snaplen ?? 128,
      linkType: captured.linkType,
      format: captured.extension,
      nanoseconds: capture.nanoseconds ?? false,
      edits: (capture.edits ?? []).map((edit) => edit.said),
      packets: captured.packets,
      seconds: captured.seconds,
    },
    hosts: Object.fromEntries(
      world.hosts.filter((one) => one.addresses.length > 0).map((
        one,
      ) => [one.name, shorten(one.addresses)]),
    ),
  };

  const folder = `${root}/${name}/`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(`${folder}capture.${captured.extension}`, captured.bytes);
  await Deno.writeTextFile(`${folder}case.json`, JSON.stringify(record, null, 2) + "\n");
  if (root === ATTACKS) return name;
  const plain = `${world.folder}/${name}-plain`;
  await Deno.writeFile(plain, captured.plain);
  const expected = {
    scandog: await replayLines(`${folder}capture.${captured.extension}`, "scandog"),
    "scanlogd-2": await scanlogdLines("2.2", plain),
    "scanlogd-1": await scanlogdLines("1.0", plain),
  };
  await Deno.writeTextFile(`${folder}expected.json`, expectedText(expected));
  return name;
}

/** Many addresses in a row are said as first and last. */
function shorten(addresses: string[]): string[] {
  return addresses.length <= 8
    ? addresses
    : [`${addresses[0]} to ${addresses[addresses.length - 1]} (${addresses.length})`];
}
