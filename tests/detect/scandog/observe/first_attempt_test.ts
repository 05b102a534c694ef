// The very first attempt of a capture has the first place of the table: it becomes what any later one becomes.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Questioned } from "../account/explained.ts";

const SOURCE = "192.168.7.5", TARGET = "192.168.7.10", STRANGER = "198.51.100.1";
const SOURCE_6 = "2001:db8:7::5", TARGET_6 = "2001:db8:7::10";

const up = { from: SOURCE, to: TARGET }, down = { from: TARGET, to: SOURCE };
const sctp = { kind: Kind.Sctp, sport: 4000, dport: 5000 };
const back = { kind: Kind.Sctp, sport: 5000, dport: 4000 };

/** A probe and what comes of it: how it is accounted for. */
const STORIES: Record<
  string,
  [run: (traffic: Questioned) => unknown, outcome: string, by?: string]
> = {
  "TCP, refused": [(traffic) => traffic.refused(SOURCE, TARGET, 22), "refused"],
  "TCP, half-open": [(traffic) => traffic.halfOpen(SOURCE, TARGET, 22), "half-open"],
  "TCP, used": [(traffic) => traffic.used(SOURCE, TARGET, 22), "used"],
  "TCP, left empty": [(traffic) => traffic.empty(SOURCE, TARGET, 22), "empty"],
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

for (const [what, [run, outcome, by = SOURCE]] of Object.entries(STORIES)) {
  Deno.test(`the first attempt of a capture: ${what}`, () => {
    const accounts = [true, false].map((isFirst) => {
      const traffic = new Questioned();
      if (!isFirst) traffic.refused(STRANGER, "203.0.113.7", 80);
      run(traffic);
      const { attempts, outcomes, decisions } = traffic.account(by);
      return { attempts, outcomes, decisions };
    });
    assert.deepEqual(accounts[0], accounts[1]);
    assert.deepEqual([accounts[0].attempts, accounts[0].outcomes], [1, { [outcome]: 1 }]);
  });
}
