// What can be a probe of one host, and what cannot: address by address, quirk by quirk.

import assert from "node:assert/strict";
import { isOneMore, isProbeable } from "../../../../src/detect/scandog/observe/probeable.ts";
import { Kind, Quirk } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";

const isProbe = (made: Made) => isProbeable(recordsOf([made]), 0);

Deno.test("isProbeable() wants a host that is sent to: no group, no broadcast, nobody", () => {
  const targets: Record<string, boolean> = {
    "192.0.2.1": true,
    "192.0.2.255": true,
    "223.255.255.255": true,
    "224.0.0.1": false,
    "239.255.255.255": false,
    "240.0.0.1": true,
    "255.255.255.254": true,
    "255.255.255.255": false,
    "0.0.0.1": false,
    "1.0.0.0": true,
  };
  for (const [destination, expected] of Object.entries(targets)) {
    assert.equal(isProbe({ destination }), expected, destination);
  }
  const source = "2001:db8::1";
  for (const [destination, expected] of [["2001:db8::2", true], ["ff02::1", false]] as const) {
    assert.equal(isProbe({ source, destination }), expected, destination);
  }
});

Deno.test("isProbeable() wants a host that sends", () => {
  const sources: Record<string, boolean> = {
    "0.0.0.0": false,
    "0.0.0.1": true,
    "1.0.0.0": true,
    "223.0.0.1": true,
    "224.0.0.1": false,
    "239.0.0.1": false,
    "240.0.0.1": true,
  };
  for (const [source, expected] of Object.entries(sources)) {
    assert.equal(isProbe({ source }), expected, source);
    assert.equal(isOneMore(recordsOf([{ source }]), 0), expected, source);
  }
  const six: [source: string, expected: boolean][] = [
    ["::", false],
    ["::1", true],
    ["0:0:1::", true],
    ["1::", true],
    ["0:0:0:0:1::", true],
    ["ff02::1", false],
  ];
  for (const [source, expected] of six) {
    assert.equal(isProbe({ source, destination: "2001:db8::2" }), expected, source);
  }
});

Deno.test("isProbeable() takes no packet from a port to itself, and pings of oneself", () => {
  const itself = { source: "192.0.2.1", destination: "192.0.2.1", sourcePort: 80 };
  for (const kind of [Kind.Tcp, Kind.Udp, Kind.Sctp]) {
    assert.equal(isProbe({ ...itself, kind, port: 80 }), false);
    assert.equal(isProbe({ ...itself, kind, port: 81 }), true);
    assert.equal(isProbe({ ...itself, kind, port: 80, destination: "192.0.2.2" }), true);
  }
  assert.equal(isProbe({ ...itself, kind: Kind.Icmp, port: 80 }), true);
});

Deno.test("isProbeable() takes a frame to a group for one to its host, but for broadcasts and bare protocols", () => {
  const quirks = Quirk.LinkMulticast;
  assert.equal(isProbe({ quirks }), true);
  assert.equal(isProbe({ quirks, destination: "192.0.2.255" }), false);
  assert.equal(isProbe({ quirks, destination: "192.0.2.254" }), true);
  assert.equal(isProbe({ quirks, kind: Kind.Ip }), false);
  const six = { source: "2001:db8::1", destination: "2001:db8::ff" };
  assert.equal(isProbe({ quirks, ...six }), true);
  assert.equal(isOneMore(recordsOf([{ quirks }]), 0), false, "it errs towards no");
});

Deno.test("isProbeable() takes fragments that say what they are, and no segment that no kernel answers", () => {
  const { Fragment, FragmentHeader, BadTransportLength } = Quirk;
  assert.equal(isProbe({ quirks: Fragment }), false);
  assert.equal(isProbe({ quirks: Fragment | FragmentHeader }), true);
  assert.equal(isProbe({ quirks: FragmentHeader }), true);
  assert.equal(isProbe({ quirks: BadTransportLength }), false);
  assert.equal(isProbe({ quirks: BadTransportLength, kind: Kind.Udp }), true);
});
