// Who is who in made-up traffic (RFC 5737 and RFC 3849 addresses), and at which paces.

export const PLACES = {
  v4: {
    scanner: "198.51.100.7",
    target: "203.0.113.10",
    other: "203.0.113.77",
    client: "192.0.2.40",
    third: "192.0.2.99",
    router: "192.0.2.1",
    host: (i: number) => `203.0.113.${1 + i % 250}`,
    /** Hosts with no network in common. */
    far: (i: number) => `${20 + i % 90}.${i >> 5 & 255}.${(i * 91) & 255}.${1 + (i * 7) % 250}`,
  },
  v6: {
    scanner: "2001:db8:51::7",
    target: "2001:db8:113::10",
    other: "2001:db8:113::77",
    client: "2001:db8:40::9",
    third: "2001:db8:99::9",
    router: "2001:db8:fe::1",
    host: (i: number) => `2001:db8:113::${(1 + i).toString(16)}`,
    far: (i: number) => `2001:db8:${(0x1000 + i * 37).toString(16)}::${(1 + i).toString(16)}`,
  },
} as const;
export type Family = keyof typeof PLACES;
export const FAMILIES = ["v4", "v6"] as const;

/** Seconds between two probes. */
export const PACES = { burst: 0.0001, fast: 0.005, nmap: 0.1, second: 1, quarter: 15, slow: 300 };
export type Pace = keyof typeof PACES;

/** Every combination of one of each. */
export function product<A, B, C = undefined>(
  first: readonly A[],
  second: readonly B[],
  third?: readonly C[],
): [A, B, C][] {
  return first.flatMap((a) =>
    second.flatMap((b) => (third ?? [undefined as C]).map((c): [A, B, C] => [a, b, c]))
  );
}

/** One of each, the shorter lists repeated: every value is met, not every combination. */
export function zipped<A, B, C>(a: readonly A[], b: readonly B[], c: readonly C[]): [A, B, C][] {
  const count = Math.max(a.length, b.length, c.length);
  return Array.from(
    { length: count },
    (_, i) => [a[i % a.length], b[i % b.length], c[i % c.length]],
  );
}
