// Where each count of the decoder lies in one array of numbers, so that it can be in memory shared
// with the thread that prints the summary. Knows places; counts nothing itself.

import { REASONS } from "./reason.ts";

/** Kinds are at most this many (`Kind` in record.ts). */
const KINDS = 8;

/** Indices into the array of counters. Each only grows. */
export const Counter = {
  /** Packets given to the decoder. */
  Packets: 0,
  /** Their bytes on the wire (not those captured). */
  Bytes: 1,
  /** IPv4 and IPv6 fragments that were followed. */
  Fragments: 2,
  /** Datagrams that became whole again. */
  DatagramsWhole: 3,
  /** Datagrams given up for newer ones while not whole: the table was too small. */
  DatagramsEvicted: 4,
  /** Datagrams given up because the rest did not come in time. */
  DatagramsExpired: 5,
  /** Packets (also quoted ones) with more IPv6 extension headers than the option `extensionHeaders` allows. */
  ExtensionHeadersExceeded: 6,
  /** Records of packets that the capture cut before the end of their transport header. */
  Cut: 7,
  /** Records by `Kind`: at this index plus the kind. */
  Kind: 8,
  /** Packets without a record by `Reason`: at this index plus the reason. */
  Reason: 8 + KINDS,
} as const;

/** Length of the array: a `Float64Array`, exact to 2^53. */
export const COUNTERS = Counter.Reason + REASONS;

/** A fresh array; the caller may as well lay one over shared memory. */
export function createCounters(): Float64Array<ArrayBuffer> {
  return new Float64Array(COUNTERS);
}
