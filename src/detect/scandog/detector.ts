// The scandog detector: records in, scans out. Builds the parts, sorts records by kind, and looks
// after time. Knows no rule and no threshold of its own.

import type { Emit } from "../../event.ts";
import type { Records } from "../../record.ts";
import * as record from "../../record.ts";
import { Acquaintances } from "./table/acquaintances.ts";
import { Actors } from "./table/actors.ts";
import { AddressSet } from "./table/address_set.ts";
import { Arp } from "./protocol/arp.ts";
import { ArpAskers } from "./attempt/arp_askers.ts";
import { ArpSilence } from "./attempt/arp_silence.ts";
import { Attempts } from "./attempt/attempts.ts";
import { Charges } from "./rules/charges.ts";
import { Clock } from "./clock.ts";
import { Companions } from "./rules/companions.ts";
import { Conversations } from "./table/conversations.ts";
import * as conversations from "./table/conversations.ts";
import { Counters } from "./rules/counters.ts";
import { Decoys } from "./source/decoys.ts";
import { Distributed } from "./source/distributed.ts";
import { Evidence } from "./attempt/evidence.ts";
import { Flood } from "./flood/flood.ts";
import { FloodGate } from "./flood/flood_gate.ts";
import { ForgedPorts } from "./attempt/forged_ports.ts";
import { Hash } from "./table/hash.ts";
import { Leases } from "./attempt/leases.ts";
import { Icmp } from "./protocol/icmp.ts";
import { Misuse } from "./misuse/misuse.ts";
import { MisuseStory } from "./misuse/misuse_story.ts";
import { IpProtocols } from "./protocol/ip_protocol.ts";
import { checkOptions, type ScandogOptions } from "./options.ts";
import { Networks } from "./source/networks.ts";
import { Outsiders } from "./attempt/outsiders.ts";
import { Pairs } from "./table/pairs.ts";
import { PendingQueue } from "./table/pending.ts";
import { Probation } from "./table/probation.ts";
import { Reached } from "./attempt/reached.ts";
import { Scans } from "./scan/scans.ts";
import { Sctp } from "./protocol/sctp.ts";
import { SecondLook } from "./attempt/second_look.ts";
import { sizesFor } from "./sizes.ts";
import { Spread } from "./rules/spread.ts";
import { Tcp } from "./protocol/tcp.ts";
import { Twins } from "./attempt/twins.ts";
import { Udp } from "./protocol/udp.ts";
import { UsedFlows } from "./table/used_flows.ts";
import { Visits } from "./visit/visits.ts";
import { Waiting } from "./attempt/waiting.ts";
import { ZombieSigns } from "./scan/zombie_signs.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field, Kind, Quirk, RECORD_BYTES } = record;
const { wordAt } = conversations;

/** How often scans and floods are looked at. */
const TURN_MS = 500;
const LONG_PAUSE_MS = 10_000;
/** Bits of each generation of the address sets, and how long one lasts. */
const SENDERS_BITS = 1 << 20;
const SENDERS_MS = 3_600_000;
const ASKERS_BITS = 1 << 18;
const ASKERS_MS = 60_000;
const FEW_BITS = 1 << 16;
const HEARD_BITS = 1 << 18;
const USED_FLOWS = 1 << 16;

/** IPv4 multicast and above (224.0.0.0): the first octet, in a little-endian word. */
const FIRST_GROUP_OCTET = 224;
const GROUP_OCTET_6 = 0xff;

export class ScandogDetector {
  private readonly clock = new Clock();
  declare private readonly tcp: Tcp;
  declare private readonly udp: Udp;
  declare private readonly sctp: Sctp;
  declare private readonly icmp: Icmp;
  declare private readonly arp: Arp;
  declare private readonly protocols: IpProtocols;
  declare private readonly attempts: Attempts;
  declare private readonly waiting: Waiting;
  declare private readonly later: SecondLook;
  declare private readonly scans: Scans;
  declare private readonly flood: Flood;
  private judgedMs = 0;
  declare private readonly misuse: MisuseStory;
  /** What scanners found open, and who came back to it. */
  declare readonly visits: Visits;
  private turnMs = 0;
  private latestUs = 0;
  declare private readonly records: Records;

