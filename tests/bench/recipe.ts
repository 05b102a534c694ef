// Traffic made by a recipe: a few numbers that say who sends what to whom, how fast, and how it is answered.
// What an attacker would send who has read the detector is some such recipe; `worst_search.ts` looks for it.
// Seeded: a recipe gives the same bytes everywhere.

import { collidingSources } from "./colliding.ts";
import { Random, SERVER, START_US } from "./traffic.ts";

/** How a target answers. */
export type Answer = "none" | "rst" | "syn-ack" | "unreachable";

export interface Recipe {
  /** Distinct sources; 0: each packet has a source of its own. */
  sources: number;
  /** Packets of one source in a row, before the next has its turn. */
  inARow: number;
  /** Consecutive addresses asked, from the server's on. */
  targets: number;
  /** Distinct ports of each. */
  ports: number;
  /** Distinct source ports of a source. */
  sourcePorts: number;
  /** Protocols in turn. */
  protocols: ("tcp" | "udp" | "icmp" | "sctp" | "esp" | "fragment" | "arp")[];
  /** TCP flags in turn. */
  flags: number[];
  payload: number;
  /** Microseconds between two packets. */
  everyUs: number;
  answer: Answer;
  /** Sequence numbers and IP IDs are the same for all, so that all probes look alike. */
  isAlike: boolean;
  /** Distinct link-layer addresses that frames come from, in turn. */
  links: number;
  isIpv6: boolean;
  /** All conversations belong to one set of the table of attempts. */
  isColliding: boolean;
}

/** What each of the others is a change of: SYNs of forged sources. */
export const PLAIN: Recipe = {
  sources: 0,
  inARow: 1,
  targets: 1,
  ports: 65535,
  sourcePorts: 60000,
  protocols: ["tcp"],
  flags: [2],
  payload: 0,
  everyUs: 2,
  answer: "none",
  isAlike: false,
  links: 1,
  isIpv6: false,
  isColliding: false,
};

const FILE_HEADER = 24, RECORD_HEADER = 16, ETHERNET = 14;
const PACKET_BYTES_MAX = 200;
const IPV4 = 20, IPV6 = 40;
const PROTOCOL: Record<string, number> = { tcp: 6, udp: 17, icmp: 1, sctp: 132, esp: 50 };
const ICMP6 = 58;
const HEADER: Record<string, number> = { tcp: 20, udp: 8, icmp: 8, sctp: 20, esp: 8 };
const SYN_ACK = 18, RST_ACK = 20;
/** The server's network as IPv6: 2001:db8::/96, the last four bytes as in IPv4. */
const PREFIX_6 = [0x20010db8, 0, 0];

interface Flow {
  source: number;
  target: number;
  sourcePort: number;
  port: number;
  sequence: number;
}

