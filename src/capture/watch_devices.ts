// Opens the devices of a live capture, says so, gives up what the thread does not need, and takes packets until asked
// to stop. In the worker. Knows devices and filters; packets are the loop's (`live_loop.ts`).

import { type LiveOptions, PcapError } from "../pcap/mod.ts";
import { SystemError } from "../system/system_error.ts";
import { headersOnly, kernelDirection, kernelFilters } from "./filters.ts";
import { isLinkTypeKnown, linkTypeText } from "./link_types.ts";
import { type CaptureParts, LOOK_MS, Source, takePackets } from "./live_loop.ts";
import { type Device, type LiveSystem, liveSystem } from "./live_system.ts";
import type { WatchRequest } from "./messages.ts";
import { Start } from "./progress.ts";

/** Where nothing ends the wait for packets, the stop flag is looked at this often. */
const POLL_MS = 100;
/**
 * A batch holds so many packets of the snapshot length, as far as the memory goes: what no packet fills is
 * never touched, so most of it is none. One read of the kernel's ring is about as much.
 */
const BATCH_PACKETS = 4096;
const BATCH_BYTES_MIN = 1 << 20;
const BATCH_BYTES_MAX = 1 << 23;
/** Beside a packet's own bytes: its savefile header, and the file header libpcap wants room for. */
const OVERHEAD_BYTES = 64;

/**
 * Opens the devices, says so, waits until it is told how to go on, and captures until a stop is asked
 * for. Returns one sentence for each device that could not be opened, or what this thread could not
 * give up; nothing is captured then.
 */
export async function watchDevices(
  request: WatchRequest,
  parts: CaptureParts,
  systemOf: (libpcap: string | undefined) => Promise<LiveSystem> = liveSystem,
): Promise<string[]> {
  const devices: Device[] = [];
  try {
    const system = await systemOf(request.libpcap);
    const { rights, clock } = system;
    rights?.prepareToOpen();
    for (const name of request.devices) devices.push(open(system, name, request));
    const confine = rights?.prepareCaptureThread(devices.map(({ fd }) => fd));
    parts.say({
      kind: "opened",
      devices: devices.map(({ device, linkType, warnings }) => ({
        name: device,
        linkType,
        warnings: [...warnings],
      })),
      libpcap: system.version,
    });
    const start = parts.progress.waitForStart();
    if (start === undefined) return [];
    // Before the first packet is decoded: what is in a packet is anybody's.
    const landlock = start === Start.ConfinedWithLandlock;
    const confinement = start === Start.Free ? undefined : confine?.({ landlock });
    parts.say({ kind: "started", confinement });
    const canLookInside = request.decode.inside !== undefined;
    const sources = devices.map((device, index) => new Source(device, index, canLookInside));
    const { stopDescriptor: fd } = request;
    const [descriptors, waitMs] = fd === undefined
      ? [devices, POLL_MS]
      : [[...devices, { fd }], LOOK_MS];
    takePackets(system.waitOn(descriptors), waitMs, sources, { ...parts, clock });
    return [];
  } catch (error) {
    if (error instanceof PcapError || error instanceof SystemError) return [error.message];
    throw error;
  } finally {
    for (const device of devices) device.close();
  }
}

function open(system: LiveSystem, name: string, request: WatchRequest): Device {
  const { snapshotBytes } = request;
  const memory = new ArrayBuffer(batchBytes(snapshotBytes));
  const device = system.open(name, optionsOf(request), memory);
  try {
    const unknown = unknownLinkType(device);
    if (unknown !== undefined) throw new PcapError("failed", name, unknown);
    // What to filter for depends on the link type, which the open device tells.
    const shortened = isLogged(request) ? undefined : headersOnly(device.linkType, snapshotBytes);
    device.setFilters(filtersOf(request, device.linkType), shortened);
    return device;
  } catch (error) {
    device.close();
    throw error;
  }
}

/** Who logs packets wants them as they were. */
function isLogged({ memory }: WatchRequest): boolean {
  return memory.packets !== undefined;
}

function optionsOf(request: WatchRequest): LiveOptions {
  return {
    snapshotBytes: request.snapshotBytes,
    // A record has microseconds; such packets are decoded in one loop.
    nanoseconds: isLogged(request),
    promiscuous: request.promiscuous,
    kernelBytes: request.kernelBytes,
    direction: request.allPackets ?? kernelDirection(request.profile),
  };
}

/** A sentence where nothing of the device could be decoded. */
function unknownLinkType({ device, linkType }: Device): string | undefined {
  if (isLinkTypeKnown(linkType)) return undefined;
  return `interface ${device}: ${linkTypeText(linkType)} cannot be decoded; capture on another ` +
    "interface, or on any";
}

function batchBytes(snapshotBytes: number): number {
  const packet = snapshotBytes + OVERHEAD_BYTES;
  const batch = Math.min(Math.max(BATCH_PACKETS * packet, BATCH_BYTES_MIN), BATCH_BYTES_MAX);
  return batch + packet;
}

function filtersOf(request: WatchRequest, linkType: number): string[] {
  const { profile, filter, allPackets, decode } = request;
  // What a classic profile looks at may be in a tunnel, which its own filter does not let through.
  const isOwn = allPackets === undefined && (decode.inside ?? 0) === 0;
  if (isOwn) return kernelFilters(profile, linkType, filter);
  return filter === undefined ? [] : [filter];
}
