// Where the decoder and tshark say different things of a packet on purpose, each with the reason.

import { Reason } from "../../src/decode/reason.ts";
import { Kind, Quirk } from "../../src/record.ts";
import type { Decoded } from "./harness.ts";
import type { Row } from "./tshark.ts";

/** One field on which they differ; field `record` where the decoder has no record at all. */
export interface Difference {
  field: string;
  ours: string | number;
  theirs: string;
  reason: number;
  decoded?: Decoded;
  row: Row;
}

export interface Exception {
  name: string;
  why: string;
  explains(difference: Difference): boolean;
}

function has(difference: Difference, quirks: number): boolean {
  return ((difference.decoded?.quirks ?? 0) & quirks) !== 0;
}

/** The decoder gives the packet without its transport. */
function withoutTransport({ field, ours }: Difference): boolean {
  return field === "kind" && ours === Kind.Ip;
}

export const EXCEPTIONS: Exception[] = [
  {
    name: "IP header cut",
    why:
      "tshark shows the fields before the place where the capture ends; the decoder publishes no " +
      "packet without its whole IP header.",
    explains: ({ field, reason }) => field === "record" && reason === Reason.IpCut,
  },
  {
    name: "transport header cut",
    why:
      "tshark shows ports without flags; the decoder says of such a packet only who and to whom.",
    explains: (difference) => withoutTransport(difference) && has(difference, Quirk.Truncated),
  },
  {
    name: "first fragment",
    why:
      "tshark dissects what the first fragment has of a header each time that it comes; the decoder " +
      "counts a datagram once, when its header is known, and believes no fragment with bad lengths.",
    explains: (difference) =>
      withoutTransport(difference) && has(difference, Quirk.Fragment) &&
      !has(difference, Quirk.FragmentHeader | Quirk.FragmentWhole),
  },
  {
    name: "datagram made whole",
    why: "What completes a datagram has the TTL, traffic class and length of the datagram.",
    explains: (difference) =>
      has(difference, Quirk.FragmentHeader | Quirk.FragmentWhole) &&
      ["ttl", "trafficClass", "ipLength", "protocol"].includes(difference.field),
  },
  {
    name: "fragment past 65535 bytes",
    why: "No datagram can hold it, so it is refused; tshark shows it.",
    explains: ({ field, reason }) => field === "record" && reason === Reason.FragmentTooLong,
  },
  {
    name: "total length of offload",
    why: "Where the total length is 0, tshark shows the length of the frame instead.",
    explains: ({ field, ours }) => field === "ipLength" && ours === 0,
  },
  {
    name: "fragment of a fragment",
    why:
      "tshark looks behind any number of Fragment headers; the decoder puts together the outer datagram " +
      "only.",
    explains: (difference) =>
      withoutTransport(difference) &&
      difference.row["frame.protocols"].includes("fraghdr:ipv6.fraghdr"),
  },
  {
    name: "IP of another version",
    why:
      "Where the link layer announces IPv4 and an IPv6 header follows, a kernel drops the packet; " +
      "tshark goes by the header.",
    explains: ({ field, reason }) => field === "record" && reason === Reason.IpVersion,
  },
  {
    name: "authentication header in IPv4",
    why:
      "tshark looks behind it; a kernel without the key does not, so the decoder does not either.",
    explains: (difference) =>
      withoutTransport(difference) && difference.decoded?.protocol === 51 &&
      difference.decoded.ipVersion === 4,
  },
  {
    name: "source route",
    why:
      "tshark shows the last hop of an IPv4 source route as the destination; the decoder shows the " +
      "address in the header, which is whom the packet is for now.",
    explains: (difference) =>
      difference.field === "destination" &&
      has(difference, Quirk.LooseSourceRoute | Quirk.StrictSourceRoute),
  },
  {
    name: "reverse ARP",
    why:
      "RARP (EtherType 0x8035) has ARP's form and another purpose; it is another link protocol here.",
    explains: ({ field, reason, row }) =>
      field === "record" && reason === Reason.OtherLinkProtocol &&
      (row["arp.opcode"] === "3" || row["arp.opcode"] === "4"),
  },
  {
    name: "ARP operation above 255",
    why: "None is assigned; the record has a byte for it, and says 0.",
    explains: ({ field, ours, theirs }) => field === "type" && ours === 0 && Number(theirs) > 255,
  },
];
