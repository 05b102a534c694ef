// Captures of one direction, and answers to what was not seen: monitors, resolvers and victims' replies
// stay silent, and the scans that look most like them are found.

import assert from "node:assert/strict";
import { Kind } from "../../../../src/record.ts";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const CLIENT = "198.51.100.5";
const host = (i: number) => `203.0.113.${i}`;

Deno.test("a monitor's pings raise nothing where only they, or only the answers, are captured", () => {
  for (const isQuestion of [true, false]) {
    const traffic = new Traffic();
    for (let round = 0; round < 4; round++) {
      for (let i = 1; i <= 40; i++) {
        if (isQuestion) traffic.ping(CLIENT, host(i));
        else traffic.send({ kind: Kind.Icmp, from: host(i), to: CLIENT, type: 0 });
      }
      traffic.wait(60);
    }
    assert.deepEqual(traffic.named(), [], `questions: ${isQuestion}`);
  }
});

Deno.test("a sweep of pings is found where only they, or only the answers, are captured", () => {
  for (const isQuestion of [true, false]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 40; i++) {
      if (isQuestion) traffic.ping(CLIENT, host(i)).ping(CLIENT, host(i)); // and a retry
      else traffic.send({ kind: Kind.Icmp, from: host(i), to: CLIENT, type: 0 });
    }
    assert.deepEqual(traffic.named(), [CLIENT], `questions: ${isQuestion}`);
  }
});

Deno.test("a sweep without answers is told at once when it is large, or when others were answered", () => {
  const large = new Traffic();
  for (let i = 1; i <= 200; i++) large.ping(CLIENT, host(i));
  large.wait(5);
  for (let i = 0; i < 5; i++) large.wait(0.2).used("10.0.0.1", "10.0.0.2", 80);
  assert.equal(large.told().length, 1);

  const answered = new Traffic();
  answered.ping(CLIENT, host(99))
    .send({ kind: Kind.Icmp, from: host(99), to: CLIENT, type: 0 });
  for (let i = 1; i <= 30; i++) answered.ping(CLIENT, host(i));
  answered.wait(5).used("10.0.0.1", "10.0.0.2", 80);
  assert.equal(answered.told().length, 1);
});

Deno.test("what waits for a second look is told with the scan that its source is found in", () => {
  const traffic = new Traffic();
  for (let i = 1; i <= 9; i++) traffic.ping(CLIENT, host(i));
  traffic.wait(5);
  for (let port = 1; port <= 8; port++) traffic.refused(CLIENT, host(50), port);
  traffic.wait(400).udp("10.0.0.1", "10.0.0.2", 53).wait(400);
  const scans = traffic.scans();
  assert.equal(scans.length, 1);
  assert.equal(scans[0].hosts.count, 10);
});

Deno.test("an SNMP monitor with one socket raises nothing where its questions alone are captured", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 4; round++) {
    for (let i = 1; i <= 40; i++) traffic.udp(CLIENT, host(i), 161, 40161);
    traffic.wait(60);
  }
  assert.deepEqual(traffic.named(), []);
  const sweep = new Traffic();
  for (let i = 1; i <= 40; i++) sweep.udp(CLIENT, host(i), 161, 40161);
  assert.deepEqual(sweep.named(), [CLIENT]);
});

Deno.test("an NTP server's answers alone, to clients' ports and to its own, raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 1; i <= 100; i++) {
    traffic.udp(host(1), `198.51.100.${i}`, i % 2 === 0 ? 123 : 40000 + i, 123);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a client that used many services of a host before it failed at others is no scanner of it", () => {
  // One direction: what fails is known four seconds after what was used.
  const traffic = new Traffic();
  for (const port of [53, 123, 137, 389, 464, 500]) {
    traffic.udp(CLIENT, host(1), port, 40000 + port);
  }
  for (const port of [88, 135, 139, 389, 445]) traffic.used(CLIENT, host(1), port);
  for (const port of [636, 3269]) {
    traffic.send({ from: CLIENT, to: host(1), dport: port, flags: Syn });
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router's requests for hosts that packets then go to are answered, seen or not", () => {
  for (const isThere of [true, false]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 40; i++) {
      traffic.arp("203.0.113.254", host(i));
      if (isThere) traffic.used("198.51.100.9", host(i), 443, 40000 + i);
    }
    traffic.wait(5).used("198.51.100.9", host(1), 443, 40100);
    assert.deepEqual(traffic.named(), isThere ? [] : ["203.0.113.254"]);
  }
});

