import assert from "node:assert/strict";
import {
  KEYWORD_OF_KIND,
  TRANSPORT_OF_KIND,
  TRANSPORT_OF_NUMBER,
  WORD_OF_NUMBER,
} from "../../src/format/protocols.ts";
import { Kind } from "../../src/record.ts";

Deno.test("protocol names are IANA's, whether found by kind or by number", () => {
  assert.deepEqual(Object.values(TRANSPORT_OF_KIND), Object.values(KEYWORD_OF_KIND).map(lower));
  assert.equal(TRANSPORT_OF_KIND[Kind.Icmp6], "ipv6-icmp");
  assert.equal(TRANSPORT_OF_NUMBER[58], "ipv6-icmp");
  assert.equal(KEYWORD_OF_KIND[Kind.Icmp6], "IPv6-ICMP");
  assert.equal(WORD_OF_NUMBER[58], "ICMPv6");
  assert.deepEqual(Object.keys(TRANSPORT_OF_NUMBER), ["1", "6", "17", "58", "132"]);
});

Deno.test("what is no transport has no name among them", () => {
  assert.equal(TRANSPORT_OF_KIND[Kind.Arp], undefined);
  assert.equal(TRANSPORT_OF_KIND[Kind.Ip], undefined);
  assert.equal(TRANSPORT_OF_NUMBER[2], undefined);
});

function lower(text: string): string {
  return text.toLowerCase();
}
