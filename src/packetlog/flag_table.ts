// Which TCP flag combinations are to be logged: a table of all 256, made once from what the user
// asked for. Knows flags; nothing of packets.

import { TcpFlag } from "../record.ts";

/** What may be asked for; a combination is logged when any of these selects it. */
export interface FlagRules {
  /** Any of these bits set. 0 selects nothing. */
  mask: number;
  /** Under each mask exactly these bits set. */
  exact: readonly { mask: number; value: number }[];
  /** What can start something, see `isProbe`. */
  probes: boolean;
}

/** The six flags of RFC 793: all that Perro knew. */
const CLASSIC_FLAGS = 0x3f;

/** The mask that Perro's launcher has: SYN, FIN, PSH or URG. */
export const MASK_DEFAULT = 43;

/** Letters of a mask, from the lowest bit: FIN SYN RST PSH ACK URG ECE CWR. */
export const MASK_LETTERS = "FSRPAUEC";

const XMAS = TcpFlag.Fin | TcpFlag.Psh | TcpFlag.Urg;

/**
 * No flag set, whatever ECE and CWR are: Perro logged these under every mask. The two bits came
 * after it, and setting one must not be a way to pass unseen.
 */
export function isNull(flags: number): boolean {
  return (flags & CLASSIC_FLAGS) === 0;
}

/**
 * What mask 43 was for, without its weakness (every data segment with PSH): SYN without ACK, FIN
 * without ACK, Xmas, NULL.
 */
export function isProbe(flags: number): boolean {
  if (isNull(flags) || (flags & XMAS) === XMAS) return true;
  return (flags & (TcpFlag.Syn | TcpFlag.Fin)) !== 0 && (flags & TcpFlag.Ack) === 0;
}

/** For each of the 256 octets 1 or 0: is a segment with these flags logged? NULL always is. */
export function flagTable({ mask, exact, probes }: FlagRules): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, flags) => {
    const wanted = isNull(flags) || (flags & mask) !== 0 || (probes && isProbe(flags)) ||
      exact.some((rule) => (flags & rule.mask) === rule.value);
    return wanted ? 1 : 0;
  });
}

/**
 * A mask from text: decimal, 0 to 255, or letters in any order and case (`S`, `sf`, `FPU`), or
 * `all`. Undefined when it is none of these.
 */
export function parseMask(text: string): number | undefined {
  if (/^[0-9]{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  if (text.toLowerCase() === "all") return 255;
  if (text === "") return undefined;
  let mask = 0;
  for (const letter of text.toUpperCase()) {
    const bit = MASK_LETTERS.indexOf(letter);
    if (bit < 0) return undefined;
    mask |= 1 << bit;
  }
  return mask;
}

/** `SA/S` or `18/2`: under the mask SYN and ACK only SYN is set. Undefined when malformed. */
export function parseExact(text: string): { mask: number; value: number } | undefined {
  const [maskText, valueText, ...rest] = text.split("/");
  if (valueText === undefined || rest.length > 0) return undefined;
  const mask = parseMask(maskText);
  const value = parseMask(valueText);
  if (mask === undefined || value === undefined || (value & ~mask) !== 0) return undefined;
  return { mask, value };
}
