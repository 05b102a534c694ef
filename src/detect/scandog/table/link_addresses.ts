// What the frames of a link show of link-layer addresses: which IP addresses each one claims by ARP or neighbour
// discovery, and for whom it sends, as conversations prove that others answered. Knows addresses and time.
//
// A claim anybody can make, so it excuses nobody. A conversation has two ends on this link: with what came from the
// other one, a router shows that it forwards (its packets carry addresses of other networks), a host that it sends for
// itself. Nobody can have conversations as an address of another network to which a router leads the answers.

import { NETWORKS_OF_ROUTER_6 } from "../limits.ts";
import type { Clock } from "../clock.ts";
import type { Hash } from "./hash.ts";
import { sameWords } from "./attempt_entries.ts";
import { isLinkLocal, isMappedAt, isSameNetwork } from "./network_prefix.ts";

const HOUR_MS = 3_600_000;
/** Link-layer addresses followed at once. */
const SETS = 256, WAYS = 4;
/** Addresses kept of each that it claims, and of those that it was proved to send for: the latest. */
const KEPT = 6;
const ADDRESS_WORDS = 4;
/** Of so many it is asked whether they are routers. */
const SENDERS = 8;
/** Who claims which address: places, and what stands there of one that several claim. */
const CLAIMS = 4096;
const CONTESTED = 0;

/** Words of an entry. */
const Word = {
  Link: 0, // the hash; 0: free
  Mac: 1, // 2 words: the first two bytes, the other four
  LastMs: 3,
  Claimed: 4, // how many of the claimed addresses there were, in all
  Sent: 5, // the same of those that it was proved to send for, and does not claim
  Speaks: 6, // 1: it had a conversation as an address that it claims
  Claims: 7,
  Sends: 7 + KEPT * ADDRESS_WORDS,
} as const;
const WORDS = Word.Sends + KEPT * ADDRESS_WORDS;

export class LinkAddresses {
  private readonly words = new Int32Array(SETS * WAYS * WORDS);
  private readonly claimed = new Int32Array(CLAIMS);
  private readonly claimant = new Int32Array(CLAIMS);
  private readonly claimedMs = new Int32Array(CLAIMS);
  /** The latest that send for addresses which they do not claim. */
  private readonly senders = new Int32Array(SENDERS);
  private nextSender = 0;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(hash: Hash, clock: Clock) {
    this.hash = hash;
    this.clock = clock;
  }

  /** Hash of the six bytes at bytes[at]; 0 for none, and for a group's, which nobody sends from. */
  hashOf(bytes: Uint8Array, at: number): number {
    const first = bytes[at] << 8 | bytes[at + 1], rest = lowerOf(bytes, at);
    const isSender = (bytes[at] & 1) === 0 && (first | rest) !== 0;
    return isSender ? this.hash.pair(first, rest) || 1 : 0;
  }

  // ---- What was seen

  /** The sender of a frame, with the six bytes at bytes[mac], says that the address at words[at] is its own. */
  noteClaim(bytes: Uint8Array, mac: number, words: Int32Array, at: number): void {
    const link = this.hashOf(bytes, mac);
    if (link === 0) return;
    const entry = this.touch(link);
    this.words[entry + Word.Mac] = bytes[mac] << 8 | bytes[mac + 1];
    this.words[entry + Word.Mac + 1] = lowerOf(bytes, mac);
    this.keep(entry, Word.Claims, Word.Claimed, words, at);
    this.claim(this.hash.address(words, at), link);
  }

  private claim(address: number, link: number): void {
    const { claimed, claimant, claimedMs, clock } = this;
    const place = address & (CLAIMS - 1);
    const isKnown = claimed[place] === address && clock.since(claimedMs[place]) <= HOUR_MS;
    // Two that claim one address: a change of routers, or a forgery. Packets do not tell whose it is.
    if (isKnown && claimant[place] !== link) claimant[place] = CONTESTED;
    if (isKnown) return;
    claimed[place] = address;
    claimant[place] = link;
    claimedMs[place] = clock.ms;
  }

