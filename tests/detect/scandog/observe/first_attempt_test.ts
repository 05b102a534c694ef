// The very first attempt of a capture has the first place of the table: it becomes what any later one becomes.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Questioned } from "../account/explained.ts";
import { Ack, Fin, Psh, Rst, Syn, Urg } from "../traffic.ts";

const SOURCE = "192.168.7.5", TARGET = "192.168.7.10", STRANGER = "198.51.100.1";
const SOURCE_6 = "2001:db8:7::5", TARGET_6 = "2001:db8:7::10";

const up = { from: SOURCE, to: TARGET }, down = { from: TARGET, to: SOURCE };
const sctp = { kind: Kind.Sctp, sport: 4000, dport: 5000 };
const web = { sport: 40_000, dport: 22 }, webBack = { sport: 22, dport: 40_000 };
const back = { kind: Kind.Sctp, sport: 5000, dport: 4000 };

/** A probe that looks like the answer of a service. */
function answers(traffic: Questioned, dport: number): void {
  traffic.send({ ...up, sport: 80, dport, flags: Syn | Ack, seq: 7, ack: 8 });
}

/** A probe and what comes of it: how its source's attempts are accounted for. */
const STORIES: Record<
  string,
  [run: (traffic: Questioned) => unknown, outcomes: string, by?: string]