Deno.test("answers to ports all over the range are backscatter, to a scanner's ports they are not", () => {
  const ports = {
    forged: (i: number) => 1024 + (i * 7919) % 64000,
    one: () => 20, // nmap -g 20
    row: (i: number) => 2000 + i, // hping3
    kernel: (i: number) => 32768 + (i * 7919) % 28000,
  };
  for (const [name, port] of Object.entries(ports)) {
    const traffic = new Traffic();
    for (let i = 1; i <= 60; i++) {
      const dport = port(i);
      traffic.send({ from: host(i), to: CLIENT, sport: 22, dport, flags: Rst | Ack, ack: i });
    }
    assert.deepEqual(traffic.named(), name === "forged" ? [] : [CLIENT], name);
  }
});

Deno.test("a kernel's segments of connections from before the capture are no ACK scan where nobody sees the target", () => {
  const ports = [22, 80, 110, 143, 389, 443, 445, 636, 993, 1521, 2049, 3306, 5432, 5671, 6379];
  for (const timestamp of [77, 0]) {
    for (const isRefused of [false, true]) {
      const traffic = new Traffic();
      ports.forEach((port, i) => {
        const sport = 40000 + 13 * i, ack = 5000 * i + 1;
        traffic.send({ from: CLIENT, to: host(1), sport, dport: port, flags: Ack, ack, timestamp });
        if (isRefused) {
          traffic.send({
            from: host(1),
            to: CLIENT,
            sport: port,
            dport: sport,
            flags: Rst,
            seq: ack,
          });
        }
      });
      assert.deepEqual(
        traffic.named(),
        // Where the target is seen to refuse them, a timestamp excuses nothing.
        timestamp === 0 || isRefused ? [CLIENT] : [],
        `${timestamp} ${isRefused}`,
      );
    }
  }
});

Deno.test("who asks the hosts that use it for their names does not sweep them", () => {
  for (const isCalled of [true, false]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 30; i++) {
      if (isCalled) traffic.used(host(i), CLIENT, 25, 30000 + i);
      traffic.refused(CLIENT, host(i), 113, 40000 + i); // ident, RFC 1413
    }
    assert.deepEqual(traffic.named(), isCalled ? [] : [CLIENT]);
  }
});

Deno.test("a resolver of which only answers are seen does not scan the servers that are gone", () => {
  const traffic = new Traffic();
  for (let i = 1; i <= 40; i++) traffic.udp(host(i), CLIENT, 40000 + i, 53);
  for (let i = 41; i <= 54; i++) traffic.unreachable(host(i), CLIENT, 53, 50000 + i);
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a ping's answer that was captured before it is its answer, a minute earlier it is not", () => {
  for (const seconds of [0, 60]) {
    const traffic = new Traffic().ping(CLIENT, "203.0.114.1");
    for (let i = 1; i <= 14; i++) {
      traffic.send({ kind: Kind.Icmp, from: host(i), to: CLIENT, type: 0 });
      traffic.wait(seconds).ping(CLIENT, host(i)).wait(1);
    }
    // Fourteen answered pings are no sweep, fourteen silent ones are.
    assert.deepEqual(traffic.named(), seconds === 0 ? [] : [CLIENT]);
  }
});

Deno.test("a monitor's lost pings wait with those that came back", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 4; round++) {
    for (let i = 1; i <= 80; i++) {
      traffic.ping(CLIENT, host(i));
      if (i % 5 !== 0) traffic.send({ kind: Kind.Icmp, from: host(i), to: CLIENT, type: 0 });
    }
    traffic.wait(30);
  }
  assert.deepEqual(traffic.named(), []);
});

Deno.test("a router that delivers to a network's hosts in order asked for them, and sweeps nothing", () => {
  const router = "203.0.113.254";
  for (const isRouted of [true, false]) {
    const traffic = new Traffic();
    const visitor = isRouted ? "198.51.100.9" : "203.0.113.253";
    for (let i = 1; i <= 40; i++) {
      traffic.arp(router, host(i))
        .send({ kind: Kind.Arp, from: host(i), to: router, type: 2 })
        .used(visitor, host(i), 80, 40000 + i);
    }
    assert.deepEqual(traffic.named(), isRouted ? [] : [router]);
  }
});

Deno.test("what was said is told by the number of the RST that ends it, where only ends are captured", () => {
  for (const said of [0, 150]) {
    const traffic = new Traffic();
    for (let i = 1; i <= 60; i++) {
      const up = { from: CLIENT, to: host(i), sport: 40000 + i, dport: 80 };
      const down = { from: host(i), to: CLIENT, sport: 80, dport: 40000 + i };
      traffic.send({ ...up, flags: Syn, seq: 1000, timestamp: 7 })
        .send({ ...down, flags: Syn | Ack, seq: 5000, ack: 1001 })
        .send({ ...up, flags: Rst | Ack, seq: 1001 + said, ack: 5900 });
    }
    assert.deepEqual(traffic.named(), said > 0 ? [] : [CLIENT]);
  }
});
