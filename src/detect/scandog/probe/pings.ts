// What kinds of ICMP ask whether somebody is there, and what answers them (RFC 792, RFC 950, RFC 4443). Knows types.

import { TargetClass } from "./classes.ts";

const { IcmpEcho, IcmpTimestamp, IcmpMask } = TargetClass;

/** By type; an information request (RFC 792) and an extended echo (RFC 8335) ask as an echo does. */
const QUESTIONS = typesOf({
  8: IcmpEcho,
  15: IcmpEcho,
  42: IcmpEcho,
  13: IcmpTimestamp,
  17: IcmpMask,
});
const ANSWERS = typesOf({
  0: IcmpEcho,
  16: IcmpEcho,
  43: IcmpEcho,
  14: IcmpTimestamp,
  18: IcmpMask,
});
/** The same of ICMPv6; so does a query of node information (RFC 4620). */
const QUESTIONS_6 = typesOf({ 128: IcmpEcho, 139: IcmpEcho, 160: IcmpEcho });
const ANSWERS_6 = typesOf({ 129: IcmpEcho, 140: IcmpEcho, 161: IcmpEcho });

/** The `TargetClass` of a question; 0 for what is none. */
export function askedBy(isSix: boolean, type: number): number {
  return (isSix ? QUESTIONS_6 : QUESTIONS)[type];
}

/** The `TargetClass` of the question that is answered by it; 0 for what answers none. */
export function answeredBy(isSix: boolean, type: number): number {
  return (isSix ? ANSWERS_6 : ANSWERS)[type];
}

function typesOf(classes: Readonly<Record<number, number>>): Uint8Array {
  const types = new Uint8Array(256);
  for (const [type, targetClass] of Object.entries(classes)) types[Number(type)] = targetClass;
  return types;
}
