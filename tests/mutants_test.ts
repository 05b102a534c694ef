// Damaged captures through reader, decoder, every detector and every format: whatever bytes a file
// has, what comes out is sound lines, and nothing is thrown.

import assert from "node:assert/strict";
import { makeFormat } from "../src/command/formats.ts";
import { PROFILE_NAMES, PROFILES } from "../src/options/profiles.ts";
import { LINK_TYPES } from "../src/decode/link/link.ts";
import { SavefileWriter } from "../src/pcap/mod.ts";
import { openCapture, sharedCaptures, testdataCaptures } from "./decode/captures.ts";
import { Random } from "./support/random.ts";
import { forEachPacket, runCapture } from "./support/run_capture.ts";

const CASES = 250;
const FILE_BYTES_MAX = 200_000;
const PACKETS_MAX = 1500;
const YEAR_US = 31_557_600e6;
const TIME_US_MAX = 2 ** 32 * 1e6 - 1;

const EVIL = [0, 1, 4, 5, 0x0f, 0x10, 0x45, 0x60, 0x7f, 0x80, 0xff];

function evilByte(random: Random): number {
  return random.oneIn(2) ? random.pick(EVIL) : random.below(256);
}

/** The file with a few bits, bytes or words changed, cut, or with a piece of it elsewhere. */
function damagedFile(random: Random, whole: Uint8Array): Uint8Array {
  const file = whole.slice(0, FILE_BYTES_MAX);
  for (let times = random.between(1, 3); times > 0; times--) {
    const at = random.below(Math.max(file.length - 8, 1));
    switch (random.below(5)) {
      case 0:
        return file.subarray(0, at);
      case 1:
        for (let bits = random.below(40); bits > 0; bits--) {
          file[random.below(file.length)] ^= 1 << random.below(8);
        }
        break;
      case 2:
        new DataView(file.buffer).setUint32(at & ~3, random.next(), random.oneIn(2));
        break;
      case 3:
        file[random.below(Math.min(40, file.length))] = evilByte(random);
        break;
      default:
        file.copyWithin(at, random.below(file.length), random.below(file.length));
    }
  }
  // Not gzip data by chance.
  if (file[0] === 0x1f) file[0] = 0;
  return file;
}

/** How the clock of a mutant goes: each time of a packet to another. */
const CLOCKS: ((random: Random, timeUs: number) => number)[] = [
  (_, timeUs) => timeUs,
  (random, timeUs) => timeUs + random.pick([-1, 0, 0, 0, 1]) * YEAR_US,
  (random, timeUs) => timeUs + random.pick([-3600e6, -10e6, 0, 0, 0, 0, 3e6, 100e6]),
  (random) => random.next() * 1e6 + random.below(1e6),
  () => 0,
  (random) => TIME_US_MAX - random.below(1000),
];

/** The file's packets in another: headers changed, lengths that lie, another clock and link type. */
function damagedPackets(random: Random, name: string, whole: Uint8Array): Uint8Array | undefined {
  const snapshotBytes = 2048;
  const writer = { bytes: new Uint8Array(24 + PACKETS_MAX * (16 + snapshotBytes)), left: 0 };
  const clock = random.pick(CLOCKS), rate = random.pick([3, 10, 100]);
  let savefile: SavefileWriter | undefined;
  forEachPacket(name, whole, ({ bytes, start, end, wireLength, timeUs, nanos, linkType }) => {
    savefile ??= new SavefileWriter(writer.bytes, {
      linkType: random.oneIn(12) ? random.pick(LINK_TYPES) : linkType,
      snapshotBytes,
    });
    if (++writer.left > PACKETS_MAX) return;
    const packet = bytes.slice(start, Math.min(end, start + snapshotBytes));
    if (packet.length > 0 && random.oneIn(rate)) {
      packet[random.below(Math.min(packet.length, 80))] = evilByte(random);
    }
    const captured = random.oneIn(rate * 2) ? random.below(packet.length + 1) : packet.length;
    const wire = random.oneIn(rate * 3) ? random.below(70_000) : wireLength;
    const time = Math.min(Math.max(clock(random, timeUs), 0), TIME_US_MAX);
    savefile.record(time, nanos, wire, packet, 0, captured);
  });
  return savefile?.written();
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

function expectSound(line: string, where: string): void {
  assert.match(line, /^[\x20-\x7e]+$/, where);
  assert.doesNotMatch(line, /:null|NaN|Infinity|undefined/, where);
  const { "@timestamp": time, event: { start, end } } = JSON.parse(line);
  for (const text of [time, start, end]) assert.match(text, TIME, where);
  assert.ok(start <= end, `${where}: ${start} is after ${end}`);
}

Deno.test("damaged captures make sound lines in every profile, and no exception", async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`seed ${seed}`);
  // The public captures are many and mostly silent: as often as they, one with a scan is taken.
  const pools = [testdataCaptures(), sharedCaptures()]
    .map((files) => [...files].filter((file) => Deno.statSync(file).size < FILE_BYTES_MAX))
    .filter((files) => files.length > 0);
  const settings = {
    tz: "UTC",
    observer: "o",
    lineLength: 120,
    seed,
    interfaceName: () => undefined,
    knownScanners: undefined,
  };
  const json = makeFormat("json", settings);
  const others = [makeFormat("text", settings), makeFormat("scanlogd", settings)];
  let events = 0;
  for (let number = 0; number < CASES; number++) {
    const random = new Random(seed + number);
    const name = random.pick(random.pick(pools)), whole = openCapture(name);
    const mutant = random.oneIn(3)
      ? damagedFile(random, whole)
      : damagedPackets(random, name, whole) ?? damagedFile(random, whole);
    for (const profile of PROFILE_NAMES) {
      const where = `seed ${seed}, case ${number}, ${name}, ${profile}`;
      const row = PROFILES[profile];
      const values = row.defaults("normal");
      // As little memory as there can be, so that its tables overflow; scanlogd has no such number.
      if ("memory" in values) values.memory = 4;
      const run = runCapture(mutant, await row.make(values, { home: [], ignore: [], seed }));
      events += run.events.length;
      for (const event of run.events) {
        const line = json(event);
        if (line !== undefined) expectSound(line, where);
        for (const format of others) format(event);
      }
    }
  }
  assert.ok(events > CASES / 10, `only ${events} events: the mutants are too broken`);
});
