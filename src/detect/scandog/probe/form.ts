// How the looks of a probe are packed into words of its attempt. Knows bits; nothing of records or tools.

/** TCP option lists that tell programs apart. */
export const Options = {
  None: 0,
  /** MSS and nothing else. */
  MssOnly: 1,
  /** MSS, NOP, window scale, NOP, NOP, SACK permitted: the order of Windows. */
  Windows: 2,
  Other: 3,
} as const;
export const OPTIONS_MASK = 3;
/** Bit of the form: don't fragment. */
export const DONT_FRAGMENT = 1 << 4;
/** Bit of the form: the machine that captures sent the packet, as its kernel says (`Quirk.Outgoing`). */
export const SENT_HERE = 1 << 5;

/** TTL, traffic class, TCP flags and IP version in one word. */
export function packLook(ttl: number, trafficClass: number, flags: number, version: number) {
  return ttl | trafficClass << 8 | flags << 16 | version << 24;
}

export function ttlIn(look: number): number {
  return look & 0xff;
}

export function trafficClassIn(look: number): number {
  return look >>> 8 & 0xff;
}

export function tcpFlagsIn(look: number): number {
  return look >>> 16 & 0xff;
}

/** Payload bytes in a form that is not TCP's: see `formOf` in observe/probe_form.ts. */
export function payloadIn(form: number): number {
  return form >>> 16;
}

export function versionIn(look: number): number {
  return look >>> 24;
}
