// Probes that look like answers: SYN-ACK and RST to ports that no client speaks from.

import assert from "node:assert/strict";
import {
  AnswerProbes,
  isFromClient,
} from "../../../../src/detect/scandog/observe/answer_probes.ts";
import { Segment } from "../../../../src/detect/scandog/observe/segment.ts";
import { Records } from "../../../../src/record.ts";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";
const LOW_PORTS = [21, 22, 23, 25, 53, 80, 110, 111, 143];

/** The target is a client as well, so that answers to what it did not send are backscatter. */
function busy(): Traffic {
  return new Traffic().used(TARGET, "198.51.100.20", 443).used(TARGET, SCANNER, 80, 41111);
}

Deno.test("SYN-ACKs from a service's port to many low ports are a scan", () => {
  const traffic = busy();
  for (const dport of LOW_PORTS) {
    traffic.send({
      from: SCANNER,
      to: TARGET,
      sport: 80,
      dport,
      flags: Syn | Ack,
      seq: 9,
      ack: 77,
    });
    traffic.send({ from: TARGET, to: SCANNER, sport: dport, dport: 80, flags: Rst, seq: 77 });
  }
  const [scan] = traffic.scans();
  assert.equal(scan?.source, SCANNER);
  assert.deepEqual(scan.techniques, ["syn-ack"]);
});

Deno.test("SYN-ACKs to low ports are a scan with all of them, whether or not the first was reset", () => {
  for (const isReset of [true, false]) {
    const traffic = busy();
    for (const dport of [700, ...LOW_PORTS, 993]) {
      const probe = { from: SCANNER, to: TARGET, sport: 443, dport };
      traffic.send({ ...probe, flags: Syn | Ack, seq: dport * 7, ack: dport * 3 });
      if (!isReset) continue;
      const reset = { from: TARGET, to: SCANNER, sport: dport, dport: 443 };
      traffic.send({ ...reset, flags: Rst, seq: dport * 3 });
    }
    const [scan] = traffic.scans().slice(-1);
    assert.equal(scan?.source, SCANNER);
    assert.equal(scan.ports.count, 11);
    assert.equal(scan.ports.closed, isReset ? 11 : 0);
  }
});

Deno.test("servers that trust low ports answer their clients there", () => {
  for (const [sport, named] of [[2049, []], [513, []], [443, [SCANNER]]] as const) {
    const traffic = busy();
    for (let i = 0; i < 30; i++) {
      const answer = { from: SCANNER, to: TARGET, sport, dport: 1023 - i };
      traffic.send({ ...answer, flags: Syn | Ack, seq: 9 + i, ack: 70 + i });
    }
    assert.deepEqual(traffic.named(), named, `${sport}`);
  }
});

Deno.test("RSTs from one port to many low ports are a scan, whatever they pretend to answer", () => {
  const kinds = [{ flags: Rst, seq: 7 }, { flags: Rst | Ack, seq: 7 }, { flags: Rst | Ack }];
  for (const sport of [39363, 80]) {
    for (const kind of kinds) {
      const traffic = busy();
      for (const dport of LOW_PORTS) {
        traffic.send({ from: SCANNER, to: TARGET, sport, dport, ack: 99, ...kind });
      }
      const [scan] = traffic.scans();
      assert.equal(scan?.source, SCANNER, `${sport} ${JSON.stringify(kind)}`);
      assert.deepEqual(scan.techniques, ["other-tcp"]);
    }
  }
});

