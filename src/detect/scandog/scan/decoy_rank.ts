// Which of several sources of one scan is the likeliest to be real. Knows what each subject proved and did.

import type { Memory } from "../memory.ts";
import { Proof } from "../probe/proof.ts";
import { latestFailed } from "../table/attempt_chains.ts";
import { isInternet } from "../table/scope.ts";
import type { Subjects } from "../table/subjects.ts";
import type { View } from "../view.ts";
import type { Scan } from "./scan.ts";

/**
 * Names a scan after the member that is the likeliest to be real; the first seen among equals. Where no packet of
 * the scan tells of several it is a guess, which the scan notes.
 */
export function choosePrimary(memory: Memory, view: View, scan: Scan): void {
  const [first, ...others] = scan.members;
  scan.primary = first;
  scan.isGuess = false;
  for (const member of others) {
    const better = rankOf(memory, view, member) - rankOf(memory, view, scan.primary);
    // One step of answers may be one answer.
    if (Math.abs(better) > 1) scan.isGuess &&= better < 0;
    else scan.isGuess = true;
    const isBetter = better > 0 || (better === 0 && isLikelier(memory, scan, member));
    if (isBetter) scan.primary = member;
  }
}

/** True for a member that is likelier than the first, by reasons that are no more than a guess. */
function isLikelier({ subjects }: Memory, scan: Scan, member: number): boolean {
  const own = guesses(subjects, scan, member), others = guesses(subjects, scan, scan.primary);
  const at = own.findIndex((reason, i) => reason !== others[i]);
  return at >= 0 && own[at] > others[at];
}

/** The stronger first. */
function guesses(subjects: Subjects, scan: Scan, subject: number): number[] {
  return [
    elsewhere(subjects, subject),
    nearness(subjects, scan, subject),
    solitude(subjects, scan, subject),
  ];
}

/**
 * What an address did that is no probe of the scan: connections of its own, and what nobody repeated. It shows that
 * the address is somebody's; but so is that of a client whom the scanner takes for a decoy, to have it named.
 */
function elsewhere(subjects: Subjects, subject: number): number {
  return ((subjects.proof.of(subject) & Proof.Handshake) !== 0 ? 64 : 0) +
    magnitude((subjects.alone.of(subject) >>> 2) + subjects.used.of(subject));
}

/**
 * 1 for an address that is of the internet where the target is, and of none where it is of none: decoys made up at
 * random are of the internet.
 */
function nearness(subjects: Subjects, scan: Scan, subject: number): number {
  const isFar = isInternet(subjects.words, subjects.addressAt(subject));
  return isFar === isInternet(scan.destination, 0) ? 1 : 0;
}

/**
 * Distance to the nearest other member, by the last octet. People write decoys down as neighbours (.21, .22, .23),
 * so the address whose last octet stands alone is likelier to be their own.
 */
function solitude(subjects: Subjects, scan: Scan, subject: number): number {
  const lastOctet = (member: number) => subjects.bytes[subjects.addressAt(member) * 4 + 15];
  const distances = scan.members.filter((other) => other !== subject)
    .map((other) => Math.abs(lastOctet(subject) - lastOctet(other)));
  return Math.min(...distances);
}

/**
 * What speaks for an address having sent its probes: it reset a connection that it could only know from our answer;
 * it spoke ARP on this link; it was answered. And against it: on this link somebody else has it.
 */
function rankOf(memory: Memory, view: View, subject: number): number {
  const { subjects } = memory;
  const proof = subjects.proof.of(subject);
  const isAbsent = (proof & (Proof.Absent | Proof.Handshake)) === Proof.Absent;
  return ((proof & Proof.Reset) !== 0 ? 1e11 : 0) + ((proof & Proof.Likely) !== 0 ? 2e10 : 0) -
    (isAbsent ? 1e9 : 0) + linkRank(memory, view, subject) +
    magnitude(subjects.answered.of(subject));
}

/**
 * Its probes came from the link-layer address that claims it; or from another: then its owner sent none of them,
 * though that owner's kernel resets what it never asked for; unless it completed a handshake, as a host may that
 * has several interfaces. Behind a router's anybody may be.
 */
function linkRank(memory: Memory, view: View, subject: number): number {
  const { subjects } = memory;
  const at = subjects.addressAt(subject), address = memory.hashOf(subject);
  const claimant = view.links.claimantOf(address), link = linkOf(memory, subject);
  if (claimant !== 0 && link !== 0) {
    const isConnected = (subjects.proof.of(subject) & Proof.Handshake) !== 0;
    if (claimant !== link) return isConnected ? 0 : -5e11;
    if (view.links.isRouter(link, subjects.words, at)) return 0;
  }
  return view.speakers.has(address) ? 1e10 : 0;
}

/** Where its latest failed probe came from. */
function linkOf(memory: Memory, subject: number): number {
  const slot = latestFailed(memory, subject);
  return slot < 0 ? 0 : memory.table.linkSource.of(slot);
}

/** Only differences of a factor tell: the first answers may have come before the count began. */
function magnitude(count: number): number {
  return 32 - Math.clz32(count);
}
