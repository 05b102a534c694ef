// Which packets the kernel is to hand over, by profile: filter expressions and a direction for live
// capture. Pure text; libpcap compiles it. A packet dropped here costs next to nothing, so what no
// detector looks at is dropped here; what one might look at never is.

import type { Profile } from "../event.ts";

/** LINKTYPE_ values whose frames have Ethernet's header; only there has libpcap a word for tags. */
const LINKTYPE_ETHERNET = 1;
/** Cooked captures: on `any`, and on devices of no other known type. */
const COOKED_LINK_TYPES: readonly number[] = [113, 276];

/** scanlogd listens on a raw socket: IPv4, TCP, fragments included. */
const CLASSIC = "ip proto 6";

/**
 * Established data: nothing but ACK set, and payload, by the lengths the packet claims.
 *
 * A segment with PSH ends a write and is kept, so that a used connection shows as one and an ACK
 * probe with PSH is seen. In a bulk transfer in frames of 1500 bytes, 98 of 100 data segments have
 * none (measured), and those are the ones worth dropping. A bare ACK is kept: it completes a
 * handshake, or it is a probe. Where the lengths contradict each other it is not data but an oddity,
 * and is kept. So are fragments, because the decoder puts them together, and IPv6 packets with
 * extension headers, which BPF cannot follow.
 *
 * ECE and CWR are masked out: either may accompany data (RFC 3168). The test for fragments is before
 * the TCP header is read because a filter that reads past the end of a packet drops it.
 */
const DATA = "(ip proto 6 and ip[6:2] & 0x3fff = 0 and tcp[13] & 0x3f = 0x10 and " +
  "ip[2:2] > ((ip[0] & 0xf) << 2) + ((tcp[12] & 0xf0) >> 2)) or " +
  "(ip6 and ip6[6] = 6 and ip6[53] & 0x3f = 0x10 and ip6[4:2] > (ip6[52] & 0xf0) >> 2)";

/** Is the profile one of scanlogd's? */
function isClassic(profile: Profile): boolean {
  return profile !== "scandog";
}

/**
 * Expressions that must all select a packet, for `LiveCapture.setFilters()` on a device of this link
 * type (LINKTYPE_ value). `extra` is the user's own.
 *
 * Under the classic profiles: every IPv4 TCP packet, tagged or not. Otherwise everything but
 * established TCP data; see `DATA` for what that is.
 */
export function kernelFilters(profile: Profile, linkType: number, extra?: string): string[] {
  const ours = isClassic(profile) ? onLink(CLASSIC, linkType) : `not (${dataOnLink(linkType)})`;
  return extra === undefined ? [ours] : [ours, extra];
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

/** Data behind a tag that cannot be looked behind is not known to be data. */
function dataOnLink(linkType: number): string {
  return linkType === LINKTYPE_ETHERNET ? behindTags(DATA) : DATA;
}
