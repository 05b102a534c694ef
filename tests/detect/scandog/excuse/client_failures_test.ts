// What clients fail at, by itself: FTP's data connections beside a control connection, and failures that are
// spread over the internet.

import assert from "node:assert/strict";
import {
  isEmptyFile,
  isFtpFile,
  isLostData,
  noteEmptyFile,
} from "../../../../src/detect/scandog/excuse/ftp_data.ts";
import {
  isClientsFailure,
  isFirstOfNetwork,
  noteFailedHost,
} from "../../../../src/detect/scandog/excuse/spread.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome, Stage } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Entries, type Entry, SOURCE, TARGET } from "../entries.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const FAILURES_PER_USE = 12;
const PEERS_GONE = 64;
const PEERS_PER_SITE = 16;

const { Udp } = TargetClass;
const { Silent, Refused, Used, Empty, None } = Outcome;

/** A subject for the source, and what FTP says of attempts of it. */
class Client extends Entries {
  readonly subject: number;

  constructor() {
    super();
    const { table, subjects, clock } = this.memory;
    const slot = this.add({ port: 1 });
    const hash = table.sourceHash(slot);
    this.subject = subjects.admit(table.words, table.sourceAt(slot), 0, hash, clock.ms);
  }

  control(given: Entry = {}): this {
    this.add({ port: 21, outcome: Used, packets: 4, ...given });
    return this;
  }

  isLost(entry: Entry): boolean {
    return isLostData(
      this.memory,
      this.add({ port: 50_000, marks: Mark.Stack, ...entry }),
      this.subject,
    );
  }
}

Deno.test("isLostData() takes a silent connection to a high port for a lost one beside a control connection", () => {
  assert.ok(!new Client().isLost({}), "no control connection");
  for (const port of [21, 990, 2121]) {
    assert.ok(new Client().control({ port }).isLost({}), `${port}`);
  }
  assert.ok(!new Client().control({ port: 22 }).isLost({}));
  assert.ok(
    new Client().control({ source: TARGET, target: SOURCE }).isLost({}),
    "the other way round",
  );
  assert.ok(!new Client().control({ target: "203.0.113.99" }).isLost({}), "of another host");
  const client = new Client().control();
  assert.ok(client.isLost({ port: 1024 }));
  assert.ok(!client.isLost({ port: 1023 }), "no high port");
  assert.ok(!client.isLost({ port: 2000, kind: Udp }));
  assert.ok(!client.isLost({ port: 2001, marks: 0 }), "no kernel's");
  assert.ok(!client.isLost({ port: 2002, marks: Mark.Stack | Mark.Ambiguous }));
  assert.ok(
    !client.isLost({ port: 2003, outcome: Refused }),
    "a server refuses none that it asked for",
  );
  assert.ok(client.isLost({ port: 2004, outcome: Refused, sourcePort: 20 }), "a client may");
});

Deno.test("isLostData() lets a source lose four data connections for each packet of its logins, and no more than 64", () => {
  for (const [packets, most, sourcePort] of [[3, 12, 0], [15, 60, 0], [99, 64, 0], [1, 64, 20]]) {
    const client = new Client().control({ packets });
    for (let i = 0; i < most - 1; i++) client.memory.subjects.lostData.add(client.subject, 1);
    assert.ok(client.isLost({ sourcePort }), `${packets}`);
    client.memory.subjects.lostData.add(client.subject, 1);
    assert.ok(!client.isLost({ port: 50_001, sourcePort }), `${packets}`);
  }
});

Deno.test("isLostData() takes for a control connection what is used or open, not what was tried only", () => {
  for (
    const [given, isControl] of [
      [{ outcome: Used }, true],
      [{ outcome: None, marks: Mark.Open }, true],
      [{ outcome: None, marks: Stage.Open }, true],
      [{ outcome: None, marks: Stage.Sent }, false],
      [{ outcome: Silent }, false],
      [{ outcome: Silent, marks: Mark.MaybeAnswered }, true],
      [{ outcome: Refused }, false],
      [{ outcome: Empty, marks: Mark.Open }, false],
    ] as [Entry, boolean][]
  ) {
    assert.equal(new Client().control(given).isLost({}), isControl, JSON.stringify(given));
  }
});

