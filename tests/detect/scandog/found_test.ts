// What must be found: every technique, shape and pace, as records.

import assert from "node:assert/strict";
import { Kind } from "../../../src/record.ts";
import { forgetAddresses } from "./packet.ts";
import { Ack, Fin, Psh, random, Rst, Syn, Traffic, Urg } from "./traffic.ts";

const SCANNER = "198.51.100.7";
const TARGET = "203.0.113.10";
const LOW_PORTS = [21, 22, 23, 25, 53, 80, 110];

Deno.test("attempts that a crowd pushes out of the table before their time are judged all the same", () => {
  // Slower than a flood, so that each conversation is followed; all of it before any silence is due.
  const traffic = new Traffic({ memory: 4 }, 150), next = random(9);
  const byte = (least: number) => least + Math.floor(next() * 100);
  for (let port = 1; port <= 10; port++) {
    traffic.send({ from: SCANNER, to: TARGET, sport: 40000, dport: port, flags: Syn, seq: port });
  }
  for (let i = 0; i < 30_000; i++) {
    const from = `${byte(11)}.${byte(0)}.${byte(0)}.${byte(1)}`;
    traffic.send({ from, to: TARGET, sport: 40000, dport: 443, flags: Syn, seq: i });
  }
  assert.ok(traffic.named().includes(SCANNER));
});

Deno.test("seven refused privileged ports are a scan, six are none", () => {
  const six = new Traffic();
  for (const port of LOW_PORTS.slice(0, 6)) six.refused(SCANNER, TARGET, port);
  assert.deepEqual(six.named(), []);
  const seven = new Traffic();
  for (const port of LOW_PORTS) seven.refused(SCANNER, TARGET, port);
  assert.equal(seven.told().length, 1, "told at the seventh, not at the end");
  const [scan] = seven.scans();
  assert.equal(scan.source, SCANNER);
  assert.equal(scan.shape, "vertical");
  assert.deepEqual(scan.techniques, ["syn"]);
  assert.deepEqual(
    { ...scan.ports },
    { count: 7, list: "21-23,25,53,80,110", open: "", closed: 7, silent: 0 },
  );
});

Deno.test("twenty-one refused high ports are a scan, twenty are none", () => {
  for (const [count, found] of [[20, 0], [21, 1]]) {
    const traffic = new Traffic();
    for (let i = 0; i < count; i++) traffic.refused(SCANNER, TARGET, 5000 + i, 40000 + i);
    assert.equal(traffic.named().length, found, `${count} ports`);
  }
});

Deno.test("eight refused high ports are a scan where a raw socket asks them from one port, seven are none", () => {
  for (const [count, found] of [[7, 0], [8, 1]]) {
    const traffic = new Traffic();
    for (let i = 0; i < count; i++) traffic.refused(SCANNER, TARGET, 5000 + i);
    assert.equal(traffic.named().length, found, `${count} ports`);
  }
});

Deno.test("the end has exact totals over all 65,535 ports", () => {
  const traffic = new Traffic({}, 20);
  for (let port = 1; port <= 65535; port++) {
    if (port === 22 || port === 8080) traffic.halfOpen(SCANNER, TARGET, port);
    else if (port % 1000 === 7) {
      traffic.send({ from: SCANNER, to: TARGET, sport: 40000, dport: port, flags: Syn });
    } else traffic.refused(SCANNER, TARGET, port);
  }
  const [scan] = traffic.scans();
  assert.equal(scan.ports.count, 65535);
  assert.equal(scan.ports.list, "1-65535");
  assert.equal(scan.ports.open, "22,8080");
  assert.equal(scan.ports.silent, 66);
  assert.equal(scan.ports.closed, 65535 - 66 - 2);
  assert.equal(scan.attempts, 65535);
  assert.equal(scan.evidence, "reset");
  assert.equal(traffic.told("scan-end").length, 1);
});