Deno.test("answers to a scan that leaves from a low port are no probes of the target", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 40; i++) {
    const flags = i % 8 === 0 ? Syn | Ack : Rst | Ack;
    const sport = flags === (Rst | Ack) ? 30000 + i : 100 + i;
    traffic.send({ from: TARGET, to: SCANNER, sport, dport: 53, flags, ack: 1001, seq: 0 });
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("a flooded server's answers to ports of every size name nobody", () => {
  const kinds = [{ flags: Syn | Ack, seq: 5 }, { flags: Rst | Ack, seq: 0 }, {
    flags: Rst,
    seq: 5,
  }];
  for (const kind of kinds) {
    const traffic = busy();
    for (let i = 0; i < 4000; i++) {
      const dport = 1 + (i * 40503) % 65535;
      traffic.send({ from: "192.0.2.1", to: TARGET, sport: 443, dport, ack: i, ...kind });
    }
    assert.deepEqual(traffic.named(), [], JSON.stringify(kind));
  }
});

function segment(sourcePort: number, destinationPort: number): Segment {
  return Object.assign(new Segment(Records.allocate(1)), { sourcePort, destinationPort });
}

/** After segments of one sender, by their ports: whether the last one passes for a probe. */
function isLow(...ports: [source: number, destination: number][]): boolean {
  const probes = new AnswerProbes();
  for (const [source, destination] of ports) probes.note(7, segment(source, destination));
  return probes.isLow(7, segment(...ports[ports.length - 1]));
}

Deno.test("AnswerProbes takes the second segment to a low port for a probe, from the same port and to another", () => {
  assert.equal(isLow([80, 21]), false, "the first");
  assert.equal(isLow([80, 21], [80, 22]), true);
  assert.equal(isLow([80, 21], [80, 21]), false, "the same once more");
  assert.equal(isLow([81, 21], [80, 22]), false, "from another port");
  assert.equal(isLow([80, 40_000], [80, 22]), true, "whatever port came before");
  assert.equal(isLow([80, 21], [80, 40_000]), false, "to a client's port");
  assert.equal(isLow([50_000, 21], [50_000, 22]), true, "ports in the upper half of the range");
});

Deno.test("AnswerProbes has a low port below 1024, or below 512 where its service trusts low ports", () => {
  const trusting = [22, 111, 512, 513, 514, 515, 543, 544, 2049];
  for (const service of [...trusting, 21, 23, 110, 511, 516, 542, 545, 2048, 443]) {
    const isTrusted = trusting.includes(service);
    const low = [511, 512, 1023, 1024].map((port) => isLow([service, 3], [service, port]));
    assert.deepEqual(low, [true, !isTrusted, !isTrusted, false], `${service}`);
  }
});

Deno.test("AnswerProbes takes none for a probe where four times as many go to clients' ports", () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, i): [number, number] => [80, 40_000 + i]);
  assert.equal(isLow(...others(4), [80, 22]), true);
  assert.equal(isLow(...others(5), [80, 22]), false);
  assert.equal(isLow(...others(8), [80, 21], [80, 22]), true);
  assert.equal(isLow(...others(9), [80, 21], [80, 22]), false);
});

Deno.test("AnswerProbes begins anew where another sender has the same place", () => {
  const PLACES = 256;
  const probes = new AnswerProbes();
  for (let i = 0; i < 9; i++) probes.note(7, segment(80, 40_000 + i));
  probes.note(7, segment(80, 21));
  assert.equal(probes.takeFirst(7), -1);
  const other = 7 + PLACES;
  probes.note(other, segment(80, 21));
  assert.equal(probes.isLow(other, segment(80, 21)), false, "its first");
  probes.note(other, segment(80, 22));
  assert.equal(probes.isLow(other, segment(80, 22)), true, "what the other sent is not its own");
  assert.equal(probes.takeFirst(other), 21, "nor was its first taken");
  probes.note(8, segment(80, 23));
  probes.note(other, segment(80, 23));
  assert.equal(probes.isLow(other, segment(80, 23)), true, "another place is another's");
  // The low ones of the one before do not count for who comes now.
  const counts = new AnswerProbes();
  for (let i = 0; i < 3; i++) counts.note(7, segment(80, 21 + i));
  for (let i = 0; i < 5; i++) counts.note(other, segment(80, 40_000 + i));
  counts.note(other, segment(80, 22));
  assert.equal(counts.isLow(other, segment(80, 22)), false);
});

Deno.test("AnswerProbes gives the segment before the first that passes for a probe, once", () => {
  const first = (source: number, destination: number) => {
    const probes = new AnswerProbes();
    probes.note(7, segment(source, destination));
    probes.note(7, segment(source, 22));
    return [probes.takeFirst(7), probes.takeFirst(7)];
  };
  assert.deepEqual(first(80, 21), [21, -1]);
  assert.deepEqual(first(80, 1023), [1023, -1]);
  assert.deepEqual(first(80, 1024), [-1, -1]);
  assert.deepEqual(first(513, 600), [-1, -1], "a service that trusts low ports");
  assert.deepEqual(first(50_000, 600), [600, -1]);
});

Deno.test("isFromClient() wants a client's port that sends to a privileged one", () => {
  const found = [[1024, 1023], [1023, 1023], [1024, 1024], [1023, 1024]].map(([source, to]) =>
    isFromClient(segment(source, to))
  );
  assert.deepEqual(found, [true, false, false, false]);
});
