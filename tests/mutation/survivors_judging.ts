// Faults of the judging half that no test can or need notice, each with the reason: from the excuse to the account.

import type { Survivor } from "./survivor.ts";

export const JUDGING_SURVIVORS: Survivor[] = [
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "const GONE_BITS = 1 << 22;",
    after: "const GONE_BITS = 1 << 23;",
    reason: "twice the memory, for half the collisions",
  },
  {
    path: "src/detect/scandog/account/account_sources.ts",
    before: "return (h ^ h >>> 15) & (GONE_BITS - 1);",
    after: "return (h ^ h >>> 15) & (GONE_BITS - 2);",
    reason: "half the bits for the same sources, of millions",
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
    before: "return (scanCount === 0 ? 0 : scanned ? 8 : 4) + Math.min(2, near) +",
    after: "return (scanCount === 0 ? 1 : scanned ? 8 : 4) + Math.min(2, near) +",
    reason: "worths are compared: one more for all that have no scan is less than any with one",
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
    path: "src/detect/scandog/excuse/second_look.ts",
    before: "this.latest[at] = 0;",
    after: "this.latest[at] = 1;",
    reason:
      "of thousands of places the first, which a keyed hash chooses, and which no longer waits",
  },
  {
    path: "src/detect/scandog/excuse/sent_on.ts",
    before: "if (!this.isNeeded && !isHere && table.interface(slot) === 0) return -1;",
    after: "if (!this.isNeeded && !isHere && table.interface(slot) === 0) return -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/scan/backlog.ts",
    before: "export const BACKLOG_MAX = 4096;",
    after: "export const BACKLOG_MAX = 4097;",
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
    before:
      "(isAbsent ? 1e9 : 0) + linkRank(memory, view, subject) + magnitude(subjects.answered.of(subject));",
    after:
      "(isAbsent ? 1e9 : 1) + linkRank(memory, view, subject) + magnitude(subjects.answered.of(subject));",
    reason: "one less for each that is compared, but for those of a thousand million less",
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
    path: "src/detect/scandog/scan/scan.ts",
    before: "namedUs = 0;",
    after: "namedUs = 1;",
    reason: "set when a scan is told, and read of told ones alone",
  },
  {
    path: "src/detect/scandog/scan/scan.ts",
    before: "ttlMin = 255;",
    after: "ttlMin = 256;",
    reason: "no TTL is above 255: where none was seen, it is above the greatest either way",
  },
  {
    path: "src/detect/scandog/scan/scan.ts",
    before: "interface = 0;",
    after: "interface = 1;",
    reason: "set with the first attempt that is counted, and nothing is said before",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before: "if (pause > scan.gapMs) scan.gapMs = pause;",
    after: "if (pause >= scan.gapMs) scan.gapMs = pause;",
    reason: "a longest pause is written over with itself",
  },
  {
    path: "src/detect/scandog/scan/scans.ts",
    before: "private leastUntold = 0;",
    after: "private leastUntold = 1;",
    reason: "compared only in the millisecond in which it was set",
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
    path: "src/detect/scandog/shape/shapes.ts",
    before: "export const Held = { No: 0, Successes: 1, Shape: 2 } as const;",
    after: "export const Held = { No: 0, Successes: 1, Shape: 3 } as const;",
    reason: "any number that no other of the three has",
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
    before: "return MORE_FACTOR * copies < own + rest && own <= MORE_FACTOR * (copies + rest);",
    after: "return MORE_FACTOR + copies < own + rest && own <= MORE_FACTOR * (copies + rest);",
    reason: "more attempts are looked at than it takes to know, with the same answer",
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
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (subject < 0) {",
    after: "if (subject < 1) {",
    reason: "of thousands of places the first, which a keyed hash chooses",
  },
  {
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (failure.weight === 0 && failure.points === 0) return false;",
    after: "if (failure.weight === 0 && failure.points === 0) return true;",
    reason: "asked once more for shapes, whose counters have not changed since they were asked for",
  },
  {
    path: "src/detect/scandog/suspect/networks.ts",
    before: "if (subject < 0) continue;",
    after: "if (false) continue;",
    reason: "counters of a network that has no place, which nothing reads",
  },
  {
    path: "src/detect/scandog/suspect/sources.ts",
    before: "if (subject < 0) return -1;",
    after: "if (subject < 0) return -2;",
    reason: "any number below 0 says that there is none",
  },
  {
    path: "src/detect/scandog/suspect/sources.ts",
    before: "(slot) => table.has(slot, Mark.Counted) && late.push(slot) > 0,",
    after: "(slot) => table.has(slot, Mark.Counted) && late.push(slot) >= 0,",
    reason: "a list that something was added to has a length above 0",
  },
  {
    path: "src/detect/scandog/excuse/second_look.ts",
    before: "const PAIRS = 1 << 14;",
    after: "const PAIRS = 2 << 14;",
    reason: "twice the counters, for fewer pairs that are counted together",
  },
];
