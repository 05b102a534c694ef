// Scans under cover of floods that cost more than one packet a name: each of their packets would begin an attempt,
// for which there is no time. Whoever sends them must not hide a scan by it, and is told as a flood; and a
// crowd that is as large hides none either.

import assert from "node:assert/strict";
import { attack } from "./cases.ts";
import { background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

/** So slow a rate is a flood already, so that captures stay small. */
const FLOOD_RATE = 256;
/** Of the covering flood, a second. */
const COVER_RATE = 3000;
const SECONDS = 6;

/** Each says by itself what is expected. */
const JUDGED = { expected: [], options: { floodRate: FLOOD_RATE }, anyNumber: true };
const IN_STEPS = () => ({ stepUs: 1 });

/** A connection of a scanner's. */
function nmapTo(wire: Wire, from: string, to: string, dport: number): Tcp {
  return new Tcp(wire, { from, to, sport: 45_000, dport, look: "nmap", seq: 5 });
}

/** Name `i` of a flood. */
function forged(family: Family, i: number): string {
  const k = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  return family === "v4"
    ? `${11 + k % 180}.${k >>> 8 & 255}.${k >>> 16 & 255}.${1 + (k >>> 24) % 250}`
    : `2001:db8:${(k >>> 16).toString(16)}:${(k & 0xffff).toString(16)}::1`;
}

type Probe = (wire: Wire, from: string, to: string, i: number) => void;

/** What flooders and scanners send, each to a port of its own. */
const PROBES: Record<string, Probe> = {
  null: (wire, from, to, i) => wire.tcp({ from, to, sport: 40_000, dport: 1 + i, flags: 0 }),
  syn: (wire, from, to, i) =>
    wire.tcp({ from, to, sport: 20_000 + i, dport: 1 + i, flags: 2, seq: 7 * i + 1 }),
  ack: (wire, from, to, i) =>
    wire.tcp({ from, to, sport: 40_000, dport: 1 + i, flags: 16, seq: i, ack: 9 * i + 1 }),
  udp: (wire, from, to, i) => wire.udp({ from, to, sport: 40_000, dport: 1 + i, payload: 20 }),
};

/**
 * Who covers: names, and probes of each in a row. The fewer names, the more each does; one alone does all. Names of
 * fewer than a scan's probes are nothing that a scan must be told among.
 */
const COVERS = {
  "names of two probes": 2,
  "names of four probes": 4,
  "names of twelve probes": 12,
  "one loud name": Infinity,
};

/** The whole cover, from now on; time stays. */
function cover(wire: Wire, family: Family, inARow: number, probe: Probe): void {
  const startUs = wire.timeUs, to = PLACES[family].target;
  for (let i = 0; i < SECONDS * COVER_RATE; i++) {
    wire.timeUs = startUs + i * 1e6 / COVER_RATE;
    const name = Math.floor(i / inARow);
    probe(wire, forged(family, name), to, inARow === Infinity ? i % 60_000 : i % inARow);
  }
  wire.timeUs = startUs;
}

function goOn(wire: Wire, server: string): void {
  for (let i = 0; i < 50; i++) background(wire.wait(0.01), server);
}

attack(
  "cover: a scan of seventy-five ports is told under floods whose names send more than one probe",
  product(FAMILIES, Object.keys(COVERS) as (keyof typeof COVERS)[], Object.keys(PROBES)),
  ([family, covering, kind], wire) => {
    const { scanner: from, target } = PLACES[family];
    goOn(wire, target);
    cover(wire, family, COVERS[covering], PROBES[kind]);
    const startUs = wire.timeUs;
    for (let i = 0; i < SECONDS * 50; i++) {
      wire.timeUs = startUs + i * 20_000;
      // When the store of attempts is empty.
      if (i < SECONDS * 25 || i % 2 !== 0) continue;
      const dport = 1000 + i;
      nmapTo(wire, from, target, dport).refused();
    }
    goOn(wire, target);
    return {
      ...JUDGED,
      also: ({ told, events }) => {
        const found = told.filter(({ source }) => source === from);
        assert.ok(found.length > 0, `${told.length} others`);
        // Of as many as the names have it is not known yet that it does more.
        const ports = found.reduce((sum, scan) => sum + scan.ports, 0);
        assert.ok(ports >= 50, `${found.map(({ ports }) => ports)} ports`);
        if (COVERS[covering] === Infinity) return;
        const floods = events.filter(({ action }) => action === "flood");
        assert.equal(floods.length, 2, "what is not followed is told as a flood");
      },
    };
  },
  IN_STEPS,
);

const SCANS: Record<string, Probe> = {
  ...PROBES,
  ping: (wire, from, _to, i) => ping(wire, { from, to: PLACES.v4.host(i) }, { id: 7, sequence: i }),
};

attack(
  "cover: scans of every kind are told under a flood of SYNs, four of each name",
  Object.keys(SCANS),
  (kind, wire) => {
    const { scanner: from, target } = PLACES.v4;
    goOn(wire, target);
    cover(wire, "v4", 4, PROBES.syn);
    const startUs = wire.timeUs;
    for (let i = 0; i < SECONDS * 50; i++) {
      wire.timeUs = startUs + i * 20_000;
      if (i >= SECONDS * 25) SCANS[kind](wire, from, target, i - SECONDS * 25);
    }
    goOn(wire, target);
    return {
      ...JUDGED,
      also: ({ told }) => assert.ok(told.some(({ source }) => source === from), "is not told"),
    };
  },
  IN_STEPS,
);

attack(
  "cover: who is known to scan is followed whatever comes, and loses nothing of what it learns",
  product(FAMILIES, [4, 12, Infinity] as const),
  ([family, inARow], wire) => {
    const { scanner: from, target } = PLACES[family];
    goOn(wire, target);
    const scan = (dport: number) => nmapTo(wire, from, target, dport);
    for (let i = 0; i < 40; i++) scan(1 + i).refused();
    wire.wait(6);
    cover(wire, family, inARow, PROBES.null);
    const startUs = wire.timeUs;
    for (let i = 0; i < SECONDS * 50; i++) {
      wire.timeUs = startUs + i * 20_000;
      if (i % 4 === 0) scan(1000 + i).refused();
      if (i === SECONDS * 25) scan(8080).syn().accept().reset();
    }
    goOn(wire, target);
    return {
      ...JUDGED,
      also: ({ told }) => {
        const found = told.filter(({ source }) => source === from);
        assert.equal(found.length, 1);
        assert.ok(found[0].ports >= 40 + SECONDS * 50 / 4 - 1, `${found[0].ports} ports`);
        assert.equal(found[0].open, "8080");
      },
    };
  },
  IN_STEPS,
);

attack(
  "cover: a scan among more new clients than are followed is told, and they are neither scans nor a flood",
  FAMILIES,
  (family, wire) => {
    const { scanner: from, target } = PLACES[family];
    goOn(wire, target);
    const startUs = wire.timeUs;
    const each = 1e6 / 2000;
    for (let i = 0; i < 12_000; i++) {
      wire.timeUs = startUs + i * each;
      const look = i % 3 === 0 ? "windows" : "linux";
      const ends = { from: forged(family, i), to: target, sport: 30_000 + i % 20_000 };
      const tcp = new Tcp(wire, { ...ends, dport: 443, look, seq: i * 31 }).syn();
      wire.timeUs += 20_000;
      tcp.accept().ack().data(300);
      for (let turn = 0; turn < 8; turn++) {
        wire.timeUs += 20_000;
        tcp.reply(1400).ack();
      }
      tcp.close();
      if (i < 6000 || i % 60 !== 0) continue;
      const dport = 1000 + i / 60;
      nmapTo(wire, from, target, dport).refused();
    }
    wire.timeUs += 1e6;
    goOn(wire, target);
    return {
      ...JUDGED,
      also: ({ told, events }) => {
        assert.deepEqual(told.map(({ source }) => source), [from]);
        assert.ok(told[0].ports >= 75, `${told[0].ports} ports`);
        assert.deepEqual(events.filter(({ action }) => action === "flood"), []);
      },
    };
  },
  IN_STEPS,
);

attack(
  "cover: of a scan that is faster than can be followed it is said how much was not",
  FAMILIES,
  (family, wire) => {
    const { scanner: from, target } = PLACES[family];
    goOn(wire, target);
    const sent = 20_000;
    for (let i = 0; i < sent; i++) {
      const dport = 1 + i;
      nmapTo(wire, from, target, dport).refused();
      wire.wait(0.0002);
    }
    wire.wait(2);
    return {
      ...JUDGED,
      also: ({ told, events }) => {
        assert.deepEqual(told.map(({ source }) => source), [from]);
        const end = events.find((event) => event.action === "scan-end");
        assert.ok(end?.action === "scan-end" && end.unfollowed !== undefined);
        assert.ok(end.unfollowed > sent / 2, `${end.unfollowed} were not followed`);
        // The first packet of all, and those that were left out before it was found.
        const known = told[0].ports + end.unfollowed;
        assert.ok(known <= sent && known > 0.95 * sent, `${known} of ${sent}`);
        assert.ok(end.endUs - end.startUs > 0.0002 * 1e6 * (sent - 2), "it is told up to its end");
        assert.deepEqual(events.filter(({ action }) => action === "flood"), []);
      },
    };
  },
  IN_STEPS,
);
