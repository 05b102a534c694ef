// Services and their clients: names, clocks, monitoring, shells, mail, databases, failures.

import type { Case } from "../plan.ts";
import { stretch } from "../edits.ts";
import { dnsmasq, nginx, site, sshd } from "../servers.ts";
import { chatter, CLIENT, TARGET, UNLIMITED } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const CLIENT_ONLY = { outside: { client: [`${CLIENT}/24`, "2001:db8:51::40/64"] } };

export const ordinaryNet: Case[] = [
  {
    name: "retry-one-port",
    story: "The server is down: a client tries its one port sixty times and is refused each time",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      const loop = `for i in $(seq 60); do nc -n -z -w 1 ${TARGET} 5432; sleep 0.05; done; true`;
      await world.host("client").shell(loop);
    },
  },
  {
    name: "retry-silent-host",
    story:
      "A client tries a port that a filter swallows: SYNs repeated by its kernel, again and again",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await world.target.drop("tcp dport 8443");
      const loop = `for i in 1 2 3 4 5 6; do curl -s -m 4 https://${TARGET}:8443/; done; true`;
      await world.host("client").shell(loop);
    },
  },
  {
    name: "health-checks",
    story:
      "A load balancer connects to five ports of three servers every second and hangs up; one port is down",
    quiet: true,
    world: {
      outside: { balancer: ["198.51.100.5/24"] },
      inside: { target: ["203.0.113.10-12/24"] },
    },
    captures: { "": { at: "target" }, "-at-balancer": { at: "balancer" } },
    limitSeconds: 90,
    async run(world) {
      await world.target.listen(80, 443, 8080, 9090);
      const checks = [10, 11, 12].flatMap((host) =>
        [80, 443, 8080, 9090, 9100].map((port) =>
          `  server s${host}p${port} 203.0.113.${host}:${port} check inter 1s`
        )
      );
      const config = await world.file(
        "haproxy.cfg",
        "global\n  maxconn 50\ndefaults\n  mode tcp\n  timeout connect 1s\n  timeout client 5s\n" +
          "  timeout server 5s\nlisten pool\n  bind 127.0.0.1:7000\n" + checks.join("\n") + "\n",
      );
      world.host("balancer").start(["haproxy", "-f", config]);
      await world.target.run(["sleep", "30"], { unsaid: true });
    },
  },
  {
    name: "service-monitor",
    story:
      "A monitor asks six services of a host every two seconds: web, ssh, mail, name server, database, ping",
    quiet: true,
    world: CLIENT_ONLY,
    limitSeconds: 90,
    async run(world) {
      const { target } = world, monitor = world.host("client");
      await nginx(target, await site(target, 2, [TARGET]));
      await target.listen(25, 5432, 6379);
      await dnsmasq(target, [`host.test=${TARGET}`]);
      await sshd(target);
      const round = [
        `curl -s -o /dev/null http://${TARGET}/`,
        `ssh-keyscan -T 1 ${TARGET} >/dev/null 2>&1`,
        `echo QUIT | nc -n -q 1 -w 1 ${TARGET} 25 >/dev/null`,
        `dig +time=1 +tries=1 @${TARGET} host.test >/dev/null`,
        `nc -n -z -w 1 ${TARGET} 5432`,
        `nc -n -z -w 1 ${TARGET} 6379`,
        `ping -n -c 1 -W 1 ${TARGET} >/dev/null`,
      ].join("; ");
      await monitor.shell(`for i in $(seq 10); do ${round}; sleep 1; done; true`, {
        limitSeconds: 80,
      });
    },
  },
  {
    name: "ssh-sessions",
    story: "Twenty ssh logins, some with commands, scp and rsync among them",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      const { target } = world, client = world.host("client");
      const options = (await sshd(target)).join(" ");
      await nginx(target, await site(target, 8, [TARGET]));
      const folder = world.folder;
      await client.shell(
        `for i in $(seq 15); do ssh ${options} root@${TARGET} true; done; ` +
          `scp ${options} root@${TARGET}:${folder}/site/index.html ${folder}/copied; ` +
          `rsync -a -e "ssh ${options}" root@${TARGET}:${folder}/site/ ${folder}/mirror/`,
      );
    },
  },
  {
    name: "dns-resolver",
    story:
      "A resolver answers 400 questions of a client, one in four about a name of a server that is silent",
    quiet: true,
    world: {
      ...CLIENT_ONLY,
      inside: { target: ["203.0.113.53/24"], upstream: ["203.0.113.54/24"] },
    },
    captures: { "": { at: "target" }, "-at-client": { at: "client" } },
    limitSeconds: 90,
    async run(world) {
      await dnsmasq(world.host("upstream"), ["example.test=192.0.2.1"]);
      await dnsmasq(world.target, ["local.test=192.0.2.2"], [
        "203.0.113.54",
        "/dead.test/203.0.113.99",
      ]);
      const names = "h$i.example.test h$i.local.test h$i.dead.test w$i.example.test";
      const ask = "dig +time=1 +tries=1 @203.0.113.53 $n >/dev/null &";
      await world.host("client").shell(
        `for i in $(seq 100); do for n in ${names}; do ${ask} done; sleep 0.1; done; wait; true`,
        { limitSeconds: 80 },
      );
    },
  },
  {
    name: "dns-late-answers",
    story:
      "A client gives up before the answers come: each late answer meets a closed port and an unreachable",
    quiet: true,
    world: CLIENT_ONLY,
    captures: { "": { at: "client" }, "-at-server": { at: "target" } },
    async run(world) {
      const server = new URL("../programs/late_dns.py", import.meta.url).pathname;
      const client = world.host("client");
      await client.sysctl(...UNLIMITED);
      await world.target.start([PYTHON, server]).until(/ready/);
      const ask = `dig +time=1 +tries=1 @${TARGET} h$i.example.test >/dev/null`;
      await client.shell(`for i in $(seq 60); do timeout 0.1 ${ask}; done; sleep 1; true`);
    },
  },
  {
    name: "ntp",
    story: "A time server and two clients, one of them in a hurry",
    quiet: true,
    world: { outside: { client: [`${CLIENT}/24`], client2: ["198.51.100.41/24"] } },
    limitSeconds: 60,
    async run(world) {
      const server = await world.file("ntpd.conf", "local stratum 8\nallow all\ncmdport 0\n");
      world.target.start(["chronyd", "-d", "-x", "-u", "root", "-f", server]);
      await world.target.run(["sleep", "2"], { unsaid: true });
      const config = await world.file(
        "ntp.conf",
        `server ${TARGET} iburst minpoll 0 maxpoll 1\ncmdport 0\nport 0\n`,
      );
      const chrony = ["-d", "-x", "-u", "root", "-f", config];
      world.host("client").start(["chronyd", ...chrony]);
      await world.host("client2").shell(
        `for i in 1 2 3 4 5 6 7 8; do ntpdate -q ${TARGET} >/dev/null; sleep 1; done; true`,
        { limitSeconds: 50 },
      );
    },
  },
  {
    name: "mail-retries",
    story:
      "A mail server delivers to twelve others: five take it, four refuse the connection, three never answer",
    quiet: true,
    world: {
      outside: { mx: ["198.51.100.100-108/24"] },
      inside: { target: ["203.0.113.25/24"] },
    },
    captures: { "": { at: "target" } },
    home: ["203.0.113.25"],
    limitSeconds: 90,
    async run(world) {
      const mx = world.host("mx");
      await mx.listen(25);
      await mx.filter(
        "chain in { type filter hook input priority 0; ip daddr 198.51.100.105-198.51.100.108 tcp dport 25 reject with tcp reset; }",
      );
      const deliver =
        "printf 'EHLO here\\r\\nMAIL FROM:<a@b>\\r\\nQUIT\\r\\n' | nc -n -q 1 -w 2 198.51.100.$h 25 >/dev/null";
      await world.target.shell(
        `for round in 1 2 3; do for h in $(seq 100 111); do ${deliver} & done; sleep 6; done; wait; true`,
        { limitSeconds: 80 },
      );
    },
  },
  {
    name: "database-pool",
    story:
      "An application opens forty connections to a database, holds them, closes them and opens others",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await world.target.listen(5432);
      const open = `(exec 3<>/dev/tcp/${TARGET}/5432; echo select >&3; sleep 2; exec 3>&-) &`;
      await world.host("client").shell(
        `for round in 1 2 3; do for i in $(seq 40); do ${open} done; sleep 2.5; done; wait`,
      );
    },
  },
  {
    name: "service-discovery",
    story:
      "An RPC client asks a portmapper and is sent to five services on high ports, as NFS clients are",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await world.target.listen(111, "u111", 2049, 20048, 32765, 32766, 32769);
      const round = [111, 20048, 2049, 32765, 32766, 32769]
        .map((port) => `echo call | nc -n -q 1 -w 1 ${TARGET} ${port} >/dev/null`).join("; ");
      await world.host("client").shell(
        `for i in 1 2 3; do echo call | nc -n -u -q 1 -w 1 ${TARGET} 111 >/dev/null; ${round}; done; true`,
      );
    },
  },
  {
    name: "cluster-probes",
    story:
      "A cluster's agent checks eight ports of its own host and of three neighbours every two seconds; containers come and go, so some are refused",
    quiet: true,
    world: {
      outside: { agent: ["198.51.100.30/24"] },
      inside: { target: ["203.0.113.10-12/24"] },
    },
    limitSeconds: 60,
    async run(world) {
      await world.target.listen(8080, 8081, 9090, 9100, 10250, 10256, 2379);
      const one = "curl -s -m 1 -o /dev/null http://203.0.113.$h:$p/healthz";
      await world.host("agent").shell(
        `for i in $(seq 8); do for h in 10 11 12; do for p in 8080 8081 9090 9100 10250 10256 2379 9101; do ${one} & done; done; sleep 2; done; wait; true`,
        { limitSeconds: 50 },
      );
    },
  },
  {
    name: "a-day-of-visits",
    story:
      "A day of ordinary life: a client browses, logs in, asks names and is refused now and then (pauses lengthened a thousandfold)",
    quiet: true,
    world: CLIENT_ONLY,
    captures: { "": { at: "target", snaplen: 96, edits: [stretch(1200)] } },
    limitSeconds: 120,
    async run(world) {
      const { target } = world, client = world.host("client");
      const options = (await sshd(target)).join(" ");
      await nginx(target, await site(target, 20, [TARGET]), [80, 8080]);
      await dnsmasq(target, [`host.test=${TARGET}`]);
      await client.shell(
        `for i in $(seq 30); do curl -s -o /dev/null http://${TARGET}/part$((i % 20)).png; sleep 0.5; ` +
          `dig +tries=1 +time=1 @${TARGET} host.test >/dev/null; sleep 0.3; ` +
          `[ $((i % 5)) = 0 ] && ssh ${options} root@${TARGET} true; ` +
          `[ $((i % 7)) = 0 ] && nc -n -z -w 1 ${TARGET} 8443; sleep 1; done; true`,
        { limitSeconds: 110 },
      );
    },
  },
  {
    name: "wrong-ports",
    story:
      "A person looks for a service by hand: three wrong ports, then the right one, twenty visits",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await nginx(world.target, await site(world.target, 20, [TARGET]), [8088]);
      await world.host("client").shell(
        `for p in 80 443 8080; do curl -s -m 1 http://${TARGET}:$p/; sleep 1; done; ` +
          `for i in $(seq 20); do curl -s -o /dev/null http://${TARGET}:8088/part$((i % 20)).png; done`,
      );
    },
  },
  {
    name: "many-visitors",
    story: "ab asks 300 times over 20 connections at once, while another client browses",
    quiet: true,
    world: { outside: { client: [`${CLIENT}/24`], bench: ["198.51.100.45/24"] } },
    captures: { "": { at: "target", snaplen: 70 } },
    async run(world) {
      await chatter(world);
      await world.host("bench").run([
        "ab",
        "-q",
        "-n",
        "300",
        "-c",
        "20",
        `http://${TARGET}/part3.png`,
      ]);
    },
  },
];