  /** A conversation crossed the link: its end at words[at] is behind `link`, and the other is not. */
  noteConversation(link: number, words: Int32Array, at: number): void {
    const entry = this.touch(link);
    // Who claims more than a machine has is a proxy: what it sends for is not its own for that.
    const isOwn = this.words[entry + Word.Claimed] <= KEPT &&
      (this.has(entry, Word.Claims, Word.Claimed, words, at) ||
        this.claimantOf(this.hash.address(words, at)) === link);
    if (isOwn) this.words[entry + Word.Speaks] = 1;
    else if (this.keep(entry, Word.Sends, Word.Sent, words, at) && !this.senders.includes(link)) {
      this.senders[this.nextSender++ % SENDERS] = link;
    }
  }

  /** Keeps an address in a list of the latest; false when it is there. */
  private keep(entry: number, list: number, count: number, from: Int32Array, at: number): boolean {
    const { words } = this;
    const first = entry + list, kept = Math.min(words[entry + count], KEPT);
    for (let i = 0; i < kept; i++) {
      if (sameWords(words, first + i * ADDRESS_WORDS, from, at)) return false;
    }
    const place = first + (words[entry + count]++ % KEPT) * ADDRESS_WORDS;
    for (let i = 0; i < ADDRESS_WORDS; i++) words[place + i] = from[at + i];
    return true;
  }

  // ---- What it means

  /** True for one that was proved to send for somebody. */
  isProved(link: number): boolean {
    const entry = this.find(link);
    return entry >= 0 && (this.words[entry + Word.Sent] | this.words[entry + Word.Speaks]) !== 0;
  }

  /** True for one that was proved to send for others, outside the network of its own address at words[at]. */
  isRouter(link: number, words: Int32Array, at: number): boolean {
    const entry = this.find(link);
    if (entry < 0) return false;
    let networks = 0;
    for (let i = 0; i < this.count(entry, Word.Sent); i++) {
      const place = this.place(entry, Word.Sends, i);
      if (isSameNetwork(this.words, place, at, words)) continue;
      if (isMappedAt(this.words, place) && isMappedAt(words, at)) return true;
      if (!this.isEarlier(entry, i)) networks++;
    }
    return networks >= NETWORKS_OF_ROUTER_6;
  }

  /** True when an address before this one is of the same network. */
  private isEarlier(entry: number, index: number): boolean {
    const at = this.place(entry, Word.Sends, index);
    for (let i = 0; i < index; i++) {
      if (isSameNetwork(this.words, this.place(entry, Word.Sends, i), at)) return true;
    }
    return false;
  }

  /**
   * True for one machine that is no router: it has conversations as itself, or routers are known and it is none.
   * `words` and `at`: its own address.
   */
  isHost(link: number, words: Int32Array, at: number): boolean {
    if (!this.isMachine(link) || this.isRouter(link, words, at)) return false;
    return this.words[this.find(link) + Word.Speaks] !== 0 ||
      this.senders.some((other) => other !== link && this.isRouter(other, words, at));
  }

  /**
   * True for the address of one machine: it claims one IPv4 address at most, and IPv6 addresses of one network at
   * most, and was not proved to send for any other. Not for routers, bridges and proxies, and what several share.
   */
  isMachine(link: number): boolean {
    const entry = this.find(link);
    if (entry < 0 || this.words[entry + Word.Claimed] === 0) return false;
    if (this.words[entry + Word.Claimed] > KEPT) return false;
    const { words } = this;
    for (let i = 0; i < this.count(entry, Word.Claimed); i++) {
      const at = this.place(entry, Word.Claims, i);
      for (let j = 0; j < i; j++) {
        if (!isOneHosts(words, at, this.place(entry, Word.Claims, j))) return false;
      }
    }
    for (let i = 0; i < this.count(entry, Word.Sent); i++) {
      const at = this.place(entry, Word.Sends, i);
      let isOwn = false;
      for (let j = 0; j < this.count(entry, Word.Claimed); j++) {
        const own = this.place(entry, Word.Claims, j);
        isOwn ||= isMappedAt(words, at)
          ? sameWords(words, at, words, own)
          : isSameNetwork(words, at, own);
      }
      if (!isOwn) return false;
    }
    return true;
  }

  /** True when it claims the address at words[at]. */
  claims(link: number, words: Int32Array, at: number): boolean {
    const entry = this.find(link);
    return this.has(entry, Word.Claims, Word.Claimed, words, at);
  }

  /** True when it claims an address of the same network as that at words[at]. */
  isNear(link: number, words: Int32Array, at: number): boolean {
    const entry = this.find(link);
    if (entry < 0) return false;
    for (let i = 0; i < this.count(entry, Word.Claimed); i++) {
      if (isSameNetwork(this.words, this.place(entry, Word.Claims, i), at, words)) return true;
    }
    return false;
  }

