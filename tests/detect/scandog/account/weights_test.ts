// Every rule of weight and points, each reached by traffic that deserves it, as the explanation tells it.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../src/address.ts";
import { HOST_CLASSES, HostClass, PORT_CLASSES, PortClass } from "../../../../src/failure_class.ts";
import { Kind } from "../../../../src/record.ts";
import { Ack, Fin, Rst, Syn } from "../traffic.ts";
import { Questioned } from "./explained.ts";

const CLIENT = "198.51.100.40", SERVER = "203.0.113.10", OTHER = "203.0.113.11";
const ANY = parsePrefix("0.0.0.0/0")!;

function ports(traffic: Questioned, count: number, first = 21): Questioned {
  for (let port = first; port < first + count; port++) {
    traffic.refused(CLIENT, SERVER, port, 40000 + port);
  }
  return traffic;
}

/** A segment with these flags to two ports. */
function twoProbes(flags: number): Questioned {
  const traffic = new Questioned();
  for (const dport of [22, 23]) traffic.send({ from: CLIENT, to: SERVER, dport, flags, seq: 1 });
  return traffic;
}

/** An attempt that counts, by the rule for its port, with its weight. */
const OF_PORT: Record<string, () => [Questioned, string, number]> = {
  none: () => [twice((to) => new Questioned().ping(CLIENT, to)), CLIENT, 0],
  exotic() {
    return [twoProbes(0), CLIENT, 7];
  },
  accepted() {
    const traffic = new Questioned();
    for (const port of [22, 25]) traffic.empty(CLIENT, SERVER, port, 50000 + port);
    return [traffic, CLIENT, 1];
  },
  "fin-or-protocol"() {
    return [twoProbes(Fin), CLIENT, 3];
  },
  "silent-udp"() {
    const traffic = new Questioned();
    for (const port of [69, 161]) traffic.udp(CLIENT, SERVER, port, 40000 + port);
    return [traffic, CLIENT, 2];
  },
  privileged: () => [ports(new Questioned(), 2), CLIENT, 3],
  other: () => [ports(new Questioned(), 2, 5000), CLIENT, 1],
  unasked() {
    const traffic = new Questioned();
    for (let i = 0; i < 5; i++) {
      traffic.udp(SERVER, CLIENT, 41000 + i, 53).unreachable(CLIENT, SERVER, 41000 + i, 53);
    }
    return [traffic, SERVER, 1];
  },
  "raw-socket"() {
    const traffic = new Questioned();
    for (const port of [5000, 5001, 5002]) traffic.refused(CLIENT, SERVER, port, 40000);
    return [traffic, CLIENT, 3];
  },
  "answered-once": () => [askedOnce(8), CLIENT, 0],
  target: () => [ports(new Questioned({ weigh: [{ prefix: ANY, weight: 2 }] }), 2), CLIENT, 2],
};

/** One question from one socket to so many hosts of a network, each answered. */
function askedOnce(hosts: number): Questioned {
  const traffic = new Questioned();
  for (let i = 0; i < hosts; i++) {
    traffic.udp(CLIENT, `203.0.113.${20 + i}`, 161).udp(`203.0.113.${20 + i}`, CLIENT, 40000, 161);
  }
  return traffic;
}

function twice(make: (to: string) => unknown): Questioned {
  const traffic = make(SERVER) as Questioned;
  return traffic.ping(CLIENT, OTHER) as Questioned;
}

for (const { name } of PORT_CLASSES.filter(({ name }) => name !== "reply-like")) {
  Deno.test(`a failed port can weigh what it does by the rule ${name}`, () => {
    const [traffic, source, weight] = OF_PORT[name]();
    const account = traffic.account(source);
    const found = account.listed.find(({ weighed }) => weighed?.portRule === name);
    assert.equal(found?.weighed?.weight, weight, JSON.stringify(account.listed));
  });
}

