// Probes that look like answers: SYN-ACK and RST to ports that no client speaks from.

import assert from "node:assert/strict";
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
