// Idle scans seen by their target: which packets show that a scan's source is a zombie, and which do
// not.

import assert from "node:assert/strict";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import { Field, Quirk, Records } from "../../../../src/record.ts";
import { isPathShared } from "../../../../src/detect/scandog/probe/distance.ts";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const OURS = "203.0.113.10", ZOMBIE = "198.51.100.90";
const OPEN = [22, 80];

interface Manner {
  /** Rounds in which open ports are asked for again. */
  rounds?: number;
  /** TTLs of SYNs, from the first on. */
  synTtl?: (packet: number) => number;
  resetTtl?: number;
  /** IP ID of the resets, from the first on; undefined: none, and not to be fragmented. */
  resetId?: (reset: number) => number;
  /** A new sequence number each time. */
  changes?: boolean;
  /** The first sequence number. */
  first?: number;
}

/** Thirty ports from one port; the source's kernel resets what is accepted. */
function scan(of: Traffic, manner: Manner = {}): void {
  const { rounds = 1, synTtl = () => 50, resetTtl = 61, changes = false, first = 1000 } = manner;
  let packets = 0, resets = 0;
  for (let round = 0; round < rounds; round++) {
    for (let port = 10; port < 90; port += round === 0 ? 1 : 10) {
      const asked = round === 0 ? port : OPEN[port % 2];
      const seq = changes ? first + packets : first;
      const up = { from: ZOMBIE, to: OURS, sport: 80, dport: asked };
      const down = { from: OURS, to: ZOMBIE, sport: asked, dport: 80, ack: seq + 1 };
      of.send({ ...up, flags: Syn, seq, ttl: synTtl(packets), window: 1024, ipId: packets * 7919 });
      packets++;
      if (!OPEN.includes(asked)) of.send({ ...down, flags: Rst | Ack });
      else {
        of.send({ ...down, flags: Syn | Ack, seq: 5 + packets });
        const id = manner.resetId?.(resets++);
        const header = id === undefined ? { quirks: Quirk.DontFragment } : { ipId: id };
        of.send({ ...up, flags: Rst, seq: seq + 1, ttl: resetTtl, ...header });
      }
    }
  }
}

function signs(manner: Manner, before?: (of: Traffic) => void): string[] | undefined {
  const of = new Traffic().used(OURS, "192.0.2.1", 443);
  before?.(of);
  scan(of, manner);
  const [found] = of.scans();
  assert.equal(found.source, ZOMBIE, "the source is named whatever it is");
  return found.zombie;
}

const RANDOM_TTL = (packet: number) => 37 + packet * 7 % 23;

Deno.test("who asks again for what answered, by the same SYN from elsewhere, is no half-open scanner", () => {
  assert.deepEqual(signs({ rounds: 3, synTtl: RANDOM_TTL }), [
    "asks again for ports that answered",
  ]);
});

Deno.test("several tools on one host are no zombie, though they differ in TTL", () => {
  const of = new Traffic().used(OURS, "192.0.2.1", 443);
  scan(of, { synTtl: RANDOM_TTL });
  scan(of, { rounds: 4, synTtl: () => 252, first: 2000 });
  scan(of, { rounds: 4, synTtl: () => 61, first: 3000 });
  assert.ok(of.scans().every(({ zombie }) => zombie === undefined));
});

Deno.test("who completes a handshake sees the answers, and is no zombie", () => {
  const of = new Traffic().used(OURS, "192.0.2.1", 443);
  scan(of, { rounds: 3, synTtl: RANDOM_TTL });
  of.empty(ZOMBIE, OURS, 22);
  const [found] = of.scans();
  assert.deepEqual([found.evidence, found.zombie], ["handshake", undefined]);
});

Deno.test("a tool that sends each probe again is none: its TTL or its number tells", () => {
  assert.equal(signs({ rounds: 3 }), undefined, "one TTL: masscan and zmap repeat blindly");
  assert.equal(signs({ rounds: 3, synTtl: RANDOM_TTL, changes: true }), undefined, "nmap's own");
  assert.equal(signs({ synTtl: RANDOM_TTL }), undefined, "asked once");
});