/** An attempt that counts, by the rule for its host, with its points. */
const OF_HOST: Record<string, () => [Questioned, string, number]> = {
  "reply-like"() {
    // By its own rule an answer weighs nothing; a rule for the target gives it weight.
    const traffic = new Questioned({ weigh: [{ prefix: ANY, weight: 2 }] });
    for (let i = 0; i < 2; i++) {
      const farewell = { from: SERVER, to: CLIENT, sport: 443, dport: 50000 + i };
      traffic.send({ ...farewell, flags: Fin | Ack, seq: i, ack: i });
    }
    return [traffic, SERVER, 0];
  },
  exotic() {
    return [twoProbes(0), CLIENT, 12];
  },
  "refused-end"() {
    const traffic = new Questioned();
    [SERVER, OTHER].forEach((to, i) => {
      const up = { from: CLIENT, to, sport: 900 + i, dport: 22 };
      traffic.send({ ...up, flags: Ack, seq: 1, ack: 1 });
      traffic.send({ from: to, to: CLIENT, sport: 22, dport: 900 + i, flags: Rst, seq: 1 });
    });
    return [traffic, CLIENT, 3];
  },
  ambiguous() {
    const traffic = new Questioned();
    for (const dport of [22, 23]) {
      traffic.send({
        from: CLIENT,
        to: SERVER,
        sport: 900 + dport,
        dport,
        flags: Ack,
        seq: 1,
        ack: 1,
      });
    }
    return [traffic, CLIENT, 0];
  },
  accepted() {
    const traffic = new Questioned();
    for (const port of [22, 25]) traffic.empty(CLIENT, SERVER, port, 50000 + port);
    return [traffic, CLIENT, 3];
  },
  web() {
    const traffic = new Questioned().refused(OTHER, CLIENT, 80) as Questioned; // not only SYNs are seen
    for (let i = 0; i < 4; i++) {
      const to = `203.0.113.${20 + i}`;
      traffic.send({
        from: CLIENT,
        to,
        sport: 40000 + i,
        dport: 443,
        flags: Syn,
        seq: i,
        timestamp: 7,
      });
    }
    return [traffic, CLIENT, 4];
  },
  failed: () => [ports(new Questioned(), 2), CLIENT, 6],
  "silent-udp"() {
    const traffic = new Questioned();
    for (let i = 0; i < 7; i++) traffic.udp(CLIENT, SERVER, 100 + i, 40000);
    return [traffic, CLIENT, 3];
  },
  "silent-udp-of-client"() {
    const traffic = new Questioned();
    for (const port of [69, 161]) traffic.udp(CLIENT, SERVER, port, 40000 + port);
    return [traffic, CLIENT, 1];
  },
  "answered-ping"() {
    const traffic = new Questioned();
    for (const to of [SERVER, OTHER]) {
      traffic.ping(CLIENT, to).send({ kind: Kind.Icmp, from: to, to: CLIENT, type: 0 });
    }
    return [traffic, CLIENT, 3];
  },
  "answered-once": () => [askedOnce(8), CLIENT, 1],
  "silent-ping": () => [twice((to) => new Questioned().ping(CLIENT, to)), CLIENT, 4],
  "kernel-arp"() {
    // A host that tries neighbours itself, and whose kernel asks three times for each.
    const traffic = new Questioned({}, 1000);
    for (let second = 0; second < 3; second++) {
      for (let i = 0; i < 4; i++) {
        if (second === 0) {
          traffic.send({
            from: "192.168.7.5",
            to: `192.168.7.${40 + i}`,
            dport: 22,
            flags: Syn,
            seq: i,
          });
        }
        traffic.arp("192.168.7.5", `192.168.7.${30 + i}`);
      }
      traffic.timeUs += 1_000_000 - (second === 0 ? 8 : 4) * 1000;
    }
    return [traffic, "192.168.7.5", 2];
  },
  arp() {
    const traffic = new Questioned();
    for (let i = 0; i < 4; i++) traffic.arp("192.168.7.5", `192.168.7.${30 + i}`);
    return [traffic, "192.168.7.5", 3];
  },
  "arp-row"() {
    const traffic = new Questioned();
    traffic.ping(CLIENT, SERVER).wait(5);
    for (let i = 0; i < 8; i++) traffic.arp("192.168.7.5", `192.168.7.${30 + i}`);
    traffic.wait(5).ping(CLIENT, SERVER);
    return [traffic, "192.168.7.5", 6];
  },
  "used-host"() {
    const traffic = ports(new Questioned(), 2).used(CLIENT, OTHER, 22, 50000);
    return [traffic.refused(CLIENT, OTHER, 5666) as Questioned, CLIENT, 0];
  },
  "web-unseen"() {
    const traffic = new Questioned();
    for (let i = 0; i < 4; i++) {
      const to = `203.0.113.${i}`;
      traffic.send({ from: CLIENT, to, sport: 40000 + i, dport: 80, flags: Syn, timestamp: 7 });
    }
    return [traffic, CLIENT, 1];
  },
  spread() {
    const traffic = new Questioned();
    for (let i = 0; i < 3; i++) {
      const to = `203.0.${i}.9`;
      traffic.send({
        from: CLIENT,
        to,
        sport: 40000 + i,
        dport: 443,
        flags: Syn,
        seq: i,
        timestamp: 7,
      });
    }
    return [traffic, CLIENT, 0];
  },
};

for (const { name } of HOST_CLASSES) {
  Deno.test(`a failed host can have its points by the rule ${name}`, () => {
    const [traffic, source, points] = OF_HOST[name]();
    const account = traffic.account(source);
    const found = account.listed.find(({ weighed }) => weighed?.hostRule === name);
    assert.equal(found?.weighed?.points, points, JSON.stringify(account.listed));
  });
}

Deno.test("each class of failures stands at the place of its code, and is named as the code is", () => {
  const camel = (name: string) =>
    name.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase());
  const tables: [Record<string, number>, readonly { code: number; name: string }[]][] = [
    [PortClass, PORT_CLASSES],
    [HostClass, HOST_CLASSES],
  ];
  for (const [codes, rows] of tables) {
    const named = Object.fromEntries(rows.map(({ name, code }) => [camel(name), code]));
    assert.deepEqual(named, codes);
    assert.deepEqual(rows.map(({ code }) => code), rows.map((_, i) => i));
  }
});
