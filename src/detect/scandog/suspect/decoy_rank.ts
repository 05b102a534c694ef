// Which of several sources of one scan is the likeliest to be real. Knows what each subject proved and did.

import type { Memory } from "../memory.ts";
import { Proof } from "../probe/proof.ts";
import { isInternet } from "../table/scope.ts";
import type { Scan } from "../scan/scan.ts";
import type { Hash } from "../table/hash.ts";
import type { Subjects } from "../table/subjects.ts";
import type { View } from "../view.ts";

export class DecoyRank {
  declare private readonly subjects: Subjects;
  declare private readonly hash: Hash;
  declare private readonly view: View;

  constructor({ subjects, hash }: Memory, view: View) {
    this.subjects = subjects;
    this.hash = hash;
    this.view = view;
  }

  /** Which member of a scan is the likeliest to be real; the first seen among equals. */
  choose(scan: Scan): number {
    let best = 0;
    for (let i = 1; i < scan.memberCount; i++) {
      const better = this.rank(scan.members[i]) - this.rank(scan.members[best]);
      if (better > 0 || (better === 0 && this.isOdder(scan, i, best))) best = i;
    }
    return best;
  }

  /**
   * The weakest of reasons, where no packet tells. Decoys made up at random are of the internet: where the
   * target is not, a source that is not either is likelier to be real. And people write decoys down as
   * neighbours (.21, .22, .23), so the address whose last octet stands alone is likelier to be their own.
   */
  private isOdder(scan: Scan, i: number, than: number): boolean {
    const nearer = this.isNear(scan, i) - this.isNear(scan, than);
    return nearer !== 0 ? nearer > 0 : this.solitude(scan, i) > this.solitude(scan, than);
  }

  /** 1 for a member that is of the internet where the target is, and of none where it is of none. */
  private isNear(scan: Scan, i: number): 0 | 1 {
    const { words } = this.subjects;
    const at = this.subjects.addressAt(scan.members[i]);
    return isInternet(words, at) === isInternet(scan.destination, 0) ? 1 : 0;
  }

  /** Distance to the nearest other member, by the last octet. */
  private solitude(scan: Scan, i: number): number {
    let nearest = 256;
    for (let j = 0; j < scan.memberCount; j++) {
      if (j === i) continue;
      const distance = Math.abs(this.lastOctet(scan.members[i]) - this.lastOctet(scan.members[j]));
      if (distance < nearest) nearest = distance;
    }
    return nearest;
  }

  private lastOctet(subject: number): number {
    return this.subjects.bytes[this.subjects.addressAt(subject) * 4 + 15];
  }

  /**
   * What speaks for an address being real: it acknowledged our own sequence number; it reset a
   * connection that it could only know from our answer; it spoke ARP on this link; it was answered;
   * it did other things that nobody repeated.
   */
  private rank(subject: number): number {
    const { subjects } = this;
    const proof = subjects.proof(subject);
    const address = this.hash.address(subjects.words, subjects.addressAt(subject));
    const speaks = this.view.isSpeaker(address);
    return ((proof & Proof.Handshake) !== 0 ? 1e12 : 0) + ((proof & Proof.Reset) !== 0 ? 1e11 : 0) +
      ((proof & Proof.Likely) !== 0 ? 2e10 : 0) - ((proof & Proof.Absent) !== 0 ? 1e9 : 0) +
      (speaks ? 1e10 : 0) + magnitude(subjects.answered(subject)) * 1e5 +
      magnitude((subjects.alone(subject) >>> 2) + subjects.used(subject));
  }
}

/** Only differences of a factor tell: the first answers may have come before the count began. */
function magnitude(count: number): number {
  return 32 - Math.clz32(count);
}