Deno.test("isEmptyFile() takes an empty file for one of a host that is used, or of the data port", () => {
  const client = new Client();
  const { pairsOf, pairs } = client.memory;
  const empty = (entry: Entry) => {
    const slot = client.add({ port: 50_000, outcome: Empty, ...entry });
    return isEmptyFile(client.memory, slot, client.subject, pairsOf.host(slot, client.subject));
  };
  assert.ok(!empty({}));
  assert.ok(empty({ port: 50_001, sourcePort: 20 }));
  assert.ok(!empty({ port: 80, sourcePort: 20 }), "no high port");
  pairs.used.add(pairsOf.host(client.add({ port: 7000 }), client.subject), 1);
  assert.ok(empty({ port: 50_002 }));
  for (let i = 0; i < 11; i++) {
    noteEmptyFile(client.memory, client.add({ port: 51_000 + i }), client.subject);
  }
  assert.ok(empty({ port: 50_004 }));
  noteEmptyFile(client.memory, client.add({ port: 51_100, sourcePort: 20 }), client.subject);
  assert.ok(!empty({ port: 50_006 }), "one too many");
  assert.ok(!empty({ port: 50_007, sourcePort: 20 }), "nobody was seen to ask for the files");
  const file = client.add({ port: 50_003, outcome: Used });
  assert.ok(!isFtpFile(client.memory, file));
  assert.ok(isFtpFile(client.control().memory, file));
  for (const [packets, isFile] of [[1, false], [0, true]] as const) {
    const other = new Client().control({ packets: 0 });
    const slot = other.add({ port: 50_003, outcome: Used, packets });
    assert.equal(
      isFtpFile(other.memory, slot),
      isFile,
      "a login of which the server alone was seen",
    );
  }
});

Deno.test("Spread: the web, peers and names are clients', by a stack and from a port each", () => {
  const client = new Client();
  const { pairsOf } = client.memory;
  const isClients = (entry: Entry, onePort = false) => {
    const slot = client.add({ target: "203.0.113.1", ...entry });
    return isClientsFailure(client.memory, slot, pairsOf.port(slot, client.subject), onePort);
  };
  const stack = Mark.Stack;
  assert.ok(isClients({ port: 443, marks: stack }));
  assert.ok(!isClients({ port: 443, marks: stack }, true), "from one port");
  assert.ok(!isClients({ port: 444, marks: stack }));
  assert.ok(isClients({ port: 1024, marks: stack }));
  assert.ok(!isClients({ port: 1023, marks: stack }));
  assert.ok(!isClients({ port: 80 }), "no stack");
  assert.ok(isClients({ kind: Udp, port: 53 }));
  assert.ok(isClients({ kind: Udp, port: 443 }));
  assert.ok(!isClients({ kind: Udp, port: 161 }));
  assert.ok(isClients({ kind: Udp, port: 5060, sourcePort: 5060 }, true), "between equal ports");
  assert.ok(!isClients({ kind: Udp, port: 53 }, true));
  assert.ok(!isClients({ kind: TargetClass.IcmpEcho }));
});

Deno.test("Spread: a service used at all is a client's while it fails less than so often for each use", () => {
  for (
    const [failed, isClients] of [[FAILURES_PER_USE - 1, true], [FAILURES_PER_USE, false]] as const
  ) {
    const client = new Client();
    const { pairsOf, pairs } = client.memory;
    const slot = client.add({ port: 22, marks: Mark.Stack });
    const port = pairsOf.port(slot, client.subject);
    pairs.used.add(port, 1);
    pairs.failed.add(port, failed);
    assert.equal(isClientsFailure(client.memory, slot, port, false), isClients, `${failed}`);
  }
});

Deno.test("Spread: only the first failure in a network is one, and the same target is one failure", () => {
  const client = new Client();
  const isFirst = (target: string, port = 443) => {
    const slot = client.add({ target, port, marks: Mark.Stack });
    noteFailedHost(client.memory, slot, client.subject);
    return isFirstOfNetwork(client.memory, slot, client.subject);
  };
  assert.ok(isFirst("203.0.113.1"));
  assert.ok(isFirst("203.0.113.1"), "again");
  assert.ok(isFirst("203.0.114.1"), "another /24");
  assert.ok(!isFirst("203.0.113.255"));
  assert.ok(isFirst("203.0.113.254", 8443), "another port");
  assert.ok(isFirst("2001:db8::1"));
  assert.ok(!isFirst("2001:db8::ffff"), "the same /64");
  assert.ok(isFirst("2001:db8:0:1::1"), "another /64");
});

Deno.test("Spread: of many hosts of one network, each at another port, none is the first", () => {
  const client = new Client();
  for (let i = 1; i <= PEERS_PER_SITE; i++) {
    const slot = client.add({ target: `203.0.113.${i}`, port: 5000 + i, marks: Mark.Stack });
    noteFailedHost(client.memory, slot, client.subject);
    assert.equal(isFirstOfNetwork(client.memory, slot, client.subject), i < PEERS_PER_SITE, `${i}`);
  }
});

Deno.test("Spread: of peers at one port so many may be gone and none there, of web servers any number", () => {
  const client = new Client();
  const { pairsOf, pairs } = client.memory;
  for (const [port, isWeb] of [[8333, false], [443, true]] as const) {
    const slot = client.add({ target: "203.0.113.1", port, marks: Mark.Stack });
    const pair = pairsOf.port(slot, client.subject);
    const isClients = () => isClientsFailure(client.memory, slot, pair, false);
    pairs.failed.add(pair, PEERS_GONE - 1);
    assert.ok(isClients(), `${port}`);
    pairs.failed.add(pair, 1);
    assert.equal(isClients(), isWeb, `${port}: one more`);
    pairs.used.add(pair, 1 + PEERS_GONE / FAILURES_PER_USE);
    assert.ok(isClients(), "others are there");
  }
});
