// Ping, ARP, SCTP and IP protocol sweeps in disguise. All of it must be told.

import { attack } from "./cases.ts";
import { background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PACES, PLACES, product } from "./places.ts";

for (const payload of [0, 8, 56, 1400]) {
  attack(
    `witnesses: pings of ${payload} octets to hosts that are not there, several to each`,
    product(FAMILIES, [1, 2, 5, 16], ["burst", "fast", "nmap"] as const),
    ([family, times, pace], wire) => {
      const { scanner: from, host } = PLACES[family];
      background(wire, host(240));
      for (let i = 0; i < 120; i++) {
        for (let k = 0; k < times; k++) {
          ping(wire, { from, to: host(i) }, { id: 77, sequence: k + 1, payload });
          wire.wait(PACES[pace]);
        }
      }
      background(wire.wait(20), host(241));
      return [{
        source: from,
        techniques: "icmp-echo",
        shape: "horizontal",
        hosts: 120,
        ports: 0,
        evidence: "none",
      }];
    },
  );
}

attack(
  "witnesses: pings in rounds, of which a few are answered",
  product(FAMILIES, [1, 3, 5], [0, 3, 12]),
  ([family, rounds, alive], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let k = 0; k < rounds; k++) {
      for (let i = 0; i < 120; i++) {
        ping(wire, { from, to: host(i) }, { sequence: k + 1, isAnswered: i < alive });
        wire.wait(0.01);
      }
      wire.wait(2);
    }
    background(wire.wait(20), host(241));
    return [{ source: from, techniques: "icmp-echo", shape: "horizontal", hosts: 120 }];
  },
);

attack(
  "witnesses: ICMP timestamp and mask requests to many hosts",
  [[13, "icmp-timestamp"], [17, "icmp-mask"]] as const,
  ([type, technique], wire) => {
    const { scanner: from, host } = PLACES.v4;
    background(wire, host(240));
    for (let i = 0; i < 120; i++) {
      wire.icmp({ from, to: host(i) }, type, 0, 0x4d0001, new Uint8Array(type === 13 ? 12 : 4));
      wire.wait(0.05);
    }
    background(wire.wait(20), host(241));
    return [{ source: from, techniques: technique, shape: "horizontal", hosts: 120 }];
  },
);

attack(
  "witnesses: requests that ask for as much as a ping does: information, node information, extended echo",
  product(
    [["v4", 15, 16], ["v4", 42, 43], ["v6", 139, 140], ["v6", 160, 161]] as const,
    [0, 12],
  ),
  ([[family, request, reply], every], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 120; i++) {
      wire.icmp({ from, to: host(i) }, request, 0, 0x4d0001 + i, new Uint8Array(24));
      const isThere = every > 0 && i % every === 0;
      if (isThere) wire.icmp({ from: host(i), to: from }, reply, 0, 0x4d0001 + i);
      wire.wait(0.05);
    }
    background(wire.wait(20), host(241));
    return [{ source: from, techniques: "icmp-echo", shape: "horizontal", hosts: 120, ports: 0 }];
  },
);

/** A made-up DHCP OFFER or ACK: 300 octets from port 67 to 68. */
attack(
  "witnesses: a datagram that looks like DHCP before each ping",
  [0, 8, 300].flatMap((payload) => [1, 5].map((times) => ({ payload, times }))),
  ({ payload, times }, wire) => {
    const { scanner: from, host, target } = PLACES.v4;
    background(wire, host(240));
    for (let i = 0; i < 200; i++) {
      for (let k = 0; k < times; k++) {
        wire.udp({ from, to: target, sport: 67, dport: 68, payload });
      }
      ping(wire, { from, to: host(i) });
      wire.wait(0.02);
    }
    background(wire.wait(20), host(241));
    const hosts = 200;
    return [{ source: from, techniques: /icmp-echo/, shape: "horizontal", hosts }];
  },
);