> = {
  "TCP, refused": [(traffic) => traffic.refused(SOURCE, TARGET, 22), "refused"],
  "TCP, half-open": [(traffic) => traffic.halfOpen(SOURCE, TARGET, 22), "half-open"],
  "TCP, used": [(traffic) => traffic.used(SOURCE, TARGET, 22), "used"],
  "TCP, left empty": [(traffic) => traffic.empty(SOURCE, TARGET, 22), "empty"],
  "TCP, asked again before it is refused": [
    (traffic) => traffic.send({ ...up, ...web, flags: Syn, seq: 1 }).refused(SOURCE, TARGET, 22),
    "refused",
  ],
  "TCP, refused after what was no connection": [
    (traffic) => traffic.send({ ...up, ...web, flags: Ack, seq: 1 }).refused(SOURCE, TARGET, 22),
    "undecided,refused",
  ],
  "TCP, flags that no connection has, twice": [
    (traffic) => {
      for (const sport of [1, 2]) {
        traffic.send({ ...up, ...web, sport, flags: Fin | Psh | Urg });
      }
    },
    "silent",
  ],
  "TCP, acknowledged from two ports": [
    (traffic) => {
      for (const sport of [41_000, 41_001]) {
        traffic.send({ ...up, ...web, sport, flags: Ack, seq: 7 });
      }
    },
    "silent",
  ],
  "TCP, closed from two ports": [
    (traffic) => {
      for (const sport of [41_000, 41_001]) {
        traffic.send({ ...up, ...web, sport, flags: Fin | Ack, seq: 7 });
      }
    },
    "silent",
  ],
  "TCP, answered twice unasked": [
    (traffic) => {
      for (const sport of [41_000, 41_001]) {
        traffic.send({ ...up, ...web, sport, flags: Syn | Ack, seq: 7, ack: 8 });
      }
    },
    "silent",
  ],
  "TCP, reset by another connection's number": [
    (traffic) => {
      traffic.send({ ...up, ...web, flags: Syn, seq: 1000 });
      traffic.send({ ...down, ...webBack, dport: 40_001, flags: Rst | Ack, ack: 1001 });
    },
    "refused",
  ],
  "TCP, used and its data acknowledged in another connection": [
    (traffic) => {
      traffic.halfOpen(SOURCE, TARGET, 22);
      const other = { ...down, ...webBack, dport: 40_001, flags: Ack };
      traffic.send({ ...other, seq: 6, ack: 1001, payload: 700 });
    },
    "used",
  ],
  "TCP, seen by its answer alone": [
    (traffic) => {
      traffic.send({ ...down, ...webBack, flags: Syn | Ack, seq: 5, ack: 8 });
      traffic.send({ ...down, ...webBack, flags: Syn | Ack, seq: 5, ack: 8 });
    },
    "half-open",
  ],
  "TCP, used and kept open": [
    (traffic) => {
      traffic.send({ ...up, ...web, flags: Syn, seq: 1000 });
      traffic.send({ ...down, ...webBack, flags: Syn | Ack, seq: 5000, ack: 1001 });
      traffic.send({ ...up, ...web, flags: Ack, seq: 1001, ack: 5001, payload: 100 });
      traffic.send({ ...down, ...webBack, flags: Ack, seq: 5001, ack: 1101 });
    },
    "used",
  ],
  "TCP, one way, with data in another connection": [
    (traffic) => {
      traffic.send({ ...up, ...web, flags: Syn, seq: 1000 });
      traffic.send({ ...up, ...web, sport: 40_001, flags: Ack, seq: 7, ack: 8, payload: 10 });
    },
    "used",
  ],
  "TCP, and a reset from another port": [
    (traffic) => {
      traffic.send({ ...up, ...web, flags: Syn, seq: 1000 });
      traffic.send({ ...up, ...web, sport: 40_001, flags: Rst, seq: 7 });
    },
    "silent",
  ],
  "TCP, answered unasked where it was asked before": [
    (traffic) => {
      traffic.send({ ...up, ...web, dport: 21, flags: Syn, seq: 1000 });
      for (const dport of [21, 22]) answers(traffic, dport);
    },
    "silent,silent",
  ],
  "TCP, answered unasked from port 0 on": [
    (traffic) => {
      for (const dport of [0, 22]) answers(traffic, dport);
    },
    "silent,silent",
  ],
  "TCP, answered unasked and reset": [
    (traffic) => {
      answers(traffic, 21);
      traffic.send({ ...down, sport: 21, dport: 80, flags: Rst, seq: 8 });
      answers(traffic, 22);
    },
    "refused,silent",
  ],
  "TCP, asked again when it is forgotten": [
    (traffic) => traffic.refused(SOURCE, TARGET, 22).wait(7300).refused(SOURCE, TARGET, 22),
    "refused,refused",
  ],
  "TCP, acknowledged again when it is forgotten": [
    (traffic) => {
      for (const seq of [7, 8]) traffic.send({ ...up, ...web, flags: Ack, seq }).wait(7300);
    },
    "silent,silent",
  ],
  "UDP, unreachable": [
    (traffic) => traffic.udp(SOURCE, TARGET, 5000).unreachable(TARGET, SOURCE, 5000),
    "refused",
  ],
  "UDP, answered": [
    (traffic) => traffic.udp(SOURCE, TARGET, 53).udp(TARGET, SOURCE, 40_000, 53),
    "used",
  ],
  "SCTP, aborted": [
    (traffic) => traffic.send({ ...up, ...sctp, type: 1 }).send({ ...down, ...back, type: 6 }),
    "refused",
  ],
  "SCTP, used": [
    (traffic) => {
      traffic.send({ ...up, ...sctp, type: 1 }).send({ ...down, ...back, type: 2 });
      traffic.send({ ...up, ...sctp, type: 10 }).send({ ...down, ...back, type: 11 });
      traffic.send({ ...up, ...sctp, type: 0 });
    },
    "used",
  ],
  "UDP, answered at a port that was asked as well": [
    (traffic) => {
      traffic.udp(SOURCE, TARGET, 53).udp(TARGET, SOURCE, 40_000, 9);
      traffic.udp(TARGET, SOURCE, 40_000, 53);
    },
    "used",
  ],
  "SCTP, broken off by who asked, and was asked": [
    (traffic) => {
      traffic.send({ ...up, ...sctp, type: 1 });
      traffic.send({ ...down, ...back, sport: 6000, type: 1 });
      traffic.send({ ...up, ...sctp, type: 6 });
    },
    "half-open",
  ],
  "SCTP, used, and the echo of its cookie not answered": [
    (traffic) => {
      traffic.send({ ...up, ...sctp, type: 1 }).send({ ...down, ...back, type: 2 });
      traffic.send({ ...up, ...sctp, type: 10 }).send({ ...up, ...sctp, type: 0 });
    },
    "used",
  ],
  "a ping for the time, refused": [
    (traffic) => {
      traffic.send({ kind: Kind.Icmp, ...up, type: 13 });
      const inner = { from: SOURCE, to: TARGET, protocol: 1, sport: 0, dport: 0 };
      traffic.send({ kind: Kind.Icmp, ...down, type: 3, code: 1, inner });
    },
    "refused",
  ],
  "ARP, answered": [
    (traffic) => traffic.arp(SOURCE, TARGET).send({ kind: Kind.Arp, ...down, type: 2 }),
    "used",
  ],
  "a neighbour, asked for twice": [
    (traffic) => traffic.neighbour(SOURCE_6, TARGET_6).wait(1).neighbour(SOURCE_6, TARGET_6),
    "harmless",
    SOURCE_6,
  ],
  "UDP, sent twice": [
    (traffic) => traffic.udp(SOURCE, TARGET, 5000).wait(1).udp(SOURCE, TARGET, 5000),
    "silent",
  ],
  "SCTP, asked twice": [
    (traffic) => {
      for (const type of [1, 1]) traffic.send({ ...up, ...sctp, type }).wait(1);
    },
    "silent",
  ],
  "two pings": [(traffic) => traffic.ping(SOURCE, TARGET).wait(1).ping(SOURCE, TARGET), "silent"],
  "an IP protocol, sent twice": [
    (traffic) => {
      for (const kind of [Kind.Ip, Kind.Ip]) traffic.send({ kind, protocol: 47, ...up }).wait(1);
    },
    "silent",
  ],
  "ARP, asked twice": [
    (traffic) => traffic.arp(SOURCE, TARGET).wait(1).arp(SOURCE, TARGET),
    "harmless",
  ],
  "a datagram that expires on its way": [
    (traffic) => {
      const inner = { from: SOURCE, to: TARGET, protocol: 17, sport: 40_000, dport: 5000 };
      traffic.udp(SOURCE, TARGET, 5000);
      traffic.send({ kind: Kind.Icmp, from: STRANGER, to: SOURCE, type: 11, inner });
    },
    "harmless",
  ],
  "a ping": [
    (traffic) => traffic.ping(SOURCE, TARGET).send({ kind: Kind.Icmp, ...down, type: 0 }),
    "empty",
  ],
  "an IP protocol that the target speaks": [
    (traffic) => {
      const kind = Kind.Ip, protocol = 47;
      traffic.send({ kind, protocol, ...up }).send({ kind, protocol, ...down });
    },
    "used",
  ],
  "ARP, not answered": [(traffic) => traffic.arp(SOURCE, TARGET), "silent"],
  "a neighbour, not there": [
    (traffic) => traffic.neighbour(SOURCE_6, TARGET_6),
    "silent",
    SOURCE_6,
  ],
};

for (const [what, [run, expected, by = SOURCE]] of Object.entries(STORIES)) {
  Deno.test(`the first attempt of a capture: ${what}`, () => {
    const accounts = [true, false].map((isFirst) => {
      const traffic = new Questioned();
      if (!isFirst) traffic.refused(STRANGER, "203.0.113.7", 80);
      run(traffic);
      const { attempts, outcomes, decisions } = traffic.account(by);
      return { attempts, outcomes, decisions };
    });
    assert.deepEqual(accounts[0], accounts[1]);
    const { attempts, outcomes } = accounts[0];
    const each = Object.entries(outcomes).flatMap(([outcome, count]) => Array(count).fill(outcome));
    assert.deepEqual([each.join(), attempts], [expected, each.length]);
  });
}
