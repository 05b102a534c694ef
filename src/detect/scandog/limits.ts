// Thresholds of evidence that no user tunes, with unit and reason; those that users may tune are rows of
// `SCANDOG` in src/params.ts. What a protocol or a program fixes stands in the file that knows it, and so do
// sizes of tables, and what misuse, floods, zombies, tools and visits are told by, which decide nothing about scans.
// Numbers that were found by trying them on captures say so.

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
/** Peers that are gone live all over the Internet: so many failed hosts of one site are none. */
export const PEERS_PER_SITE = 16;
/** At one port, so many are gone before any is there; who goes on without is a worm, or its packets are dropped. */
export const PEERS_GONE = 64;
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
/** Attempts from outside a network explain its ARP for so long. Milliseconds. */
export const OUTSIDE_MS = 15_000;
/** Fewer attempts from outside explain nothing. */
export const OUTSIDE_MIN = 2;
/** Neighbours a host must try itself before what it asks by ARP is taken for its own. */
export const INSIDE_MIN = 2;
/** Requests in order after which the next ones are a tool's: chance orders fewer. */
export const ARP_ROW_MIN = 6;
/** Steps between neighbours in a row: a tool leaves out itself and whom it knows. */
export const ARP_STEP_MAX = 2;
/** Requests that came again too soon which make a tool: the network may have delayed one. */
export const HASTY_MIN = 3;
/** Who asks for new neighbours this far apart on average resolves what passes by; tools ask faster. Milliseconds. */
export const ARP_SLOW_MS = 500;
/** That average forgets one part in so many with each request. */
export const ARP_PACE_SHARE = 8;
/** A pause counts as no more than this, or after a long one a sweep would pass for slow. Milliseconds. */
export const ARP_PAUSE_MAX_MS = 4000;
/**
 * IPv6 networks that make a router: a host has addresses of several, and may not have shown whose they are. Of IPv4
 * one address is enough, of another network than its own, that nobody on the link claims.
 */
export const NETWORKS_OF_ROUTER_6 = 3;

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

/**
 * Ports of one host at which probes that no traceroute by datagrams sends may die on their way: a traceroute by TCP has
 * one, a host behind a loop of routers a few. One more every so often. Milliseconds.
 */
export const EXPIRED_PORTS = 6;
export const EXPIRED_PORT_MS = 60_000;

// ---- Old connections

/**
 * Connections of two hosts from before the capture that one of them has forgotten: a pool's, or a browser's. Where more
 * are refused, nobody had them.
 */
export const REFUSED_ENDS = 64;
/** One more every so often, as keepalives find out. Milliseconds. */
export const REFUSED_END_MS = 60_000;

// ---- Second look

/** Longer than the pause between two rounds of monitors: one minute or five as a rule, ten by Nagios's template. Milliseconds. */
export const SECOND_LOOK_MS = 610_000;
/**
 * Who connects to a target again so long after the first time checks it: of any round that fits into the wait one begins
 * in its second half, and who scans twice does not rest in between. Milliseconds.
 */
export const CHECK_MS = SECOND_LOOK_MS / 2;
/** A target that is not there for so long is checked with so many packets meanwhile: four connections at least. */
export const CHECK_PACKETS = 12;
/** What waits of one source, accepted: monitors look after so many services, and few after more. */
export const ACCEPTED_MAX = 512;
/** The same without an answer: most sweeps go through more hosts, and are to be told at once. */
export const UNANSWERED_MAX = 128;
/** Unanswered ports of one host that may wait, however often they are asked: more are a scan, one is a check. */
export const PORTS_OF_A_CHECK = 6;
/** Of a monitor's pings more come back for each that does not. */
export const ANSWERS_PER_LOST = 2;
/** Connections without a word, of which it is not known yet whether they come again, that speak for a source as one use does. */
export const ACCEPTED_PER_USE = 4;
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

// ---- Answers to probes that were not seen

/** Ports of a host this near to the one before are of one program's row. */
export const PORTS_IN_ROW = 256;
/** Ports out of all order that no scanner's probes leave from. */
export const STRAY_PORTS_MIN = 3;

/** Datagrams of others from the same service to the same host which make them a reflection: late answers are fewer. */
export const CROWD_OF_SERVERS = 16;
/** A source that sent so many more of them than all others is none of many reflectors. */
export const LEADS_MIN = 16;

/**
 * Silent answers of a host that another did not ask for, at any of its ports, or at one port of several: those that are
 * late, or whose questions the capture lost, are fewer.
 */
export const UNASKED_ANSWERS = 24;
/** One more every so often. Milliseconds. */
export const UNASKED_ANSWER_MS = 60_000;

// ---- FTP

/** Lost data connections that a source may have: a client whose files do not come gives up earlier. */
export const FTP_LOST_MAX = 64;
/**
 * The same for each packet on the control connections until one is used, which are three or four; each further login is
 * one more. Clients whose files do not come log in again.
 */
export const FTP_LOST_PER_PACKET = 4;
/** Empty data connections beside a used connection of another kind. */
export const FTP_EMPTY_MAX = 12;

// ---- Several sources

/** Sources that look alike are one campaign until such a pause of all of them. Milliseconds. */
export const CAMPAIGN_GAP_MS = 60_000;
/** Copies of a probe follow one another at once; even a slow link needs no more for 128 packets. Milliseconds. */
export const COPY_MS = 2000;
/** A group that sent no copies for so long does not answer for its members. Milliseconds. */
export const GROUP_MS = 600_000;
/** A member that does so many times as much alone as with its group is told alone. */
export const MORE_FACTOR = 2;
/**
 * The address that a machine claims has a part in what it does under others if it failed a half as often: behind a
 * bridge that was not seen to be one it may be a neighbour's, who failed there too, now and then.
 */
export const PART_FACTOR = 2;
/** Addresses that are clients of one target, if they are no scanner's: more than one that is asked again. */
export const CROWD = 4;

// ---- What belongs to a scan

/** What was tried this long before the first failure of a scan belongs to it, and longer for one that pauses. Microseconds. */
export const GRACE_US = 500_000;
/** Pinged hosts from which on the answered pings belong to the scan: fewer greet its targets. */
export const PINGED_MIN = 3;
/** A scan rests after so many times its longest pause, or after so many times this. Milliseconds. */
export const RESTS = 4;
export const GAP_MS_MIN = 250;
