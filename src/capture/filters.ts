// Which packets the kernel is to hand over, by profile: filter expressions and a direction for live
// capture. Pure text; libpcap compiles it. A packet dropped here costs next to nothing, so what a profile
// never looks at is dropped here; what it might look at never is.

import type { Profile } from "../event.ts";

/** LINKTYPE_ values whose frames have Ethernet's header; only there has libpcap a word for tags. */
const LINKTYPE_ETHERNET = 1;
/** Cooked captures: on `any`, and on devices of no other known type. */
const COOKED_LINK_TYPES: readonly number[] = [113, 276];

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