const STEALTH: [string, number, string][] = [
  ["FIN", Fin, "fin"],
  ["NULL", 0, "null"],
  ["Xmas", Fin | Psh | Urg, "xmas"],
  ["Maimon", Fin | Ack, "maimon"],
  ["ACK", Ack, "ack"],
  ["SYN+FIN", Syn | Fin, "other-tcp"],
];
for (const [name, flags, technique] of STEALTH) {
  Deno.test(`a ${name} scan is found, answered or not`, () => {
    for (const isAnswered of [true, false]) {
      const traffic = new Traffic();
      for (const port of [...LOW_PORTS, 111, 139, 143, 443]) {
        traffic.send({ from: SCANNER, to: TARGET, sport: 40000, dport: port, flags });
        if (isAnswered) {
          traffic.send({ from: TARGET, to: SCANNER, sport: port, dport: 40000, flags: Rst });
        }
      }
      const [scan] = traffic.scans();
      assert.equal(scan?.source, SCANNER, isAnswered ? "answered" : "silent");
      assert.deepEqual(scan.techniques, [technique]);
      assert.equal(scan.ports.closed, isAnswered ? 11 : 0);
    }
  });
}

Deno.test("a SYN-ACK scan from a client's port is found", () => {
  const traffic = new Traffic();
  for (const port of [...LOW_PORTS, 143, 443]) {
    traffic.send({ from: SCANNER, to: TARGET, sport: 40000, dport: port, flags: Syn | Ack })
      .send({ from: TARGET, to: SCANNER, sport: port, dport: 40000, flags: Rst });
  }
  assert.deepEqual(traffic.scans()[0]?.techniques, ["syn-ack"]);
});

Deno.test("a connect scan is told from a SYN scan, with its handshakes as proof", () => {
  const traffic = new Traffic();
  for (const port of LOW_PORTS) traffic.refused(SCANNER, TARGET, port);
  traffic.empty(SCANNER, TARGET, 143);
  const [scan] = traffic.scans();
  assert.ok(scan.techniques.includes("connect"));
  assert.equal(scan.evidence, "handshake");
  assert.equal(scan.ports.open, "143");
});

Deno.test("a UDP scan is found by what the target says, and by its silence", () => {
  const refused = new Traffic();
  for (const port of LOW_PORTS) {
    refused.udp(SCANNER, TARGET, port).unreachable(TARGET, SCANNER, port);
  }
  assert.equal(refused.scans()[0]?.ports.closed, 7);
  const silent = new Traffic();
  for (let port = 10; port <= 20; port++) silent.udp(SCANNER, TARGET, port);
  assert.equal(silent.scans()[0]?.ports.silent, 11);
});

Deno.test("answers alone name the scanner when its probes are not in the capture", () => {
  const resets = new Traffic();
  for (const port of LOW_PORTS) {
    resets.send({ from: TARGET, to: SCANNER, sport: port, dport: 40000, flags: Rst | Ack, ack: 9 });
  }
  assert.deepEqual(resets.named(), [SCANNER]);
  const errors = new Traffic();
  for (const port of LOW_PORTS) errors.unreachable(TARGET, SCANNER, port);
  assert.deepEqual(errors.named(), [SCANNER]);
});

