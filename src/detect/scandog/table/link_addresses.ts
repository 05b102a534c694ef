// What the frames of a link show of link-layer addresses: which IP addresses each one claims by ARP or neighbour
// discovery, and for whom it sends, as conversations prove that others answered. Knows addresses and time.
//
// A claim anybody can make, so it excuses nobody. A conversation has two ends on this link: with what came from the
// other one, a router shows that it forwards (its packets carry addresses of other networks), a host that it sends for
// itself. Nobody can have conversations as an address of another network to which a router leads the answers.

import { NETWORKS_OF_ROUTER_6 } from "../limits.ts";
import type { Clock } from "../clock.ts";
import type { Column } from "./column.ts";
import type { Hash } from "../../../keyed_hash.ts";
import { sameWords } from "./attempt_entries.ts";
import { isLinkLocal, isMappedAt, isSameNetwork } from "./network_prefix.ts";
import { tagOf, WAYS, WordTable } from "./word_table.ts";

const HOUR_MS = 3_600_000;
/** Link-layer addresses followed at once. */
const LINKS = 1024;
/** Addresses kept of each that it claims, and of those that it was proved to send for: the latest. */
const KEPT = 6;
const ADDRESS_WORDS = 4;
/** Of so many it is asked whether they are routers. */
const SENDERS = 8;
/** Who claims which address: places, and what stands there of one that several claim. */
const CLAIMS = 4096;
const CONTESTED = 0;
/** First words of the two lists of an entry, and words in all. */
const CLAIMED = 6, SENT = CLAIMED + KEPT * ADDRESS_WORDS, WORDS = SENT + KEPT * ADDRESS_WORDS;

/** A list of the latest addresses of each entry. */
interface Latest {
  /** Its first word. */
  word: number;
  /** How many there were, in all. */
  count: Column;
}

export class LinkAddresses extends WordTable {
  /** The address itself: its first two bytes, the other four. */
  private readonly first = this.column(0);
  private readonly rest = this.column(1);
  private readonly lastMs = this.column(2);
  /** 1: it had a conversation as an address that it claims. */
  private readonly speaks = this.column(3);
  private readonly claimed: Latest = { word: CLAIMED, count: this.column(4) };
  /** Those that it was proved to send for, and does not claim. */
  private readonly sent: Latest = { word: SENT, count: this.column(5) };
  /** By a hash of the address: whose claim it is, and since when. */
  private readonly addresses = new Int32Array(CLAIMS);
  private readonly claimant = new Int32Array(CLAIMS);
  private readonly claimedMs = new Int32Array(CLAIMS);
  /** The latest that send for addresses which they do not claim. */
  private readonly senders = new Int32Array(SENDERS);
  private nextSender = 0;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(hash: Hash, clock: Clock) {
    super(LINKS, WORDS);
    this.hash = hash;
    this.clock = clock;
  }

  /** Hash of the six bytes at bytes[at]; 0 for none, and for a group's, which nobody sends from. */
  hashOf(bytes: Uint8Array, at: number): number {
    const first = bytes[at] << 8 | bytes[at + 1], rest = lowerOf(bytes, at);
    const isSender = (bytes[at] & 1) === 0 && (first | rest) !== 0;
    return isSender ? tagOf(this.hash.pair(first, rest)) : 0;
  }

  // ---- What was seen

  /** The sender of a frame, with the six bytes at bytes[mac], says that the address at words[at] is its own. */
  noteClaim(bytes: Uint8Array, mac: number, words: Int32Array, at: number): void {
    const link = this.hashOf(bytes, mac);
    if (link === 0) return;
    const entry = this.touch(link);
    this.first.set(entry, bytes[mac] << 8 | bytes[mac + 1]);
    this.rest.set(entry, lowerOf(bytes, mac));
    this.keep(entry, this.claimed, words, at);
    this.claim(this.hash.address(words, at), link);
  }

