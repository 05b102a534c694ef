// What must not be found: ordinary traffic that looks like a scan, as records.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../src/address.ts";
import { Kind, Quirk } from "../../../src/record.ts";
import { Ack, Fin, Psh, random, Rst, Syn, Traffic } from "./traffic.ts";

const CLIENT = "198.51.100.40";
const SERVER = "203.0.113.10";

function quiet(traffic: Traffic): void {
  assert.deepEqual(traffic.named(), []);
}

Deno.test("a busy client with dead servers among live ones raises nothing", () => {
  const traffic = new Traffic();
  const next = random(3);
  for (let i = 0; i < 400; i++) {
    const to = `203.0.${i >> 7}.${i & 127}`;
    if (next() < 0.3) traffic.refused(CLIENT, to, 443, 40000 + i);
    else traffic.used(CLIENT, to, 443, 40000 + i);
  }
  quiet(traffic);
});

Deno.test("peer-to-peer with most peers gone raises nothing", () => {
  const traffic = new Traffic();
  const next = random(4);
  for (let i = 0; i < 300; i++) {
    const to = `${60 + Math.floor(next() * 100)}.${i & 255}.7.9`;
    const port = 1024 + Math.floor(next() * 60000);
    if (next() < 0.2) traffic.used(CLIENT, to, port, 30000 + i);
    else if (next() < 0.5) traffic.refused(CLIENT, to, port, 30000 + i);
    else traffic.udp(CLIENT, to, port, 6881);
  }
  quiet(traffic);
});

Deno.test("passive FTP with a hundred empty files raises nothing, whatever is seen of it", () => {
  for (const isWhole of [true, false]) {
    const traffic = new Traffic();
    const control = { from: CLIENT, to: SERVER, sport: 50000, dport: 21 };
    if (isWhole) traffic.used(CLIENT, SERVER, 21, 49999);
    traffic.send({ ...control, flags: Ack | Psh, seq: 1, ack: 1, payload: 20 });
    // Without the server's word the control connection would be the client's alone.
    const back = { from: SERVER, to: CLIENT, sport: 21, dport: 50000 };
    traffic.send({ ...back, flags: Ack, seq: 1, ack: 21 });
    for (let i = 0; i < 100; i++) traffic.empty(CLIENT, SERVER, 20000 + 7 * i, 51000 + i);
    quiet(traffic);
  }
});

Deno.test("active FTP from port 20 to many ports of the client raises nothing", () => {
  const traffic = new Traffic();
  traffic.used(CLIENT, SERVER, 21);
  for (let i = 0; i < 60; i++) traffic.empty(SERVER, CLIENT, 42000 + i, 20);
  quiet(traffic);
});

Deno.test("connections that end after the capture began raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 60; i++) {
    const to = `203.0.113.${i}`, sport = 40000 + 13 * i;
    // A client's farewells to sixty servers, and a server's to sixty ports of one client.
    traffic.send({ from: CLIENT, to, sport, dport: 443, flags: Fin | Ack, seq: 9 * i, ack: 7 * i });
    traffic.send({
      from: SERVER,
      to: CLIENT,
      sport: 80,
      dport: sport,
      flags: Fin | Ack,
      seq: i,
      ack: i,
    });
    traffic.send({ from: SERVER, to: CLIENT, sport: 80, dport: sport, flags: Rst, seq: i });
    traffic.send({
      from: "203.0.113.99",
      to: CLIENT,
      sport: 443,
      dport: sport,
      flags: Ack,
      seq: i,
      ack: i,
    });
  }
  quiet(traffic);
});

Deno.test("backscatter of a forged flood raises nothing", () => {
  const traffic = new Traffic();
  const next = random(6);
  for (let i = 0; i < 500; i++) {
    const dport = Math.floor(next() * 65536);
    traffic.send({
      from: "192.0.2.80",
      to: SERVER,
      sport: 80,
      dport,
      flags: Syn | Ack,
      seq: i,
      ack: i,
    })
      .send({ from: SERVER, to: "192.0.2.80", sport: dport, dport: 80, flags: Rst, seq: i })
      .send({ from: "192.0.2.81", to: SERVER, sport: 443, dport, flags: Rst | Ack, ack: i });
  }
  quiet(traffic);
});

