// The protocol names that all formats use.

import type { ScanEvent } from "../event.ts";
import { Kind } from "../record.ts";

interface Protocol {
  kind: number;
  /** In the IP header. */
  number: number;
  /** IANA's keyword (Assigned Internet Protocol Numbers). */
  keyword: string;
  /** In lines for people. */
  word: string;
}

const PROTOCOLS: readonly Protocol[] = [
  { kind: Kind.Tcp, number: 6, keyword: "TCP", word: "TCP" },
  { kind: Kind.Udp, number: 17, keyword: "UDP", word: "UDP" },
  { kind: Kind.Sctp, number: 132, keyword: "SCTP", word: "SCTP" },
  { kind: Kind.Icmp, number: 1, keyword: "ICMP", word: "ICMP" },
  { kind: Kind.Icmp6, number: 58, keyword: "IPv6-ICMP", word: "ICMPv6" },
];

type Names = Readonly<Record<number, string>>;

function names(key: "kind" | "number", name: (protocol: Protocol) => string): Names {
  return Object.fromEntries(PROTOCOLS.map((protocol) => [protocol[key], name(protocol)]));
}

const inSmallLetters = ({ keyword }: Protocol) => keyword.toLowerCase();

/** `network.transport` of ECS by `Kind`, IANA's keyword in small letters; other kinds have none. */
export const TRANSPORT_OF_KIND: Names = names("kind", inSmallLetters);

/** The same by IP protocol number. */
export const TRANSPORT_OF_NUMBER: Names = names("number", inSmallLetters);

/** IANA's keyword by `Kind`. */
export const KEYWORD_OF_KIND: Names = names("kind", ({ keyword }) => keyword);

/** The word in lines for people, by IP protocol number. */
export const WORD_OF_NUMBER: Names = names("number", ({ word }) => word);

/** Kinds whose numbers are ports. */
export function hasPorts(kind: number): boolean {
  return kind === Kind.Tcp || kind === Kind.Udp || kind === Kind.Sctp;
}

/** The one port that was probed, for fields that hold one. A number of a protocol is none. */
export function onlyPort({ ports, kind }: Pick<ScanEvent, "ports" | "kind">): number | undefined {
  if (ports.count !== 1 || !hasPorts(kind) || !/^\d+$/.test(ports.list)) return undefined;
  return Number(ports.list);
}
