// The capture devices of this machine, with their addresses and state, as pcap_findalldevs() tells
// them. Reads C structures by having the C library copy them into memory of ours.

import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

/** One address of a device. */
export interface DeviceAddress {
  /** As inet_ntop(3) writes it. */
  text: string;
  /** 4 bytes or 16, network order. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Leading one bits of the netmask; all of them when the device has none. */
  prefixLength: number;
  /** The other end of a point-to-point link. */
  peer?: string;
}

/** One device that can be captured on, or would be if we had the permission. */
export interface Device {
  name: string;
  /**
   * The system's number of the network interface, as in Linux's cooked headers (version 2); 0 for
   * devices that are none, such as `any`.
   */
  index: number;
  /** libpcap's own words, for devices that are no network interface, such as `any`. */
  description?: string;
  /** `02:42:ac:11:00:02`; absent where there is none. */
  hardwareAddress?: string;
  addresses: DeviceAddress[];
  loopback: boolean;
  wireless: boolean;
  /** Set up by the administrator. */
  up: boolean;
  /** Up, and its link works. */
  running: boolean;
}

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
const WIRELESS = 8;

/** Address families; those of IPv6 and of the link layer differ between systems. */
const AF_INET = 2;
const AF_INET6 = { linux: 10, darwin: 30, freebsd: 28 }[Deno.build.os as string] ?? 10;
const AF_LINK = Deno.build.os === "linux" ? 17 : 18;

const INET_ADDRESS = 4; // in sockaddr_in
const INET6_ADDRESS = 8; // in sockaddr_in6
/** sockaddr_ll (Linux) has a fixed place for the address, sockaddr_dl puts the name before it. */
const LL_LENGTH = 11;
const LL_ADDRESS = 12;
const DL_NAME_LENGTH = 5;
const DL_LENGTH = 6;
const DL_DATA = 8;

const SOCKADDR_BYTES: Record<number, number> = { [AF_INET]: 16, [AF_INET6]: 28, [AF_LINK]: 20 };

/**
 * All devices, in libpcap's order: the likeliest to be meant first. Needs no privilege. Throws
 * `PcapError` when the system cannot say. Costs about 0.2 ms on a small machine.
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
    wireless: (flags & WIRELESS) !== 0,
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
    readAddress(libpcap, entry, device);
  }
  return device;
}

function readAddress(libpcap: Libpcap, entry: DataView, device: Device): void {
  const socketAddress = readSocketAddress(libpcap, entry.getBigUint64(ADDRESS_ADDRESS, true));
  if (socketAddress === undefined) return;
  if (familyOf(socketAddress) === AF_LINK) {
    const hardware = hardwareAddressOf(socketAddress);
    if (hardware !== undefined) device.hardwareAddress = hardware;
    return;
  }
  const bytes = internetAddressOf(socketAddress);
  const netmask = readSocketAddress(
    libpcap,
    entry.getBigUint64(ADDRESS_NETMASK, true),
    familyOf(socketAddress),
  );
  const peer = readSocketAddress(libpcap, entry.getBigUint64(ADDRESS_PEER, true));
  device.addresses.push({
    text: textOf(libpcap, bytes),
    bytes,
    prefixLength: netmask === undefined
      ? bytes.length * 8
      : prefixLengthOf(internetAddressOf(netmask)),
    ...(peer === undefined || familyOf(peer) === AF_LINK
      ? {}
      : { peer: textOf(libpcap, internetAddressOf(peer)) }),
  });
}

/**
 * A copy of the socket address at `address`, or undefined for null and for families of no use here.
 * The BSDs write netmasks with no family and cut off after the last one bit, so for those the
 * family is `family`, that of the address they belong to.
 */
function readSocketAddress(
  libpcap: Libpcap,
  address: bigint,
  family?: number,
): Uint8Array<ArrayBuffer> | undefined {
  if (address === 0n) return undefined;
  const head = new Uint8Array(2);
  libpcap.copyAt(address, head);
  const whole = SOCKADDR_BYTES[family ?? familyOf(head)];
  if (whole === undefined) return undefined;
  const there = Deno.build.os === "linux" ? whole : Math.min(whole, head[0]);
  const bytes = new Uint8Array(whole);
  libpcap.copyAt(address, bytes.subarray(0, there));
  setFamily(bytes, family ?? familyOf(head));
  return bytes;
}

/** Linux: a 16-bit family. The BSDs: a length of 8 bits, then a family of 8 bits. */
function familyOf(socketAddress: Uint8Array): number {
  return Deno.build.os === "linux" ? socketAddress[0] | socketAddress[1] << 8 : socketAddress[1];
}

function setFamily(socketAddress: Uint8Array, family: number): void {
  if (Deno.build.os === "linux") socketAddress[0] = family;
  else socketAddress[1] = family;
}

function internetAddressOf(socketAddress: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return familyOf(socketAddress) === AF_INET
    ? socketAddress.slice(INET_ADDRESS, INET_ADDRESS + 4)
    : socketAddress.slice(INET6_ADDRESS, INET6_ADDRESS + 16);
}

/** Only the six bytes of Ethernet and its kin; all zeros (loopback) is no address. */
function hardwareAddressOf(socketAddress: Uint8Array): string | undefined {
  const linux = Deno.build.os === "linux";
  if (socketAddress[linux ? LL_LENGTH : DL_LENGTH] !== 6) return undefined;
  const at = linux ? LL_ADDRESS : DL_DATA + socketAddress[DL_NAME_LENGTH];
  const bytes = socketAddress.subarray(at, at + 6);
  if (bytes.length < 6 || bytes.every((byte) => byte === 0)) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function textOf(libpcap: Libpcap, bytes: Uint8Array<ArrayBuffer>): string {
  const text = new Uint8Array(46); // INET6_ADDRSTRLEN
  libpcap.libc.inet_ntop(bytes.length === 4 ? AF_INET : AF_INET6, bytes, text, text.length);
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
}

function prefixLengthOf(netmask: Uint8Array): number {
  const whole = netmask.findIndex((byte) => byte !== 0xff);
  return whole < 0 ? netmask.length * 8 : whole * 8 + Math.clz32(~(netmask[whole] << 24));
}
