// The capture devices of this machine, with their addresses and state, as pcap_findalldevs() tells
// them. Reads C structures by having the C library copy them into memory of ours.

import { addAddress, type Device } from "./device.ts";
import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

/** `pcap_if_t` and `pcap_addr_t` on a machine with 64-bit addresses; Deno runs on no other. */
const DEVICE_BYTES = 40;
const DEVICE_NAME = 8;
const DEVICE_DESCRIPTION = 16;
const DEVICE_ADDRESSES = 24;
const DEVICE_FLAGS = 32;
const ADDRESS_BYTES = 40;
const ADDRESS_ADDRESS = 8;
const ADDRESS_NETMASK = 16;
const ADDRESS_PEER = 32;

/** PCAP_IF_ flags. */
const LOOPBACK = 1;
const UP = 2;
const RUNNING = 4;

/**
 * All devices, in libpcap's order: the likeliest to be meant first. Needs no privilege, but system
 * calls of many kinds (it asks for Bluetooth, USB and more); `listInterfaces()` needs few. Throws
 * `PcapError` when the system cannot say.
 */
export function listDevices(libpcap: Libpcap): Device[] {
  const first = new BigUint64Array(1);
  if (libpcap.pcap.pcap_findalldevs(first, libpcap.errorBuffer) !== 0) {
    throw new PcapError("failed", "devices", `Cannot list devices: ${libpcap.errorText()}`);
  }
  try {
    const devices: Device[] = [];
    const bytes = new Uint8Array(DEVICE_BYTES);
    const view = new DataView(bytes.buffer);
    for (let at = first[0]; at !== 0n; at = view.getBigUint64(0, true)) {
      libpcap.copyAt(at, bytes);
      devices.push(readDevice(libpcap, view));
    }
    return devices;
  } finally {
    libpcap.pcap.pcap_freealldevs(first[0]);
  }
}

function readDevice(libpcap: Libpcap, view: DataView): Device {
  const flags = view.getUint32(DEVICE_FLAGS, true);
  const name = libpcap.stringAt(view.getBigUint64(DEVICE_NAME, true));
  const device: Device = {
    name,
    index: libpcap.libc.if_nametoindex(cString(name, "device")),
    addresses: [],
    loopback: (flags & LOOPBACK) !== 0,
    up: (flags & UP) !== 0,
    running: (flags & RUNNING) !== 0,
  };
  const description = libpcap.stringAt(view.getBigUint64(DEVICE_DESCRIPTION, true));
  if (description !== "") device.description = description;
  const bytes = new Uint8Array(ADDRESS_BYTES);
  const entry = new DataView(bytes.buffer);
  let at = view.getBigUint64(DEVICE_ADDRESSES, true);
  for (; at !== 0n; at = entry.getBigUint64(0, true)) {
    libpcap.copyAt(at, bytes);
    addAddress(libpcap, device, {
      address: entry.getBigUint64(ADDRESS_ADDRESS, true),
      netmask: entry.getBigUint64(ADDRESS_NETMASK, true),
      peer: entry.getBigUint64(ADDRESS_PEER, true),
    });
  }
  return device;
}
