// Whose capture it is, from its first packets: the address that captured it. Knows records.
//
// Scans must not be judged by a guess (ADR 17), but a line may say which way one goes. So a guess that may
// be wrong is none. Packets that the capturing machine sent have not passed a router, and their TTL shows
// it, while those of hosts elsewhere have; and a machine sees its own conversations. But a scanner next to
// a router's outer side looks the same there, so it must also be asked more than it asks. An address is
// home when all that holds, and for one address only. On a link where everybody is a neighbour nothing shows,
// but in a cooked capture, which says what was sent.

import { formatAddress, type Prefix } from "../address.ts";
import { Field, Kind, Quirk, type Records, TcpFlag } from "../record.ts";

/** TTLs that systems begin with, and that no packet from behind a router has by accident. */
const INITIAL_TTLS = new Set([64, 128, 255]);
/** Packets of each sort that are enough: one may be a stray. */
const ENOUGH = 3;
/** The share of packets that home must be an end of. */
const SHARE = 0.95;
/** Addresses told of one machine. */
const OWN_MAX = 16;
const FIRST_GROUP_OCTET = 224, GROUP_OCTET_6 = 0xff;
const LINK_LOCAL_6 = 0xfe;
const ECHO = 8, ECHO_6 = 128;

interface Host {
  address: Uint8Array;
  isFour: boolean;
  /** Packets from it and to it. */
  sent: number;
  got: number;
  /** Of those from it, with a TTL that passed no router; and which the link layer says were sent here. */
  fresh: number;
  own: number;
  /** Of those to others, which came from the link. */
  arrived: number;
  /** Connections and pings that it began, and that others began with it. */
  began: number;
  asked: number;
}

export class HomeGuess {
  /** By address: of IPv4 its last word, of IPv6 all of them as text. */
  private readonly hosts = new Map<number | string, Host>();
  /** Packets looked at: IPv4, IPv6. */
  private readonly packets = { four: 0, six: 0 };

  constructor(private readonly records: Records) {}

  /** Takes the record at byte offset `base` into account. */
  look(base: number): void {
    const { bytes, u32 } = this.records;
    const quirks = u32[(base + Field.Quirks) >> 2];
    if (bytes[base + Field.Kind] === Kind.Arp || (quirks & Quirk.LinkMulticast) !== 0) return;
    const isFour = bytes[base + Field.IpVersion] === 4;
    if (!isHost(bytes, base + Field.Source, isFour)) return;
    if (!isHost(bytes, base + Field.Destination, isFour)) return;
    this.packets[isFour ? "four" : "six"]++;
    const from = this.host(base + Field.Source, isFour);
    from.sent++;
    const to = this.host(base + Field.Destination, isFour);
    to.got++;
    if (isFirst(bytes, base)) {
      from.began++;
      to.asked++;
    }
    const isOutgoing = (quirks & Quirk.Outgoing) !== 0;
    if (!isOutgoing && from !== to) from.arrived++;
    if (!INITIAL_TTLS.has(bytes[base + Field.Ttl])) return;
    from.fresh++;
    if (isOutgoing) from.own++;
  }

  private host(at: number, isFour: boolean): Host {
    const { bytes, u32 } = this.records;
    const word = at >> 2;
    const key = isFour ? u32[word + 3] : u32.subarray(word, word + 4).join();
    let host = this.hosts.get(key);
    if (host === undefined) {
      const address = bytes.slice(at, at + 16);
      const none = { sent: 0, got: 0, fresh: 0, own: 0, arrived: 0, began: 0, asked: 0 };
      host = { address, isFour, ...none };
      this.hosts.set(key, host);
    }
    return host;
  }

  /** The addresses of home; none when the packets do not show it. */
  home(): Prefix[] {
    const hosts = [...this.hosts.values()];
    // A router's cooked capture has what it forwards as sent, too, and a bridge's with a fresh TTL; whoever
    // knows how far it is gets the same through a router. But what is forwarded also arrives.
    const sending = hosts.filter((host) => host.own >= ENOUGH);
    const found = sending.length > 0
      ? sending.filter((host) => host.arrived === 0)
      : [...this.alone(hosts, true), ...this.alone(hosts, false)];
    if (found.length > OWN_MAX) return [];
    return found.map(({ address }) => ({ address, bits: 128 }));
  }

  /** The one host of an IP version that is an end of everything and near, where others are far. */
  private alone(all: Host[], isFour: boolean): Host[] {
    const hosts = all.filter((host) => host.isFour === isFour);
    const packets = this.packets[isFour ? "four" : "six"];
    const near = hosts.filter(({ sent, got, fresh }) =>
      sent + got >= SHARE * packets && fresh >= ENOUGH
    );
    // Two such are neighbours that talk, and either may be home: a client next to its server.
    if (near.length !== 1) return [];
    const [{ asked, began }] = near;
    if (asked < Math.max(ENOUGH, began + 1)) return [];
    const far = hosts.reduce((sum, { sent, fresh }) => sum + sent - fresh, 0);
    const ofNear = near.reduce((sum, { sent, fresh }) => sum + sent - fresh, 0);
    return far - ofNear >= ENOUGH ? near : [];
  }
}

/** True for what begins something: a SYN, a ping. */
function isFirst(bytes: Uint8Array, base: number): boolean {
  const type = bytes[base + Field.Type];
  switch (bytes[base + Field.Kind]) {
    case Kind.Tcp:
      return (bytes[base + Field.TcpFlags] & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn;
    case Kind.Icmp:
      return type === ECHO;
    case Kind.Icmp6:
      return type === ECHO_6;
  }
  return false;
}

/** One host's address that is routed: no group, no broadcast, not link-local. */
function isHost(bytes: Uint8Array, at: number, isFour: boolean): boolean {
  if (isFour) return bytes[at + 12] > 0 && bytes[at + 12] < FIRST_GROUP_OCTET;
  return bytes[at] !== GROUP_OCTET_6 && bytes[at] !== LINK_LOCAL_6 && bytes[at] !== 0;
}

/** For people. */
export function homeText(home: readonly Prefix[]): string {
  return home.map(({ address }) => formatAddress(address)).join(", ");
}