Deno.test("answers to a scan that forged our address raise nothing", () => {
  const traffic = new Traffic();
  traffic.used(SERVER, "203.0.113.20", 443);
  for (let port = 1; port <= 100; port++) {
    traffic.send({
      from: "192.0.2.9",
      to: SERVER,
      sport: port,
      dport: 51000,
      flags: Rst | Ack,
      ack: 8,
    });
  }
  quiet(traffic);
});

Deno.test("late DNS answers to closed ports raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 60; i++) {
    const sport = 33000 + 101 * i;
    traffic.udp(SERVER, "192.0.2.53", 53, sport).wait(0.1)
      .udp("192.0.2.53", SERVER, sport, 53)
      .unreachable(SERVER, "192.0.2.53", sport, 53)
      // Another of the name server's addresses answers.
      .udp("192.0.2.54", SERVER, sport, 53)
      .unreachable(SERVER, "192.0.2.54", sport, 53);
  }
  quiet(traffic);
});

Deno.test("answers to a question that went to a group raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 40; i++) {
    const sport = 50000 + i;
    traffic.udp(CLIENT, "224.0.0.252", 5355, sport);
    traffic.udp("203.0.113.77", CLIENT, sport, 5355).unreachable(
      CLIENT,
      "203.0.113.77",
      sport,
      5355,
    );
  }
  quiet(traffic);
});

Deno.test("traceroute raises nothing, seen at its target or on the way", () => {
  const traffic = new Traffic();
  for (let ttl = 1; ttl <= 30; ttl++) {
    for (let i = 0; i < 3; i++) {
      traffic.udp(CLIENT, SERVER, 33434 + 3 * ttl + i, 45000, ttl)
        .unreachable(SERVER, CLIENT, 33434 + 3 * ttl + i, 45000);
    }
  }
  quiet(traffic);
});

Deno.test("health checks of a few targets, and retries of one dead port, raise nothing", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 200; round++) {
    for (const port of [80, 443, 8080, 9090, 5432]) {
      for (let host = 1; host <= 3; host++) {
        const to = `203.0.113.${host}`;
        if (port === 9090) traffic.refused(CLIENT, to, port, 40000 + round);
        else traffic.empty(CLIENT, to, port, 40000 + round);
      }
    }
    traffic.wait(2);
  }
  quiet(traffic);
});

Deno.test("thirty clients behind one address raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 600; i++) {
    const port = [80, 443, 22, 25, 143, 993, 8080][i % 7];
    traffic.used(CLIENT, `203.0.113.${i % 20}`, port, 20000 + i);
    if (i % 9 === 0) traffic.refused(CLIENT, `203.0.113.${i % 5}`, 8443, 20000 + i);
  }
  quiet(traffic);
});

Deno.test("a client of a domain controller raises nothing where only its requests are seen", () => {
  const traffic = new Traffic();
  for (let round = 0; round < 6; round++) {
    for (const port of [53, 88, 123, 137, 138, 389, 464, 514]) {
      traffic.udp(CLIENT, SERVER, port, 50000 + round).wait(20);
    }
  }
  quiet(traffic);
});

Deno.test("streams, broadcasts and groups raise nothing", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 30; j++) traffic.udp(SERVER, CLIENT, 16000 + 2 * i, 9000 + i);
    traffic.udp(CLIENT, "239.255.255.250", 1900 + i).udp(CLIENT, "255.255.255.255", 60 + i);
    traffic.send({
      kind: Kind.Udp,
      from: CLIENT,
      to: "192.168.7.255",
      sport: 137,
      dport: 100 + i,
      quirks: Quirk.LinkMulticast,
    });
  }
  quiet(traffic);
});

