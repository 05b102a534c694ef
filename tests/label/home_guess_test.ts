// Whose capture it is: right where it is said, over every capture whose home is known.

import assert from "node:assert/strict";
import { inPrefixes, parseAddress, parsePrefix, type Prefix } from "../../src/address.ts";
import { HomeGuess, homeText } from "../../src/label/home_guess.ts";
import { Field, Kind, Quirk, RECORD_BYTES, Records, TcpFlag } from "../../src/record.ts";
import { testCases } from "../detect/scandog/corpus.ts";
import { homeOf } from "../support/home_of.ts";

const { Syn, Ack } = TcpFlag;
const HERE = "203.0.113.10", FAR = "198.51.100.7";

interface Seen {
  from: string;
  to: string;
  ttl: number;
  flags?: number;
  quirks?: number;
  kind?: number;
  type?: number;
}

function guess(...packets: Seen[]): string {
  const records = Records.allocate(packets.length);
  const { bytes, u32 } = records;
  for (const [i, { from, to, ttl, flags = Syn, quirks = 0, kind, type = 0 }] of packets.entries()) {
    const base = i * RECORD_BYTES;
    bytes.set(parseAddress(from)!, base + Field.Source);
    bytes.set(parseAddress(to)!, base + Field.Destination);
    bytes[base + Field.Ttl] = ttl;
    bytes[base + Field.TcpFlags] = flags;
    bytes[base + Field.Kind] = kind ?? Kind.Tcp;
    bytes[base + Field.Type] = type;
    bytes[base + Field.IpVersion] = from.includes(":") ? 6 : 4;
    u32[(base + Field.Quirks) >> 2] = quirks;
  }
  const found = new HomeGuess(records);
  for (let i = 0; i < packets.length; i++) found.look(i * RECORD_BYTES);
  return homeText(found.home());
}

/** `count` connections that `from` begins, `hops` routers away. */
function asked(from: string, to: string, count: number, hops = 5): Seen[] {
  return Array.from({ length: count }, (): Seen[] => [
    { from, to, ttl: 64 - hops },
    { from: to, to: from, ttl: 64, flags: Syn | Ack },
  ]).flat();
}

Deno.test("home is who is asked from afar and answers from here", () => {
  assert.equal(guess(...asked(FAR, HERE, 3)), HERE);
  assert.equal(guess(...asked(FAR, HERE, 2)), "", "two packets may be strays");
  assert.equal(guess(...asked("2001:db8:1::1", "2001:db8:2::1", 3)), "2001:db8:2::1");
  assert.equal(
    guess(...asked(FAR, HERE, 3), ...asked("2001:db8:1::1", "2001:db8:2::1", 3)),
    `${HERE}, 2001:db8:2::1`,
  );
});

Deno.test("home is not said of neighbours, of who asks, or where others talk too", () => {
  assert.equal(guess(...asked(FAR, HERE, 9, 0)), "", "both are near");
  const scanning = asked(FAR, HERE, 9).map((packet) => ({ ...packet, ttl: 64 - packet.ttl + 59 }));
  assert.equal(guess(...scanning), "", "a scanner next to a router");
  assert.equal(guess(...asked(FAR, HERE, 9), ...asked(FAR, "203.0.113.11", 9)), "", "two servers");
  const ping = { from: FAR, to: HERE, ttl: 50, kind: Kind.Icmp, type: 8 };
  const pong = { from: HERE, to: FAR, ttl: 64, kind: Kind.Icmp, type: 0 };
  assert.equal(guess(ping, pong, ping, pong, ping, pong), HERE, "pings ask, too");
});

Deno.test("the server of a client is not home, though it is near and asked, and others are far", () => {
  const far = Array.from({ length: 3 }, () => ({ from: FAR, to: HERE, ttl: 50, flags: Ack }));
  assert.equal(guess(...asked(HERE, "203.0.113.11", 60, 0), ...far), "");
});

Deno.test("groups, broadcasts, link-local addresses and ARP say nothing", () => {
  const noise: Seen[] = [
    { from: HERE, to: "224.0.0.251", ttl: 255 },
    { from: HERE, to: "203.0.113.255", ttl: 64, quirks: Quirk.LinkMulticast },
    { from: "0.0.0.0", to: "255.255.255.255", ttl: 128 },
    { from: "fe80::1", to: "ff02::1", ttl: 255 },
    { from: HERE, to: "203.0.113.1", ttl: 0, kind: Kind.Arp },
  ];
  assert.equal(guess(...noise, ...noise, ...noise, ...noise), "");
  assert.equal(guess(...noise, ...noise, ...noise, ...asked(FAR, HERE, 3)), HERE);
});

Deno.test("a cooked capture says what was sent here; what was only forwarded has a lower TTL", () => {
  const sent = { from: HERE, to: FAR, ttl: 64, quirks: Quirk.Outgoing };
  const forwarded = { from: "192.0.2.1", to: FAR, ttl: 63, quirks: Quirk.Outgoing };
  assert.equal(guess(sent, sent, sent, forwarded, forwarded, forwarded), HERE);
  assert.equal(guess(forwarded, forwarded, forwarded), "");
  // Over a bridge, or from a sender that chose its first TTL for it.
  const fresh = { ...forwarded, ttl: 64 }, arriving = { ...fresh, quirks: 0 };
  const bridged = [arriving, fresh, arriving, fresh, arriving, fresh];
  assert.equal(guess(...bridged), "");
  assert.equal(guess(...bridged, sent, sent, sent), HERE);
});

Deno.test("home is never said wrongly of a golden case, and of the half that shows it is said", () => {
  const count = { right: 0, unsaid: 0 };
  for (const { name, file } of testCases()) {
    const truth = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
    const real: Prefix[] = truth.home.map(parsePrefix);
    const home = homeOf(file);
    assert.ok(
      home.every(({ address }) => inPrefixes(real, address, 0)),
      `${name}: ${homeText(home)}`,
    );
    count[home.length > 0 ? "right" : "unsaid"]++;
  }
  assert.ok(count.right > 100, `${count.right} right, ${count.unsaid} unsaid`);
});
