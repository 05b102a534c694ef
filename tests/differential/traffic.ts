// Scans, floods and ordinary traffic for generated captures: each ingredient puts some packets on a
// scene and moves its clock. Numbers lie around the limits of both scanlogd versions: 10 ports or weight 21, gaps of 3
// and 5 seconds to the 10 ms tick, 256 and 1024 sources, 16 a bucket, 5 lines then 20 s of silence.

import { TcpFlag } from "../../src/record.ts";
import type { Random } from "../support/random.ts";
import type { Scene } from "./scene.ts";

const { Fin, Syn, Rst, Psh, Ack, Urg, Ece, Cwr } = TcpFlag;
const SECOND = 1_000_000;
const TICK = 10_000;

/** Flags of probes, half of them SYN. */
const PROBE_FLAGS = [Syn, Syn, Syn, Syn, Fin, 0, Fin | Psh | Urg, Syn | Ece | Cwr, Fin | Syn, Rst];

/** An address that several ingredients are likely to choose too. */
export function neighbour(random: Random): number {
  return 0x0a000000 + random.between(2, 12);
}

function stranger(random: Random): number {
  return random.next() || 1;
}

/**
 * A port, but none that scanlogd 1.0 may find beyond its list, where its flag masks lie (one of
 * `EXCEPTIONS`): the OR in the high byte, and in the low byte the AND, which has no other bits.
 */
export function port(random: Random): number {
  return settle(random.oneIn(2) ? random.below(1030) : random.below(65536));
}

function settle(port: number): number {
  while ((port & 0xff & ~(port >> 8)) === 0) port = (port + 1) & 0xffff;
  return port;
}

/** Gaps between two probes: none, short, and around the longest that either version allows. */
function gap(random: Random): number {
  const limit = random.pick([3, 5]) * SECOND;
  return random.pick([
    0,
    random.below(200_000),
    limit,
    limit + random.between(-TICK - 1, TICK + 1),
    limit + random.pick([-TICK, -1, 1, TICK - 1, TICK]),
  ]);
}

/** A scan of one source that is constant or not in every field that is printed when constant. */
function scan(scene: Scene, source: number, ports: number, between: () => number): void {
  const { random } = scene;
  const vary = <T>(value: () => T): () => T => {
    const constant = value();
    return random.oneIn(3) ? value : () => constant;
  };
  // One field that turns only at the end may be decided by the packet that completes the scan.
  const sourcePort = vary(() => random.oneIn(8) ? 0 : random.below(65536));
  const destination = vary(() => random.oneIn(10) ? 0 : 0xc0000200 + random.below(3));
  const ttl = vary(() => random.pick([0, 1, 37, 64, 64, 255]));
  const trafficClass = vary(() => random.pick([0, 0, 8, 0x10, 0xb8, 255]));
  const flags = vary(() => random.pick(PROBE_FLAGS));
  const next = random.below(65536);
  const inOrder = random.oneIn(2);
  const seen: number[] = [];
  for (let i = 0; i < ports; i++) {
    const destinationPort = inOrder ? settle((next + i) & 0xffff) : port(random);
    seen.push(destinationPort);
    const fields = {
      source,
      destination: destination(),
      sourcePort: sourcePort(),
      ttl: ttl(),
      trafficClass: trafficClass(),
    };
    scene.send({ ...fields, destinationPort, flags: flags() });
    if (random.oneIn(6)) {
      const again = random.pick(seen);
      scene.send({ ...fields, destinationPort: again, flags: random.below(256) });
    }
    if (random.oneIn(12)) {
      scene.send({
        ...fields,
        destinationPort: port(random),
        flags: random.pick([Ack, Rst, Rst | Ack]),
      });
    }
    scene.wait(between());
  }
}

/**
 * Addresses alike in the hash of one version: words of two groups of bits whose XOR stays 5. A
 * group has 9 bits (2.2.8) or 11 (1.0), and the word is the address as it lies in memory.
 */
function colliding(i: number, bits: number): number {
  const group = i & (1 << bits) - 1;
  const word = group << bits | (group ^ 5);
  return (word << 24 | (word & 0xff00) << 8 | word >>> 8 & 0xff00 | word >>> 24) >>> 0;
}

/** Probes of many sources, one each. */
function crowd(
  scene: Scene,
  count: number,
  source: (i: number) => number,
  flags: number = Syn,
): void {
  const { random } = scene;
  const step = random.pick([0, 1, 100]);
  for (let i = 0; i < count; i++) {
    scene.send({ source: source(i), destinationPort: port(random), flags });
    scene.wait(step);
  }
}

