// What a capture hides, or seems to hide: tags, long headers, frames to everybody, one direction. Nothing
// that a host would answer may be lost, and what was not seen is not claimed.

import { CAPTURE_OPTIONS } from "../../src/options/capture.ts";
import { bytes, ipv6, tcp } from "../decode/build.ts";
import { attack, type Expected, harmless } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

/** The scan that is to be found in every view: 40 low ports, 22 of them open. */
function scan(wire: Wire, family: Family): Expected {
  const { scanner: from, target: to } = PLACES[family];
  background(wire, to);
  for (const dport of wire.shuffled(Array.from({ length: 40 }, (_, i) => i + 1))) {
    const c = new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" });
    if (dport === 22) c.halfOpen();
    else c.refused();
    wire.wait(0.01);
  }
  return { source: from, techniques: "syn", ports: 40, open: "22", closed: 39, evidence: "reset" };
}

attack(
  "view: a host that scans itself, by each protocol: what it answers is what it learns",
  product(FAMILIES, ["syn", "udp", "ip-protocol"] as const),
  ([family, technique], wire) => {
    const { target: from } = PLACES[family];
    background(wire, from);
    for (let port = 1; port <= 40; port++) {
      const ends = { from, to: from, sport: 50123, dport: port };
      if (technique === "syn") new Tcp(wire, { ...ends, look: "nmap" }).refused();
      else if (technique === "udp") asked(wire, ends, "refused");
      else {
        // Protocols that nobody has a use for; each asked twice, as nmap does where nothing comes back.
        const packet = wire.other(ends, 143 + port);
        if (port % 4 === 0) wire.other(ends, 143 + port);
        else if (family === "v4") wire.error(from, packet, 3, 2);
        else wire.error(from, packet, 4, 1);
      }
      wire.wait(0.01);
    }
    const silent = technique === "ip-protocol" ? 10 : 0;
    return [{ source: from, techniques: technique, ports: 40, closed: 40 - silent, silent }];
  },
);

attack(
  "view: behind any number of VLAN tags",
  product(FAMILIES, [0, 1, 2, 8, 9, 12, 16]),
  ([family], wire) => [scan(wire, family)],
  ([, tags]) => ({ tags }),
);

attack(
  "view: unicast packets in frames to everybody",
  FAMILIES,
  (family, wire) => [scan(wire, family)],
  () => ({ broadcast: true }),
);

attack(
  "view: datagrams and pings in frames to everybody",
  product(FAMILIES, ["udp", "ping"] as const),
  ([family, kind], wire) => {
    const { scanner: from, target: to, host } = PLACES[family];
    background(wire, to);
    for (let i = 0; i < 100; i++) {
      if (kind === "ping") ping(wire, { from, to: host(i) });
      else if (i < 40) asked(wire, { from, to, sport: 50123, dport: 100 + i }, "refused");
      wire.wait(0.02);
    }
    background(wire.wait(10), to);
    return kind === "ping"
      ? [{ source: from, techniques: "icmp-echo", shape: "horizontal", hosts: 100 }]
      : [{ source: from, techniques: "udp", shape: "vertical", ports: 40, closed: 40 }];
  },
  () => ({ broadcast: true }),
);

attack(
  "view: addresses of 240.0.0.0/4 are unicast",
  ["source", "target", "both"],
  (which, wire) => {
    const from = which === "target" ? "198.51.100.7" : "240.1.2.3";
    const to = which === "source" ? "203.0.113.10" : "250.9.8.7";
    background(wire, to);
    for (let dport = 1; dport <= 40; dport++) {
      new Tcp(wire, { from, to, sport: 50123, dport, look: "nmap" }).refused();
      wire.wait(0.01);
    }
    return [{ source: from, techniques: "syn", ports: 40, closed: 40 }];
  },
);

attack(
  "view: group and broadcast addresses are no targets, whatever frame they come in",
  ["224.0.0.1", "239.255.255.250", "255.255.255.255"],
  (to, wire) => {
    for (let dport = 1; dport <= 60; dport++) {
      wire.udp({ from: "192.168.7.9", to, sport: 40000, dport, payload: 20 });
    }
    return [];
  },
);

/** A SYN behind a destination options or hop-by-hop header of `octets`, or behind several. */
function optioned(
  from: string,
  to: string,
  dport: number,
  octets: number,
  next: number,
): Uint8Array {
  const padding = octets - 4;
  const parts: Uint8Array[] = [];
  // PadN holds at most 255 octets.
  for (let rest = padding; rest > 0;) {
    const piece = Math.min(rest, 200);
    parts.push(bytes(1, piece - 2, new Uint8Array(piece - 2)));
    rest -= piece;
  }
  const header = bytes(6, octets / 8 - 1, 1, 0, ...parts);
  const segment = tcp({ sourcePort: 50123, destinationPort: dport, flags: 2, sequence: 9 });
  return ipv6(bytes(header, segment), { source: from, destination: to, next, hopLimit: 57 });
}

for (const [name, snaplen] of [["whole", 262144], ["cut at the default snap length", undefined]]) {
  attack(
    `view: IPv6 options of any length before the TCP header, ${name}`,
    product([0, 60], [8, 104, 200, 256, 504, 1000, 1400]),
    ([next, octets], wire) => {
      const { scanner: from, target: to } = PLACES.v6;
      background(wire, to);
      for (let dport = 1; dport <= 40; dport++) {
        wire.send({ from, to }, optioned(from, to, dport, octets, next));
        wire.wait(0.01);
      }
      background(wire.wait(10), to);
      const longest = Number(snaplen ?? CAPTURE_OPTIONS.snaplen.default);
      for (const frame of wire.frames) frame.bytes = frame.bytes.subarray(0, longest);
      return [{ source: from, techniques: "syn", ports: 40, silent: 40, open: "" }];
    },
  );
}

