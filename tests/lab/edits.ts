// What may be done to a capture after it was made: clocks stretched, beginnings cut, frames put
// into another link layer. Each edit carries the words that go into case.json, because an edited
// capture must never pass for an untouched one.

import type { Savefile } from "./pcap.ts";

export interface Edit {
  said: string;
  /** The link layer changes: the oracle reads the packets as they were before. */
  relinks?: boolean;
  apply(savefile: Savefile): Savefile;
}

const ETHERNET = 1;

/** Multiplies the time between packets. */
export function stretch(factor: number): Edit {
  return {
    said: `times since the first packet multiplied by ${factor}`,
    apply(savefile) {
      const first = savefile.packets[0]?.time ?? 0n;
      const scale = BigInt(Math.round(factor * 1000));
      const packets = savefile.packets.map((packet) => ({
        ...packet,
        time: first + (packet.time - first) * scale / 1000n,
      }));
      return { ...savefile, packets };
    },
  };
}

/** Lengthens only pauses: what lies closer together than `thresholdMs` keeps its own timing. */
export function stretchPauses(factor: number, thresholdMs: number): Edit {
  return {
    said: `pauses longer than ${thresholdMs} ms multiplied by ${factor}`,
    apply(savefile) {
      const threshold = BigInt(thresholdMs) * 1_000_000n;
      let before = savefile.packets[0]?.time ?? 0n;
      let now = before;
      const packets = savefile.packets.map((packet) => {
        const gap = packet.time - before;
        before = packet.time;
        now += gap > threshold ? gap * BigInt(factor) : gap;
        return { ...packet, time: now };
      });
      return { ...savefile, packets };
    },
  };
}

function relink(said: string, linkType: number, header: (frame: Uint8Array) => Uint8Array): Edit {
  return {
    said,
    relinks: true,
    apply(savefile) {
      if (savefile.linkType !== ETHERNET) {
        throw new TypeError("only Ethernet frames can be put elsewhere");
      }
      const packets = savefile.packets.flatMap((packet) => {
        if (packet.bytes.length < 14) return [];
        const front = header(packet.bytes);
        if (front.length === 0) return [];
        // The type field is part of the payload here, so that tags can be pushed before it.
        const rest = packet.bytes.subarray(linkType === ETHERNET ? 12 : 14);
        const bytes = new Uint8Array(front.length + rest.length);
        bytes.set(front);
        bytes.set(rest, front.length);
        return [{
          ...packet,
          bytes,
          wireLength: packet.wireLength + bytes.length - packet.bytes.length,
        }];
      });
      return { ...savefile, linkType, packets };
    },
  };
}

function etherType(frame: Uint8Array): number {
  return frame[12] << 8 | frame[13];
}

/** Pushes 802.1Q or 802.1ad tags, outermost first. */
export function tagged(...tags: { type: number; vlan: number }[]): Edit {
  const said = tags.map(({ type, vlan }) => `0x${type.toString(16)} VLAN ${vlan}`).join(", ");
  return relink(`frames tagged: ${said}`, ETHERNET, (frame) => {
    const words = tags.flatMap(({ type, vlan }) => [type >> 8, type & 255, vlan >> 8, vlan & 255]);
    return new Uint8Array([...frame.subarray(0, 12), ...words]);
  });
}

/** PPP in HDLC framing (LINKTYPE_PPP): only IP travels. */
export function ppp(): Edit {
  return relink("IP packets put into PPP frames", 9, (frame) => {
    const type = etherType(frame);
    if (type === 0x0800) return new Uint8Array([0xff, 0x03, 0x00, 0x21]);
    if (type === 0x86dd) return new Uint8Array([0xff, 0x03, 0x00, 0x57]);
    return new Uint8Array(0);
  });
}

/** BSD loopback (LINKTYPE_NULL), with the little-endian address family of a Mac. */
export function bsdLoopback(): Edit {
  return relink("IP packets put into BSD loopback frames", 0, (frame) => {
    const type = etherType(frame);
    if (type === 0x0800) return new Uint8Array([2, 0, 0, 0]);
    if (type === 0x86dd) return new Uint8Array([30, 0, 0, 0]);
    return new Uint8Array(0);
  });
}
