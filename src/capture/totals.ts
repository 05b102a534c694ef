// The decoder's counters in words, for summaries.

import { Counter } from "../decode/counters.ts";
import { isMalformed, Reason, REASONS, reasonText } from "../decode/reason.ts";
import { Kind } from "../record.ts";

const KIND_NAMES: readonly [name: string, kind: number][] = [
  ["tcp", Kind.Tcp],
  ["udp", Kind.Udp],
  ["icmp", Kind.Icmp],
  ["icmp6", Kind.Icmp6],
  ["sctp", Kind.Sctp],
  ["arp", Kind.Arp],
  ["other ip", Kind.Ip],
];

/** What was decoded. Names of things that did not occur are absent. */
export interface DecodeTotals {
  packets: number;
  /** On the wire, not as captured. */
  bytes: number;
  byKind: Record<string, number>;
  /** Damaged packets, or lies, by reason. */
  malformed: Record<string, number>;
  /** Frames that are something else than IP or ARP. */
  other: Record<string, number>;
  /** Cut by the capture before the end of their transport header. */
  cut: number;
  fragments: number;
  datagramsWhole: number;
  /** Given up for newer ones, or because the rest did not come. */
  datagramsLost: number;
}

/** Reads the counters; cheap, but not for every packet. */
export function decodeTotals(counters: Float64Array): DecodeTotals {
  const some = (entries: [string, number][]) =>
    Object.fromEntries(entries.filter(([, count]) => count > 0));
  const reasons = (wanted: (reason: number) => boolean) =>
    some(
      Array.from({ length: REASONS }, (_, reason) => reason)
        .filter((reason) => reason !== Reason.None && wanted(reason))
        .map((reason) => [reasonText(reason), counters[Counter.Reason + reason]]),
    );
  return {
    packets: counters[Counter.Packets],
    bytes: counters[Counter.Bytes],
    byKind: some(KIND_NAMES.map(([name, kind]) => [name, counters[Counter.Kind + kind]])),
    malformed: reasons(isMalformed),
    other: reasons((reason) => !isMalformed(reason)),
    cut: counters[Counter.Cut],
    fragments: counters[Counter.Fragments],
    datagramsWhole: counters[Counter.DatagramsWhole],
    datagramsLost: counters[Counter.DatagramsEvicted] + counters[Counter.DatagramsExpired],
  };
}