  private claim(address: number, link: number): void {
    const { claimant } = this;
    const place = address & (CLAIMS - 1);
    const isKnown = this.isClaimed(address);
    // Two that claim one address: a change of routers, or a forgery. Packets do not tell whose it is.
    if (isKnown && claimant[place] !== link) claimant[place] = CONTESTED;
    if (isKnown) return;
    this.addresses[place] = address;
    claimant[place] = link;
    this.claimedMs[place] = this.clock.ms;
  }

  private isClaimed(address: number): boolean {
    const place = address & (CLAIMS - 1);
    return this.addresses[place] === address && this.clock.since(this.claimedMs[place]) <= HOUR_MS;
  }

  /** A conversation crossed the link: its end at words[at] is behind `link`, and the other is not. */
  noteConversation(link: number, words: Int32Array, at: number): void {
    const entry = this.touch(link);
    // Who claims more than a machine has is a proxy: what it sends for is not its own for that.
    const isOwn = this.claimed.count.of(entry) <= KEPT &&
      (this.has(entry, this.claimed, words, at) ||
        this.claimantOf(this.hash.address(words, at)) === link);
    if (isOwn) this.speaks.set(entry, 1);
    else if (this.keep(entry, this.sent, words, at) && !this.senders.includes(link)) {
      this.senders[this.nextSender++ % SENDERS] = link;
    }
  }

  /** Keeps an address in a list of the latest; false when it is there. */
  private keep(entry: number, list: Latest, from: Int32Array, at: number): boolean {
    if (this.has(entry, list, from, at)) return false;
    const place = this.place(entry, list, list.count.of(entry) % KEPT);
    for (let i = 0; i < ADDRESS_WORDS; i++) this.words[place + i] = from[at + i];
    list.count.add(entry, 1);
    return true;
  }

  // ---- What it means

  /** True for one that was proved to send for somebody. */
  isProved(link: number): boolean {
    const entry = this.find(link);
    return entry >= 0 && this.hasSent(entry);
  }

  private hasSent(entry: number): boolean {
    return (this.sent.count.of(entry) | this.speaks.of(entry)) !== 0;
  }

  /** True for one that was proved to send for others, outside the network of its own address at words[at]. */
  isRouter(link: number, words: Int32Array, at: number): boolean {
    const entry = this.find(link);
    let networks = 0;
    for (let i = 0; i < this.kept(entry, this.sent); i++) {
      const place = this.place(entry, this.sent, i);
      if (isSameNetwork(this.words, place, at, words)) continue;
      if (isMappedAt(this.words, place) && isMappedAt(words, at)) return true;
      // Each network once: where it comes first.
      if (this.nearest(entry, this.sent, this.words, place) === i) networks++;
    }
    return networks >= NETWORKS_OF_ROUTER_6;
  }

  /**
   * True for one machine that is no router: it has conversations as itself, or routers are known and it is none.
   * `words` and `at`: its own address.
   */
  isHost(link: number, words: Int32Array, at: number): boolean {
    if (!this.isMachine(link) || this.isRouter(link, words, at)) return false;
    return this.speaks.of(this.find(link)) !== 0 ||
      this.senders.some((other) => other !== link && this.isRouter(other, words, at));
  }

  /**
   * True for the address of one machine: it claims one IPv4 address at most, and IPv6 addresses of one network at
   * most, and was not proved to send for any other. Not for routers, bridges and proxies, and what several share.
   */
  isMachine(link: number): boolean {
    const { words, claimed, sent } = this;
    const entry = this.find(link);
    if (entry < 0 || claimed.count.of(entry) === 0 || claimed.count.of(entry) > KEPT) return false;
    for (let i = 0; i < this.kept(entry, claimed); i++) {
      const at = this.place(entry, claimed, i);
      for (let j = 0; j < i; j++) {
        if (!isOneHosts(words, at, this.place(entry, claimed, j))) return false;
      }
    }
    for (let i = 0; i < this.kept(entry, sent); i++) {
      const at = this.place(entry, sent, i);
      const isOwn = isMappedAt(words, at)
        ? this.has(entry, claimed, words, at)
        : this.nearest(entry, claimed, words, at) >= 0;
      if (!isOwn) return false;
    }
    return true;
  }

