import assert from "node:assert/strict";
import fc from "fast-check";
import { isResolutionKnown, PcapngClock } from "../../../src/pcap/file/pcapng_clock.ts";
import { type CurrentPacket, TIME_US_MAX } from "../../../src/pcap/file/step.ts";
import { wordBytes } from "../support/files.ts";

const RUNS = 20000;

/** What the clock makes of `ticks`. */
function read(resolution: number, offset: number, ticks: bigint): [number, number] {
  const packet: CurrentPacket = {
    start: 0,
    end: 0,
    wireLength: 0,
    timeUs: NaN,
    nanos: NaN,
    linkType: 0,
    interface: 0,
  };
  const high = Number(ticks >> 32n), low = Number(ticks & 0xffffffffn);
  const clock = new PcapngClock(resolution, offset);
  for (const little of [true, false]) {
    clock.read(new DataView(wordBytes([high, low], little).buffer), 0, little, packet);
  }
  return [packet.timeUs, packet.nanos];
}

/** The same in whole numbers of any size. */
function reference(resolution: number, offset: bigint, ticks: bigint): [number, number] {
  const perSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  const nanoseconds = ticks * 1000000000n / perSecond;
  const max = BigInt(TIME_US_MAX);
  let micros = nanoseconds / 1000n, nanos = nanoseconds % 1000n;
  if (micros > max) [micros, nanos] = [max, 0n];
  micros += offset * 1000000n;
  if (micros > max) [micros, nanos] = [max, 0n];
  if (micros < 0n) [micros, nanos] = [0n, 0n];
  return [Number(micros), Number(nanos)];
}

const resolution = fc.nat(255).filter(isResolutionKnown);
const ticks = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  // Of any order of magnitude, and near the borders of 32 bits.
  fc.tuple(fc.nat(64), fc.bigInt(0n, 2n ** 64n - 1n)).map(([bits, any]) => any >> BigInt(bits)),
  fc.tuple(fc.nat(0xffffffff), fc.integer({ min: -3, max: 3 }))
    .map(([high, low]) => BigInt.asUintN(64, (BigInt(high) << 32n) + BigInt(low))),
);

Deno.test("PcapngClock counts like whole numbers of any size, for every resolution and tick", () => {
  fc.assert(
    fc.property(resolution, ticks, (resolution, ticks) => {
      assert.deepEqual(read(resolution, 0, ticks), reference(resolution, 0n, ticks));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("PcapngClock adds offsets exactly and pins what is before 1970 or cannot be counted", () => {
  const offset = fc.integer({ min: -9000000000, max: 9000000000 });
  fc.assert(
    fc.property(resolution, offset, ticks, (resolution, offset, ticks) => {
      const [timeUs, nanos] = read(resolution, offset, ticks);
      assert.deepEqual([timeUs, nanos], reference(resolution, BigInt(offset), ticks));
      assert.ok(Number.isInteger(timeUs) && timeUs >= 0 && timeUs <= TIME_US_MAX);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("PcapngClock gives whole microseconds from 0 to the last for the extremes of all fields", () => {
  for (let octet = 0; octet < 256; octet++) {
    if (!isResolutionKnown(octet)) {
      assert.throws(() => new PcapngClock(octet, 0), RangeError);
      continue;
    }
    for (const offset of [0, 2 ** 63, -(2 ** 63), 1, -1, 9007199254]) {
      for (const ticks of [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]) {
        const [timeUs, nanos] = read(octet, offset, ticks);
        assert.ok(Number.isInteger(timeUs) && timeUs >= 0 && timeUs <= TIME_US_MAX, `${octet}`);
        assert.ok(Number.isInteger(nanos) && nanos >= 0 && nanos <= 999, `${octet}`);
      }
    }
  }
});

Deno.test("PcapngClock keeps nanoseconds in the year 2200", () => {
  const year2200 = 7258118400n;
  assert.deepEqual(read(9, 0, year2200 * 10n ** 9n + 123456789n), [7258118400123456, 789]);
  assert.deepEqual(read(6, 0, year2200 * 10n ** 6n + 999999n), [7258118400999999, 0]);
  assert.deepEqual(read(0x80 | 30, 0, (year2200 << 30n) + 1n), [7258118400000000, 0]);
});
