// Catches packets with tcpdump while a case runs, and makes the case's capture file out of what was
// caught. Knows nothing of what the packets mean.

import { gzipSync } from "node:zlib";
import { must, Service } from "./process.ts";
import type { CapturePlan } from "./plan.ts";
import { readSavefile, writeSavefile } from "./pcap.ts";
import type { Host } from "./host.ts";

/** A larger capture is stored compressed unless its case wants another format. */
const UNPACKED_BYTES_MAX = 15_000;

/** A capture that is running. */
export interface Running {
  plan: CapturePlan;
  parts: { service: Service; path: string }[];
}

/** A finished capture file and what is known about it. */
export interface Captured {
  bytes: Uint8Array;
  extension: string;
  /** The same packets in a form that the scanlogd oracle reads. */
  plain: Uint8Array;
  linkType: number;
  packets: number;
  seconds: number;
}

export async function startCapture(
  host: Host,
  plan: CapturePlan,
  folder: string,
  name: string,
): Promise<Running> {
  const parts = [];
  for (const [i, device] of [plan.interface ?? "eth0", plan.and].entries()) {
    if (device === undefined) continue;
    const path = `${folder}/${name}-${i}.pcap`;
    const command = ["tcpdump", "-n", "-Z", "root", "-i", device, "-s", `${plan.snaplen ?? 128}`];
    command.push("-B", "16384", "--immediate-mode", "-w", path);
    if (plan.direction) command.push("-Q", plan.direction);
    if (plan.linkName) command.push("-y", plan.linkName);
    if (plan.nanoseconds) command.push("--time-stamp-precision=nano");
    if (plan.filter) command.push(...plan.filter.split(" "));
    const service = host.start(command, { unsaid: true });
    await service.until(/listening on/);
    parts.push({ service, path });
  }
  return { plan, parts };
}

export async function finishCapture(running: Running): Promise<Captured> {
  const { plan, parts } = running;
  for (const { service } of parts) await service.stop("SIGINT");
  const lost = parts.map(({ service }) =>
    /(\d+) packets? dropped by kernel/.exec(service.said)?.[1]
  );
  if (lost.some((count) => count !== undefined && count !== "0")) {
    throw new Error(`tcpdump lost ${lost} packets: the machine is too busy for this capture`);
  }
  let format = plan.format ?? "pcap";
  if (parts.length > 1) return await merged(parts.map((part) => part.path), format);

  const { path } = parts[0];
  let savefile = readSavefile(await Deno.readFile(path));
  let plain = savefile;
  for (const edit of plan.edits ?? []) {
    savefile = edit.apply(savefile);
    if (!edit.relinks) plain = edit.apply(plain);
  }
  const { packets } = savefile;
  const last = packets[packets.length - 1]?.time ?? 0n;
  const about = {
    linkType: savefile.linkType,
    packets: packets.length,
    seconds: Number((last - (packets[0]?.time ?? 0n)) / 1000n) / 1e6,
  };
  const plainFile = writeSavefile(plain);
  let bytes = writeSavefile(savefile);
  if (plan.format === undefined && bytes.length > UNPACKED_BYTES_MAX) format = "pcap.gz";
  if (format.startsWith("pcapng")) {
    await Deno.writeFile(path, bytes);
    await must(["editcap", "-F", "pcapng", path, `${path}ng`]);
    bytes = await Deno.readFile(`${path}ng`);
  }
  return { ...finish(bytes, format), plain: plainFile, ...about };
}

/** Two interfaces in one pcapng, in the order of time. */
async function merged(paths: string[], format: string): Promise<Captured> {
  const together = `${paths[0]}.merged`;
  await must(["mergecap", "-F", "pcapng", "-I", "none", "-w", together, ...paths]);
  const bytes = await Deno.readFile(together);
  const files = await Promise.all(paths.map((path) => Deno.readFile(path)));
  const savefiles = files.map(readSavefile);
  const packets = savefiles.flatMap((savefile) => savefile.packets)
    .sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
  return {
    ...finish(bytes, format),
    plain: bytes,
    linkType: savefiles[0].linkType,
    packets: packets.length,
    seconds: Number((packets[packets.length - 1].time - packets[0].time) / 1000n) / 1e6,
  };
}

function finish(bytes: Uint8Array, format: string): { bytes: Uint8Array; extension: string } {
  return {
    bytes: format.endsWith(".gz") ? gzipSync(bytes, { level: 9 }) : bytes,
    extension: format,
  };
}