  /** True when it claims the address at words[at]. */
  claims(link: number, words: Int32Array, at: number): boolean {
    return this.has(this.find(link), this.claimed, words, at);
  }

  /** True when it claims an address of the same network as that at words[at]. */
  isNear(link: number, words: Int32Array, at: number): boolean {
    return this.nearest(this.find(link), this.claimed, words, at) >= 0;
  }

  /** Word indices in `words` of the addresses that it claims. Allocates. */
  claimsOf(link: number): number[] {
    const entry = this.find(link), length = this.kept(entry, this.claimed);
    return Array.from({ length }, (_, i) => this.place(entry, this.claimed, i));
  }

  /** Who lately claimed an address, by its hash; 0: nobody, or several. */
  claimantOf(address: number): number {
    return this.isClaimed(address) ? this.claimant[address & (CLAIMS - 1)] : 0;
  }

  /**
   * The link-layer address as `00:00:5e:00:53:23`, where it is one machine's on the link of the address at words[at];
   * undefined for a router's, which says nothing of who is behind it. Allocates.
   */
  machineOf(link: number, words: Int32Array, at: number): string | undefined {
    if (!this.isMachine(link) || !this.isNear(link, words, at)) return undefined;
    const entry = this.find(link);
    const first = this.first.of(entry), rest = this.rest.of(entry);
    return [first >>> 8, first, rest >>> 24, rest >>> 16, rest >>> 8, rest]
      .map((byte) => (byte & 0xff).toString(16).padStart(2, "0")).join(":");
  }

  // ---- Places

  /** The entry of a link-layer address, or -1: what was not heard of for an hour is not what it was. */
  private find(link: number): number {
    const entry = this.entryOf(link);
    return entry >= 0 && this.clock.since(this.lastMs.of(entry)) <= HOUR_MS ? entry : -1;
  }

  private entryOf(link: number): number {
    if (link === 0) return -1;
    const set = this.setOf(link);
    for (let entry = set; entry < set + WAYS; entry++) {
      if (this.tags[entry] === link) return entry;
    }
    return -1;
  }

  /** The entry of a link-layer address, made if there is none. */
  private touch(link: number): number {
    let entry = this.find(link);
    if (entry < 0) {
      entry = this.entryOf(link);
      if (entry < 0) entry = this.leastWorth(link, this.clock.ms);
      this.tags[entry] = link;
      this.words.fill(0, entry * WORDS, (entry + 1) * WORDS);
    }
    this.lastMs.set(entry, this.clock.ms);
    return entry;
  }

  /** Who proved nothing gives way first. */
  worth(entry: number): number {
    if (this.tags[entry] === 0) return -Infinity;
    return (this.hasSent(entry) ? HOUR_MS : 0) - this.clock.since(this.lastMs.of(entry));
  }

  /** How many addresses of a list are kept; of no entry, none. */
  private kept(entry: number, list: Latest): number {
    return entry < 0 ? 0 : Math.min(list.count.of(entry), KEPT);
  }

  private place(entry: number, list: Latest, index: number): number {
    return entry * WORDS + list.word + index * ADDRESS_WORDS;
  }

  private has(entry: number, list: Latest, words: Int32Array, at: number): boolean {
    for (let i = 0; i < this.kept(entry, list); i++) {
      if (sameWords(this.words, this.place(entry, list, i), words, at)) return true;
    }
    return false;
  }

  /** Which address of a list is the first of the network of that at words[at]; -1: none is. */
  private nearest(entry: number, list: Latest, words: Int32Array, at: number): number {
    for (let i = 0; i < this.kept(entry, list); i++) {
      if (isSameNetwork(this.words, this.place(entry, list, i), at, words)) return i;
    }
    return -1;
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
