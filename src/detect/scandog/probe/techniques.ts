// How a probe probes: from TCP flags to the names of the contract. Knows flags and names.

import type { Technique } from "../../../event.ts";
import { namesOf, TECHNIQUES } from "../../../outcome.ts";
import { TcpFlag } from "../../../record.ts";

/** One bit for each technique, in the order of `TECHNIQUES`, so that a set of them is a number. */
export const TechniqueBit = {
  Syn: 1 << 0,
  Connect: 1 << 1,
  Fin: 1 << 2,
  Null: 1 << 3,
  Xmas: 1 << 4,
  Maimon: 1 << 5,
  Ack: 1 << 6,
  SynAck: 1 << 7,
  OtherTcp: 1 << 8,
  Udp: 1 << 9,
  SctpInit: 1 << 10,
  SctpCookieEcho: 1 << 11,
  IpProtocol: 1 << 12,
  IcmpEcho: 1 << 13,
  IcmpTimestamp: 1 << 14,
  IcmpMask: 1 << 15,
  Arp: 1 << 16,
} as const;

/** How each `TargetClass` is probed as a rule. */
export const USUAL_TECHNIQUE: readonly number[] = [
  0,
  TechniqueBit.Syn,
  TechniqueBit.Udp,
  TechniqueBit.SctpInit,
  TechniqueBit.IcmpEcho,
  TechniqueBit.IcmpTimestamp,
  TechniqueBit.IcmpMask,
  TechniqueBit.IpProtocol,
  TechniqueBit.Arp,
];

/** All that probe with TCP. */
export const TCP_TECHNIQUES = TechniqueBit.Udp - 1;

/** Flag combinations that no TCP sends (RFC 9293): only a tool makes them. */
export const EXOTIC = TechniqueBit.Null | TechniqueBit.Xmas | TechniqueBit.OtherTcp;

/** Explicit congestion notification may accompany any flag (RFC 3168). */
const SIX_FLAGS = 0x3f;

/** The technique of a TCP packet that belongs to no connection. */
export function tcpTechnique(flags: number): number {
  switch (flags & SIX_FLAGS) {
    case 0:
      return TechniqueBit.Null;
    case TcpFlag.Syn:
      return TechniqueBit.Syn;
    case TcpFlag.Fin:
      return TechniqueBit.Fin;
    case TcpFlag.Fin | TcpFlag.Psh | TcpFlag.Urg:
      return TechniqueBit.Xmas;
    case TcpFlag.Fin | TcpFlag.Ack:
    case TcpFlag.Fin | TcpFlag.Ack | TcpFlag.Psh:
      return TechniqueBit.Maimon;
    case TcpFlag.Ack:
    case TcpFlag.Ack | TcpFlag.Psh:
    case TcpFlag.Ack | TcpFlag.Urg:
    case TcpFlag.Ack | TcpFlag.Psh | TcpFlag.Urg:
      return TechniqueBit.Ack;
    case TcpFlag.Syn | TcpFlag.Ack:
      return TechniqueBit.SynAck;
    default:
      return TechniqueBit.OtherTcp;
  }
}

/** The names of a set of techniques, in the contract's order. Allocates. */
export function techniqueNames(bits: number): Technique[] {
  return namesOf(TECHNIQUES, bits) ?? [];
}
