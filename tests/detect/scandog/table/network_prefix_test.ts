// What is a network: of both IP versions, and of addresses that only look like IPv4.

import assert from "node:assert/strict";
import { formatAddress, parseAddress } from "../../../../src/address.ts";
import {
  isMappedAt,
  networkOf,
  Width,
} from "../../../../src/detect/scandog/table/network_prefix.ts";

function network(text: string, width: number = Width.Link): string {
  const words = new Int32Array(parseAddress(text)!.slice().buffer), network = new Int32Array(4);
  networkOf(words, 0, width, network);
  return formatAddress(new Uint8Array(network.buffer), 0);
}

Deno.test("networkOf() keeps three octets of IPv4 and half of IPv6", () => {
  assert.equal(network("198.51.100.255"), "198.51.100.0");
  assert.equal(network("2001:db8:1:2:ffff::9"), "2001:db8:1:2::");
  assert.equal(network("0:0:0:1::ffff:c633:6407"), "0:0:0:1::");
});

Deno.test("networkOf() keeps 48 bits of an IPv6 site", () => {
  assert.equal(network("2001:db8:1:2:ffff::9", Width.Site), "2001:db8:1::");
  assert.equal(network("2001:db8:ffff:ffff:ffff::9", Width.Site), "2001:db8:ffff::");
});

Deno.test("isMappedAt() is true of IPv4 only", () => {
  const isFour = (text: string) =>
    isMappedAt(new Int32Array(parseAddress(text)!.slice().buffer), 0);
  assert.ok(isFour("198.51.100.7"));
  assert.ok(!isFour("2001:db8::ffff:c633:6407"));
  assert.ok(!isFour("::1"));
});
