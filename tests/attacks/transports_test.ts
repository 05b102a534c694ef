// Scans by what is neither TCP nor ordinary UDP: SCTP once more, UDP-Lite, and IP protocols as if of a tunnel.

import { attack, harmless } from "./cases.ts";
import { background } from "./conversation.ts";
import { bytes, u16 } from "../decode/build.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

const UDP_LITE = 136, GRE = 47;

attack(
  "transports: an SCTP scan of the same ports hours later is a scan of its own",
  FAMILIES,
  (family, wire) => {
    const { scanner: from, target: to } = PLACES[family];
    for (let round = 0; round < 2; round++) {
      background(wire, to);
      for (let dport = 1; dport <= 40; dport++) {
        wire.sctp({ from, to, sport: 50000, dport }, 1);
        wire.sctp({ from: to, to: from, sport: dport, dport: 50000 }, 6);
        wire.wait(0.1);
      }
      background(wire.wait(10), to);
      wire.wait(3 * 3600);
    }
    const scan = { source: from, techniques: "sctp-init", ports: 40, closed: 40 };
    return [scan, scan];
  },
);

attack(
  "transports: a scan by UDP-Lite, of ports and of hosts",
  product(
    FAMILIES,
    ["ports", "hosts"] as const,
    ["silent", "no port", "no protocol"] as const,
  ),
  ([family, aim, answer], wire) => {
    const { scanner: from, target, host } = PLACES[family];
    background(wire, target);
    for (const n of wire.numbers(60, 2, 240)) {
      const to = aim === "ports" ? target : host(n), port = aim === "ports" ? n : 5004;
      const header = bytes(u16(wire.chance.between(33000, 60000)), u16(port), u16(8), u16(0));
      const sent = wire.other({ from, to }, UDP_LITE, bytes(header, 1, 2, 3, 4));
      if (answer === "no port") wire.unreachable(sent);
      if (answer === "no protocol") {
        const [type, code] = family === "v4" ? [3, 2] : [4, 1];
        wire.error(to, sent, type, code);
      }
      wire.wait(0.1);
    }
    background(wire.wait(10), target);
    const shape = aim === "ports"
      ? { shape: "vertical", ports: 60, hosts: 1 }
      : { shape: "horizontal", ports: 1, hosts: 60 };
    return [{ source: from, techniques: "udp", open: "", ...shape }];
  },
);

attack(
  "transports: IP protocols, each sent as often as a tunnel sends",
  product(FAMILIES, [9, 40]),
  ([family, times], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (const protocol of wire.numbers(40, 140, 250)) {
      for (let k = 0; k < times; k++) wire.other({ from, to }, protocol, bytes(k, 1, 2, 3));
      wire.wait(0.1);
    }
    background(wire.wait(10), to);
    return [{ source: from, techniques: "ip-protocol", shape: "vertical", ports: 40, open: "" }];
  },
);

harmless(
  "transports: a hub's tunnels to many places, where only what it sends is seen",
  FAMILIES,
  (family, wire) => {
    const { target: from, far } = PLACES[family];
    for (let k = 0; k < 40; k++) {
      for (let i = 0; i < 30; i++) {
        const to = far(i);
        wire.other({ from, to }, GRE, bytes(0, 0, 8, 0, k, i));
      }
      wire.wait(0.1);
    }
    wire.wait(20);
  },
);