Deno.test("probes alone name the scanner when the answers are not in the capture", () => {
  const traffic = new Traffic({}, 20);
  for (let i = 0; i < 10; i++) {
    traffic.send({
      from: SCANNER,
      to: TARGET,
      sport: 40000 + i,
      dport: 20 + i,
      flags: Syn,
      seq: i,
    });
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("a sweep of one port, of pings, and of ARP is horizontal", () => {
  const port = new Traffic(), pings = new Traffic(), pings6 = new Traffic(), arp = new Traffic();
  for (let host = 1; host <= 40; host++) {
    port.refused(SCANNER, `203.0.113.${host}`, 22);
    pings.ping(SCANNER, `203.0.113.${host}`);
    pings6.ping("2001:db8::7", `2001:db8:1::${host}`);
    arp.arp("192.168.7.66", `192.168.7.${100 + host}`);
  }
  for (
    const [traffic, technique] of [[port, "syn"], [pings, "icmp-echo"], [pings6, "icmp-echo"], [
      arp,
      "arp",
    ]] as const
  ) {
    const [scan] = traffic.scans();
    assert.equal(scan?.shape, "horizontal", technique);
    assert.deepEqual(scan.techniques, [technique]);
    assert.equal(scan.hosts.count, 40);
  }
});

Deno.test("a grid of ports and hosts is a block", () => {
  const traffic = new Traffic();
  for (let port = 8001; port <= 8006; port++) {
    for (let host = 1; host <= 6; host++) traffic.refused(SCANNER, `203.0.113.${host}`, port);
  }
  assert.equal(traffic.scans()[0]?.shape, "block");
});

Deno.test("IP protocols and SCTP are scanned, too", () => {
  const protocols = new Traffic(), sctp = new Traffic();
  for (let i = 0; i < 12; i++) {
    protocols.send({ kind: Kind.Ip, from: SCANNER, to: TARGET, protocol: 80 + i });
    sctp.send({ kind: Kind.Sctp, from: SCANNER, to: TARGET, sport: 40000, dport: 30 + i, type: 1 })
      .send({ kind: Kind.Sctp, from: TARGET, to: SCANNER, sport: 30 + i, dport: 40000, type: 6 });
  }
  assert.deepEqual(protocols.scans()[0]?.techniques, ["ip-protocol"]);
  const [scan] = sctp.scans();
  assert.deepEqual(scan?.techniques, ["sctp-init"]);
  assert.equal(scan.ports.closed, 12);
});

Deno.test("one port in five minutes is found within three hours, and told as one slow scan", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 48; i++) {
    // Ordinary traffic goes on between the probes.
    for (let j = 0; j < 10; j++) {
      traffic.used(`198.51.100.${40 + j}`, TARGET, 80, 50000 + i).wait(28);
    }
    traffic.refused(SCANNER, TARGET, 5000 + i).wait(20);
    if (i === 35) assert.equal(traffic.told().length, 1, "after three hours");
  }
  const scans = traffic.scans();
  assert.equal(scans.length, 1);
  assert.equal(scans[0].slow, true);
  assert.equal(scans[0].ports.count, 48);
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("one probe per four seconds, and 256 forged sources between two probes, hide nothing", () => {
  const traffic = new Traffic();
  let forged = 0;
  for (const port of [...LOW_PORTS, 111, 139, 143]) {
    traffic.refused(SCANNER, TARGET, port);
    for (let i = 0; i < 256; i++) {
      const from = `192.0.${forged >> 8 & 255}.${forged++ & 255}`;
      traffic.send({ from, to: TARGET, sport: 1024 + i, dport: 80, flags: Syn, seq: i });
    }
    traffic.wait(4);
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("a thousand ports in a million forged SYNs are found, and only their source is named", () => {
  const traffic = new Traffic({ memory: 64 }, 10);
  const next = random(5);
  const octet = () => 1 + Math.floor(next() * 220);
  for (let i = 0; i < 1_000_000; i++) {
    const from = `${octet()}.${octet()}.${octet()}.${octet()}`;
    traffic.send({
      from,
      to: TARGET,
      sport: Math.floor(next() * 65536),
      dport: i % 4 === 0 ? Math.floor(next() * 65536) : 80,
      flags: Syn,
      seq: i,
    });
    if (i % 1000 === 500) traffic.refused(SCANNER, TARGET, 1 + i / 1000 | 0);
    if (i % 50_000 === 0) forgetAddresses();
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
  const [scan] = traffic.told("scan-end");
  // The first probe in a flood only leaves a tag.
  assert.ok(scan.ports.count >= 990, `${scan.ports.count} ports`);
  const floods = traffic.events.filter((event) => event.action === "flood");
  assert.equal(floods.length, 2, "the flood is said when it begins and when it is over");
});

Deno.test("five forged scans, or a thousand, do not hide the real one", () => {
  const traffic = new Traffic({}, 50);
  for (let i = 0; i < 1000; i++) {
    const from = `10.${i >> 8}.${i & 255}.9`;
    for (const dport of LOW_PORTS) {
      traffic.send({ from, to: TARGET, sport: 2000 + i, dport, flags: Syn, seq: i * 7 + dport })
        .send({ from: TARGET, to: from, sport: dport, dport: 2000 + i, flags: Rst | Ack });
    }
  }
  for (let port = 1; port <= 300; port++) traffic.refused(SCANNER, TARGET, port);
  assert.ok(traffic.named().includes(SCANNER));
  assert.ok(traffic.told().length < 200, `${traffic.told().length} told`);
  const suppressed = traffic.events.filter((event) => event.action === "alerts-suppressed");
  assert.ok(suppressed.length > 0, "what was not told is counted and said");
});

Deno.test("a scan that hops through the addresses of its network is found", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 80; i++) {
    traffic.refused(`2001:db8:51::${(0x100 + i).toString(16)}`, "2001:db8:113::10", 1 + i);
  }
  const [scan] = traffic.scans();
  assert.equal(scan?.shape, "distributed");
  assert.ok((scan.sources?.count ?? 0) >= 10);
});

Deno.test("decoys are one scan, named after the source that reset what it never opened", () => {
  const traffic = new Traffic({}, 10);
  const sources = ["192.0.2.1", "192.0.2.2", SCANNER, "192.0.2.3"];
  for (let port = 1; port <= 40; port++) {
    for (const from of sources) {
      traffic.send({
        from,
        to: TARGET,
        sport: 51000,
        dport: port,
        flags: Syn,
        seq: 77,
        ipId: 900 + port,
      });
      const answer = { from: TARGET, to: from, sport: port, dport: 51000, ack: 78 };
      if (port !== 22) traffic.send({ ...answer, flags: Rst | Ack });
      else traffic.send({ ...answer, flags: Syn | Ack, seq: 9 });
    }
    if (port === 22) {
      traffic.send({ from: SCANNER, to: TARGET, sport: 51000, dport: 22, flags: Rst, seq: 78 });
    }
  }
  const scans = traffic.scans();
  assert.equal(scans.length, 1);
  assert.equal(scans[0].source, SCANNER);
  assert.equal(scans[0].shape, "decoy");
  assert.deepEqual({ ...scans[0].sources }, {
    count: 4,
    list: "192.0.2.1,192.0.2.2,192.0.2.3,198.51.100.7",
    forged: 3,
  });
});

Deno.test("a scan that goes on has updates at growing intervals and the same number", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 4000; i++) traffic.refused(SCANNER, TARGET, 1 + i).wait(3);
  const numbers = new Set(traffic.scans("scan-update").map(({ scan }) => scan));
  assert.deepEqual([...numbers], [1]);
  const updates = traffic.told("scan-update").length;
  assert.ok(updates >= 3 && updates <= 6, `${updates} updates in three hours`);
});

Deno.test("an ARP sweep is found though its source asked slowly before", () => {
  const traffic = new Traffic();
  for (let host = 10; host < 40; host++) traffic.arp("192.168.7.66", `192.168.7.${host}`).wait(1);
  traffic.wait(60);
  for (let host = 100; host < 130; host++) traffic.arp("192.168.7.66", `192.168.7.${host}`);
  assert.deepEqual(traffic.named(), ["192.168.7.66"]);
});

Deno.test("an ARP sweep is found among visitors from outside, however often it asks", () => {
  for (const tries of [1, 2, 3]) {
    const traffic = new Traffic({}, 2000);
    for (let k = 0; k < tries; k++) {
      for (let i = 1; i < 255; i++) {
        traffic.arp("192.168.7.66", `192.168.7.${i}`);
        if (i % 20 === 0) traffic.used(`198.51.100.${i}`, "192.168.7.10", 80, 41000 + k);
      }
    }
    traffic.wait(5).used("198.51.100.3", "192.168.7.10", 80);
    assert.deepEqual(traffic.named(), ["192.168.7.66"], `${tries}`);
  }
});

Deno.test("a sweep of NTP from its own port is found where a router says who is not there", () => {
  const traffic = new Traffic();
  for (let i = 1; i <= 40; i++) {
    const to = `203.0.113.${i}`;
    traffic.udp(SCANNER, to, 123, 123);
    const inner = { from: SCANNER, to, protocol: 17, sport: 123, dport: 123 };
    const router = { kind: Kind.Icmp, from: "203.0.113.254", to: SCANNER, type: 3, code: 1 };
    traffic.send({ ...router, inner });
  }
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("a sweep of hosts without a network in common never counts more of them than it tried", () => {
  // Their number is estimated, and the estimate errs both ways.
  for (const count of [300, 1000, 3000]) {
    const traffic = new Traffic({}, 100);
    const next = random(count);
    for (let i = 0; i < count; i++) {
      const to = `${11 + i % 200}.${i >> 8}.${Math.floor(next() * 256)}.${
        Math.floor(next() * 254)
      }`;
      traffic.send({ from: "198.51.100.7", to, sport: 40000, dport: 23, flags: Syn, seq: i });
    }
    const [{ hosts, attempts }] = traffic.scans();
    assert.equal(attempts, count);
    assert.ok(hosts.count <= count && hosts.count > 0.9 * count, `${hosts.count} of ${count}`);
  }
});