attack(
  "view: frames longer than the file says that its frames can be",
  product(FAMILIES, [14, 40, 64]),
  ([family], wire) => [scan(wire, family)],
  undefined,
  (file, [, snaplen]) => {
    new DataView(file.buffer).setUint32(16, snaplen, true);
    return file;
  },
);

/** Which packets of the scan a capture has. */
const HALVES = ["probes only", "answers only"] as const;
for (const half of HALVES) {
  attack(
    `view: a capture of one direction, ${half}`,
    product(FAMILIES, ["syn", "fin", "udp"] as const),
    ([family, kind], wire) => {
      const { scanner: from, target: to, client } = PLACES[family];
      for (let i = 0; i < 5; i++) background(wire, to, client);
      for (let dport = 100; dport < 140; dport++) {
        if (kind === "udp") asked(wire, { from, to, sport: 50123, dport }, "refused");
        else if (kind === "syn") new Tcp(wire, { from, to, sport: 50123, dport }).refused();
        else {
          wire.tcp({ from, to, sport: 50123, dport, flags: 1, seq: 5 });
          wire.tcp({ from: to, to: from, sport: dport, dport: 50123, flags: 20, ack: 6 });
        }
        wire.wait(0.02);
      }
      for (let i = 0; i < 5; i++) background(wire.wait(2), to, client);
      const seen = (isFromTarget: boolean) => isFromTarget === (half === "answers only");
      return {
        expected: [{
          source: from,
          shape: "vertical",
          ports: 40,
          open: "",
          ...(half === "answers only" ? { closed: 40, silent: 0 } : { closed: 0 }),
        }],
        seen: (frame) => seen(wire.isFrom(frame, to)),
      };
    },
  );
}

harmless(
  "view: answers that nobody asked for, to an address whose own packets are seen",
  product(FAMILIES, ["SYN-ACK", "RST", "unreachable"] as const, [40, 300]),
  ([family, kind, count], wire) => {
    const { other: quiet, far, client, third } = PLACES[family];
    // Both directions are seen, of this address too.
    background(wire, quiet, client);
    for (let i = 0; i < 5; i++) background(wire, far(500 + i), quiet);
    for (let port = 1; port <= count; port++) {
      const answer = { from: third, to: quiet, sport: port, dport: 40000, seq: port * 77, ack: 9 };
      if (kind === "SYN-ACK") wire.tcp({ ...answer, flags: 18 });
      else if (kind === "RST") wire.tcp({ ...answer, seq: 0, flags: 20, window: 0 });
      else {
        const before = wire.frames.length;
        const asked = wire.udp({ from: quiet, to: third, sport: 40000, dport: port, payload: 12 });
        wire.frames.length = before;
        wire.unreachable(asked);
      }
      wire.wait(0.01);
    }
    background(wire, quiet, client);
  },
);

harmless(
  "view: answers that nobody asked for, to a quiet address of a network that is seen to send",
  product(FAMILIES, ["RST", "bare RST", "ABORT", "unreachable", "pong"] as const),
  ([family, kind], wire) => {
    const { target, other: quiet, far, third } = PLACES[family];
    background(wire, target);
    for (let port = 1; port <= 60; port++) {
      const answer = { from: third, to: quiet, sport: port, dport: 40000, window: 0 };
      if (kind === "RST") wire.tcp({ ...answer, ack: 9, flags: 20 });
      else if (kind === "bare RST") wire.tcp({ ...answer, seq: wire.chance.next(), flags: 4 });
      else if (kind === "ABORT") wire.sctp(answer, 6);
      else if (kind === "pong") {
        wire.icmp({ from: far(port), to: quiet }, family === "v4" ? 0 : 129, 0, port);
      } else {
        const asked = { from: quiet, to: third, sport: 40000, dport: port, payload: 12 };
        wire.unreachable(wire.udpPacket(asked));
      }
      wire.wait(0.1);
    }
    background(wire.wait(10), target);
  },
);

harmless(
  "view: answers of one source to a quiet address, and nothing else in the capture",
  product(FAMILIES, ["equal numbers", "numbers at random"] as const),
  ([family, how], wire) => {
    const { other: quiet, third: from } = PLACES[family];
    for (let port = 1; port <= 40; port++) {
      const [seq, ack] = how === "equal numbers" ? [9, 7] : [wire.chance.next(), 7];
      wire.tcp({ from, to: quiet, sport: port, dport: 40000, seq, ack, flags: 18 });
      wire.wait(0.01);
    }
  },
);

harmless(
  "view: clients of a server whose answers go another way",
  product(FAMILIES, [50, 300]),
  ([family, count], wire) => {
    const { target: to, far } = PLACES[family];
    for (let i = 0; i < count; i++) {
      const ends = { from: far(i), to, sport: 33000 + i, dport: [443, 80, 25][i % 3] };
      new Tcp(wire, { ...ends, look: "linux" }).used();
      wire.wait(0.3);
    }
    return { seen: (frame) => !wire.isFrom(frame, to) };
  },
);
