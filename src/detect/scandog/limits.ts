// Thresholds of evidence that no user tunes, with unit and reason; those that users may tune are rows of
// `SCANDOG` in src/params.ts. What a protocol or a program fixes stands in the file that knows it. Numbers
// that were found by trying them on captures say so.

import { FULL_POINTS } from "../../failure_class.ts";

// ---- Weighing

/** Failed TCP attempts in a row, after the first, from one source port that only a tool makes. */
export const ONE_PORT_RUN = 4;
/** A peer that listens on its one port fails so many times for each use of it. */
export const RUN_OF_A_PEER = 16;
/** Uses add up, and no further: dead peers come in runs, but not for ever. */
export const RUN_OF_A_PEER_MAX = 256;
/** Failures in a row where nothing else speaks against the source: anything at all from one raw socket. */
export const ONE_PORT_PROOF = 12;
/** Refused answers after which silent ones count too. */
export const UNASKED_MIN = 3;
/** Failures for each success that a client may have, where its servers have no network in common (tried). */
export const FAILURES_PER_USE = 12;

// ---- Shapes

/** Of peers that are gone, fewer than one in so many had the port that peers like best (tried). */
export const PEERS_PORT_SHARE = 4;
/** A site's hosts are many more than a link's, so it needs so many times what a link does. */
export const SITE_FACTOR = 1.5;
/** Points each failed target of a grid has on average, at least: more than silent UDP of a client. */
export const GRID_POINTS = 2;
/** Sources that look alike need so many times what one source needs. */
export const GROUP_FACTOR = 2;

// ---- Who answers for it

/** Failures that earn a source real state. */
export const ADMIT_FAILURES = 2;
/** Sources that fail once before their network gets state: a flood's sources share none. */
export const ADMIT_SOURCES = 4;
/** Attempts per source of a group, at least: a few are lost where two targets share a bit. */
export const ATTEMPTS_PER_SOURCE = 1.5;
/** In a flood of random sources some come twice by chance (the birthday paradox), none often. */
export const ATTEMPTS_PER_SOURCE_IN_FLOOD = 4;
/** Copies of a probe that make a group: one may be chance where only 16 bits agree. */
export const COPIES_MIN = 3;

// ---- ARP

/**
 * One visible attempt from outside explains so many requests: most go to hosts that are not there. Of a
 * slow row fewer: in the same time any network has visitors that have nothing to do with it.
 */
export const REQUESTS_EXPLAINED = 32;
export const ROW_EXPLAINED = 2;

// ---- Streams

/**
 * Datagrams to one port, until its silence is judged, that make it a stream: telephony sends so many in half a
 * second, and who would hide a probe among them must send as many for each port.
 */
export const STREAM_DATAGRAMS = 24;

/** The same between two ports that nobody serves, as peers look for a way through their NATs (RFC 8445). */
export const TRAVERSAL_DATAGRAMS = 4;

/** Ports of one host that streams go to at once: a few calls, or the candidates of a few peers. */
export const STREAMED_PORTS = 24;
/** One more every so often: calls follow each other. Milliseconds. */
export const STREAMED_PORT_MS = 5_000;

// ---- Traceroutes

/** Ports of one host that are a traceroute's: thirty hops and three probes of each, and some of the next run. */
export const TRACED_PORTS = 96;
/** One more every so often, as mtr asks each hop once a second. Milliseconds. */
export const TRACED_PORT_MS = 1_000;
/** Hosts at one port that several traceroutes of a source have: each ends at the port of its distance. */
export const TRACED_HOSTS = 48;
/** One more every so often, for who looks after ways. Milliseconds. */
export const TRACED_HOST_MS = 10_000;

// ---- Second look

/** Longer than the pause between two rounds of most monitors, which is five minutes at most. Milliseconds. */
export const SECOND_LOOK_MS = 310_000;
/** What waits of one source, accepted: monitors look after so many services, and few after more. */
export const ACCEPTED_MAX = 512;
/** The same without an answer: most sweeps go through more hosts, and are to be told at once. */
export const UNANSWERED_MAX = 128;
/** Unanswered ports of one host that may wait, however often they are asked: more are a scan, one is a check. */
export const PORTS_OF_A_CHECK = 6;
/** Of a monitor's pings more come back for each that does not. */
export const ANSWERS_PER_LOST = 2;
/** A datagram that comes again sooner is sent again because it was lost, or by a scanner's retry. Milliseconds. */
export const ROUND_MS = 5_000;
/** A scanner asks twice, and seldom more often, what does not answer. */
export const ROUNDS_MIN = 3;

// ---- Answered once

/** Hosts that answered a source on one UDP port from which on it is looked at whether any was used again. */
export const ANSWERED_MIN = 8;
/**
 * Of each network, hosts that were asked once: a sweep goes through networks, while name servers, peers and
 * game servers share one seldom (tried: lists of them have fewer than two).
 */
export const ANSWERED_PER_NETWORK = 4;
/** So many fourths of them were asked from one socket, or the same question: resolvers change both. */
export const ALIKE_FOURTHS = 3;
/** Hosts that were asked once for each that was asked again: monitors lose answers, a sweep returns to few. */
export const ONCE_PER_AGAIN = 4;

/** Relations that the rest relies on; each with its reason. Throws a RangeError where one is broken. */
export function checkLimits(): void {
  const broken = [
    // What a raw socket alone is found by must be more than what makes each of its probes weigh.
    ONE_PORT_PROOF > ONE_PORT_RUN || "ONE_PORT_PROOF must be above ONE_PORT_RUN",
    // A grid of failures that all mean what they seem to mean must count as one.
    GRID_POINTS <= FULL_POINTS || "GRID_POINTS must be at most FULL_POINTS",
    // A network must need more sources than one source needs failures, or it would be admitted first.
    ADMIT_SOURCES > ADMIT_FAILURES || "ADMIT_SOURCES must be above ADMIT_FAILURES",
  ].filter((fault) => fault !== true);
  if (broken.length > 0) {
    throw new RangeError(`Cannot create ScandogDetector: ${broken.join("; ")}`);
  }
}
