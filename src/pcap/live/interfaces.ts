// The network interfaces of this machine, as getifaddrs(3) tells them: for a program that looks again
// and again after it has given up all but a few system calls.

import { addAddress, type Device } from "./device.ts";
import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

/** `struct ifaddrs` on a machine with 64-bit addresses: one entry for each address. */
const ENTRY_BYTES = 56;
const ENTRY_NAME = 8;
const ENTRY_FLAGS = 16;
const ENTRY_ADDRESS = 24;
const ENTRY_NETMASK = 32;
/** The other end or, without POINT_TO_POINT, the broadcast address. */
const ENTRY_PEER = 40;
/** Of an entry with the link's own address (Linux): `struct rtnl_link_stats`, counters of 32 bits. */
const ENTRY_DATA = 48;
const STATISTICS_BYTES = 64;
const RX_FIFO_ERRORS = 56;
const RX_MISSED_ERRORS = 60;
const AF_PACKET = 17;

/** IFF_ flags, the same on all systems. */
const UP = 0x1;
const LOOPBACK = 0x8;
const POINT_TO_POINT = 0x10;
const RUNNING = 0x40;

/**
 * The network interfaces, as `listDevices()` would tell them, in the system's order and without
 * `any`. Needs no privilege; on Linux a routing netlink socket and a datagram socket may have to be
 * opened. Throws `PcapError` when that is refused. Costs about 0.3 ms.
 */
export function listInterfaces(libpcap: Libpcap): Device[] {
  const first = new BigUint64Array(1);
  if (libpcap.libc.getifaddrs(first) !== 0) {
    throw new PcapError("failed", "interfaces", "Cannot list interfaces: getifaddrs was refused");
  }
  try {
    const devices = new Map<string, Device>();
    const bytes = new Uint8Array(ENTRY_BYTES);
    const entry = new DataView(bytes.buffer);
    for (let at = first[0]; at !== 0n; at = entry.getBigUint64(0, true)) {
      libpcap.copyAt(at, bytes);
      readEntry(libpcap, entry, devices);
    }
    return [...devices.values()];
  } finally {
    libpcap.libc.freeifaddrs(first[0]);
  }
}

function readEntry(libpcap: Libpcap, entry: DataView, devices: Map<string, Device>): void {
  // An address may have a label of its own (`eth0:1`); no name of an interface has a colon.
  const [name] = libpcap.stringAt(entry.getBigUint64(ENTRY_NAME, true)).split(":");
  const flags = entry.getUint32(ENTRY_FLAGS, true);
  let device = devices.get(name);
  if (device === undefined) {
    device = {
      name,
      index: libpcap.libc.if_nametoindex(cString(name, "interface")),
      addresses: [],
      loopback: (flags & LOOPBACK) !== 0,
      up: (flags & UP) !== 0,
      running: (flags & RUNNING) !== 0,
    };
    devices.set(name, device);
  }
  const dropped = droppedOf(libpcap, entry);
  if (dropped !== undefined) device.dropped = dropped;
  addAddress(libpcap, device, {
    address: entry.getBigUint64(ENTRY_ADDRESS, true),
    netmask: entry.getBigUint64(ENTRY_NETMASK, true),
    peer: (flags & POINT_TO_POINT) === 0 ? 0n : entry.getBigUint64(ENTRY_PEER, true),
  });
}

/** Packets the interface itself lost; undefined where this entry does not tell. */
function droppedOf(libpcap: Libpcap, entry: DataView): number | undefined {
  const address = entry.getBigUint64(ENTRY_ADDRESS, true);
  const data = entry.getBigUint64(ENTRY_DATA, true);
  if (Deno.build.os !== "linux" || address === 0n || data === 0n) return undefined;
  const family = new Uint8Array(2);
  libpcap.copyAt(address, family);
  if ((family[0] | family[1] << 8) !== AF_PACKET) return undefined;
  const bytes = new Uint8Array(STATISTICS_BYTES);
  libpcap.copyAt(data, bytes);
  const view = new DataView(bytes.buffer);
  return view.getUint32(RX_FIFO_ERRORS, true) + view.getUint32(RX_MISSED_ERRORS, true);
}
