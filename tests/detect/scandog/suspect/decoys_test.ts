// Which of several sources is named, where no handshake tells.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Ack, Fin, Rst, Syn, Traffic } from "../traffic.ts";

const TARGET = "10.40.0.10";
const PORTS = Array.from({ length: 12 }, (_, i) => 20 + i);

/** nmap -D: each probe from each source, back to back, with the same numbers; `after` follows each. */
function scan(
  sources: string[],
  target: string,
  flags: number,
  after: (traffic: Traffic, from: string, port: number) => void = () => {},
): Traffic {
  const traffic = new Traffic({}, 50);
  PORTS.forEach((dport, i) => {
    for (const from of sources) {
      traffic.send({ from, to: target, sport: 40000, dport, flags, seq: 777, ipId: 1000 + i });
    }
    for (const from of sources) after(traffic, from, dport);
  });
  return traffic.wait(5).ping("198.51.100.200", "198.51.100.201");
}

function refuse(target: string) {
  return (traffic: Traffic, from: string, port: number) => {
    traffic.send({ from: target, to: from, sport: port, dport: 40000, flags: Rst | Ack, ack: 778 });
  };
}

Deno.test("of decoys made up at random the source is named that is not of the internet", () => {
  for (const real of ["192.168.3.7", "203.0.113.66"]) {
    for (const place of [0, 2, 4]) {
      const sources = ["52.14.9.1", "8.8.4.200", "93.184.3.77", "151.101.1.140"];
      sources.splice(place, 0, real);
      const [found] = scan(sources, TARGET, Fin, refuse(TARGET)).scans();
      assert.equal(found.shape, "decoy");
      assert.equal(found.source, real, `${place}`);
    }
  }
});

Deno.test("a source that a router knows no way to is not the one that is named", () => {
  const sources = ["203.0.113.9", "198.51.100.77", "192.0.2.3"];
  for (const real of sources) {
    const [found] = scan(sources, TARGET, Fin, (traffic, from, port) => {
      refuse(TARGET)(traffic, from, port);
      if (from === real || port > 22) return; // routers limit their errors
      const inner = { from: TARGET, to: from, protocol: 6, sport: port, dport: 40000 };
      traffic.send({ kind: Kind.Icmp, from: "10.40.0.1", to: TARGET, type: 3, code: 0, inner });
    }).scans();
    assert.equal(found.source, real);
  }
});

Deno.test("a source that lets SYN-ACKs be repeated is not the one that is named", () => {
  const sources = ["203.0.113.9", "203.0.113.77", "203.0.113.3"];
  for (const real of sources) {
    // Only what the target sends is seen.
    const traffic = new Traffic({}, 50);
    const accept = (from: string) => {
      const open = { from: TARGET, to: from, sport: 20, dport: 40000, flags: Syn | Ack };
      traffic.send({ ...open, seq: 5, ack: 778 });
    };
    for (const from of sources) accept(from);
    for (const port of PORTS.slice(1)) {
      for (const from of sources) refuse(TARGET)(traffic, from, port);
    }
    traffic.wait(1);
    for (const from of sources) if (from !== real) accept(from);
    traffic.wait(5).ping("198.51.100.200", "198.51.100.201");
    const [found] = traffic.scans();
    assert.equal(found.shape, "decoy");
    assert.equal(found.source, real);
  }
});

Deno.test("the source is named that resets, at the number after its SYN's, a connection whose answer nobody saw", () => {
  const sources = ["203.0.113.9", "203.0.113.77", "203.0.113.3"];
  const named = (real: string, seq: number) => {
    const reset = { to: TARGET, sport: 40000, flags: Rst, seq };
    return scan(sources, TARGET, Syn, (traffic, from, dport) => {
      if (from === real && dport === 20) traffic.send({ ...reset, from, dport });
    }).named().join();
  };
  for (const real of sources) assert.equal(named(real, 778), real);
  for (const seq of [777, 779]) {
    assert.equal(new Set(sources.map((real) => named(real, seq))).size, 1, `${seq}`);
  }
});

Deno.test("a source whose probes are refused again and again got no more answers than the others", () => {
  const sources = ["203.0.113.9", "203.0.113.77", "203.0.113.3"];
  const named = (copied: string) =>
    scan(sources, TARGET, Syn, (traffic, from, port) => {
      for (let i = 0; i < (from === copied ? 8 : 1); i++) refuse(TARGET)(traffic, from, port);
    }).named().join();
  assert.deepEqual(sources.map(named), Array(3).fill(named("")));
});
