// DHCP servers that ping what they give out, and who pretends to be one.

import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../../src/record.ts";
import { Traffic } from "../traffic.ts";

const SERVER = "192.168.7.1", EVERYBODY = "255.255.255.255";
const client = (i: number) => `192.168.7.${i}`;

Deno.test("a DHCP server that pings each address before it offers it raises nothing", () => {
  for (const to of [client, () => EVERYBODY]) {
    const traffic = new Traffic();
    for (let i = 100; i < 160; i++) {
      const quirks = to(i) === EVERYBODY ? Quirk.LinkMulticast : 0;
      traffic.udp("192.168.7.250", SERVER, 67, 68).ping(SERVER, client(i)).wait(1);
      traffic.send({ kind: Kind.Udp, from: SERVER, to: to(i), sport: 67, dport: 68, quirks });
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("who sends a few datagrams from a DHCP server's port may ping a few addresses, not a network", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 5; i++) {
    traffic.udp(client(99), SERVER, 67, 68).udp(SERVER, client(99), 68, 67);
  }
  for (let i = 100; i < 160; i++) traffic.ping(SERVER, client(i));
  assert.deepEqual(traffic.named(), [SERVER]);
});

Deno.test("datagrams from other ports to other ports pay for no pings", () => {
  for (const [sport, dport] of [[68, 67], [53, 68], [67, 69]]) {
    const traffic = new Traffic();
    for (let i = 100; i < 160; i++) {
      traffic.ping(SERVER, client(i)).udp(SERVER, client(99), dport, sport);
    }
    assert.deepEqual(traffic.named(), [SERVER], `${sport} ${dport}`);
  }
});
