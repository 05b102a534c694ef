// Which link-layer types of a file are decoded, and what is said of the others.

import assert from "node:assert/strict";
import { LinkTypes, linkTypeText } from "../../src/capture/link_types.ts";

Deno.test("LinkTypes knows the latest type that can be decoded, and none before the first", () => {
  const links = new LinkTypes("x.pcapng");
  const current = [links.current];
  for (const type of [195, 1, 195, 101]) {
    links.admit(type);
    current.push(links.current);
  }
  // Any number below 0 is no type.
  assert.deepEqual(current, [-1, -1, 1, 1, 101]);
});

Deno.test("LinkTypes names unknown types in their order, whatever order they come in", () => {
  const links = new LinkTypes("x.pcapng");
  for (const type of [272, 20_000, 187, 195, 250, 187]) assert.equal(links.admit(type), false);
  assert.match(
    links.fault()!,
    /: 6 packets of link-layer type 187 \(Bluetooth\), 195 \(IEEE 802\.15\.4\), 250, 272 \(Bluetooth LE\), 20000 cannot/,
  );
});

Deno.test("linkTypeText() has a name for what people meet, and for private use, and for nothing else", () => {
  const names = {
    ...{ 6: "token ring", 187: "Bluetooth", 189: "USB", 190: "CAN", 195: "IEEE 802.15.4" },
    ...{ 197: "Endace ERF", 201: "Bluetooth", 215: "IEEE 802.15.4", 220: "USB", 227: "CAN" },
    ...{ 230: "IEEE 802.15.4", 247: "InfiniBand", 249: "USB", 251: "Bluetooth LE" },
    ...{ 252: "Wireshark's own", 253: "netlink", 272: "Bluetooth LE", 283: "IEEE 802.15.4" },
    ...{ 147: "USER0", 162: "USER15" },
  };
  for (const [type, name] of Object.entries(names)) {
    assert.equal(linkTypeText(Number(type)), `link-layer type ${type} (${name})`);
  }
  for (const type of [0, 1, 146, 163, 250, 284]) {
    assert.equal(linkTypeText(type), `link-layer type ${type}`);
  }
});

Deno.test("LinkTypes names eight unknown types of a file and counts the others", () => {
  const links = new LinkTypes("x.pcapng");
  assert.ok(links.admit(1));
  assert.equal(links.fault(), undefined);
  assert.equal(links.admit(195), false);
  assert.match(
    links.fault()!,
    /^x\.pcapng: 1 packet of link-layer type 195 \(IEEE 802\.15\.4\) cannot be decoded; /,
  );
  for (let type = 40_000; type < 60_000; type++) assert.equal(links.admit(type), false);
  assert.match(
    links.fault()!,
    /: 20001 packets of link-layer type 195 \(IEEE 802\.15\.4\), 40000, .*, 40006 and 19993 more cannot/,
  );
});

Deno.test("LinkTypes says of types for private use what to do with them", () => {
  const links = new LinkTypes("x.pcap");
  for (const type of [147, 162]) assert.equal(links.admit(type), false);
  assert.match(
    links.fault()!,
    /: 2 packets of link-layer type 147 \(USER0\), 162 \(USER15\) cannot be decoded; .*`editcap -T ether`$/,
  );
  assert.equal(links.admit(195), false);
  assert.match(links.fault()!, /capture on an Ethernet/);
});
