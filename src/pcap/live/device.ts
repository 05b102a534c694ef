// A capture device and its addresses, read from C's socket addresses.

import type { Libpcap } from "./libpcap.ts";

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
  /** Set up by the administrator. */
  up: boolean;
  /** Up, and its link works. */
  running: boolean;
  /**
   * Packets that the interface or its driver could not take, as `listInterfaces()` tells on Linux: two
   * counters of 32 bits, summed, since the interface was made.
   */
  dropped?: number;
}

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

/** Addresses of C structures, as numbers; 0 for none. */
export interface NativeAddresses {
  address: bigint;
  netmask: bigint;
  peer: bigint;
}

/**
 * Adds to `device` what the socket addresses say: its hardware address, or one of `addresses`.
 * Families other than those and IP are skipped.
 */
export function addAddress(libpcap: Libpcap, device: Device, native: NativeAddresses): void {
  const socketAddress = readSocketAddress(libpcap, native.address);
  if (socketAddress === undefined) return;
  const family = familyOf(socketAddress);
  if (family === AF_LINK) {
    const hardware = hardwareAddressOf(socketAddress);
    if (hardware !== undefined) device.hardwareAddress = hardware;
    return;
  }
  const bytes = internetAddressOf(socketAddress);
  const address: DeviceAddress = {
    text: textOf(libpcap, bytes),
    bytes,
    prefixLength: bytes.length * 8,
  };
  const netmask = readSocketAddress(libpcap, native.netmask, family);
  if (netmask !== undefined) address.prefixLength = prefixLengthOf(internetAddressOf(netmask));
  const peer = readSocketAddress(libpcap, native.peer);
  if (peer !== undefined && familyOf(peer) === family) {
    address.peer = textOf(libpcap, internetAddressOf(peer));
  }
  device.addresses.push(address);
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
