// What kinds of ICMP ask whether somebody is there, and what answers them (RFC 792, RFC 950, RFC 4443). Knows types.

import { TargetClass } from "./classes.ts";

const { IcmpEcho, IcmpTimestamp, IcmpMask } = TargetClass;

type Pings = readonly (readonly [question: number, answer: number, targetClass: number])[];

const PINGS: Pings = [
  [8, 0, IcmpEcho],
  [13, 14, IcmpTimestamp],
  [17, 18, IcmpMask],
  // An information request (RFC 792) and an extended echo (RFC 8335) ask as an echo does.
  [15, 16, IcmpEcho],
  [42, 43, IcmpEcho],
];
/** The same of ICMPv6; so does a query of node information (RFC 4620). */
const PINGS_6: Pings = [[128, 129, IcmpEcho], [139, 140, IcmpEcho], [160, 161, IcmpEcho]];

const QUESTIONS = byType(PINGS, 0), ANSWERS = byType(PINGS, 1);
const QUESTIONS_6 = byType(PINGS_6, 0), ANSWERS_6 = byType(PINGS_6, 1);

/** The `TargetClass` of a question; 0 for what is none. */
export function askedBy(isSix: boolean, type: number): number {
  return (isSix ? QUESTIONS_6 : QUESTIONS)[type];
}

/** The `TargetClass` of the question that is answered by it; 0 for what answers none. */
export function answeredBy(isSix: boolean, type: number): number {
  return (isSix ? ANSWERS_6 : ANSWERS)[type];
}

function byType(pings: Pings, side: 0 | 1): Uint8Array {
  const classes = new Uint8Array(256);
  for (const ping of pings) classes[ping[side]] = ping[2];
  return classes;
}
