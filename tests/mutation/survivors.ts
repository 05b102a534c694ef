// Faults that no test can or need notice, each with the reason. They are left out of the count; one that is
// no longer in the sources fails tests/mutation/mutants_test.ts.

export interface Survivor {
  path: string;
  /** The line as it is, without indentation, and the fault as `shown()` has it after the arrow. */
  before: string;
  after: string;
  reason: string;
}

export const SURVIVORS: Survivor[] = [
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
    path: "src/detect/scandog/shape/shapes.ts",
    before: "export const Held = { No: 0, Successes: 1, Shape: 2 } as const;",
    after: "export const Held = { No: 0, Successes: 1, Shape: 3 } as const;",
    reason: "any number that no other of the three has",
  },
  {
    path: "src/capture/replay_loop.ts",
    before: "used += decoder.decodeRow(row, until, base + used * RECORD_BYTES, room - used);",
    after: ";",
    reason: "no row is read then: every packet goes the general way, with the same records",
  },
  {
    path: "src/detect/scandog/suspect/look_alikes.ts",
    before: "return MORE_FACTOR * copies < own + rest && own <= MORE_FACTOR * (copies + rest);",
    after: "return MORE_FACTOR + copies < own + rest && own <= MORE_FACTOR * (copies + rest);",
    reason: "more attempts are looked at than it takes to know, with the same answer",
  },
  {
    path: "src/capture/open_capture.ts",
    before: "this.row.limit = reader.limit;",
    after: ";",
    reason:
      "a row without an end is not read: every packet goes the general way, with the same records",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "const GONE_BITS = 1 << 22;",
    after: "const GONE_BITS = 1 << 23;",
    reason: "twice the memory, for half the collisions",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before: "if (pause > scan.gapMs) scan.gapMs = pause;",
    after: "if (pause >= scan.gapMs) scan.gapMs = pause;",
    reason: "a longest pause is written over with itself",
  },
  {
    path: "src/detect/scandog/observe/answer_probes.ts",
    before: "return isLowPort(this.before[at] >>> 16, port) ? port : -1;",
    after: "return isLowPort(this.before[at] >>> 16, port) ? port : -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/scan/scan.ts",
    before: "namedUs = 0;",
    after: "namedUs = 1;",
    reason: "set when a scan is told, and read of told ones alone",
  },
  {
    path: "src/detect/scandog/table/attempt_chains.ts",
    before: "for (let i = 0; i < max && slot >= 0; i++) {",
    after: "for (let i = 0; i < max && slot > 0; i++) {",
    reason: "of hundreds of thousands of places the first, which a keyed hash chooses",
  },
  {
    path: "src/detect/scandog/scan/scan.ts",
    before: "ttlMin = 255;",
    after: "ttlMin = 256;",
    reason: "no TTL is above 255: where none was seen, it is above the greatest either way",
  },
  {
    path: "src/detect/scandog/scan/decoy_rank.ts",
    before:
      "(isAbsent ? 1e9 : 0) + linkRank(memory, view, subject) + magnitude(subjects.answered.of(subject));",
    after:
      "(isAbsent ? 1e9 : 1) + linkRank(memory, view, subject) + magnitude(subjects.answered.of(subject));",
    reason: "one less for each that is compared, but for those of a thousand million less",
  },
  {
    path: "src/detect/scandog/scan/scan.ts",
    before: "interface = 0;",
    after: "interface = 1;",
    reason: "set with the first attempt that is counted, and nothing is said before",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before: "private leastUntold = 0;",
    after: "private leastUntold = 1;",
    reason: "compared only in the millisecond in which it was set",
  },
  {
    path: "src/detect/scandog/account/source_notes.ts",
    before: "return (scanCount === 0 ? 0 : scanned ? 8 : 4) + Math.min(2, near) +",
    after: "return (scanCount === 0 ? 1 : scanned ? 8 : 4) + Math.min(2, near) +",
    reason: "worths are compared: one more for all that have no scan is less than any with one",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "return (h ^ h >>> 15) & (GONE_BITS - 1);",
    after: "return (h ^ h >>> 15) & (GONE_BITS - 2);",
    reason: "half the bits for the same sources, of millions",
  },
  {
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (subject < 0) {",
    after: "if (subject < 1) {",
    reason: "of thousands of places the first, which a keyed hash chooses",
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
    before: "private readonly network = new Int32Array(4);",
    after: "private readonly network = new Int32Array(5);",
    reason: "a word more than an address has, which nothing reads",
  },
  {
    path: "src/detect/scandog/beside/flood/floods.ts",
    before: "this.network[0] ^= NETWORK;",
    after: "this.network[1] ^= NETWORK;",
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
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (failure.weight === 0 && failure.points === 0) return false;",
    after: "if (failure.weight === 0 && failure.points === 0) return true;",
    reason: "asked once more for shapes, whose counters have not changed since they were asked for",
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
    path: "src/detect/scandog/account/account_sources.ts",
    before: "const SOURCES_MAX = 16384;",
    after: "const SOURCES_MAX = 16385;",
    reason: "one source more than are kept at once",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "const GONE_BITS = 1 << 22;",
    after: "const GONE_BITS = 2 << 22;",
    reason: "twice the bits, for fewer sources that are taken for others",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "private turns = 0;",
    after: "private turns = 1;",
    reason: "a running number, of which the order counts",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "return (h ^ h >>> 15) & (GONE_BITS - 1);",
    after: "return (h ^ h << 15) & (GONE_BITS - 1);",
    reason: "another fold of a hash that is as good",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "return (h ^ h >>> 15) & (GONE_BITS - 1);",
    after: "return (h ^ h >>> 16) & (GONE_BITS - 1);",
    reason: "another fold of a hash that is as good",
  },
  {
    path: "src/detect/scandog/account/attempt_list.ts",
    before: "note.rank = -1;",
    after: "note.rank = -2;",
    reason: "any number below 0 says that it is listed no longer",
  },
  {
    path: "src/detect/scandog/account/explainer.ts",
    before: "const FLOODS_MAX = 1000;",
    after: "const FLOODS_MAX = 1001;",
    reason: "one flood more than a thousand is told of",
  },
  {
    path: "src/detect/scandog/account/explainer.ts",
    before: "if (isOver && this.floods.length < FLOODS_MAX) this.floods.push(event);",
    after: "if (isOver && this.floods.length <= FLOODS_MAX) this.floods.push(event);",
    reason: "one flood more than a thousand is told of",
  },
  {
    path: "src/detect/scandog/account/kept_account.ts",
    before: "if (this.options.listMax === 0) return;",
    after: "if (false) return;",
    reason: "a list that has room for none is made, and takes none",
  },
  {
    path: "src/detect/scandog/account/source_notes.ts",
    before: "turn = 0;",
    after: "turn = 1;",
    reason: "set as soon as it is made, before anything reads it",
  },
  {
    path: "src/detect/scandog/account/source_notes.ts",
    before: "return (scanCount === 0 ? 0 : scanned ? 8 : 4) + Math.min(2, near) +",
    after: "return (scanCount === 0 ? 0 : scanned ? 9 : 4) + Math.min(2, near) +",
    reason: "worths are compared: either number is above all without a scan that was told",
  },
  {
    path: "src/detect/scandog/account/source_notes.ts",
    before: "return (scanCount === 0 ? 0 : scanned ? 8 : 4) + Math.min(2, near) +",
    after: "return (scanCount === 0 ? 0 : scanned ? 8 : 5) + Math.min(2, near) +",
    reason:
      "worths are compared: either number is above all without a scan, and below all that were told",
  },
  {
    path: "src/detect/scandog/suspect/campaigns.ts",
    before:
      "const HOSTS = { shape: ShapeCode.GroupHosts, of: pointsIn, enough: enoughPoints, salt: 0x3a12 };",
    after:
      "const HOSTS = { shape: ShapeCode.GroupHosts, of: pointsIn, enough: enoughPoints, salt: 14867 };",
    reason: "another constant that keeps the two kinds apart",
  },
  {
    path: "src/detect/scandog/suspect/campaigns.ts",
    before: "const place = id & (CAMPAIGNS - 1);",
    after: "const place = id & (CAMPAIGNS - 2);",
    reason: "half of two thousand places, which a keyed hash chooses",
  },
  {
    path: "src/detect/scandog/suspect/charges.ts",
    before: "const NOTHING = { all: 0, ofKey: 0 };",
    after: "const NOTHING = { all: 1, ofKey: 0 };",
    reason: "it takes four connections without a word to be one use",
  },
  {
    path: "src/detect/scandog/suspect/charges.ts",
    before: "const NOTHING = { all: 0, ofKey: 0 };",
    after: "const NOTHING = { all: 0, ofKey: 1 };",
    reason: "it takes four connections without a word to be one use",
  },
  {
    path: "src/detect/scandog/suspect/charges.ts",
    before: "const CHARGED_USE = 0x6a95;",
    after: "const CHARGED_USE = 27286;",
    reason: "another constant that keeps the two counts apart",
  },
  {
    path: "src/detect/scandog/suspect/charges.ts",
    before: "const ONCE = 1 << 19;",
    after: "const ONCE = 1 << 20;",
    reason: "another bit of a charge that nothing else has",
  },
  {
    path: "src/detect/scandog/suspect/charges.ts",
    before: "const ONCE = 1 << 19;",
    after: "const ONCE = 2 << 19;",
    reason: "another bit of a charge that nothing else has",
  },
  {
    path: "src/detect/scandog/suspect/look_alikes.ts",
    before: "const RECENT_WORDS = 3;",
    after: "const RECENT_WORDS = 4;",
    reason: "a word more in each entry, which nothing reads",
  },
  {
    path: "src/detect/scandog/suspect/look_alikes.ts",
    before: "private begun = 0;",
    after: "private begun = 1;",
    reason: "a running number, of which only equality counts",
  },
  {
    path: "src/detect/scandog/suspect/look_alikes.ts",
    before: "const place = look & (RECENT - 1);",
    after: "const place = look & (RECENT - 2);",
    reason: "half of eight thousand places, which a keyed hash chooses",
  },
  {
    path: "src/detect/scandog/suspect/look_alikes.ts",
    before: "this.lastMs = ms;",
    after: ";",
    reason: "every group is renewed by the link that made it",
  },
  {
    path: "src/detect/scandog/suspect/sources.ts",
    before: "if (subject < 0) return -1;",
    after: "if (subject < 0) return -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/suspect/sources.ts",
    before:
      "const host = scan === undefined || isAccepted ? this.charges.host(slot, subject) : -1;",
    after: "const host = scan === undefined || isAccepted ? this.charges.host(slot, subject) : -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/suspect/sources.ts",
    before: "(slot) => table.has(slot, Mark.Counted) && late.push(slot) > 0,",
    after: "(slot) => table.has(slot, Mark.Counted) && late.push(slot) >= 0,",
    reason: "a list that something was added to has a length above 0",
  },
  {
    path: "src/detect/scandog/scan/backlog.ts",
    before: "export const BACKLOG_MAX = 4096;",
    after: "export const BACKLOG_MAX = 4097;",
    reason: "a bound of work: one attempt more is looked at",
  },
  {
    path: "src/detect/scandog/scan/backlog.ts",
    before: "for (let i = 0; next !== 0 && i < BACKLOG_MAX; i++) {",
    after: "for (let i = 1; next !== 0 && i < BACKLOG_MAX; i++) {",
    reason: "a bound of work: one attempt less is looked at",
  },
  {
    path: "src/detect/scandog/scan/backlog.ts",
    before: "for (let i = 0; next !== 0 && i < BACKLOG_MAX; i++) {",
    after: "for (let i = 0; next !== 0 && i <= BACKLOG_MAX; i++) {",
    reason: "a bound of work: one attempt more is looked at",
  },
  {
    path: "src/detect/scandog/scan/budget.ts",
    before: "private lastMs = 0;",
    after: "private lastMs = 1;",
    reason: "buckets are full at their begin, and the clock begins a day later",
  },
  {
    path: "src/detect/scandog/scan/budget.ts",
    before: "for (let i = 0; i < BUDGET_LEVELS; i++) this.tokens[i] = this.at(i, ms);",
    after: "for (let i = 0; i <= BUDGET_LEVELS; i++) this.tokens[i] = this.at(i, ms);",
    reason: "a typed array takes nothing beyond its end",
  },
  {
    path: "src/detect/scandog/scan/decoy_rank.ts",
    before: "if (Math.abs(better) > 1) scan.isGuess &&= better < 0;",
    after: "if (Math.abs(better) > 1) scan.isGuess &&= better <= 0;",
    reason: "no difference of more than one is 0",
  },
  {
    path: "src/detect/scandog/scan/decoy_rank.ts",
    before: "if (Math.abs(better) > 1) scan.isGuess &&= better < 0;",
    after: "if (Math.abs(better) > 1) scan.isGuess &&= better < 1;",
    reason: "no difference of more than one is from 0 to 1",
  },
  {
    path: "src/detect/scandog/scan/decoy_rank.ts",
    before: "return isFar === isInternet(scan.destination, 0) ? 1 : 0;",
    after: "return isFar === isInternet(scan.destination, 0) ? 2 : 0;",
    reason: "compared with the same of another",
  },
  {
    path: "src/detect/scandog/scan/decoy_rank.ts",
    before: "return 32 - Math.clz32(count);",
    after: "return 33 - Math.clz32(count);",
    reason: "compared with the same of another",
  },
  {
    path: "src/detect/scandog/scan/protocol_probes.ts",
    before: "const NONE = 0;",
    after: "const NONE = 1;",
    reason: "no target key is 0 or 1",
  },
  {
    path: "src/detect/scandog/scan/protocol_probes.ts",
    before: "const OVER = -1;",
    after: "const OVER = -2;",
    reason: "no target key is below 0",
  },
  {
    path: "src/detect/scandog/scan/protocol_probes.ts",
    before: "private readonly answers = TECHNIQUES.map(() => 0);",
    after: "private readonly answers = TECHNIQUES.map(() => 1);",
    reason: "the least answer is 1",
  },
  {
    path: "src/detect/scandog/scan/protocol_probes.ts",
    before: "if (answer > this.answers[kind]) this.answers[kind] = answer;",
    after: "if (answer >= this.answers[kind]) this.answers[kind] = answer;",
    reason: "an answer is written over with itself",
  },
  {
    path: "src/detect/scandog/scan/ration.ts",
    before: "private fromUs = 0;",
    after: "private fromUs = 1;",
    reason: "set with the first that is refused, and said of those alone",
  },
  {
    path: "src/detect/scandog/scan/ration.ts",
    before: "private saidMs = 0;",
    after: "private saidMs = 1;",
    reason: "the clock begins a day later",
  },
  {
    path: "src/detect/scandog/excuse/answered_once.ts",
    before: "for (let i = 0; next !== 0 && i < LOOKED_MAX; i++) {",
    after: "for (let i = 1; next !== 0 && i < LOOKED_MAX; i++) {",
    reason: "a bound of work: one attempt less is looked at",
  },
  {
    path: "src/detect/scandog/excuse/answered_once.ts",
    before: "for (let i = 0; next !== 0 && i < LOOKED_MAX; i++) {",
    after: "for (let i = 0; next !== 0 && i <= LOOKED_MAX; i++) {",
    reason: "a bound of work: one attempt more is looked at",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before: "return ((clock.ms - ms) | 0) < 0 ? clock.ms : ms;",
    after: "return ((clock.ms - ms) | 0) < 1 ? clock.ms : ms;",
    reason: "where both are the same moment either is",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before:
      "scan.nextUpdateMs = (this.memory.clock.ms + this.memory.options.updateFirst * 1000) >>> 0;",
    after:
      "scan.nextUpdateMs = (this.memory.clock.ms + this.memory.options.updateFirst * 1000) << 0;",
    reason: "read as a distance from now, which is the same of 32 bits with a sign and without",
  },
  {
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (subject < 0) continue;",
    after: "if (false) continue;",
    reason: "counters of a network that has no place, which nothing reads",
  },
  {
    path: "src/detect/scandog/suspect/campaigns.ts",
    before:
      "const HOSTS = { shape: ShapeCode.GroupHosts, of: pointsIn, enough: enoughPoints, salt: 0x3a12 };",
    after:
      "const HOSTS = { shape: ShapeCode.GroupHosts, of: pointsIn, enough: enoughPoints, salt: 14867 };",
    reason: "another constant that keeps the two kinds apart",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before:
      "scan.nextUpdateMs = (this.memory.clock.ms + this.memory.options.updateFirst * 1000) >>> 0;",
    after:
      "scan.nextUpdateMs = (this.memory.clock.ms + this.memory.options.updateFirst * 1000) << 0;",
    reason: "read as a distance from now, which is the same of 32 bits with a sign and without",
  },
  {
    path: "src/detect/scandog/excuse/sent_on.ts",
    before: "if (!this.isNeeded && !isHere && table.interface(slot) === 0) return -1;",
    after: "if (!this.isNeeded && !isHere && table.interface(slot) === 0) return -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/excuse/second_look.ts",
    before: "this.latest[at] = 0;",
    after: "this.latest[at] = 1;",
    reason:
      "of thousands of places the first, which a keyed hash chooses, and which no longer waits",
  },
];
