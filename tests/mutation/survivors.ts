// Faults that no test can or need notice, each with the reason. They are left out of the count; one that is
// no longer in the sources fails tests/mutation/mutants_test.ts.

import type { Survivor } from "./survivor.ts";
import { JUDGING_SURVIVORS } from "./survivors_judging.ts";

export const SURVIVORS: Survivor[] = [
  ...JUDGING_SURVIVORS,
  {
    path: "src/decode/network/fragments.ts",
    before: "end = 0;",
    after: "end = 1;",
    reason: "a place that every fragment fills in before it is read",
  },
  {
    path: "src/decode/network/fragments.ts",
    before: "offset = 0;",
    after: "offset = 1;",
    reason: "a place that every fragment fills in before it is read",
  },
  {
    path: "src/decode/network/datagrams.ts",
    before: "value = (value + 0x9e3779b9) >>> 0;",
    after: "value = (value + 2654435770) >>> 0;",
    reason: "another constant of a hash that is as good",
  },
  {
    path: "src/pcap/file/pcapng_clock.ts",
    before: "if (micros > TIME_US_MAX) {",
    after: "if (micros >= TIME_US_MAX) {",
    reason: "the last microsecond of the clock's range is written over with itself",
  },
  {
    path: "src/pcap/file/huffman.ts",
    before: "const CODE_BITS_MAX = 15;",
    after: "const CODE_BITS_MAX = 16;",
    reason: "a place more in two tables: no length above 15 can be written in a file",
  },
  {
    path: "src/pcap/file/inflate.ts",
    before: "#given = 0;",
    after: "#given = 1;",
    reason: "set before anything is inflated",
  },
  {
    path: "src/pcap/file/crc32.ts",
    before: "for (; at + 4 <= bytes.length; at += 4) {",
    after: "for (; at + 5 <= bytes.length; at += 4) {",
    reason: "the last four bytes are taken one by one, with the same result",
  },
  {
    path: "src/pcap/file/pcap_records.ts",
    before: "#zerosEnd = 0;",
    after: "#zerosEnd = 1;",
    reason: "records begin behind the header of 24 bytes",
  },
  {
    path: "src/ring/ring.ts",
    before: "this.sleep(PRODUCER_WAITS, capacity - (capacity >> 3), RELEASED, seen);",
    after: "this.sleep(PRODUCER_WAITS, capacity - (capacity >> 4), RELEASED, seen);",
    reason:
      "how full the ring may be when the producer wakes: sooner or later, with the same records",
  },
  {
    path: "src/ring/ring.ts",
    before: "const WAIT_MS = 100;",
    after: "const WAIT_MS = 101;",
    reason: "a sleeper that nobody woke looks again: a millisecond later, at the same records",
  },
  {
    path: "src/ring/bytes_ring.ts",
    before: "const WAIT_MS = 100;",
    after: "const WAIT_MS = 101;",
    reason: "a sleeper that nobody woke looks again: a millisecond later, at the same packets",
  },
  {
    path: "src/ring/bytes_ring.ts",
    before: "if (!Number.isInteger(bytes) || bytes < 64 || (bytes & (bytes - 1)) !== 0) {",
    after: "if (!Number.isInteger(bytes) || bytes < 64 || (bytes & (bytes - 2)) !== 0) {",
    reason: "the same for every number from 3 on",
  },
  {
    path: "src/ring/ring.ts",
    before: "return Math.min(MANY, (this.mask + 1) >> 2);",
    after: "return Math.min(MANY, (this.mask + 2) >> 2);",
    reason: "the same for every power of two",
  },
  {
    path: "src/ring/ring.ts",
    before: "const CLOSED = 64; // 1 once the producer has published its last record",
    after: "const CLOSED = 65; // 1 once the producer has published its last record",
    reason: "another word of the same cache line, which nothing else is in",
  },
  {
    path: "src/capture/progress.ts",
    before: "const DEVICES = 9;",
    after: "const DEVICES = 10;",
    reason: "the numbers of devices lie one place further on, with a place unused before them",
  },
  {
    path: "src/capture/replay_loop.ts",
    before: "used += decoder.decodeRow(row, until, base + used * RECORD_BYTES, room - used);",
    after: ";",
    reason: "no row is read then: every packet goes the general way, with the same records",
  },
  {
    path: "src/capture/open_capture.ts",
    before: "this.row.limit = reader.limit;",
    after: ";",
    reason:
      "a row without an end is not read: every packet goes the general way, with the same records",
  },
  {
    path: "src/detect/scandog/observe/answer_probes.ts",
    before: "return isLowPort(this.before[at] >>> 16, port) ? port : -1;",
    after: "return isLowPort(this.before[at] >>> 16, port) ? port : -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/table/attempt_chains.ts",
    before: "for (let i = 0; i < max && slot >= 0; i++) {",
    after: "for (let i = 0; i < max && slot > 0; i++) {",
    reason: "of hundreds of thousands of places the first, which a keyed hash chooses",
  },
  {
    path: "src/packetlog/rate_limit.ts",
    before: "this.most = -1;",
    after: "this.most = -2;",
    reason: "any number below 0 says that there is none yet",
  },
  {
    path: "src/ring/flow_notices.ts",
    before: "if (words[IS_ANY] !== 1 && ((until - this.next) | 0) > 0) this.next = until;",
    after: "if (false) this.next = until;",
    reason: "places in which nothing was ever written are looked at, and nothing is found",
  },
  {
    path: "src/ring/flow_notices.ts",
    before: "if (words[IS_ANY] !== 1 && ((until - this.next) | 0) > 0) this.next = until;",
    after: "if (words[IS_ANY] !== 1 && ((until - this.next) | 0) >= 0) this.next = until;",
    reason: "a count is written over with itself",
  },
  {
    path: "src/used_flows.ts",
    before: "for (let i = at; i < at + WAYS; i++) if (hashes[i] === hash) hashes[i] = 0;",
    after: "for (let i = at; i <= at + WAYS; i++) if (hashes[i] === hash) hashes[i] = 0;",
    reason: "the first place of the next set, in which no flow of this one is",
  },
  {
    path: "src/detect/scandog/observe/admission.ts",
    before: "return !this.gate.isFlood() && this.budget.take(0, this.clock.ms);",
    after: "return !this.gate.isFlood() && this.budget.take(1, this.clock.ms);",
    reason: "any number of attempts below four is that of a source that has just come",
  },
  {
    path: "src/detect/scandog/beside/flood/floods.ts",
    before: "private readonly key = new Int32Array(4);",
    after: "private readonly key = new Int32Array(5);",
    reason: "a word more than an address has, which nothing reads",
  },
  {
    path: "src/detect/scandog/beside/flood/floods.ts",
    before: "key[0] ^= isOfAnswers ? NETWORK | ANSWERS : NETWORK;",
    after: "key[1] ^= isOfAnswers ? NETWORK | ANSWERS : NETWORK;",
    reason: "either word tells a network from the host that has its first address",
  },
  {
    path: "src/detect/scandog/beside/visit/visits.ts",
    before: "if (found < 0) return;",
    after: "if (found <= 0) return;",
    reason: "of thousands of places the first, which a keyed hash chooses",
  },
  {
    path: "src/detect/scandog/beside/zombie_signs.ts",
    before: "if (isFirst || ttl < this.ttlMin.of(index)) this.ttlMin.set(index, ttl);",
    after: "if (isFirst || ttl <= this.ttlMin.of(index)) this.ttlMin.set(index, ttl);",
    reason: "a least TTL is written over with itself",
  },
  {
    path: "src/detect/scandog/beside/zombie_signs.ts",
    before: "const WORDS = FIRST + 9 + 2 * AGAIN;",
    after: "const WORDS = FIRST + 10 + 2 * AGAIN;",
    reason: "a word more in each entry, which nothing reads",
  },
  {
    path: "src/detect/scandog/outcome_intake.ts",
    before: "private readonly words = new Int32Array(8);",
    after: "private readonly words = new Int32Array(9);",
    reason: "a word more than two addresses have, which nothing reads",
  },
  {
    path: "src/detect/scandog/view.ts",
    before: "const SENDERS_BITS = 1 << 20;",
    after: "const SENDERS_BITS = 1 << 21;",
    reason: "twice the memory, for fewer addresses that are taken for others",
  },
  {
    path: "src/detect/scandog/view.ts",
    before: "const MANY_BITS = 1 << 18;",
    after: "const MANY_BITS = 1 << 19;",
    reason: "twice the memory, for fewer addresses that are taken for others",
  },
  {
    path: "src/detect/scandog/view.ts",
    before: "const FEW_BITS = 1 << 16;",
    after: "const FEW_BITS = 1 << 17;",
    reason: "twice the memory, for fewer addresses that are taken for others",
  },
  {
    path: "src/detect/scandog/observe/segment.ts",
    before: "flags = 0;",
    after: "flags = 1;",
    reason: "read from the segment before anything asks for it",
  },
  {
    path: "src/detect/scandog/clock.ts",
    before: "if (step === 0) return;",
    after: "if (false) return;",
    reason: "in the same moment nothing else changes",
  },
  {
    path: "src/detect/scandog/clock.ts",
    before: "static readonly START_MS = 86_400_000;",
    after: "static readonly START_MS = 86400001;",
    reason: "any time long after 0",
  },
  {
    path: "src/detect/scandog/detector.ts",
    before: "if (clock.ms === this.judgedMs) {",
    after: "if (clock.ms !== this.judgedMs) {",
    reason: "no row is passed then: each of its records goes the general way, with the same result",
  },
  {
    path: "src/ring/ring.ts",
    before:
      "if (!Number.isInteger(capacity) || capacity < 2 || (capacity & (capacity - 1)) !== 0) {",
    after:
      "if (!Number.isInteger(capacity) || capacity < 2 || (capacity & (capacity - 2)) !== 0) {",
    reason: "the same for every number from 2 on",
  },
  {
    path: "src/capture/progress.ts",
    before:
      "const START = 2; // what the worker may go on with, once its devices are open: see `Start`",
    after:
      "const START = 3; // what the worker may go on with, once its devices are open: see `Start`",
    reason: "another word of the same eight bytes, which nothing else is in",
  },
  {
    path: "src/capture/file_input.ts",
    before: "private head: Uint8Array = new Uint8Array(0);",
    after: "private head: Uint8Array = new Uint8Array(1);",
    reason: "set before anything is read",
  },
  {
    path: "src/capture/live_loop.ts",
    before: "used += decodeAhead(source, decoder, base + used * RECORD_BYTES, room - used);",
    after: ";",
    reason: "no row is read then: every packet goes the general way, with the same records",
  },
  {
    path: "src/capture/sleeper.ts",
    before: "if (ms < BEAT_MS) timer = setTimeout(resolve, ms);",
    after: "if (ms <= BEAT_MS) timer = setTimeout(resolve, ms);",
    reason: "a timer for the moment in which the next beat comes anyhow",
  },
  {
    path: "src/capture/blindness.ts",
    before: "if (this.said || unread.total * 2 <= frames) return;",
    after: "if (this.said || unread.total * 2 < frames) return;",
    reason: "the same is asked next of those that may hide something, which are not more",
  },
  {
    path: "src/detect/scandog/detector.ts",
    before: "private base = 0;",
    after: "private base = 1;",
    reason: "set with each record before anything is judged by it",
  },
  {
    path: "src/detect/scandog/detector.ts",
    before: "private judgedMs = 0;",
    after: "private judgedMs = 1;",
    reason: "any time before the first packet's, which is a day after 0",
  },
  {
    path: "src/detect/scandog/detector.ts",
    before: "private turnMs = 0;",
    after: "private turnMs = 1;",
    reason: "any time long before the first packet's, which is a day after 0",
  },
  {
    path: "src/detect/scandog/observe/tcp.ts",
    before: "private flow = 0;",
    after: "private flow = 1;",
    reason: "set with each segment before it is asked for",
  },
  {
    path: "src/ring/flow_notices.ts",
    before: "const NOTHING = 0, USED = 1, FORGOTTEN = 2;",
    after: "const NOTHING = 0, USED = 1, FORGOTTEN = 3;",
    reason: "any number that neither of the others has",
  },
  {
    path: "src/ring/ring.ts",
    before:
      "const ORIGIN = 80; // the count at which the first slot was taken last; written by the producer",
    after:
      "const ORIGIN = 81; // the count at which the first slot was taken last; written by the producer",
    reason: "another word of the same cache line, which nothing else is in",
  },
  {
    path: "src/ring/flow_notices.ts",
    before: "if (words[IS_ANEW] === 1 && ((until - words[ANEW_AT]) | 0) >= 0) {",
    after: "if (words[IS_ANEW] === 1 && ((until - words[ANEW_AT]) | 1) >= 0) {",
    reason: "the lowest bit does not change the sign",
  },
  {
    path: "src/decode/ordinary.ts",
    before: "f64[long + TIMESTAMP] = 0;",
    after: "f64[long + TIMESTAMP] = 1;",
    reason: "all that differs are the two bytes of the IP length, which are written next",
  },
  {
    path: "src/detect/scandog/clock.ts",
    before: "if (step > LEAP_US) step = LEAP_US;",
    after: "if (step >= LEAP_US) step = LEAP_US;",
    reason: "the longest step is written over with itself",
  },
  {
    path: "src/decode/decoder.ts",
    before: "if (header > 20 || (view.getUint8(start) & GROUP) !== 0) {",
    after: "if (header >= 20 || (view.getUint8(start) & GROUP) !== 0) {",
    reason: "what few packets have is looked for in all, and not found",
  },
  {
    path: "src/detect/scandog/clock.ts",
    before: "if (timeUs > this.latestUs) this.latestUs = timeUs;",
    after: "if (timeUs >= this.latestUs) this.latestUs = timeUs;",
    reason: "the latest time is written over with itself",
  },
  {
    path: "src/pcap/file/pcapng_clock.ts",
    before: "} else if (this.#resolution === RESOLUTION_NANOSECONDS) {",
    after: "} else if (false) {",
    reason: "nanoseconds go the way of all other resolutions then, with the same times",
  },
  {
    path: "src/pcap/file/pcapng_clock.ts",
    before: "#seconds = 0;",
    after: "#seconds = 1;",
    reason: "set before it is read",
  },
  {
    path: "src/pcap/file/crc32.ts",
    before: "for (let place = 1; place < 4; place++) {",
    after: "for (let place = 1; place < 5; place++) {",
    reason: "a table more, which nobody asks for",
  },
  {
    path: "src/detect/scandog/beside/visit/visits.ts",
    before: "return (this.scannerHash(found) & (LATELY - 1)) * 2;",
    after: "return (this.scannerHash(found) & (LATELY - 2)) * 2;",
    reason: "half the places for the same scanners, of thousands",
  },
  {
    path: "src/detect/scandog/observe/packet.ts",
    before: "from = 0;",
    after: "from = 1;",
    reason: "set with each packet before it is asked for",
  },
  {
    path: "src/detect/scandog/observe/unfollowed.ts",
    before: "const NO_FLAGS = -1;",
    after: "const NO_FLAGS = -2;",
    reason: "any number that is no set of flags",
  },
  {
    path: "src/detect/scandog/beside/flood/floods.ts",
    before: "const TARGETS = 64;",
    after: "const TARGETS = 65;",
    reason: "a place more, which no hash leads to",
  },
  {
    path: "src/detect/scandog/beside/tool/probe.ts",
    before: "ttl = 0;",
    after: "ttl = 1;",
    reason: "read from the attempt before anything asks for it",
  },
  {
    path: "src/detect/scandog/clock.ts",
    before: "if (step > 0) {",
    after: "if (step >= 0) {",
    reason: "of no step nothing is asked here any longer",
  },
  {
    path: "src/detect/scandog/table/address_set.ts",
    before: "private isOldEmpty = true;",
    after: "private isOldEmpty = false;",
    reason: "what is empty is cleared once",
  },
  {
    path: "src/detect/scandog/table/subjects.ts",
    before: "private epochs = 1;",
    after: "private epochs = 2;",
    reason: "any number from which on they are counted",
  },
  {
    path: "src/used_flows.ts",
    before: "export const USED_FLOWS = 1 << 16;",
    after: "export const USED_FLOWS = 1 << 17;",
    reason: "twice the memory, for half the collisions",
  },
];
