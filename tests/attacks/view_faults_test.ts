// Captures as switches, taps and busy machines make them: each packet twice, answers before their questions,
// losses, frames cut short. What is told stays true.

import assert from "node:assert/strict";
import type { TimedFrame } from "../differential/frames.ts";
import { attack, type Expected, harmless, words } from "./cases.ts";
import { asked, background, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const KINDS = ["syn", "connect", "udp"] as const;
type Kind = typeof KINDS[number];

function scan(wire: Wire, family: Family, kind: Kind): Expected {
  const { scanner: from, target: to } = PLACES[family];
  background(wire, to);
  for (const dport of wire.shuffled(Array.from({ length: 50 }, (_, i) => i + 1))) {
    const isOpen = dport === 22 || dport === 25;
    if (kind === "udp") {
      asked(wire, { from, to, sport: 50123, dport }, isOpen ? "answered" : "refused");
    } else {
      const look = kind === "syn" ? "nmap" : "linux";
      const sport = kind === "syn" ? 50123 : wire.chance.between(33000, 60000);
      const c = new Tcp(wire, { from, to, sport, dport, look });
      if (!isOpen) c.refused();
      else if (kind === "syn") c.halfOpen();
      else c.empty();
    }
    wire.wait(0.02);
  }
  background(wire.wait(10), to);
  const evidence = { syn: "reset", connect: "handshake", udp: "none" }[kind];
  return {
    source: from,
    techniques: kind,
    ports: 50,
    open: "22,25",
    closed: 48,
    silent: 0,
    evidence,
  };
}

/** The frame once more, after so many microseconds, as a router has sent it on where `hops` is 1. */
function again(frame: TimedFrame, afterUs: number, hops: number): TimedFrame {
  const bytes = frame.bytes.slice();
  const isSix = bytes[14] >> 4 === 6;
  if (bytes[12] === 0x08 && bytes[13] === 0 || isSix) bytes[isSix ? 21 : 22] -= hops;
  return { ...frame, bytes, timeUs: frame.timeUs + afterUs };
}

attack(
  "faults: every packet is captured twice or four times, on one link or on both sides of a router",
  product(FAMILIES, KINDS, [[1, 0], [1, 1], [3, 0], [3, 1]]),
  ([family, kind, [copies, hops]], wire) => {
    const expected = scan(wire, family, kind);
    for (const frame of [...wire.frames]) {
      for (let k = 1; k <= copies; k++) wire.frames.push(again(frame, 15 * k, k % 2 * hops));
    }
    return [expected];
  },
);

attack(
  "faults: answers are captured before their questions",
  product(FAMILIES, KINDS, [2, 3]),
  ([family, kind, every], wire) => {
    const expected = scan(wire, family, kind);
    // A card's queues: now and then the answer's is read first.
    const { frames } = wire;
    for (let i = 1; i < frames.length; i++) {
      const isAnswer = wire.isFrom(frames[i], PLACES[family].target);
      if (i % every === 0 && isAnswer) frames[i].timeUs = frames[i - 1].timeUs - 5;
    }
    return {
      expected: [],
      anyNumber: true,
      also: ({ told }) => {
        assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
        assert.equal(told[0].source, expected.source);
        assert.ok(told[0].ports >= 40 && told[0].ports <= 50, words(told[0]));
        for (const port of told[0].open.split(",").filter(Boolean)) {
          assert.ok(["22", "25"].includes(port), words(told[0]));
        }
      },
    };
  },
);

attack(
  "faults: a tenth or a third of all packets is lost",
  product(FAMILIES, KINDS, [10, 3]),
  ([family, kind, oneIn], wire) => {
    const expected = scan(wire, family, kind);
    return {
      expected: [],
      anyNumber: true,
      seen: () => !wire.chance.oneIn(oneIn),
      also: ({ told }) => {
        assert.equal(told.length, 1, told.map(words).join("; ") || "says nothing");
        assert.equal(told[0].source, expected.source);
        assert.ok(told[0].ports >= 25 && told[0].ports <= 50, words(told[0]));
        for (const port of told[0].open.split(",").filter(Boolean)) {
          assert.ok(["22", "25"].includes(port), words(told[0]));
        }
      },
    };
  },
);

attack(
  "faults: frames are cut after 68 or 96 bytes",
  product(FAMILIES, ["syn", "udp"] as const, [68, 96]),
  ([family, kind, snaplen], wire) => {
    const expected = scan(wire, family, kind);
    if (family === "v6" && snaplen < 74) wire.frames.length = 0;
    for (const frame of wire.frames) frame.bytes = frame.bytes.subarray(0, snaplen);
    // 68 bytes end within the TCP header of IPv6: nothing can be told of it.
    if (wire.frames.length === 0) return [];
    // 96 end before the ports that an ICMPv6 error quotes: it is not known which are closed.
    if (family === "v6" && kind === "udp") return [{ ...expected, closed: 0, silent: 48 }];
    return [expected];
  },
);

harmless(
  "faults: clients of a server, each packet twice, some lost, answers before questions",
  product(FAMILIES, [0, 10, 4]),
  ([family, lossOneIn], wire) => {
    const { target: to, far } = PLACES[family];
    for (let i = 0; i < 300; i++) {
      const dport = [443, 443, 80, 25, 993][i % 5];
      const c = new Tcp(wire, { from: far(i % 90), to, sport: 33000 + i, dport, look: "linux" });
      if (i % 20 === 19) c.refused();
      else c.used();
      wire.wait(0.5);
    }
    const { frames } = wire;
    for (let i = 1; i < frames.length; i++) {
      if (i % 9 === 0 && wire.isFrom(frames[i], to)) frames[i].timeUs = frames[i - 1].timeUs - 5;
    }
    for (const frame of [...frames]) frames.push(again(frame, 12, 0));
    return { seen: () => lossOneIn === 0 || !wire.chance.oneIn(lossOneIn) };
  },
);
