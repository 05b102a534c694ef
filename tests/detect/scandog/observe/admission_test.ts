// Which packets a flood leaves time for: whose they are, what they begin, and what is known of their source.

import assert from "node:assert/strict";
import { formatAddress } from "../../../../src/address.ts";
import type { Account } from "../../../../src/detect/scandog/account/account.ts";
import { Memory } from "../../../../src/detect/scandog/memory.ts";
import { Admission } from "../../../../src/detect/scandog/observe/admission.ts";
import { FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";
import { Packet } from "../../../../src/detect/scandog/observe/packet.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { BATCH_MAX } from "../../../../src/detect/scandog/table/flood_packets.ts";
import { Change } from "../../../../src/detect/scandog/table/outcome_queue.ts";
import { View } from "../../../../src/detect/scandog/view.ts";
import { Kind, Quirk, RECORD_BYTES, Records, TcpFlag } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";

const { Syn, Ack, Rst, Fin } = TcpFlag;
const RATE = 10, SOURCE = "198.51.100.7", OTHER = "198.51.100.8";

/** An admission in a flood that has just begun, and one packet at a time. */
class Flood {
  readonly memory: Memory;
  readonly records: Records;
  readonly admission: Admission;

  /** `count`: packets at hand. */
  constructor(account?: Account, count = 1) {
    const records = this.records = Records.allocate(count);
    const memory = this.memory = new Memory(
      scandogOptions({ memory: 4, floodRate: RATE, account }),
    );
    const packet = new Packet(memory, new View(memory), records);
    const gate = new FloodGate(RATE);
    this.admission = new Admission(memory, packet, gate);
    memory.flooded.change(undefined, 1);
    memory.clock.advance(0);
    for (let i = 0; i < RATE; i++) gate.pass(i << 16 | 0x1ff00 + i, memory.clock.ms, true);
    assert.ok(gate.isFlood());
  }

  /** The packet at hand is this one. */
  read(made: Made): Admission {
    this.records.bytes.set(recordsOf([made]).bytes);
    this.admission.packet.read(0);
    return this.admission;
  }

  follow(source: string, flags: number = Syn): boolean {
    return this.read({ source, flags }).follow();
  }

  /** What was handed on since it was last asked: change and value. */
  told(): [number, number][] {
    const found: [number, number][] = [];
    const { outcomes } = this.memory;
    while (outcomes.next()) found.push([outcomes.change, outcomes.value]);
    return found;
  }

  changes(): number[] {
    return this.told().map(([change]) => change);
  }

  /** A subject with these words set; its index. */
  subject(source: string, { scan = 0, proof = 0 }): number {
    const { records, admission: { packet }, memory: { subjects, clock } } = this;
    this.read({ source });
    const index = subjects.admit(records.i32, records.sourceAt(0), 0, packet.from, clock.ms);
    subjects.scan.set(index, scan);
    subjects.proof.set(index, proof);
    return index;
  }

  /** How many packets of a source are followed until one is not. */
  followed(source: string): number {
    let count = 0;
    while (this.follow(source)) count++;
    return count;
  }

  /** One loud source takes what there is for those of whom nothing is known: 100 of 160. */
  drain(): this {
    assert.equal(this.follow(OTHER), false, "its first packet");
    assert.equal(this.followed(OTHER), 100);
    this.told();
    return this;
  }
}

Deno.test("in a flood the first packet of a source is passed over, and the next one is not", () => {
  const flood = new Flood();
  assert.equal(flood.read({ source: SOURCE }).passOver(), true);
  assert.equal(flood.read({ source: SOURCE }).passOver(), false);
  assert.equal(flood.admission.unfollowed.takeRest().sources, 1);
  assert.equal(flood.follow(OTHER), false);
  assert.equal(flood.follow(OTHER), true);
});

Deno.test("in a flood the target of a probe that is followed is seen from its first packet on, and no other is", () => {
  const answer: Made = { source: "192.0.2.9", destination: SOURCE, flags: Syn | Ack };
  for (const [destination, isPassedOver] of [["192.0.2.9", false], ["192.0.2.8", true]] as const) {
    const flood = new Flood();
    flood.follow(SOURCE);
    assert.equal(flood.read({ source: SOURCE, destination }).follow(), true);
    assert.equal(flood.read(answer).passOver(), isPassedOver, destination);
  }
});

Deno.test("a segment goes on with a connection where its source opened one: that it came again is said at once", () => {
  /** What a second packet says, after a first one. */
  const second = (first: Made, made: Made) => {
    const flood = new Flood();
    assert.equal(flood.read({ source: SOURCE, ...first }).passOver(), true);
    assert.equal(flood.read({ source: SOURCE, ...made }).passOver(), false);
    return flood.told();
  };
  const { packet: { to } } = new Flood().read({});
  const again = [[Change.FloodAgain, to]];
  assert.deepEqual(second({ flags: Syn }, { flags: Ack }), again);
  assert.deepEqual(second({ flags: Syn }, { flags: Ack | Fin }), again);
  assert.deepEqual(second({ flags: Syn }, { flags: Syn }), [], "it opens another");
  assert.deepEqual(second({ flags: Syn }, { flags: Fin }), [], "a probe");
  assert.deepEqual(second({ flags: Ack }, { flags: Ack }), [], "it opened none");
  assert.deepEqual(second({ kind: Kind.Udp, flags: Syn }, { flags: Ack }), [], "nor by a datagram");
  const datagram = { kind: Kind.Udp, protocol: 17, flags: Ack };
  assert.deepEqual(second({ flags: Syn }, datagram), [], "a datagram has no flags");
  assert.deepEqual(second({ flags: Ack }, { flags: Rst }), [], "an answer asks nothing");
});

Deno.test("who came again is said where a flood goes to whom it asks, or to who answers by UDP", () => {
  const syn: Made = { source: SOURCE }, answer = { ...syn, flags: Syn | Ack };
  const question: Made = {
    source: SOURCE,
    kind: Kind.Udp,
    protocol: 17,
    sourcePort: 40_000,
    port: 53,
  };
  const reply = { ...question, sourcePort: 53, port: 40_000 };
  /** What the second packet says while a flood goes to its source, to its destination, or to nobody. */
  const told = (made: Made) =>
    (["from", "to", undefined] as const).map((end) => {
      const flood = new Flood();
      const { packet, unfollowed } = flood.read(made);
      flood.memory.flooded.change(undefined, -1);
      if (end !== undefined) flood.memory.flooded.change(packet[end], 1);
      assert.equal(flood.read(made).passOver(), true);
      flood.told();
      if (unfollowed.isAsking(0)) flood.admission.follow();
      else flood.admission.passOver();
      const isValue = (
        [change, value]: number[],
      ) => [change, value === packet.from ? "from" : "to"];
      return flood.told().map(isValue);
    });
  assert.deepEqual(told(syn), [[], [[Change.FloodAgain, "to"]], []]);
  assert.deepEqual(told(question), [[], [[Change.FloodAgain, "to"]], []]);
  assert.deepEqual(told(reply), [[[Change.FloodAnswer, "from"]], [], []]);
  assert.deepEqual(told(answer), [[], [], []]);
});

Deno.test("a probe that is followed says that its source came again; one that goes on said it before", () => {
  for (
    const [flags, told] of [[Syn, [Change.FloodAgain]], [Fin, [Change.FloodAgain]], [
      Ack,
      [],
    ]] as const
  ) {
    const flood = new Flood();
    flood.follow(SOURCE);
    flood.told();
    assert.equal(flood.follow(SOURCE, flags), true);
    assert.deepEqual(flood.changes(), told, `flags ${flags}`);
  }
});

Deno.test("one segment in four that goes on counts as begun, and each probe does", () => {
  for (const [flags, effort] of [[Syn, 8], [Ack, 2]] as const) {
    const flood = new Flood();
    flood.follow(SOURCE);
    for (let i = 0; i < 8; i++) assert.equal(flood.follow(SOURCE, flags), true);
    const gate = Reflect.get(flood.admission, "gate") as FloodGate;
    assert.equal(gate.begins(flood.admission.packet.from), effort, `flags ${flags}`);
  }
});

Deno.test("when little time is left, it is for sources with a scan, or whose address is proved", () => {
  const known: [scan: number, proof: number, isKnown: boolean][] = [
    [0, 0, false],
    [0, Proof.Likely | Proof.Absent | Proof.OddReset, false],
    [0, Proof.Reset, true],
    [0, Proof.Handshake, true],
    [0, Proof.Reset | Proof.Handshake | Proof.Absent, true],
    [1, 0, true],
    [7, Proof.Absent, true],
  ];
  for (const [scan, proof, isKnown] of known) {
    const flood = new Flood().drain();
    assert.equal(flood.follow(SOURCE), false, "its first packet");
    assert.equal(flood.follow(SOURCE), false, "and nothing is known of it");
    flood.subject(SOURCE, { scan, proof });
    assert.equal(flood.follow(SOURCE), isKnown, `scan ${scan}, proof ${proof}`);
  }
});

Deno.test("the subject in the first place is like all others: without a scan or a proof it is not known", () => {
  const flood = new Flood().drain();
  const hosts = Array.from({ length: 20_000 }, (_, i) => `100.64.${i >> 8}.${i & 255}`);
  const first = hosts.find((host) => flood.subject(host, {}) === 0);
  assert.ok(first);
  assert.equal(flood.follow(first), false, "its first packet");
  assert.equal(flood.follow(first), false);
  flood.memory.subjects.proof.set(0, Proof.Reset);
  assert.equal(flood.follow(first), true);
});

Deno.test("what is left out of a known source's scan is told to the scan, and of others only counted", () => {
  for (const scan of [0, 3]) {
    const flood = new Flood().drain();
    flood.follow(SOURCE);
    const subject = flood.subject(SOURCE, { scan, proof: Proof.Reset });
    assert.equal(flood.followed(SOURCE), 60, "all that was left");
    const last = flood.told().at(-1);
    if (scan !== 0) assert.deepEqual(last, [Change.LeftOut, subject]);
    else assert.notEqual(last?.[0], Change.LeftOut);
    // The first packets of both, and the one of the other that was left out before.
    const { count, sources } = flood.admission.unfollowed.takeRest();
    assert.deepEqual([count, sources], [scan !== 0 ? 3 : 4, 2]);
  }
});

Deno.test("one more segment like those before is passed over at once, where it is of a new source and alike", () => {
  /** What becomes of a SYN of a new source in a flood, where `before` came as well. */
  const isPassedOver = (made: Made, before: readonly Made[] = [], isFlood = true) => {
    const flood = new Flood();
    assert.equal(flood.read({ source: OTHER }).passOver(), true);
    for (const more of before) flood.read(more).passOver();
    const admission = flood.read({ source: SOURCE, ...made });
    if (!isFlood) Reflect.set(Reflect.get(admission, "gate"), "isShut", false);
    const is = admission.passOverAlike(0, RECORD_BYTES, Infinity) === RECORD_BYTES;
    const { count, sources } = admission.unfollowed.takeRest();
    assert.equal(count, sources, "each is a source's first one");
    return [is, count];
  };
  assert.deepEqual(isPassedOver({}), [true, 2]);
  assert.deepEqual(isPassedOver({ port: 99 }), [true, 2]);
  assert.deepEqual(isPassedOver({}, [], false), [false, 1]);
  assert.deepEqual(isPassedOver({ flags: Fin }), [false, 1]);
  assert.deepEqual(isPassedOver({ destination: "192.0.2.9" }), [false, 1]);
  assert.deepEqual(isPassedOver({ quirks: Quirk.BadTransportLength }), [false, 1]);
  assert.deepEqual(isPassedOver({}, [{ source: SOURCE }]), [false, 2], "it came before");
  assert.deepEqual(isPassedOver({ kind: Kind.Udp }), [false, 1]);
});

Deno.test("segments alike are passed over up to the first that is not, too late, or has no room", () => {
  /** How many of so many SYNs in a row, `stepUs` apart, are passed over after one that came before. */
  const passed = (
    count: number,
    { stepUs = 1, untilUs = Infinity, end = count, odd = -1 } = {},
  ) => {
    const flood = new Flood(undefined, count);
    assert.equal(flood.read({ source: OTHER, timeUs: 0 }).passOver(), true);
    const made = Array.from({ length: count }, (_, i): Made => ({
      source: `203.0.${113 + (i >> 8)}.${i & 255}`,
      timeUs: i * stepUs,
      ...(i === odd ? { destination: "192.0.2.9" } : {}),
    }));
    flood.records.bytes.set(recordsOf(made).bytes);
    const { admission } = flood;
    const row = admission.passOverAlike(0, end * RECORD_BYTES, untilUs) / RECORD_BYTES;
    const { count: all, toUs } = admission.unfollowed.takeRest();
    assert.deepEqual([all, toUs], [row + 1, Math.max(0, row - 1) * stepUs]);
    return row;
  };
  assert.deepEqual([passed(9), passed(9, { end: 4 }), passed(9, { end: 0 })], [9, 4, 0]);
  assert.deepEqual([passed(9, { odd: 5 }), passed(9, { odd: 0 })], [5, 0]);
  assert.deepEqual([passed(9, { untilUs: 3 }), passed(9, { untilUs: 0 })], [3, 0]);
  assert.equal(passed(9, { stepUs: -1 }), 1, "one before the one before it");
  assert.equal(passed(9, { stepUs: 25_000 }), 4, "a tenth of a second later");
  assert.equal(passed(300), BATCH_MAX - 1);
});

Deno.test("after four sources in a row that were there before, one in eight is tried, until one is new", () => {
  const flood = new Flood();
  assert.equal(flood.read({ source: OTHER }).passOver(), true);
  /** Which of so many segments, by these sources, are tried. */
  const tries = (source: (i: number) => string, count: number) => {
    const asked: number[] = [];
    const gate = Reflect.get(flood.admission, "gate"), { passOver } = FloodGate.prototype;
    for (let i = 0; i < count; i++) {
      gate.passOver = (...of: Parameters<typeof passOver>) => {
        asked.push(i);
        return passOver.apply(gate, of);
      };
      flood.read({ source: source(i) }).passOverAlike(0, RECORD_BYTES, Infinity);
    }
    return asked;
  };
  assert.deepEqual(tries(() => OTHER, 24), [0, 1, 2, 3, 11, 19]);
  assert.deepEqual(
    tries((i) => `203.0.113.${i}`, 8),
    [3, 4, 5, 6, 7],
    "the first that is tried is new",
  );
});

Deno.test("packets to one target are handed on in one batch, when those to another begin the next", () => {
  const flood = new Flood();
  for (let host = 1; host <= 3; host++) flood.read({ source: `192.0.2.${host}` }).passOver();
  assert.deepEqual(flood.changes(), []);
  flood.read({ source: SOURCE, destination: "192.0.2.9" }).passOver();
  assert.deepEqual(flood.changes(), [Change.Unfollowed]);
  assert.equal(flood.admission.unfollowed.complete.count, 3);
});

Deno.test("in a flood no answer to what was not seen is followed, and without one a fifth of the store of them", () => {
  const flood = new Flood();
  assert.equal(flood.read({ source: SOURCE }).followAnswer(), false);
  Reflect.set(Reflect.get(flood.admission, "gate"), "isShut", false);
  let followed = 0;
  while (flood.admission.followAnswer()) followed++;
  assert.equal(followed, 32);
});

Deno.test("an account hears of each source that a flood leaves no time for, and no segment is only taken as alike", () => {
  const gated: string[] = [];
  const account: Partial<Account> = {
    open() {},
    gated: (bytes, at) => gated.push(formatAddress(bytes, at)),
  };
  const flood = new Flood(account as Account);
  flood.read({ source: OTHER }).passOver();
  assert.equal(flood.read({ source: SOURCE }).passOverAlike(0, RECORD_BYTES, Infinity), 0);
  assert.equal(flood.admission.passOver(), true);
  assert.deepEqual(gated, [OTHER, SOURCE]);
});