Deno.test("resets by another path show a zombie when their IP IDs count up as well", () => {
  // 14 hops by the SYNs, 3 by the resets.
  const far = { rounds: 3, resetTtl: 61 };
  assert.equal(signs(far), undefined, "the path alone: a sender may choose its TTL");
  assert.deepEqual(signs({ ...far, resetId: (reset) => 65530 + reset * 2 & 0xffff }), [
    "resets come by another path",
    "IP IDs of resets count up",
  ]);
  assert.equal(signs({ ...far, resetId: (reset) => reset * 7919 & 0xffff }), undefined);
  assert.equal(signs({ ...far, resetId: () => 7 }), undefined, "a constant counts nothing");
});

Deno.test("a counting IP ID on the same path is a scanner with an old kernel", () => {
  assert.equal(signs({ rounds: 3, resetTtl: 50, resetId: (reset) => reset }), undefined);
  // From 255 by the tool, from 64 and from 128 by the kernel: all 14 hops away.
  for (const resetTtl of [50, 114]) {
    const manner = { rounds: 3, synTtl: () => 241, resetTtl, resetId: (reset: number) => reset };
    assert.equal(signs(manner), undefined, `${resetTtl}`);
  }
});

Deno.test("resets before the scan, from the port that it will carry, are a sign with another one", () => {
  const resets = (sport: number, count: number) => (of: Traffic) => {
    for (let i = 0; i < count; i++) {
      of.send({ from: ZOMBIE, to: OURS, sport, dport: 35962, flags: Rst, seq: 77, ttl: 61 });
    }
  };
  const counting = { rounds: 3, resetTtl: 50, resetId: (reset: number) => reset };
  assert.deepEqual(signs(counting, resets(80, 4)), [
    "IP IDs of resets count up",
    "resets that nobody asked for",
  ]);
  assert.equal(signs(counting, resets(80, 2)), undefined, "too few");
  assert.equal(signs(counting, resets(81, 4)), undefined, "from another port");
  assert.equal(signs({ resetTtl: 50 }, resets(80, 4)), undefined, "the only sign");
});

Deno.test("isPathShared() tries every usual beginning, and lets routes differ a little", () => {
  const hops = { min: 10, max: 12 };
  for (
    const ttl of [64, 128, 255].flatMap((initial) => [initial - 10, initial - 15, initial - 7])
  ) {
    assert.ok(isPathShared(hops, ttl, ttl), `${ttl}`);
  }
  for (const ttl of [64, 58, 48, 128, 122, 100, 255, 249]) {
    assert.ok(!isPathShared(hops, ttl, ttl), `${ttl}`);
  }
  assert.ok(isPathShared({ min: 0, max: 30 }, 40, 60));
});

const COUNT_UP = "IP IDs of resets count up", NOBODY_ASKED = "resets that nobody asked for";
const OTHER_PATH = "resets come by another path";
const ASKS_AGAIN = "asks again for ports that answered";

/** The signs of one source, packet by packet. */
class Source {
  private readonly signs = new ZombieSigns();
  private readonly records = Records.allocate(1);

  /** `hash`: of its address; 0 puts it into the first place of the table. */
  constructor(private readonly hash = 5) {}

  private read(
    header: { sport?: number; dport?: number; ttl?: number; ipId?: number; seq?: number },
  ) {
    const { bytes, u16, u32 } = this.records;
    bytes.fill(0);
    bytes.fill(9, Field.Source, Field.Source + 16);
    u16[Field.SourcePort >> 1] = header.sport ?? 80;
    u16[Field.DestinationPort >> 1] = header.dport ?? 40_000;
    u16[Field.IpId >> 1] = header.ipId ?? 0;
    u32[Field.Sequence >> 2] = header.seq ?? 0;
    bytes[Field.Ttl] = header.ttl ?? 50;
    return this.records;
  }

  resets(ipIds: readonly number[], ttls: readonly number[] = [50], quirks = 0): this {
    ipIds.forEach((ipId, i) => {
      const records = this.read({ ipId, ttl: ttls[i % ttls.length] });
      records.u32[Field.Quirks >> 2] = quirks;
      this.signs.reset(records, 0, this.hash);
    });
    return this;
  }

  unasked(...ports: number[]): this {
    for (const sport of ports) this.signs.unasked(this.read({ sport }), 0, this.hash);
    return this;
  }

  again(dport: number, ttl: number, seq = 7): this {
    this.signs.askedAgain(this.read({ dport, ttl, seq }), 0, this.hash);
    return this;
  }

