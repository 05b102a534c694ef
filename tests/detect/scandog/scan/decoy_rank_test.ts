// Which of several sources of one scan is named: each reason against the one below it.

import assert from "node:assert/strict";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { Scan, ScanMaps } from "../../../../src/detect/scandog/scan/scan.ts";
import { choosePrimary } from "../../../../src/detect/scandog/scan/decoy_rank.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { Entries, words } from "../entries.ts";

/** A scan of these sources, of which things are known. */
class Decoys extends Entries {
  readonly scan = new Scan(this.memory, 1, 1025, new ScanMaps());
  readonly subjects: number[] = [];

  constructor(...sources: string[]) {
    super();
    this.scan.destination.set(words("203.0.113.10"));
    for (const source of sources) {
      const { subjects, clock } = this.memory;
      const subject = subjects.admit(words(source), 0, 0, this.hash(source), clock.ms);
      this.scan.members.push(subject);
      this.subjects.push(subject);
    }
  }

  prove(index: number, proof: number): this {
    this.memory.subjects.proof.set(this.subjects[index], proof);
    return this;
  }

  /** Its latest failed probe came from this link-layer address. */
  sends(index: number, mac: Uint8Array): void {
    const { table } = this.memory;
    const slot = this.add({ source: SOURCES[index], port: 22 });
    table.linkSource.set(slot, this.view.links.hashOf(mac, 0));
    addFailed(this.memory, this.subjects[index], slot);
  }

  chosen(): number {
    choosePrimary(this.memory, this.view, this.scan);
    return this.scan.members.indexOf(this.scan.primary);
  }
}

// Among equals the address that stands alone by its last octet is named: here the third.
const SOURCES = ["192.0.2.21", "198.51.100.22", "203.0.113.90"];

/** What may be known of a source, from the strongest to the weakest. */
const REASONS: [string, (decoys: Decoys, index: number) => void][] = [
  ["a reset of what was offered", (decoys, i) => decoys.prove(i, Proof.Reset)],
  ["a sign that it is there", (decoys, i) => decoys.prove(i, Proof.Likely)],
  ["ARP on this link", (decoys, i) => decoys.view.speakers.add(decoys.hash(SOURCES[i]))],
  ["sixteen answers", (decoys, i) => decoys.memory.subjects.answered.add(decoys.subjects[i], 16)],
  ["a connection of its own", (decoys, i) => decoys.prove(i, Proof.Handshake)],
  [
    "sixteen other things that it used",
    (decoys, i) => decoys.memory.subjects.used.add(decoys.subjects[i], 16),
  ],
];

for (const [i, [what, know]] of REASONS.entries()) {
  Deno.test(`choosePrimary() prefers a source by ${what} to any with weaker reasons`, () => {
    const decoys = new Decoys(...SOURCES);
    know(decoys, 1);
    for (const [, weaker] of REASONS.slice(i + 1)) weaker(decoys, 0);
    assert.equal(decoys.chosen(), 1);
  });
}

Deno.test("choosePrimary() passes over a source that is shown to be absent, but not one that completed a handshake", () => {
  const decoys = new Decoys(...SOURCES).prove(2, Proof.Absent);
  assert.notEqual(decoys.chosen(), 2);
  assert.equal(decoys.prove(2, Proof.Absent | Proof.Handshake).chosen(), 2);
  assert.equal(decoys.scan.isGuess, true);
});

Deno.test("choosePrimary(), where no packet tells, prefers who stands alone, and who is as near as the target", () => {
  assert.equal(new Decoys(...SOURCES).chosen(), 2);
  const inside = new Decoys("8.8.8.8", "10.0.0.4", "9.9.9.90");
  inside.scan.destination.set(words("10.0.0.9"));
  assert.equal(inside.chosen(), 1);
});

const [HERS, OTHERS] = [2, 3].map((last) => new Uint8Array([2, 0, 0, 0, 0, last]));

