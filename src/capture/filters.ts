// Which packets the kernel hands over for each profile, and how much of each: filter expressions and a direction for
// live capture. Pure text; libpcap compiles it. A packet dropped here costs next to nothing. So what a profile never
// looks at is dropped here, and nothing else is.

import { TUNNEL_PORTS } from "../decode/tunnel.ts";
import type { Profile } from "../event.ts";
import type { Shortened } from "../pcap/mod.ts";

/** LINKTYPE_ values whose frames have Ethernet's header; only there has libpcap a word for tags. */
const LINKTYPE_ETHERNET = 1;
/** Cooked captures: on `any`, and on devices of no other known type. */
const COOKED_LINK_TYPES: readonly number[] = [113, 276];
/** Nothing but IP, as on `tun` devices. */
const LINKTYPE_RAW = 101;

/** scanlogd listens on a raw socket: IPv4, TCP, fragments included. */
const CLASSIC = "ip proto 6";

/** Is the profile one of scanlogd's? */
function isClassic(profile: Profile): boolean {
  return profile !== "scandog";
}

/**
 * Expressions that must all select a packet, for `LiveCapture.setFilters()` on a device of this link
 * type (LINKTYPE_ value). `extra` is the user's own.
 *
 * Under the classic profiles: every IPv4 TCP packet, tagged or not. Our own detector takes everything. A
 * filter has no memory, so it cannot know whether a segment of data belongs to a connection; dropped as
 * if it did, an ACK probe with a byte of payload would be hidden, and its target answers it.
 */
export function kernelFilters(profile: Profile, linkType: number, extra?: string): string[] {
  const ours = isClassic(profile) ? [onLink(CLASSIC, linkType)] : [];
  return extra === undefined ? ours : [...ours, extra];
}

/** Where link-layer headers are so short, at most (cooked captures: 20). */
const SHORT_LINK_TYPES = [LINKTYPE_ETHERNET, LINKTYPE_RAW, ...COOKED_LINK_TYPES];
const LINK_BYTES_MAX = 24;
/** Of IPv4 and of TCP with all options; IPv6 without an extension is shorter. */
const IP_BYTES_MAX = 60, TRANSPORT_BYTES_MAX = 60;
/** Holds all headers of a packet that `HEADERS_FIRST` selects. */
const HEADERS_BYTES = LINK_BYTES_MAX + IP_BYTES_MAX + TRANSPORT_BYTES_MAX;

/**
 * TCP and UDP whose header follows IP's own: no fragment, no IPv6 extension, no tunnel, no tag. A version that the
 * link layer does not say is nobody's packet, but the decoder reads it. In BPF, to read past a packet's end
 * drops it, so what is no longer than what is kept, and than all that is read here, is not asked at all.
 */
const HEADERS_FIRST = `len > ${HEADERS_BYTES} and (` +
  "(ip and ip[0] & 0xf0 = 0x40 and ip[6:2] & 0x3fff = 0 and (ip[9] = 6 or ip[9] = 17)) or " +
  "(ip6 and ip6[0] & 0xf0 = 0x60 and (ip6[6] = 6 or ip6[6] = 17))) and not (" +
  TUNNEL_PORTS.map((port) => `udp dst port ${port}`).join(" or ") + ")";

/**
 * What is kept of packets on a device of this link type, by no more than their headers: the decoder makes the same record
 * of them. Undefined where all are kept whole.
 */
export function headersOnly(linkType: number, snapshotBytes: number): Shortened | undefined {
  if (!SHORT_LINK_TYPES.includes(linkType) || snapshotBytes <= HEADERS_BYTES) return undefined;
  return { expression: HEADERS_FIRST, bytes: HEADERS_BYTES };
}

/** scanlogd sees what arrives; our own detector also needs the answers. */
export function kernelDirection(profile: Profile): "in" | "inout" {
  return isClassic(profile) ? "in" : "inout";
}

/**
 * `expression` behind no tag, one, or two. The kernel strips the outer tag of most packets before
 * the filter sees them, but not of all; libpcap's `vlan` knows both.
 */
function behindTags(expression: string): string {
  return `${expression} or (vlan and (${expression} or (vlan and (${expression}))))`;
}

function onLink(expression: string, linkType: number): string {
  if (linkType === LINKTYPE_ETHERNET) return behindTags(expression);
  // libpcap has no `vlan` for cooked packets: the few whose tag is still there are let through whole.
  if (COOKED_LINK_TYPES.includes(linkType)) {
    return `${expression} or ether proto 0x8100 or ether proto 0x88a8`;
  }
  return expression;
}
