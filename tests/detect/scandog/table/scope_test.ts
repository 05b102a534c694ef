// Addresses of the internet, and others.

import assert from "node:assert/strict";
import { parseAddress } from "../../../../src/address.ts";
import { isInternet } from "../../../../src/detect/scandog/table/scope.ts";

Deno.test("isInternet() knows the networks of sites, links and examples, to their last address", () => {
  const others = ("10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 " +
    "100.127.255.255 169.254.1.1 198.18.0.1 198.19.255.255 192.0.2.1 198.51.100.255 203.0.113.9 " +
    "fe80::1 fd00::1 2001:db8::1 ::1").split(" ");
  const internet =
    ("9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 100.63.255.255 " +
      "100.128.0.0 198.17.255.255 198.20.0.0 192.0.3.1 198.51.101.0 203.0.112.255 8.8.8.8 " +
      "2001:db9::1 2a00::1 3fff::1").split(" ");
  for (const [list, expected] of [[others, false], [internet, true]] as const) {
    for (const text of list) {
      const words = new Int32Array(8);
      new Uint8Array(words.buffer).set(parseAddress(text)!, 16);
      assert.equal(isInternet(words, 4), expected, text);
    }
  }
});