Deno.test("a router that asks by ARP for what a sweep from outside tries is not named", () => {
  const traffic = new Traffic({}, 100);
  for (let second = 0; second < 6; second++) {
    for (let host = 10; host < 60; host++) traffic.arp("192.168.7.1", `192.168.7.${host}`);
    traffic.wait(1 - 50 * 100 / 1e6);
  }
  quiet(traffic);
});

Deno.test("a million forged SYNs to one port are said once and name nobody", () => {
  const traffic = new Traffic({}, 20);
  for (let i = 0; i < 300_000; i++) {
    const from = `${1 + i % 220}.${i >> 12 & 255}.${i >> 4 & 255}.${i * 37 & 255}`;
    traffic.send({ from, to: SERVER, sport: i & 0xffff, dport: 80, flags: Syn, seq: i });
  }
  quiet(traffic);
  assert.deepEqual(traffic.events.map(({ action }) => action), ["flood", "flood"]);
});

Deno.test("a day of ordinary traffic raises nothing", () => {
  const traffic = new Traffic();
  const next = random(11);
  for (let minute = 0; minute < 1440; minute++) {
    for (let i = 0; i < 6; i++) {
      const from = `198.51.100.${40 + Math.floor(next() * 40)}`;
      const to = `203.0.113.${10 + Math.floor(next() * 8)}`;
      const port = [80, 443, 443, 443, 25, 993, 22, 53][Math.floor(next() * 8)];
      const sport = 32768 + Math.floor(next() * 28000);
      const fate = next();
      if (fate < 0.9) traffic.used(from, to, port, sport);
      else if (fate < 0.94) traffic.empty(from, to, port, sport);
      else if (fate < 0.97) traffic.refused(from, to, port, sport);
      else traffic.send({ from, to, sport, dport: port, flags: Syn, timestamp: 3 });
    }
    traffic.wait(60);
  }
  quiet(traffic);
});

Deno.test("an ignored source is never named, and a rule can silence a port", () => {
  const ignored = new Traffic({ ignore: [{ address: mapped(198, 51, 100, 40), bits: 128 }] });
  const ruled = new Traffic({
    weigh: [{ prefix: parsePrefix("0.0.0.0/0")!, ports: { from: 1, to: 100 }, weight: 0 }],
  });
  for (let port = 1; port <= 100; port++) {
    ignored.refused(CLIENT, SERVER, port);
    ruled.refused(CLIENT, SERVER, port);
  }
  quiet(ignored);
  quiet(ruled);
});

function mapped(...octets: number[]): Uint8Array {
  return new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...octets]);
}

Deno.test("a router that asks for one neighbour a second, its answers unseen, raises nothing", () => {
  const next = random(12);
  const traffic = new Traffic();
  for (let i = 0; i < 120; i++) {
    // In no order: one after the other would be a sweep.
    traffic.arp("203.0.113.1", `203.0.113.${10 + i * 37 % 120}`).wait(0.6 + next());
  }
  quiet(traffic);
});

Deno.test("a router that asks for those to whom answers come from outside is not named", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 40; i++) {
    const to = `198.51.100.${112 + i}`;
    traffic.arp("198.51.100.1", to);
    for (const sport of [22, 80]) {
      traffic.send({ from: SERVER, to, sport, dport: 50762, flags: Rst | Ack, ack: 7 * i + sport });
    }
  }
  assert.ok(!traffic.named().includes("198.51.100.1"));
});

Deno.test("a client is not named for the scanners that share its network", () => {
  const traffic = new Traffic();
  // Sixteen neighbours share the ports of one host among themselves; then a client errs once.
  for (let port = 1; port <= 130; port++) {
    traffic.refused(`198.51.100.${112 + port % 16}`, "203.0.113.10", port, 40000 + port);
  }
  traffic.refused(CLIENT, "203.0.113.10", 443);
  const told = traffic.scans("scan-end");
  const all = told.flatMap(({ source, sources }) => [source, ...sources?.list.split(",") ?? []]);
  assert.ok(all.includes("198.51.100.113"), all.join(" "));
  assert.ok(!all.includes(CLIENT), all.join(" "));
});
