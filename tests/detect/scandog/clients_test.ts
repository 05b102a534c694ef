// What clients and peers must not be named for: servers and peers that are gone, all over the
// internet. And what must still be found beside it.

import assert from "node:assert/strict";
import { Kind, OptionNibble } from "../../../src/record.ts";
import { Ack, Fin, Psh, random, Rst, Syn, Traffic } from "./traffic.ts";

const CLIENT = "192.168.1.20";

/** Hosts with no network in common. */
function far(i: number): string {
  return `${20 + i % 90}.${i >> 5}.${(i * 91) & 255}.${1 + (i * 7) % 250}`;
}

Deno.test("a distributed hash table's one socket, most of its peers gone, raises nothing", () => {
  for (const answering of [0.1, 0.3, 0.5]) {
    const traffic = new Traffic();
    const next = random(11);
    for (let i = 0; i < 2000; i++) {
      const port = next() < 0.1 ? 6881 : 1024 + Math.floor(next() * 64000);
      traffic.udp(CLIENT, far(i), port, 51413, 64).wait(0.2);
      if (next() < answering) traffic.udp(far(i), CLIENT, 51413, port);
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("two thousand refused or silent peers, also within one network, raise nothing", () => {
  for (const peer of [far, (i: number) => `10.${i >> 8}.1.${i & 255}`]) {
    const traffic = new Traffic();
    const next = random(12);
    for (let i = 0; i < 2000; i++) {
      const port = next() < 0.1 ? 6881 : 1024 + Math.floor(next() * 64000);
      const sport = 30000 + i, outcome = next();
      if (outcome < 0.1) traffic.used(CLIENT, peer(i), port, sport);
      else {
        traffic.send({ from: CLIENT, to: peer(i), sport, dport: port, flags: Syn, timestamp: 9 });
        if (outcome < 0.6) {
          const back = { from: peer(i), to: CLIENT, sport: port, dport: sport };
          traffic.send({ ...back, flags: Rst | Ack, ack: 1 });
        }
      }
      traffic.wait(1);
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("web servers reached over the second best way only raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 300; i++) {
    // QUIC is blocked, IPv6 is broken, TCP over IPv4 works.
    for (let k = 0; k < 3; k++) traffic.udp(CLIENT, far(i), 443, 40000 + i, 64);
    const six = `2001:db8:${(i + 1).toString(16)}::1`;
    traffic.send({
      from: "2001:db8::5",
      to: six,
      sport: 40000 + i,
      dport: 443,
      flags: Syn,
      timestamp: 9,
    });
    traffic.used(CLIENT, far(i), 443, 41000 + i).wait(2);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("servers that are gone raise nothing for a client on Windows, which has no timestamps", () => {
  const { Mss, Nop, WindowScale, SackPermitted } = OptionNibble;
  const options = [Mss, Nop, WindowScale, Nop, Nop, SackPermitted];
  const traffic = new Traffic();
  for (let i = 0; i < 60; i++) {
    const packet = { from: CLIENT, to: far(i), sport: 50000 + i, dport: 443, ipId: i };
    traffic.send({ ...packet, flags: Syn, options }).wait(10);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("half of a peer-to-peer network on its one port gone raises nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 300; i++) {
    const packet = { from: CLIENT, to: far(i), sport: 30000 + i, dport: 8333 };
    if (i % 4 === 0) traffic.used(CLIENT, far(i), 8333, 30000 + i);
    else traffic.send({ ...packet, flags: Syn, timestamp: 9 }).wait(1);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("active FTP of empty files raises nothing when the capture begins after the login", () => {
  const traffic = new Traffic();
  const server = "203.0.113.10", control = { sport: 40021, dport: 21, flags: Psh | Ack };
  for (let i = 0; i < 60; i++) {
    traffic.send({ ...control, from: CLIENT, to: server, seq: 9 + 25 * i, ack: 7, payload: 25 })
      .send({ from: server, to: CLIENT, sport: 21, dport: 40021, flags: Ack, seq: 7, payload: 30 })
      .empty(server, CLIENT, 42000 + 3 * i, 20);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a connect sweep through one network is found, whatever else its source uses", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 60; i++) {
    const packet = { from: CLIENT, to: `203.0.113.${i}`, sport: 30000 + i, dport: 8333 };
    traffic.send({ ...packet, flags: Syn, timestamp: 9 }).wait(1);
    if (i % 6 === 0) traffic.used(CLIENT, far(i), 443, 31000 + i);
  }
  assert.deepEqual(traffic.named(), [CLIENT]);
});

Deno.test("a sweep from a raw socket is found though no two hosts share a network", () => {
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    const traffic = new Traffic();
    for (let i = 0; i < 60; i++) {
      traffic.send({
        kind,
        from: CLIENT,
        to: far(i),
        sport: 61000,
        dport: 161,
        flags: Syn,
        seq: i,
      });
    }
    assert.deepEqual(traffic.named(), [CLIENT], `${kind}`);
  }
});

Deno.test("a client that used fifty servers may fail at ten others of their network", () => {
  for (const pause of [0, 3 * 3600]) {
    const traffic = new Traffic();
    traffic.refused(CLIENT, "203.0.113.250", 25).refused(CLIENT, "203.0.113.251", 25);
    traffic.wait(pause);
    for (let i = 0; i < 50; i++) traffic.used(CLIENT, `203.0.113.${i}`, 25, 30000 + i);
    for (let i = 50; i < 65; i++) {
      const packet = { from: CLIENT, to: `203.0.113.${i}`, sport: 30000 + i, dport: 25 };
      traffic.send({ ...packet, flags: Syn, timestamp: 9 });
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("a scanner that used one server is found", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 50; i++) traffic.used(CLIENT, "203.0.113.1", 25, 30000 + i);
  for (let i = 50; i < 65; i++) traffic.refused(CLIENT, `203.0.113.${i}`, 25, 30000 + i);
  assert.deepEqual(traffic.named(), [CLIENT]);
});

Deno.test("hosts that are used on one port and refuse another raise nothing, in either order", () => {
  for (const isRefusedFirst of [false, true]) {
    const traffic = new Traffic();
    for (let i = 0; i < 60; i++) {
      const to = `203.0.113.${i}`;
      if (isRefusedFirst) traffic.refused(CLIENT, to, 5666, 30000 + i);
      traffic.used(CLIENT, to, 22, 31000 + i);
      if (!isRefusedFirst) traffic.refused(CLIENT, to, 5666, 30000 + i);
    }
    assert.deepEqual(traffic.named(), []);
  }
});

Deno.test("a sweep of many is not forgiven for the few hosts that are used afterwards", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 7; i++) {
    traffic.refused(CLIENT, `203.0.113.${i}`, 5666, 30000 + i);
  }
  for (let i = 0; i < 3; i++) traffic.used(CLIENT, `203.0.113.${i}`, 22, 31000 + i);
  for (let i = 10; i < 16; i++) traffic.refused(CLIENT, `203.0.113.${i}`, 5666, 30000 + i);
  assert.deepEqual(traffic.named(), [CLIENT]);
});

/** Segments of a server to many ports of a client that knows none of them. */
function segments(flags: number, isCopied: boolean): string[] {
  const traffic = new Traffic();
  const server = "203.0.113.10";
  for (let i = 0; i < 60; i++) {
    const dport = 33000 + 7 * i, ack = isCopied ? 77 : 77 * i + 5;
    traffic.send({ from: server, to: CLIENT, sport: 80, dport, flags, seq: isCopied ? 0 : i, ack })
      .send({ from: CLIENT, to: server, sport: dport, dport: 80, flags: Rst, seq: ack });
  }
  return traffic.named();
}

Deno.test("a client that restarts refuses the segments of its server", () => {
  for (const flags of [Ack, Fin | Ack]) assert.deepEqual(segments(flags, false), []);
});

Deno.test("an ACK or Maimon scan from port 80 to high ports is known by its equal numbers", () => {
  for (const flags of [Ack, Fin | Ack]) assert.deepEqual(segments(flags, true), ["203.0.113.10"]);
});

Deno.test("the answers to health checks, alone, raise nothing", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 50; i++) {
      const from = `203.0.113.${i}`, dport = 40000 + 100 * round + i;
      traffic.send({ from, to: CLIENT, sport: 8080, dport, flags: Syn | Ack, seq: dport, ack: i });
    }
    traffic.wait(2);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a refused scan from port 20 is found by the answers alone, as SYNs they refuse", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 60; i++) {
    const packet = { from: "203.0.113.10", to: CLIENT, sport: 33000 + i, dport: 20 };
    traffic.send({ ...packet, flags: Rst | Ack, seq: 0, ack: 7 });
  }
  assert.deepEqual(traffic.named(), [CLIENT]);
});

Deno.test("the unreachables that end traceroutes, alone, raise nothing", () => {
  for (const innerTtl of [1, 45]) {
    const traffic = new Traffic();
    for (let i = 0; i < 60; i++) {
      const by = `203.0.113.${i}`;
      const inner = { from: CLIENT, to: by, protocol: 17, sport: 40000, dport: 33434 };
      traffic.send({ kind: Kind.Icmp, from: by, to: CLIENT, type: 3, code: 3, inner, innerTtl });
    }
    assert.deepEqual(traffic.named(), innerTtl === 1 ? [] : [CLIENT]);
  }
});

Deno.test("a sweep is found though its source knocks at other ports as well, or did so before", () => {
  const sweep = (before: number, beside: number) => {
    const traffic = new Traffic();
    const next = random(13);
    let sport = 20000;
    const knock = (host: number, dport: number) => {
      const to = `10.1.${host >> 8}.${host & 255}`;
      traffic.send({ from: CLIENT, to, sport: sport++, dport, flags: Syn, timestamp: 9 }).wait(0.1);
    };
    const anything = () => knock(Math.floor(next() * 1024), 1024 + Math.floor(next() * 64000));
    for (let i = 0; i < before; i++) anything();
    for (let i = 0; i < 1000; i++) {
      knock(i, 22);
      for (let k = 0; k < beside; k++) anything();
    }
    return traffic.named();
  };
  assert.deepEqual(sweep(0, 2), [CLIENT]);
  assert.deepEqual(sweep(400, 0), [CLIENT]);
});

Deno.test("a sweep of SIP from its own port, as svmap sends it, is found though all are silent", () => {
  const traffic = new Traffic();
  for (let i = 1; i < 100; i++) traffic.udp("198.51.100.66", `10.1.2.${i}`, 5060, 5060, 64);
  assert.deepEqual(traffic.named(), ["198.51.100.66"]);
});

Deno.test("a scan of UDP ports is found though each probe leaves from the port it goes to", () => {
  const traffic = new Traffic();
  for (let port = 2000; port < 2100; port++) traffic.udp("198.51.100.66", CLIENT, port, port, 64);
  assert.deepEqual(traffic.named(), ["198.51.100.66"]);
});

Deno.test("unicast answers to a multicast question, between equal ports, raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 1; i < 60; i++) {
    const from = `192.168.1.${100 + i}`, ports = { sport: 5353, dport: 5353 };
    traffic.send({ kind: Kind.Udp, from, to: "224.0.0.251", ...ports });
    traffic.udp(CLIENT, from, 5353, 5353, 255);
  }
  assert.deepEqual(traffic.named(), []);
});
