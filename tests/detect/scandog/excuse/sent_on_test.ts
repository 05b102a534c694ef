// A machine that captures on all its interfaces and translates addresses sees each packet of its guests twice: as it
// comes in, and as it sends it on under its own address.

import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../../src/record.ts";
import { type Packet, random, Rst, Syn, Traffic } from "../traffic.ts";

const GUEST = "172.17.0.2", NEIGHBOUR = "172.17.0.3", HOST = "192.0.2.10";
const SERVER = "203.0.113.10", OTHER = "203.0.113.11";
const OUT = { quirks: Quirk.Outgoing };

/** Frames follow each other as they do inside a kernel. */
class Gateway extends Traffic {
  private readonly next = random(9);

  constructor() {
    super({}, 20);
  }

  /** A packet as it comes in from a guest, and as `by` sends it on. */
  sentOn(packet: Packet, by = HOST, sent: Partial<Packet> = OUT): this {
    const ttl = packet.ttl ?? 64;
    return this.send({ ...packet, ttl }).send({ ...packet, from: by, ttl: ttl - 1, ...sent });
  }

  /** A refused SYN of `from` through the gateway, whose answer goes back likewise. */
  refusedThrough(from: string, dport: number, to = SERVER, sport = 40000 + dport): this {
    const seq = Math.floor(this.next() * 2 ** 32);
    const back = { sport: dport, dport: sport, flags: Rst | 16, ack: (seq + 1) >>> 0 };
    return this.sentOn({ from, to, sport, dport, flags: Syn, seq })
      .send({ from: to, to: HOST, ...back, ttl: 64 })
      .send({ from: to, to: from, ...back, ttl: 63, ...OUT });
  }
}

/** The sources of the scans told at the end, and what is said of them. */
function said(traffic: Traffic) {
  return traffic.scans().map(({ source, shape, sources }) => ({ source, shape, sources }));
}

Deno.test("a guest's scan through a gateway is told as the guest's, and as no decoy scan", () => {
  const traffic = new Gateway();
  for (let port = 21; port < 61; port++) traffic.refusedThrough(GUEST, port).wait(0.01);
  assert.deepEqual(said(traffic), [{ source: GUEST, shape: "vertical", sources: undefined }]);
});

Deno.test("the same packets, of which none or all went out, are a scan with decoys", () => {
  for (const quirks of [0, Quirk.Outgoing]) {
    const traffic = new Gateway();
    for (let port = 21; port < 61; port++) {
      const packet = {
        from: GUEST,
        to: SERVER,
        sport: 40000,
        dport: port,
        flags: Syn,
        seq: 7 * port,
      };
      traffic.sentOn({ ...packet, quirks }, HOST, { quirks }).wait(0.01);
    }
    const [{ shape, sources }] = said(traffic);
    assert.equal(shape, "decoy");
    assert.equal(sources?.list, `${GUEST},${HOST}`);
  }
});

Deno.test("a copy that comes in is no packet sent on, whatever goes out after it", () => {
  // Who forges both has them both come in; a router then sends both on.
  const traffic = new Gateway();
  for (let port = 21; port < 61; port++) {
    const packet = { to: SERVER, sport: 40000, dport: port, flags: Syn, seq: 7 * port, ttl: 64 };
    for (const from of [GUEST, OTHER]) {
      traffic.send({ ...packet, from }).send({ ...packet, from, ttl: 63, ...OUT });
    }
    traffic.wait(0.01);
  }
  assert.deepEqual(said(traffic).map(({ shape }) => shape), ["decoy"]);
});

Deno.test("what a gateway does on its own is its own, at the targets of its guests too", () => {
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    const traffic = new Gateway();
    const ports = Array.from({ length: 40 }, (_, i) => 21 + i);
    const probe = (dport: number, sport: number): Packet => ({
      ...{ kind, to: SERVER, from: GUEST, sport, dport },
      ...(kind === Kind.Tcp
        ? { flags: Syn, seq: 7 * dport + sport }
        : { ipId: 9 * dport + sport % 9 }),
    });
    for (const port of ports) traffic.sentOn(probe(port, 40000)).wait(0.01);
    traffic.wait(10);
    // Asked again, from another port, it is still the guest's.
    for (const port of ports) traffic.sentOn(probe(port, 41000)).wait(0.01);
    traffic.wait(10);
    for (const port of ports) {
      traffic.send({ ...probe(port, 42000), from: HOST, ...OUT }).wait(0.03);
    }
    assert.deepEqual(said(traffic).map(({ source }) => source).sort(), [GUEST, HOST].sort());
  }
});

Deno.test("a packet is sent on twenty milliseconds after it came in, and no later", () => {
  for (const [ms, told] of [[19, [GUEST]], [25, [GUEST, HOST]]] as const) {
    const traffic = new Gateway();
    const probe = (dport: number, sport: number) => ({
      ...{ from: GUEST, to: SERVER, sport, dport, flags: Syn, seq: 7 * dport + sport },
    });
    for (let port = 21; port < 61; port++) traffic.sentOn(probe(port, 40000));
    traffic.wait(10);
    for (let port = 21; port < 61; port++) {
      traffic.send(probe(port, 41000)).wait(ms / 1000);
      // Translated to another port: nothing but its time tells whose it is.
      traffic.send({ ...probe(port, 60000), from: HOST, ...OUT }).wait(1);
    }
    assert.deepEqual(said(traffic).map(({ source }) => source).sort(), [...told].sort());
  }
});

