import assert from "node:assert/strict";
import { LinkTypes } from "../../src/capture/link_types.ts";

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
