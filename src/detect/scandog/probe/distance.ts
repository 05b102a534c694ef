// How far away a source is, from the TTLs of its probes. Knows numbers only.
//
// A packet begins with a usual TTL and loses one at each router. The sender chooses the first, so
// this is what it would like to be believed, with two exceptions: 255 has crossed no router (the limit
// is one octet; RFC 5082 builds on it), and ARP is not routed at all.

/** What systems begin with: Windows 95 and devices; Linux, macOS, BSD; Windows; routers, raw tools. */
const INITIAL_TTLS = [32, 64, 128, 255];
/** Hardly a route is longer. */
export const HOPS_MAX = 31;
/** 32 is rare: a TTL that only it explains is believed near it. */
const HOPS_FROM_32_MAX = 7;
/** Routes change, and packets take several at once; by more than this it is the sender's doing. */
export const ROUTE_SPREAD = 3;
/** Fewer probes may agree by chance where each has a TTL of its own. */
const PROBES_MIN = 5;
/** nmap draws each packet's TTL from this range (tcpip.cc), unless told otherwise. */
const NMAP_TTL_MIN = 37, NMAP_TTL_MAX = 59;

/** Routers passed, both ends included. */
export interface Hops {
  min: number;
  max: number;
}

export interface Seen {
  /** TTLs of the probes; `ttlMin` is above `ttlMax` where none was seen. */
  ttlMin: number;
  ttlMax: number;
  probes: number;
  ipVersion: number;
  isArp: boolean;
  /** It is nmap with packets of its own, not the kernel's. */
  isRawNmap: boolean;
  /** All its probes came from one address. */
  isOneSource: boolean;
}

/** Undefined where the TTLs do not tell. */
export function hopsOf(seen: Seen): Hops | undefined {
  const { ttlMin, ttlMax, ipVersion } = seen;
  if (seen.isArp || (ttlMin === 255 && ttlMax === 255)) return { min: 0, max: 0 };
  if (ttlMin > ttlMax || ttlMin === 0) return undefined;
  if (seen.isRawNmap && ipVersion === 4) return fromNmap(seen);
  if (seen.probes < PROBES_MIN || ttlMax - ttlMin > ROUTE_SPREAD) return undefined;
  return fromUsual(seen);
}

/** True when one source's TTLs contradict one path: at least some of them it made up. */
export function isTtlContradiction({ ttlMin, ttlMax, isOneSource }: Seen): boolean {
  return isOneSource && ttlMax - ttlMin > ROUTE_SPREAD;
}

/**
 * False when packets of one source that arrived with these TTLs cannot have come as far as `hops`
 * says of others, whatever usual TTL they began with.
 */
export function isPathShared({ min, max }: Hops, ttlMin: number, ttlMax: number): boolean {
  return INITIAL_TTLS.some((initial) =>
    initial - ttlMin >= min - ROUTE_SPREAD && initial - ttlMax <= max + ROUTE_SPREAD
  );
}

/** All beginnings that leave a plausible route; a range where there are two. */
function fromUsual({ ttlMin, ttlMax }: Seen): Hops | undefined {
  const plausible = INITIAL_TTLS.filter((initial) =>
    initial >= ttlMax && initial - ttlMin <= (initial === 32 ? HOPS_FROM_32_MAX : HOPS_MAX)
  );
  if (plausible.length === 0) return undefined;
  return { min: Math.min(...plausible) - ttlMax, max: Math.max(...plausible) - ttlMin };
}

/** The extremes that arrived bound what the route can have taken from nmap's extremes. */
function fromNmap({ ttlMin, ttlMax }: Seen): Hops | undefined {
  // One and the same TTL was chosen with --ttl, and can be anything.
  if (ttlMin === ttlMax) return undefined;
  const min = Math.max(0, NMAP_TTL_MIN - ttlMin), max = NMAP_TTL_MAX - ttlMax;
  return max >= min ? { min, max } : undefined;
}
