// MPLS (RFC 3032), and the pseudowires in it that carry Ethernet (RFC 4448). Knows that nothing in a
// label says what is behind the last of them: it must look like something.

import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { looksLikeEthernet } from "./ethernet.ts";
import { follow, isWholeIp, Next } from "./ethertype.ts";

const LABEL_BYTES = 4;
const BOTTOM = 0x01; // in the third byte
/** Before a pseudowire's frame, where both ends agreed on it: four bits of 0, flags, sequence. */
const CONTROL_WORD_BYTES = 4;

/** Skips labels down to the bottom of the stack, and then goes by what is there. */
export function decodeMpls(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  for (; at + LABEL_BYTES < end; at += LABEL_BYTES) {
    if ((bytes[at + 2] & BOTTOM) !== 0) return decodeBottom(packet, at + LABEL_BYTES);
  }
  return Reason.LinkCut;
}

/**
 * IP, or a frame of a pseudowire with a control word or without. A frame may begin like IP (an address
 * from 40 or 60 on), and a control word like an address (00): what looks like IP and has IP's lengths is
 * taken for IP first, what has a known EtherType at its place for a frame.
 */
function decodeBottom(packet: Packet, at: number): number {
  const version = packet.bytes[at] >> 4;
  const isIp = version === 4 || version === 6;
  if (isIp && (!looksLikeEthernet(packet, at, 0) || isWholeIp(packet, at, version))) {
    return follow(packet, NETWORK_BY_VERSION, at);
  }
  if (looksLikeEthernet(packet, at, 0)) return follow(packet, Next.Ethernet, at);
  return version === 0 && looksLikeEthernet(packet, at + CONTROL_WORD_BYTES, 0)
    ? follow(packet, Next.Ethernet, at + CONTROL_WORD_BYTES)
    : Reason.OtherLinkProtocol;
}