/** By name. */
export const TRAFFIC: Record<string, (scene: Scene) => void> = {
  "fast scan": (scene) => {
    const { random } = scene;
    scan(scene, neighbour(random), random.between(5, 60), () => random.below(50_000));
  },

  "slow scan": (scene) => {
    const { random } = scene;
    scan(scene, neighbour(random), random.between(8, 30), () => gap(random));
  },

  "scanner that comes back": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    const ports = Array.from({ length: 12 }, () => port(random));
    for (const destinationPort of ports) scene.send({ source, destinationPort });
    for (let i = random.between(1, 4); i > 0; i--) {
      scene.wait(gap(random));
      scene.send({ source, destinationPort: random.pick(ports) });
    }
    scan(scene, source, 12, () => 0);
  },

  "scans side by side": (scene) => {
    const { random } = scene;
    const sources = Array.from({ length: random.between(2, 6) }, () => neighbour(random));
    for (let i = random.between(40, 200); i > 0; i--) {
      const flags = random.pick(PROBE_FLAGS);
      scene.send({ source: random.pick(sources), destinationPort: port(random), flags });
      scene.wait(random.below(30_000));
    }
  },

  "more scans than lines": (scene) => {
    const { random } = scene;
    for (let i = random.between(4, 12); i > 0; i--) {
      scan(scene, stranger(random), random.between(10, 24), () => 0);
      if (!random.oneIn(3)) continue;
      scene.wait(
        20 * SECOND + random.pick([-TICK, -1, 0, 1, TICK - 1, TICK, -random.below(SECOND)]),
      );
    }
  },

  "silence of the lines": (scene) => {
    scene.wait(20 * SECOND + scene.random.between(-2 * TICK, 2 * TICK));
  },

  "flood between probes": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    const room = random.pick([256, 1024]);
    for (let i = random.between(2, 4); i > 0; i--) {
      scan(scene, source, random.between(4, 12), () => 0);
      crowd(scene, room - random.between(-3, 3), () => stranger(random));
    }
    scan(scene, source, 6, () => 0);
  },

  "acknowledgements of strangers": (scene) => {
    crowd(scene, 300, () => stranger(scene.random), Ack);
  },

  "colliding sources": (scene) => {
    const { random } = scene;
    const first = random.below(1000);
    const bits = random.pick([9, 11]);
    const alike = (i: number) => colliding(first + i, bits);
    for (let i = 0; i < random.between(14, 60); i++) {
      const source = alike(random.between(1, 18));
      scene.send({ source, destinationPort: port(random) });
    }
    for (let i = 0; i < 12; i++) {
      scan(scene, alike(0), random.between(1, 4), () => 0);
      crowd(scene, random.between(13, 18), (other) => alike(1 + other));
      if (random.oneIn(3)) scene.wait(gap(random));
    }
  },

  "clock steps back": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < random.between(1, 5); i++) {
      scan(scene, source, random.between(3, 14), () => random.below(20_000));
      scene.wait(-random.pick([1, TICK - 1, TICK, random.below(SECOND), 15 * SECOND]));
    }
    scan(scene, source, 10, () => 0);
  },

  "ordinary connections": (scene) => {
    const { random } = scene;
    const server = 0xc0000201;
    for (let i = random.between(20, 80); i > 0; i--) {
      const client = neighbour(random);
      const sourcePort = random.between(32768, 60999);
      const destinationPort = random.pick([22, 80, 443, 8080]);
      const forth = { source: client, destination: server, sourcePort, destinationPort };
      const back = {
        source: server,
        destination: client,
        sourcePort: destinationPort,
        destinationPort: sourcePort,
        ttl: 63,
      };
      scene.send(forth);
      scene.send({ ...back, flags: Syn | Ack });
      scene.send({ ...forth, flags: Ack });
      scene.send({ ...forth, flags: Psh | Ack, payload: random.below(200) });
      scene.send({ ...back, flags: Psh | Ack, payload: random.below(1400) });
      scene.send({ ...back, flags: random.pick([Fin | Ack, Rst, Rst | Ack]) });
      scene.send({ ...forth, flags: random.pick([Ack, Rst]) });
      scene.wait(random.below(100_000));
    }
  },

  "passive FTP": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = random.between(15, 30); i > 0; i--) {
      scene.send({
        source,
        sourcePort: random.below(65536),
        destinationPort: random.between(1024, 65535),
      });
      scene.wait(random.between(20_000, 400_000));
    }
  },

  "any flags": (scene) => {
    const { random } = scene;
    const source = neighbour(random);
    for (let i = 0; i < 60; i++) {
      scene.send({ source, destinationPort: random.below(30), flags: random.below(256) });
      if (random.oneIn(10)) scene.wait(gap(random));
    }
  },
};