attack(
  "witnesses: a data segment to a silent FTP port before a scan of high ports",
  product(FAMILIES, [1, 5], ["burst", "fast", "nmap"] as const),
  ([family, segments, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (let k = 0; k < segments; k++) {
      wire.tcp({
        from,
        to,
        sport: 39999,
        dport: 21,
        flags: 24,
        seq: 1 + 6 * k,
        ack: 9,
        payload: 6,
      });
    }
    const ports = wire.numbers(60, 1025, 60000);
    ports.forEach((dport, i) => {
      new Tcp(wire, { from, to, sport: 40000 + i, dport, look: "linux" }).syn();
      wire.wait(PACES[pace]);
    });
    background(wire.wait(20), to);
    return {
      expected: [{ source: from, shape: "vertical", techniques: /\b(syn|connect)\b/, open: "" }],
      also: ({ told }) => {
        if (told[0].ports < 60 || told[0].ports > 61) throw new Error(`${told[0].ports} ports`);
      },
    };
  },
);

attack(
  "witnesses: an ARP sweep, in any order and at any pace below a second",
  product(["up", "down", "random"] as const, [0.001, 0.02, 0.3], [1, 2, 3]),
  ([order, pace, times], wire) => {
    const from = "192.168.7.66";
    const hosts = Array.from({ length: 200 }, (_, i) => `192.168.7.${i + 2}`)
      .filter((host) => host !== from);
    const inOrder = order === "up"
      ? hosts
      : order === "down"
      ? hosts.reverse()
      : wire.shuffled(hosts);
    for (const host of inOrder) {
      for (let k = 0; k < times; k++) {
        wire.arp(from, host);
        wire.wait(pace);
      }
    }
    return [{ source: from, techniques: "arp", shape: "horizontal", hosts: 199 }];
  },
);

attack(
  "witnesses: SCTP INIT and COOKIE ECHO, answered or not, each once or twice",
  product(FAMILIES, [1, 10], [1, 2]),
  ([family, chunk, times], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (const dport of wire.numbers(40, 1, 900)) {
      for (let k = 0; k < times; k++) {
        wire.sctp({ from, to, sport: 36412, dport }, chunk, wire.chance.next());
        wire.wait(0.01);
      }
      wire.sctp({ from: to, to: from, sport: dport, dport: 36412, ttl: 64 }, 6, 7);
    }
    const techniques = chunk === 1 ? "sctp-init" : "sctp-cookie-echo";
    return [{ source: from, techniques, shape: "vertical", ports: 40, closed: 40, open: "" }];
  },
);

attack(
  "witnesses: IP protocols of one host, each once or three times",
  product(FAMILIES, [1, 3], ["fast", "nmap", "second"] as const),
  ([family, times, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (const protocol of wire.numbers(60, 64, 252)) {
      // 132 is SCTP and 115 L2TP: with nothing in them they are protocols as others are.
      if (protocol === 132) continue;
      for (let k = 0; k < times; k++) {
        wire.other({ from, to, ttl: 44 }, protocol);
        wire.wait(PACES[pace]);
      }
    }
    background(wire.wait(20), to);
    return [{ source: from, techniques: "ip-protocol" }];
  },
);

attack(
  "witnesses: fragments so small that the header is in two of them",
  product(FAMILIES, [8, 16, 24], ["syn", "udp"] as const),
  ([family, size, kind], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    const ports = wire.numbers(40, 100, 900);
    for (const dport of ports) {
      const before = wire.frames.length;
      const packet = kind === "syn"
        ? wire.tcp({ from, to, sport: 40000, dport, flags: 2, seq: 9, look: "nmap" })
        : wire.udp({ from, to, sport: 40000, dport, payload: 40 });
      wire.frames.length = before;
      wire.fragments({ from, to }, packet, size);
      if (kind === "syn") {
        const back = { from: to, to: from, sport: dport, dport: 40000, ttl: 64 };
        wire.tcp({ ...back, flags: 20, ack: 10, window: 0 });
      } else wire.unreachable(packet);
      wire.wait(0.01);
    }
    const techniques = kind;
    return [{ source: from, techniques, shape: "vertical", ports: 40, closed: 40, open: "" }];
  },
);
