// Which kinds of frames could not be decoded: the most frequent ones, in bounded memory. Knows numbers;
// `capture/blindness.ts` has the words.

import { Reason } from "./reason.ts";

/** Kinds counted at once. What most frames are is among so few, whatever else a sender mixes in. */
const KINDS = 16;

/** Bits of `Tunnel` in tunnel.ts. */
const TUNNELS = 6;

/** A kind is the reason times this, and what was met. */
const DETAILS = 0x40000;
/** Values of `Packet.network` are from -8 to 65535. */
const NETWORK_OFFSET = 16;
/** From here on: a link type, whose own header said that it carries something else. */
const LINK_TYPE_OFFSET = 0x20000;

/** What one kind is. */
export interface UnreadKind {
  reason: number;
  /** The EtherType, or a value of `Next`, that no decoder knows; where one was reached. */
  network?: number;
  linkType?: number;
}

/** Counts of one source of frames: a file, a device. */
export class Unread {
  /** Frames that gave no record. */
  total = 0;
  private readonly kinds = new Float64Array(KINDS);
  private readonly counts = new Float64Array(KINDS);

  /**
   * One more frame of a kind. Where all places are taken the rarest gives way and its count goes over to
   * the new one ("space saving", Metwally et al. 2005): no kind that is more than a sixteenth is missed.
   */
  count(reason: number, network: number, linkType: number): void {
    this.total++;
    const kind = kindOf(reason, network, linkType);
    const { kinds, counts } = this;
    let rarest = 0;
    for (let i = 0; i < KINDS; i++) {
      if (kinds[i] === kind) {
        counts[i]++;
        return;
      }
      if (counts[i] < counts[rarest]) rarest = i;
    }
    kinds[rarest] = kind;
    counts[rarest]++;
  }

  /** Packets in tunnels that are not looked into, by the place of their `Tunnel` bit. */
  readonly tunnels = new Float64Array(TUNNELS);

  /** One more packet of that tunnel. */
  countTunnel(tunnel: number): void {
    this.tunnels[31 - Math.clz32(tunnel)]++;
  }

  /** The kinds, the most frequent first; counts are exact while there are no more than sixteen. */
  list(): { kind: UnreadKind; count: number }[] {
    return Array.from(this.kinds, (kind, i) => ({ kind: unpack(kind), count: this.counts[i] }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
  }
}

function kindOf(reason: number, network: number, linkType: number): number {
  const low = linkType & 0xffff;
  const isNamed = reason === Reason.OtherLinkProtocol || reason === Reason.Encrypted;
  if (!isNamed) return reason * DETAILS + LINK_TYPE_OFFSET + low;
  return reason * DETAILS + (network === 0 ? LINK_TYPE_OFFSET + low : network + NETWORK_OFFSET);
}

function unpack(kind: number): UnreadKind {
  const reason = Math.floor(kind / DETAILS), detail = kind % DETAILS;
  return detail >= LINK_TYPE_OFFSET
    ? { reason, linkType: detail - LINK_TYPE_OFFSET }
    : { reason, network: detail - NETWORK_OFFSET };
}
