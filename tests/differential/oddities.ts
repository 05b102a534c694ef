// Packets that are in pieces, cut, wrong about themselves or not TCP, for generated captures: each
// ingredient puts some on a scene and moves its clock.

import { TcpFlag } from "../../src/record.ts";
import type { Random } from "../support/random.ts";
import { ipv4, type TcpPacket, tcpSegment } from "./frames.ts";
import type { Scene } from "./scene.ts";
import { neighbour, port } from "./traffic.ts";

/** Cuts a datagram's payload at multiples of 8, into at least two pieces. */
function pieces(random: Random, length: number): [number, number][] {
  const cuts = [0];
  while (cuts.at(-1)! < length) {
    const size = 8 * random.between(1, random.pick([1, 3, 8]));
    cuts.push(Math.min(length, cuts.at(-1)! + size));
  }
  return cuts.slice(1).map((end, i) => [cuts[i], end]);
}

/**
 * Datagrams in fragments, several at once. All of them begin before one is whole, so that no two
 * of this batch meet in a place that a finished one left: how many may be unfinished is not scanlogd's
 * business, and differs between those who reassemble.
 */
function fragmented(scene: Scene, datagrams: TcpPacket[]): void {
  const { random } = scene;
  const begun: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  for (const packet of datagrams) {
    const data = tcpSegment(packet);
    const parts = pieces(random, data.length);
    const fragments = parts.map(([from, to]) =>
      ipv4(packet, data.subarray(from, to), { offset: from, more: to < data.length })
    );
    // Other bytes for a part of the same datagram: the first copy of each wins. Only where it is the
    // only one: a copy that comes after its datagram is whole begins another.
    if (datagrams.length === 1 && random.oneIn(2)) {
      const from = 8 * random.below(Math.ceil(data.length / 8));
      const to = Math.min(data.length, from + 8 * random.between(1, 4));
      const lie = new Uint8Array(to - from).fill(random.below(256));
      const fragment = ipv4(packet, lie, { offset: from, more: to < data.length });
      fragments.splice(random.below(fragments.length + 1), 0, fragment);
    }
    if (random.oneIn(3)) shuffle(random, fragments);
    if (random.oneIn(10)) fragments.splice(random.below(fragments.length), 1); // lost on the way
    begun.push(...fragments.splice(0, 1));
    rest.push(...fragments);
  }
  if (random.oneIn(2)) shuffle(random, rest);
  for (const bytes of [...begun, ...rest]) {
    scene.raw(bytes);
    scene.wait(random.below(300));
  }
}

function shuffle<T>(random: Random, items: T[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}

/** By name. */
export const ODDITIES: Record<string, (scene: Scene) => void> = {
  "scan in fragments": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let batch = random.between(1, 12); batch > 0; batch--) {
      const several = Array.from(
        { length: random.pick([1, 1, 1, 4, 12, 64]) },
        () =>
          scene.packet({
            source,
            destinationPort: port(random),
            ttl: random.pick([64, 64, 128]),
            payload: random.below(40),
            ipOptions: random.pick([0, 0, 8, 40]),
          }),
      );
      fragmented(scene, several);
    }
  },

  "lies about lengths": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < 30; i++) {
      const packet = scene.packet({ source, destinationPort: port(random), payload: 12 });
      const bytes = ipv4(packet, tcpSegment(packet));
      const view = new DataView(bytes.buffer);
      const total = random.pick([0, 19, 20, 33, 39, 40, 41, bytes.length, bytes.length + 1, 65535]);
      view.setUint16(2, total);
      if (random.oneIn(4)) bytes[0] = 0x40 | random.below(16);
      if (random.oneIn(4)) bytes[32] = random.below(256); // TCP data offset
      if (random.oneIn(10)) bytes[0] ^= 0x20; // IP version
      scene.raw(bytes, random.oneIn(4) ? random.below(100) : 0);
      if (random.oneIn(3)) scene.send({ source, destinationPort: port(random) });
    }
  },

  "packets cut by the capture": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < 30; i++) {
      const packet = scene.packet({
        source,
        destinationPort: port(random),
        ipOptions: random.pick([0, 12]),
      });
      const bytes = ipv4(packet, tcpSegment(packet));
      const kept = random.oneIn(2) ? bytes.length : random.below(bytes.length);
      scene.raw(bytes.subarray(0, kept), bytes.length - kept);
    }
  },

  "options, and padding of short frames": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < 15; i++) {
      const packet = scene.packet({
        source,
        destinationPort: port(random),
        ipOptions: 4 * random.below(11),
      });
      const bytes = ipv4(packet, tcpSegment(packet));
      const padded = new Uint8Array(Math.max(bytes.length, random.pick([46, 100])));
      padded.set(bytes);
      scene.raw(padded);
    }
  },

  "sources that cannot be": (scene) => {
    const { random } = scene;
    for (let i = 0; i < 25; i++) {
      const source = random.pick([0, 0, 0xffffffff, 0x7f000001, 0x01000000, 1]);
      scene.send({ source, destinationPort: port(random), flags: random.pick([TcpFlag.Syn, 0]) });
    }
  },

  "other protocols": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < 30; i++) {
      const packet = scene.packet({ source, destinationPort: port(random) });
      const protocol = random.pick([1, 17, 41, 47, 132, 255]);
      scene.raw(ipv4(packet, tcpSegment(packet), { protocol }));
    }
  },
};
