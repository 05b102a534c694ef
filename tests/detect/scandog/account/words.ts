// Addresses as the tables have them.

import { parseAddress } from "../../../../src/address.ts";

/** The four words of an address. */
export function addressWords(text: string): Int32Array {
  return new Int32Array(parseAddress(text)!.slice().buffer);
}