Deno.test("choosePrimary() believes ARP but where probes came from elsewhere than who claims the address, or from a router", () => {
  type Prepare = (decoys: Decoys) => void;
  const claims: Prepare = ({ view }) => view.links.noteClaim(HERS, 0, words(SOURCES[0]), 0);
  const sends = (mac: Uint8Array): Prepare => (decoys) => decoys.sends(0, mac);
  const isRouter: Prepare = ({ view }) =>
    view.links.noteConversation(view.links.hashOf(HERS, 0), words("9.9.9.9"), 0);
  const isConnected: Prepare = (decoys) => decoys.prove(0, Proof.Handshake);
  const cases: [string, Prepare[], isLikelier: boolean | undefined][] = [
    ["from who claims it", [claims, sends(HERS)], true],
    ["from another", [claims, sends(OTHERS)], false],
    ["from another, and it completed a handshake", [claims, sends(OTHERS), isConnected], undefined],
    ["nobody knows from where", [claims], true],
    ["nobody claims it", [sends(OTHERS)], true],
    ["from a router that claims it", [claims, sends(HERS), isRouter], undefined],
  ];
  for (const [what, prepare, isLikelier] of cases) {
    const decoys = new Decoys(...SOURCES.slice(0, 2));
    // The first failure of all has the first place in the table, or not.
    decoys.view.speakers.add(decoys.hash(SOURCES[0]));
    for (const one of prepare) one(decoys);
    const chosen = decoys.chosen();
    assert.equal(decoys.scan.isGuess, isLikelier === undefined, what);
    if (isLikelier !== undefined) assert.equal(chosen, isLikelier ? 0 : 1, what);
  }
});

Deno.test("choosePrimary() guesses by a handshake elsewhere, then by four that nobody repeated or one use, by magnitude", () => {
  const cases: [string, (decoys: Decoys, index: number) => void, counts: boolean][] = [
    [
      "three that nobody repeated",
      ({ memory, subjects }, i) => memory.subjects.alone.set(subjects[i], 3),
      false,
    ],
    ["four", ({ memory, subjects }, i) => memory.subjects.alone.set(subjects[i], 4), true],
    ["one use", ({ memory, subjects }, i) => memory.subjects.used.set(subjects[i], 1), true],
    ["a handshake", (decoys, i) => decoys.prove(i, Proof.Handshake), true],
  ];
  for (const [what, know, counts] of cases) {
    // The other stands alone by its last octet.
    const decoys = new Decoys(...SOURCES);
    know(decoys, 1);
    assert.equal(decoys.chosen(), counts ? 1 : 2, what);
  }
});

Deno.test("choosePrimary() guesses nothing where nothing tells: the first is named", () => {
  assert.equal(new Decoys("192.0.2.21", "198.51.100.22").chosen(), 0);
  assert.equal(new Decoys("192.0.2.22", "198.51.100.21").chosen(), 0);
  // Neighbours' last octets, and one that is as far from both as they are from each other.
  assert.equal(new Decoys("192.0.2.20", "198.51.100.30", "203.0.113.40").chosen(), 0);
  assert.equal(new Decoys("192.0.2.20", "198.51.100.29", "203.0.113.40").chosen(), 2);
});

Deno.test("choosePrimary() guesses where one has a step of answers more, two steps tell; and asks anew each time", () => {
  for (const [answers, isGuess] of [[1, true], [2, false], [3, false], [4, false]] as const) {
    for (const index of [0, 2]) {
      const decoys = new Decoys(...SOURCES);
      decoys.chosen();
      assert.equal(decoys.scan.isGuess, true);
      decoys.memory.subjects.answered.add(decoys.subjects[index], answers);
      assert.equal(decoys.chosen(), index);
      assert.equal(decoys.scan.isGuess, isGuess, `${answers} answers of ${index}`);
    }
  }
});

Deno.test("choosePrimary() says that it guesses where no packet tells the likeliest apart", () => {
  const isGuess = (know: (decoys: Decoys) => void) => {
    const decoys = new Decoys(...SOURCES);
    know(decoys);
    decoys.chosen();
    return decoys.scan.isGuess;
  };
  assert.equal(isGuess(() => {}), true);
  assert.equal(isGuess((decoys) => decoys.prove(0, Proof.Handshake)), true, "a client's, maybe");
  assert.equal(isGuess((decoys) => decoys.prove(0, Proof.Reset)), false);
  assert.equal(isGuess((decoys) => decoys.prove(2, Proof.Reset)), false);
  assert.equal(isGuess((decoys) => decoys.prove(0, Proof.Reset).prove(2, Proof.Reset)), true);
  assert.equal(isGuess((decoys) => decoys.prove(1, Proof.Absent)), true, "of the other two");
  assert.equal(isGuess((decoys) => decoys.prove(0, Proof.Absent).prove(2, Proof.Absent)), false);
});