  /** How many addresses `claimAt` has. */
  claimCount(link: number): number {
    const entry = this.find(link);
    return entry < 0 ? 0 : this.count(entry, Word.Claimed);
  }

  /** Word index in `claimWords` of one of the addresses that it claims. */
  claimAt(link: number, index: number): number {
    return this.place(this.find(link), Word.Claims, index);
  }

  /** The words that `claimAt` points into. */
  get claimWords(): Int32Array {
    return this.words;
  }

  /** Who lately claimed an address, by its hash; 0: nobody, or several. */
  claimantOf(address: number): number {
    const place = address & (CLAIMS - 1);
    const isKnown = this.claimed[place] === address &&
      this.clock.since(this.claimedMs[place]) <= HOUR_MS;
    return isKnown ? this.claimant[place] : 0;
  }

  /**
   * The link-layer address as `00:00:5e:00:53:23`, where it is one machine's on the link of the address at words[at];
   * undefined for a router's, which says nothing of who is behind it. Allocates.
   */
  machineOf(link: number, words: Int32Array, at: number): string | undefined {
    return this.isMachine(link) && this.isNear(link, words, at) ? this.text(link) : undefined;
  }

  private text(link: number): string {
    const entry = this.find(link);
    const first = this.words[entry + Word.Mac], rest = this.words[entry + Word.Mac + 1];
    return [first >>> 8, first, rest >>> 24, rest >>> 16, rest >>> 8, rest]
      .map((byte) => (byte & 0xff).toString(16).padStart(2, "0")).join(":");
  }

  // ---- Places

  private find(link: number): number {
    if (link === 0) return -1;
    const set = (link & (SETS - 1)) * WAYS;
    for (let i = set; i < set + WAYS; i++) {
      if (this.words[i * WORDS + Word.Link] === link) return this.fresh(i * WORDS);
    }
    return -1;
  }

  /** What was not heard of for an hour is not what it was. */
  private fresh(entry: number): number {
    return this.clock.since(this.words[entry + Word.LastMs]) <= HOUR_MS ? entry : -1;
  }

  /** The entry of a link-layer address, made if there is none. Who proved nothing gives way first. */
  private touch(link: number): number {
    const { words, clock } = this;
    let entry = this.find(link);
    if (entry < 0) {
      const set = (link & (SETS - 1)) * WAYS;
      entry = set * WORDS;
      for (let i = set; i < set + WAYS; i++) {
        if (words[i * WORDS + Word.Link] === link || this.worth(i * WORDS) < this.worth(entry)) {
          entry = i * WORDS;
          if (words[entry + Word.Link] === link) break;
        }
      }
      words.fill(0, entry, entry + WORDS);
      words[entry + Word.Link] = link;
    }
    words[entry + Word.LastMs] = clock.ms;
    return entry;
  }

  private worth(entry: number): number {
    const { words } = this;
    if (words[entry + Word.Link] === 0) return -Infinity;
    const proved = (words[entry + Word.Sent] | words[entry + Word.Speaks]) === 0 ? 0 : HOUR_MS;
    return proved - this.clock.since(words[entry + Word.LastMs]);
  }

  private count(entry: number, count: number): number {
    return Math.min(this.words[entry + count], KEPT);
  }

  private place(entry: number, list: number, index: number): number {
    return entry + list + index * ADDRESS_WORDS;
  }

  private has(entry: number, list: number, count: number, words: Int32Array, at: number): boolean {
    if (entry < 0) return false;
    for (let i = 0; i < this.count(entry, count); i++) {
      if (sameWords(this.words, this.place(entry, list, i), words, at)) return true;
    }
    return false;
  }
}

/** The last four of the six bytes at bytes[at]. */
function lowerOf(bytes: Uint8Array, at: number): number {
  return bytes[at + 2] << 24 | bytes[at + 3] << 16 | bytes[at + 4] << 8 | bytes[at + 5];
}

/** True for two addresses that one interface has as a rule: of both families, or of one IPv6 network and the link. */
function isOneHosts(words: Int32Array, a: number, b: number): boolean {
  const isFour = isMappedAt(words, a);
  if (isFour !== isMappedAt(words, b)) return true;
  return !isFour && (isSameNetwork(words, a, b) || isLinkLocal(words, a) || isLinkLocal(words, b));
}