  /** `hops`: how many its SYNs came over. */
  of(hops?: number, sourcePort = 80): string[] | undefined {
    const { i32 } = this.records;
    const way = hops === undefined ? undefined : { min: hops, max: hops };
    return this.signs.of(i32, this.records.sourceAt(0), this.hash, way, sourcePort);
  }
}

Deno.test("IP IDs count up by two steps of 64 at most, past their end as well, and without one that does not", () => {
  const counting = (...ipIds: number[]) => new Source().unasked(80, 80, 80).resets(ipIds).of();
  const both = [COUNT_UP, NOBODY_ASKED];
  assert.deepEqual(counting(10, 11, 12), both);
  assert.equal(counting(10, 11), undefined, "one step");
  assert.deepEqual(counting(0, 64, 128), both);
  assert.equal(counting(0, 65, 130), undefined);
  assert.deepEqual(counting(0xffff, 3, 6), both);
  assert.equal(counting(10, 11, 12, 12), undefined, "one stayed");
  assert.equal(counting(10, 11, 12, 11), undefined, "one went back");
  const whole = new Source().unasked(80, 80, 80).resets([10, 11, 12], [50], Quirk.DontFragment);
  assert.equal(whole.of(), undefined, "not to be fragmented: it says nothing");
});

Deno.test("three resets in a row that nobody asked for are a sign, from the port that the SYNs carry", () => {
  const after = (...ports: number[]) => new Source().resets([1, 2, 3]).unasked(...ports);
  const both = [COUNT_UP, NOBODY_ASKED];
  assert.deepEqual(after(80, 80, 80).of(), both);
  assert.equal(after(80, 80).of(), undefined);
  assert.equal(after(80, 80, 81, 80).of(), undefined, "another port between");
  assert.equal(after(80, 80, 80).of(undefined, 81), undefined);
  // What is noted of a SYN that comes again lies next to it.
  assert.deepEqual(after(80, 80, 80).again(8, 50).of(), both);
});

Deno.test("resets come by another path where their range of TTLs misses that of the SYNs by more than three routers", () => {
  const path = (...ttls: number[]) => new Source().resets([1, 2, 3, 4], ttls).of(20);
  const both = [OTHER_PATH, COUNT_UP];
  assert.equal(path(47), undefined, "17 routers from 64");
  assert.deepEqual(path(48), both);
  assert.equal(path(41), undefined, "23 routers");
  assert.deepEqual(path(40), both);
  assert.equal(path(47, 55), undefined, "the lower one fits");
  assert.equal(path(55, 47), undefined);
  assert.equal(path(41, 28), undefined, "the upper one fits");
  assert.equal(path(28, 41), undefined);
  assert.equal(new Source().unasked(80, 80, 80).of(20), undefined, "no reset, no path");
});

Deno.test("a SYN asks again twice, with TTLs that differ by more than routes do, and of each of eight ports", () => {
  const asked = (...packets: [dport: number, ttl: number, seq?: number][]) => {
    const source = new Source().resets([7]);
    for (const packet of packets) source.again(...packet);
    return source.of();
  };
  assert.deepEqual(asked([1, 50], [1, 54], [1, 50]), [ASKS_AGAIN]);
  assert.equal(asked([1, 50], [1, 54]), undefined, "once");
  assert.equal(asked([1, 50], [1, 53], [1, 50]), undefined, "routes differ so much");
  assert.equal(asked([1, 50, 7], [1, 60, 8], [1, 50, 9]), undefined, "other numbers");
  assert.deepEqual(asked([1, 50], [2, 50], [1, 60], [2, 60]), [ASKS_AGAIN], "two ports");
  assert.deepEqual(asked([1, 50], [8, 50], [1, 60], [8, 60]), [ASKS_AGAIN]);
  assert.equal(asked([1, 50], [9, 60], [1, 50], [9, 60]), undefined, "two ports with one place");
});

Deno.test("one reset shows a path, and the first place of the table is one as every other", () => {
  for (const hash of [0, 5]) {
    const source = new Source(hash).unasked(80, 80, 80).resets([7], [48]);
    assert.deepEqual(source.of(20), [OTHER_PATH, NOBODY_ASKED], `${hash}`);
    assert.deepEqual(source.again(1, 50).again(1, 54).again(1, 50).of(), [
      ASKS_AGAIN,
      NOBODY_ASKED,
    ]);
  }
  assert.equal(new Source().again(1, 50).again(1, 54).again(1, 50).of(), undefined, "nobody known");
});