Deno.test("guests of one gateway are not named for one of them that scans", () => {
  const traffic = new Gateway();
  for (let port = 21; port < 61; port++) {
    traffic.refusedThrough(GUEST, port).wait(0.01);
    if (port % 4 === 0) traffic.refusedThrough(NEIGHBOUR, 443, OTHER, 30000 + port).wait(0.01);
  }
  assert.deepEqual(said(traffic).map(({ source }) => source), [GUEST]);
});

Deno.test("packets sent on from another port are the guest's by their number, at once and from here", () => {
  const HOW: Record<string, { change?: Partial<Packet>; ms?: number; told: string[] }> = {
    "as a kernel does": { told: [GUEST] },
    "nineteen milliseconds later": { ms: 19, told: [GUEST] },
    "later": { ms: 25, told: [GUEST, HOST] },
    "with another number": { change: { seq: 5, ipId: 5 }, told: [GUEST, HOST] },
    "to another host": { change: { to: OTHER }, told: [GUEST, HOST] },
    "from elsewhere": { change: { quirks: 0 }, told: [GUEST, HOST] },
  };
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    for (const [how, { change, ms = 0, told }] of Object.entries(HOW)) {
      const traffic = new Gateway();
      // What the machine sends for itself shows that here both sides are captured.
      traffic.used(HOST, "203.0.113.99", 443);
      traffic.send({ from: HOST, to: "203.0.113.99", sport: 9, dport: 443, flags: Syn, ...OUT });
      for (let port = 21; port < 61; port++) {
        const numbers = kind === Kind.Tcp ? { flags: Syn, seq: 7 * port } : { ipId: 9 * port };
        const packet = {
          kind,
          from: GUEST,
          to: SERVER,
          sport: 40000 + port,
          dport: port,
          ...numbers,
        };
        traffic.send(packet).wait(ms / 1000);
        traffic.send({ ...packet, from: HOST, sport: 50000 + 3 * port, ...OUT, ...change }).wait(
          0.1,
        );
      }
      const named = said(traffic).map(({ source }) => source).sort();
      assert.deepEqual(named, [...told].sort(), `kind ${kind}, ${how}`);
    }
  }
});

/** A refused SYN of a guest through a router that two Ethernet devices see, in the order in which they are read. */
function throughTwo(
  traffic: Gateway,
  guest: string,
  to: string,
  dport: number,
  { isReversed = false, by = HOST, hops = 1, sport = 50000 + dport } = {},
): void {
  const seq = 7919 * dport + guest.charCodeAt(guest.length - 1), inner = 40000 + dport;
  const probe = { to, dport, flags: Syn, seq };
  const answer = { from: to, sport: dport, flags: Rst | 16, ack: seq + 1 };
  const inside = [
    { ...probe, from: guest, sport: inner, ttl: 64, interface: 0 },
    { ...answer, to: guest, dport: inner, ttl: 62, interface: 0 },
  ];
  const outside = [
    { ...probe, from: by, sport, ttl: 64 - hops, interface: 1 },
    { ...answer, to: by, dport: sport, ttl: 63, interface: 1 },
  ];
  const order = isReversed
    ? [...outside, ...inside]
    : [inside[0], outside[0], outside[1], inside[1]];
  for (const packet of order) traffic.send(packet);
  traffic.wait(0.05);
}

Deno.test("a guest's scan that two devices of a router see is the guest's, whichever is read first", () => {
  for (const isReversed of [false, true]) {
    for (const sport of [undefined, 33333]) {
      const traffic = new Gateway();
      for (let port = 21; port < 61; port++) {
        throughTwo(traffic, GUEST, SERVER, port, { isReversed, sport: sport ?? 40000 + port });
      }
      assert.deepEqual(said(traffic), [{ source: GUEST, shape: "vertical", sources: undefined }]);
    }
  }
});

Deno.test("guests that fail a little each are no scan of the router that two devices see", () => {
  for (const isReversed of [false, true]) {
    const traffic = new Gateway();
    for (let i = 0; i < 60; i++) {
      const guest = `172.17.0.${20 + i % 12}`;
      throughTwo(traffic, guest, `20.${i}.7.9`, 21 + i % 12, { isReversed, sport: 40021 + i % 12 });
    }
    assert.deepEqual(said(traffic), []);
  }
});

Deno.test("the same packets are a scan with decoys where a router's hop is not between them", () => {
  for (const hops of [0, 2]) {
    const traffic = new Gateway();
    for (let port = 21; port < 61; port++) {
      throughTwo(traffic, GUEST, SERVER, port, { hops, sport: 40000 + port });
    }
    assert.deepEqual(said(traffic).map(({ shape }) => shape), ["decoy"], `${hops} hops`);
  }
});

Deno.test("decoys that pass a router which two devices see are decoys", () => {
  const traffic = new Gateway();
  for (let port = 21; port < 61; port++) {
    const packet = { to: SERVER, sport: 40000, dport: port, flags: Syn, seq: 7 * port, ttl: 64 };
    for (const from of [GUEST, OTHER]) {
      traffic.send({ ...packet, from }).send({ ...packet, from, ttl: 63, interface: 1 });
    }
    traffic.wait(0.01);
  }
  assert.deepEqual(said(traffic).map(({ shape }) => shape), ["decoy"]);
});
