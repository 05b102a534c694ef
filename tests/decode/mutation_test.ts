import assert from "node:assert/strict";
import fc from "fast-check";
import { LINK_TYPES } from "../../src/decode/link/link.ts";
import { REASONS } from "../../src/decode/reason.ts";
import { Kind, Quirk } from "../../src/record.ts";
import { Random } from "../support/random.ts";
import { forEachPacket } from "../support/run_capture.ts";
import { bytes, ethernet } from "./build.ts";
import { openCapture, sharedCaptures, testdataCaptures } from "./captures.ts";
import { Bench, type Decoded } from "./harness.ts";

const PACKETS = 400;
const MUTANTS = 100;
const PACKET_BYTES_MAX = 2048;

interface Sample {
  packet: Uint8Array;
  wireLength: number;
  linkType: number;
}

/** Some packets of some captures, chosen by the seed. */
function samples(random: Random): Sample[] {
  const files = [...testdataCaptures(), ...sharedCaptures()];
  const found: Sample[] = [];
  for (let tries = 0; tries < 200 && found.length < PACKETS; tries++) {
    const file = random.pick(files);
    forEachPacket(file, openCapture(file), ({ bytes, start, end, wireLength, linkType }) => {
      if (!random.oneIn(8) || found.length >= PACKETS) return;
      const packet = bytes.slice(start, Math.min(end, start + PACKET_BYTES_MAX));
      found.push({ packet, wireLength, linkType });
    });
  }
  return found;
}

/** Numbers that break arithmetic, and any other. */
function evilByte(random: Random): number {
  return random.pick([0, 1, 0x0f, 0x40, 0x45, 0x7f, 0x80, 0xff, random.below(256)]);
}

/** The packet with a few bytes changed, most of them in the headers; or cut; or longer. */
function mutate(random: Random, { packet, wireLength, linkType }: Sample): Sample {
  const mutant = random.oneIn(8)
    ? Uint8Array.from([...packet, ...packet].slice(0, PACKET_BYTES_MAX))
    : packet.slice();
  for (let changes = random.below(6); changes > 0 && mutant.length > 0; changes--) {
    mutant[random.below(random.oneIn(4) ? mutant.length : Math.min(mutant.length, 80))] = evilByte(
      random,
    );
  }
  const captured = random.oneIn(3) ? random.below(mutant.length + 1) : mutant.length;
  return {
    packet: mutant.subarray(0, captured),
    wireLength: random.oneIn(6) ? random.below(70_000) : wireLength,
    linkType: random.oneIn(20) ? random.pick(LINK_TYPES) : linkType,
  };
}

/** What must hold for every record, whatever it was made from. */
function expectConsistent(decoded: Decoded, where: string): void {
  const { kind, quirks, protocol } = decoded;
  const has = (bits: number) => (quirks & bits) !== 0;
  assert.ok(kind >= Kind.Tcp && kind <= Kind.Ip, where);
  const expected = {
    [Kind.Tcp]: [6],
    [Kind.Udp]: [17, 136], // and UDP-Lite
    [Kind.Icmp]: [1],
    [Kind.Icmp6]: [58],
    [Kind.Sctp]: [132],
    [Kind.Arp]: [0],
  }[kind];
  if (expected !== undefined) assert.ok(expected.includes(protocol), where);
  assert.ok(decoded.ipVersion === 4 || decoded.ipVersion === 6 || kind === Kind.Arp, where);
  const ported = kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp;
  if (!ported) assert.equal(decoded.sourcePort | decoded.destinationPort, 0, where);
  if (kind !== Kind.Tcp) {
    const { tcpFlags, window, optionLayout, mss, timestampValue, urgent } = decoded;
    assert.deepEqual([tcpFlags, window, optionLayout, mss, timestampValue, urgent], [
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    assert.equal(decoded.windowScale, 255, where);
    assert.equal(decoded.transportHeaderLength, 0, where);
  }
  if (has(Quirk.FragmentHeader | Quirk.FragmentWhole)) assert.ok(has(Quirk.Fragment), where);
  else if (has(Quirk.Fragment)) assert.equal(kind, Kind.Ip, where);
  if (has(Quirk.InnerPorts)) assert.ok(has(Quirk.Inner), where);
  else assert.equal(decoded.innerSourcePort | decoded.innerDestinationPort, 0, where);
  if (has(Quirk.Inner)) assert.ok(kind === Kind.Icmp || kind === Kind.Icmp6, where);
  else if (kind !== Kind.Icmp6 || ![135, 136].includes(decoded.type)) {
    assert.equal(decoded.innerProtocol | decoded.innerTtl, 0, where);
  }
}

Deno.test("mutants of real packets never throw, read past their end, or make an impossible record", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const bench = new Bench({ fragmentDatagrams: 64 });
  let records = 0, number = 0;
  for (const sample of samples(random)) {
    for (let i = 0; i < MUTANTS; i++) {
      const { packet, wireLength, linkType } = mutate(random, sample);
      const where = `seed ${seed}, packet ${++number}`;
      const timeUs = 1_700_000_000_000_000 + random.below(100_000_000);
      const decoded = bench.decode(packet, { wireLength, linkType, timeUs });
      if (typeof decoded === "number") assert.ok(decoded > 0 && decoded < REASONS, where);
      else {
        records++;
        expectConsistent(decoded, where);
      }
    }
  }
  assert.ok(number >= PACKETS * MUTANTS / 2 && records > number / 4, `${records} of ${number}`);
});

/** How IPv4 and IPv6 packets begin, alone and behind Ethernet, with each transport protocol. */
const BEGINNINGS = [6, 17, 1, 58, 132, 44, 0].flatMap((protocol) => {
  const ip4 = bytes(0x45, 0, 0, 60, 0, 1, 0, 0, 64, protocol);
  const ip6 = bytes(0x60, 0, 0, 0, 0, 40, protocol, 64);
  return [ip4, ip6, ethernet(ip4), ethernet(ip6, 0x86dd)];
});

Deno.test("bytes at random never throw, in any link type", () => {
  const bench = new Bench({ fragmentDatagrams: 64 });
  let records = 0;
  fc.assert(
    fc.property(
      // Without a size, most would be ten bytes at most.
      fc.uint8Array({ maxLength: 200, size: "max" }),
      fc.constantFrom(...LINK_TYPES),
      fc.nat({ max: 70_000 }),
      fc.option(fc.constantFrom(...BEGINNINGS)),
      (packet, linkType, wireLength, beginning) => {
        // Of bytes that begin like no packet hardly any are one.
        if (beginning !== null) packet.set(beginning.subarray(0, packet.length));
        const decoded = bench.decode(packet, { linkType, wireLength });
        if (typeof decoded === "number") return;
        records++;
        expectConsistent(decoded, "");
      },
    ),
    { numRuns: 6000, verbose: true },
  );
  assert.ok(records > 100, `${records} records`);
});