  /** `records`: where `process` finds them. Throws a RangeError for impossible options. */
  constructor(
    records: Records,
    options: ScandogOptions,
    emit: Emit,
  ) {
    this.records = records;

    checkOptions(options);
    const sizes = sizesFor(options.memory);
    const { clock } = this;
    const hash = new Hash(options.seed);
    const table = new Conversations(sizes.conversations);
    const actors = new Actors(sizes.actors);
    const senders = new AddressSet(SENDERS_BITS, SENDERS_MS);
    const speakers = new AddressSet(FEW_BITS, SENDERS_MS);
    const routers = new AddressSet(FEW_BITS, SENDERS_MS);
    const askers = new AddressSet(ASKERS_BITS, ASKERS_MS);
    const outsiders = new Outsiders(hash, clock);
    const arpAskers = new ArpAskers(hash);
    const reached = new Reached(clock);
    const leases = new Leases();
    const used = new UsedFlows(USED_FLOWS);
    this.flood = new Flood(options.floodSources, clock);
    const zombies = new ZombieSigns(records);
    const decoys = new Decoys(options, table, actors, speakers, hash, clock);
    this.visits = new Visits(sizes.foundPorts, options, table, hash, clock, emit);
    this.scans = new Scans(
      sizes.scans,
      options,
      table,
      actors,
      senders,
      hash,
      clock,
      emit,
      decoys.choose,
      zombies,
      this.visits,
    );
    decoys.connect(this.scans);
    this.flood.connect(this.scans);
    const distributed = new Distributed(
      options,
      table,
      actors,
      this.scans,
      this.flood,
      hash,
      clock,
    );
    const pairs = new Pairs(sizes.pairs);
    const probation = new Probation(sizes.probation);
    const acquaintances = new Acquaintances();
    const counters = new Counters(table, actors, pairs, hash, clock, options.remember * 1000);
    const networks = new Networks(
      options,
      table,
      actors,
      pairs,
      counters,
      probation,
      acquaintances,
      this.scans,
      hash,
      clock,
    );
    const evidence = new Evidence(
      options,
      table,
      actors,
      pairs,
      probation,
      this.scans,
      decoys,
      distributed,
      this.flood,
      networks,
      new Charges(
        table,
        actors,
        pairs,
        counters,
        acquaintances,
        hash,
        clock,
        options.ledger,
      ),
      new Companions(table, actors, pairs, hash),
      new Spread(table, pairs, counters, hash),
      hash,
      clock,
    );
    networks.connect((slot) => evidence.admit(slot));
    this.misuse = new MisuseStory(options, clock, emit, this.scans.say.bind(this.scans));
    const misuse = new Misuse(
      records,
      table,
      actors,
      hash,
      clock,
      this.misuse.end.bind(this.misuse),
    );
    this.misuse.connect(misuse);
    const heard = new AddressSet(HEARD_BITS, SENDERS_MS);
    this.later = new SecondLook(table, evidence, heard, reached, hash, clock, options.ledger);
    evidence.connect((slot) => this.later.countOf(slot));
    this.waiting = new Waiting(
      table,
      new PendingQueue(sizes.conversations),
      new ArpSilence(table, outsiders, arpAskers, clock),
      reached,
      leases,
      hash,
      clock,
      options.answerWait * 1000,
    );
    this.attempts = new Attempts(
      records,
      table,
      this.waiting,
      evidence,
      this.later,
      this.scans,
      new Twins(records, table, evidence, decoys, hash),
      this.flood,
      new FloodGate(options.floodRate),
      senders,
      outsiders,
      reached,
      new ForgedPorts(table, hash, clock),
      hash,
      clock,
      options.home,
      misuse,
      zombies,
      options.ledger,
    );
    options.ledger?.open({ records, table, actors, pairs, clock, options });
    this.tcp = new Tcp(records, this.attempts, table, used, clock);
    const { traceTtl } = options;
    this.udp = new Udp(records, this.attempts, table, used, askers, leases, hash, clock, traceTtl);
    this.sctp = new Sctp(records, this.attempts, table);
    this.icmp = new Icmp(records, this.attempts, table, routers, hash, clock, traceTtl);
    this.arp = new Arp(
      records,
      this.attempts,
      table,
      speakers,
      routers,
      outsiders,
      arpAskers,
      hash,
      clock,
    );
    this.protocols = new IpProtocols(records, this.attempts, table);
  }

