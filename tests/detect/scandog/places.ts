// Sources that have a certain place in a table, for tests: the first place is one as every other.

import { parseAddress } from "../../../src/address.ts";
import { Memory } from "../../../src/detect/scandog/memory.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { networkOf, Width } from "../../../src/detect/scandog/table/network_prefix.ts";
import { WAYS } from "../../../src/detect/scandog/table/word_table.ts";

/** The first of these addresses that, as the only subject, has this place among subjects. */
export function subjectAt(place: number, addresses: Iterable<string>, memory = 16): string {
  const { subjects, hash } = new Memory(scandogOptions({ memory }));
  for (const address of addresses) {
    const words = new Int32Array(parseAddress(address)!.slice().buffer);
    const index = subjects.admit(words, 0, 0, hash.address(words, 0), 0);
    if (index === place) return address;
  }
  throw new Error(`no address has place ${place}`);
}

/** The first of these addresses that have their places among subjects in the same set as another, so many. */
export function rivalsOf(
  other: string,
  addresses: Iterable<string>,
  count: number,
  memory = 16,
): string[] {
  const { subjects, hash } = new Memory(scandogOptions({ memory }));
  const setOf = (address: string) => {
    const words = new Int32Array(parseAddress(address)!.slice().buffer);
    return Math.floor(subjects.admit(words, 0, 0, hash.address(words, 0), 0) / WAYS);
  };
  const set = setOf(other), rivals: string[] = [];
  for (const address of addresses) {
    if (setOf(address) === set) rivals.push(address);
    if (rivals.length === count) return rivals;
  }
  throw new Error(`only ${rivals.length} addresses are in the set of ${other}`);
}

/** The first of these networks, `a.b.c.`, that has this place among subjects. */
export function networkAt(place: number, networks: Iterable<string>, memory = 16): string {
  const { subjects, hash } = new Memory(scandogOptions({ memory }));
  const prefix = new Int32Array(4);
  for (const network of networks) {
    networkOf(new Int32Array(parseAddress(`${network}0`)!.slice().buffer), 0, Width.Link, prefix);
    const both = hash.pair(hash.address(prefix, 0), Width.Link);
    if (subjects.admit(prefix, 0, Width.Link, both, 0) === place) return network;
  }
  throw new Error(`no network has place ${place}`);
}

/** Addresses of 256 networks. */
export function* manyAddresses(first = 11): Generator<string> {
  for (let i = 0; i < 256 * 254; i++) yield `${first}.7.${i >> 8}.${1 + i % 254}`;
}