/** Writes `packets` packets of a recipe as a capture file, in memory. */
export class RecipeFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;
  private used = FILE_HEADER;
  private count = 0;

  constructor(private readonly recipe: Recipe, private readonly packets: number) {
    const memory = new ArrayBuffer(FILE_HEADER + packets * (RECORD_HEADER + PACKET_BYTES_MAX));
    this.view = new DataView(memory);
    [0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1].forEach((word, i) =>
      this.view.setUint32(4 * i, word, true)
    );
    this.write();
    this.bytes = new Uint8Array(memory, 0, this.used);
  }

  private write(): void {
    const { recipe } = this;
    const random = new Random(7), colliding = recipe.isColliding ? collidingSources() : [];
    for (let turn = 0; this.count < this.packets; turn++) {
      const place = Math.floor(turn / recipe.inARow);
      // What a source asks goes on from where it was when its turn comes again.
      const asked = recipe.sources === 0
        ? turn
        : Math.floor(place / recipe.sources) * recipe.inARow + turn % recipe.inARow;
      const source = recipe.sources === 0 ? random.next() : 0x0b000000 + place % recipe.sources;
      const flow = {
        source: recipe.isColliding ? colliding[place % colliding.length] : source,
        target: SERVER + asked % recipe.targets,
        sourcePort: 1024 + asked % recipe.sourcePorts,
        port: recipe.isColliding ? 80 : 1 + Math.floor(asked / recipe.targets) % recipe.ports,
        sequence: recipe.isAlike ? 77 : turn,
      };
      const protocol = recipe.protocols[turn % recipe.protocols.length];
      const flags = recipe.flags[turn % recipe.flags.length];
      this.probe(protocol, flow, flags);
      this.answer(protocol, flow);
    }
  }

  private answer(protocol: string, flow: Flow): void {
    const { recipe } = this;
    if (recipe.answer === "none" || protocol === "fragment" || protocol === "arp") return;
    const back = {
      source: flow.target,
      target: flow.source,
      sourcePort: flow.port,
      port: flow.sourcePort,
      sequence: recipe.answer === "rst" ? 0 : flow.sequence + 1000,
    };
    if (protocol === "tcp" && recipe.answer !== "unreachable") {
      return this.probe(
        "tcp",
        back,
        recipe.answer === "rst" ? RST_ACK : SYN_ACK,
        flow.sequence + 1,
      );
    }
    if (protocol === "udp" && recipe.answer === "syn-ack") return this.probe("udp", back, 0);
    this.unreachable(protocol, flow);
  }

  /** One packet. */
  private probe(protocol: string, flow: Flow, flags: number, acknowledgement = 0): void {
    if (protocol === "arp") return this.arp(flow);
    const isFragment = protocol === "fragment";
    const name = isFragment ? "udp" : protocol;
    const length = HEADER[name] + this.recipe.payload;
    const at = this.network(flow, name, length, isFragment);
    const { view } = this;
    view.setUint16(at, name === "icmp" ? (this.recipe.isIpv6 ? 0x8000 : 0x0800) : flow.sourcePort);
    view.setUint16(at + 2, flow.port);
    view.setUint32(at + 4, name === "udp" ? length << 16 : flow.sequence);
    if (name === "tcp") {
      view.setUint32(at + 8, acknowledgement);
      view.setUint32(at + 12, 0x50000000 | flags << 16 | 1024);
    }
    if (name === "sctp") view.setUint32(at + 12, 0x01000014);
  }

  /** A router says that the target cannot be reached: port, or protocol. */
  private unreachable(protocol: string, flow: Flow): void {
    const { isIpv6 } = this.recipe;
    const inner = isIpv6 ? IPV6 : IPV4;
    const back = { ...flow, source: flow.target, target: flow.source };
    const at = this.network(back, "icmp", 8 + inner + 8, false);
    const { view } = this;
    view.setUint16(at, isIpv6 ? 0x0104 : 0x0303);
    this.ip(at + 8, flow, protocol, 8, false);
    view.setUint16(at + 8 + inner, flow.sourcePort);
    view.setUint16(at + 8 + inner + 2, flow.port);
    view.setUint32(at + 8 + inner + 4, flow.sequence);
  }

  /** A question for the target, of a source in its network. */
  private arp(flow: Flow): void {
    const at = this.frame(0x0806, 28), { view } = this;
    view.setUint32(at, 0x00010800);
    view.setUint32(at + 4, 0x06040001);
    view.setUint32(at + 14, this.recipe.sources === 0 ? SERVER ^ flow.source & 0xff : flow.source);
    view.setUint32(at + 24, flow.target + flow.port);
  }

  /** Headers before a payload of `length` bytes; where it begins. */
  private network(flow: Flow, protocol: string, length: number, isFragment: boolean): number {
    const { isIpv6 } = this.recipe;
    const header = isIpv6 ? IPV6 : IPV4;
    const at = this.frame(isIpv6 ? 0x86dd : 0x0800, header + length);
    this.ip(at, flow, protocol, length, isFragment);
    return at + header;
  }

  private ip(at: number, flow: Flow, protocol: string, length: number, isFragment: boolean): void {
    const { view, recipe } = this;
    if (recipe.isIpv6) {
      view.setUint32(at, 0x60000000);
      view.setUint32(
        at + 4,
        length << 16 | (protocol === "icmp" ? ICMP6 : PROTOCOL[protocol]) << 8 | 60,
      );
      PREFIX_6.forEach((word, i) => {
        view.setUint32(at + 8 + 4 * i, word);
        view.setUint32(at + 24 + 4 * i, word);
      });
      view.setUint32(at + 20, flow.source);
      view.setUint32(at + 36, flow.target);
      return;
    }
    const id = recipe.isAlike ? 1 : this.count & 0xffff;
    view.setUint32(at, 0x45000000 | (IPV4 + length));
    view.setUint32(at + 4, id << 16 | (isFragment ? 0x2000 : 0));
    view.setUint32(at + 8, 60 << 24 | PROTOCOL[protocol] << 16);
    view.setUint32(at + 12, flow.source);
    view.setUint32(at + 16, flow.target);
  }

  /** A record and a frame of `length` bytes behind its header; where that begins. */
  private frame(type: number, length: number): number {
    const { view, used } = this;
    const timeUs = START_US + this.count * this.recipe.everyUs;
    view.setUint32(used, Math.floor(timeUs / 1e6), true);
    view.setUint32(used + 4, timeUs % 1e6, true);
    view.setUint32(used + 8, ETHERNET + length, true);
    view.setUint32(used + 12, ETHERNET + length, true);
    view.setUint32(used + RECORD_HEADER + 8, 1 + this.count % this.recipe.links);
    view.setUint16(used + RECORD_HEADER + 12, type);
    this.used = used + RECORD_HEADER + ETHERNET + length;
    this.count++;
    return used + RECORD_HEADER + ETHERNET;
  }
}