  /** Takes `count` records that lie in a row from byte offset `base` on. Allocates nothing. */
  process(base: number, count: number): void {
    const { f64, bytes } = this.records;
    const { clock } = this;
    const end = base + count * RECORD_BYTES;
    for (let at = base; at < end; at += RECORD_BYTES) {
      const timeUs = f64[at >> 3];
      clock.advance(timeUs);
      if (timeUs > this.latestUs) this.latestUs = timeUs;
      if (clock.ms !== this.judgedMs) this.judge();
      switch (bytes[at + Field.Kind]) {
        case Kind.Tcp:
          if (!this.tcp.isKnown(at) && this.isProbeable(at)) this.tcp.process();
          break;
        case Kind.Udp:
          if (this.isProbeable(at)) this.udp.process(at);
          else this.udp.group(at);
          break;
        case Kind.Icmp6:
          if (isNeighbourDiscovery(bytes[at + Field.Type])) this.arp.neighbour(at);
          else if (this.isProbeable(at)) this.icmp.process(at);
          break;
        case Kind.Icmp:
          if (this.isProbeable(at)) this.icmp.process(at);
          break;
        case Kind.Sctp:
          if (this.isProbeable(at)) this.sctp.process(at);
          break;
        case Kind.Arp:
          this.arp.process(at);
          break;
        case Kind.Ip:
          if (this.isProbeable(at) && !this.isCut(at)) this.protocols.process(at);
          break;
      }
    }
  }

  /**
   * No packet came, but time passed: what waits for an answer is judged, and scans that fell silent
   * end. For live capture; microseconds since 1970.
   */
  advance(timeUs: number): void {
    this.clock.advance(timeUs);
    if (timeUs > this.latestUs) this.latestUs = timeUs;
    while (this.waiting.isDue()) this.waiting.turn();
    this.turn();
  }

  /** The capture has ended: what still waits is judged, and every scan ends. */
  finish(): void {
    this.attempts.judgeAll();
    this.flood.finish();
    this.misuse.finish();
    this.scans.finish(this.latestUs);
  }

  /** Once a millisecond is often enough for what waits seconds. */
  private judge(): void {
    this.judgedMs = this.clock.ms;
    this.waiting.turn();
    if (this.clock.since(this.turnMs) >= TURN_MS) this.turn();
  }

  private turn(): void {
    // After a pause so long, live capture has judged all that waited: see `advance`. A replay does so now.
    if (this.clock.since(this.turnMs) >= LONG_PAUSE_MS) {
      while (this.waiting.isDue()) this.waiting.turn();
    }
    // What waits for silence is judged first, or a scan would end before its last attempts.
    if (this.waiting.isDue()) return;
    this.turnMs = this.clock.ms;
    this.later.turn();
    this.flood.turn();
    this.misuse.turn();
    this.scans.turn(this.latestUs);
  }

  /**
   * False for what cannot be a probe of one host: groups and broadcasts, no sender, fragments without
   * the header that says what they are, and packets from a port to itself (the LAND attack).
   */
  isProbeable(base: number): boolean {
    const { i32, u16, bytes } = this.records;
    const quirks = i32[wordAt(base, Field.Quirks)];
    if ((quirks & (Quirk.LinkMulticast | Quirk.Fragment | Quirk.BadTransportLength)) !== 0) {
      if ((quirks & Quirk.LinkMulticast) !== 0) return false;
      if ((quirks & Quirk.Fragment) !== 0 && (quirks & Quirk.FragmentHeader) === 0) return false;
      // No kernel answers a segment whose header contradicts itself, so no scanner sends one.
      if ((quirks & Quirk.BadTransportLength) !== 0 && bytes[base + Field.Kind] === Kind.Tcp) {
        return false;
      }
    }
    const to = base + Field.Destination;
    if (bytes[base + Field.IpVersion] === 4) {
      if (bytes[to + 12] >= FIRST_GROUP_OCTET || bytes[to + 12] === 0) return false;
      if (bytes[base + Field.Source + 12] >= FIRST_GROUP_OCTET) return false;
      if (i32[wordAt(base, Field.Source) + 3] === 0) return false;
    } else {
      if (bytes[to] === GROUP_OCTET_6 || bytes[base + Field.Source] === GROUP_OCTET_6) return false;
      const from = wordAt(base, Field.Source);
      if ((i32[from] | i32[from + 1] | i32[from + 2] | i32[from + 3]) === 0) return false;
    }
    const from = wordAt(base, Field.Source), toWord = to >> 2;
    return i32[from + 3] !== i32[toWord + 3] || i32[from + 2] !== i32[toWord + 2] ||
      i32[from + 1] !== i32[toWord + 1] || i32[from] !== i32[toWord] ||
      u16[(base + Field.SourcePort) >> 1] !== u16[(base + Field.DestinationPort) >> 1];
  }

  /** A header that the capture cut off is not a bare IP packet. */
  private isCut(base: number): boolean {
    const quirks = this.records.i32[wordAt(base, Field.Quirks)];
    return (quirks & Quirk.Truncated) !== 0 && (quirks & Quirk.BadTransportLength) === 0;
  }
}

/** ICMPv6 types of RFC 4861. */
function isNeighbourDiscovery(type: number): boolean {
  return type >= 133 && type <= 137;
}
