// The rest of ordinary life on a network: names, clocks, monitoring, shells, failures, chatter.

import type { Case } from "../plan.ts";
import { stretch } from "../edits.ts";
import { dnsmasq, nginx, site, sshd } from "../servers.ts";
import { chatter, CLIENT, TARGET, UNLIMITED, WITH_CLIENT } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const CHATTER = new URL("../programs/lan_chatter.py", import.meta.url).pathname;
const CLIENT_ONLY = { outside: { client: [`${CLIENT}/24`, "2001:db8:51::40/64"] } };
const LAN_HOSTS = {
  hops: 0,
  inside: { target: ["192.168.7.10/24", "fd07::10/64"], printer: ["192.168.7.20/24"] },
  outside: { client: ["192.168.7.40/24", "fd07::40/64"], phone: ["192.168.7.41/24"] },
};

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
    name: "traceroutes",
    story: "traceroute by UDP, ICMP and TCP, tracepath and mtr through four routers",
    quiet: true,
    world: { hops: 4, ...CLIENT_ONLY },
    captures: { "": { at: "target" }, "-at-client": { at: "client" } },
    limitSeconds: 90,
    async run(world) {
      await world.target.listen(80);
      const client = world.host("client");
      for (const way of [[], ["-I"], ["-T", "-p", "80"], ["-U", "-p", "53"]]) {
        await client.run(["traceroute", "-n", "-w", "1", "-m", "8", ...way, TARGET], {
          mayFail: true,
        });
      }
      await client.run(["tracepath", "-n", TARGET], { mayFail: true, limitSeconds: 20 });
      await client.run(["mtr", "-n", "-r", "-c", "8", "-i", "0.3", TARGET], { mayFail: true });
      await client.run(["traceroute", "-6", "-n", "-w", "1", "2001:db8:113::10"], {
        mayFail: true,
      });
    },
  },
  {
    name: "ping-monitor",
    story: "A monitor pings five hosts every second; two of them are gone",
    quiet: true,
    world: { ...CLIENT_ONLY, inside: { target: ["203.0.113.10-12/24"] } },
    captures: { "": { at: "router", interface: "outside" }, "-at-monitor": { at: "client" } },
    home: ["203.0.113.0/24"],
    async run(world) {
      const hosts = "203.0.113.10 203.0.113.11 203.0.113.12 203.0.113.77 203.0.113.78";
      await world.host("client").shell(`fping -q -c 20 -p 1000 ${hosts}`, { mayFail: true });
    },
  },
  {
    name: "lan-chatter",
    story: "A quiet LAN: mDNS, SSDP, NetBIOS, LLMNR and DHCP announcements to everybody",
    quiet: true,
    world: LAN_HOSTS,
    async run(world) {
      const talkers = ["client", "phone", "printer"].map((name) =>
        world.host(name).run([PYTHON, CHATTER, world.host(name).v4, "12"])
      );
      await Promise.all(talkers);
    },
  },
  {
    name: "arp-router",
    story:
      "A router asks for forty absent neighbours, because somebody outside knocks at one port of each over a day (sped up)",
    quiet: true,
    world: { inside: { target: ["203.0.113.10/24"] }, outside: { client: [`${CLIENT}/24`] } },
    captures: {
      "": {
        at: "target",
        story:
          "A router asks by ARP for forty neighbours that are not there; what made it ask is not seen here",
      },
    },
    home: [TARGET],
    async run(world) {
      await world.host("client").shell("fping -q -r 0 -i 100 -g 203.0.113.20 203.0.113.59", {
        mayFail: true,
      });
    },
  },
  {
    name: "neighbours",
    story:
      "A host talks to ten neighbours over IPv4 and IPv6: ARP, neighbour discovery, router solicitations",
    quiet: true,
    world: {
      hops: 0,
      inside: { target: ["192.168.7.10-20/24", "fd07::10-1a/64"] },
      outside: { client: ["192.168.7.40/24", "fd07::40/64"] },
    },
    async run(world) {
      await world.target.listen(80);
      const client = world.host("client");
      await client.shell(
        "for i in $(seq 10 19); do curl -s -m 2 http://192.168.7.$i/ -o /dev/null; ping -c 1 192.168.7.$i >/dev/null; done; true",
        { mayFail: true, limitSeconds: 60 },
      );
      await client.shell("for i in $(seq 10 19); do ping -6 -c 1 fd07::$i >/dev/null; done; true");
    },
  },
  {
    name: "nat-thirty-clients",
    story: "Thirty clients behind one address browse the same server at once",
    quiet: true,
    world: {
      outside: Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`client${i}`, [`10.20.0.${i + 10}/24`]]),
      ),
      outsideGateway: ["10.20.0.1/24"],
    },
    captures: { "": { at: "target", snaplen: 80 } },
    async prepare(world) {
      await world.host("router").filter(
        "chain post { type nat hook postrouting priority 100; ip saddr 10.20.0.0/24 masquerade; }",
      );
    },
    async run(world) {
      const { target } = world;
      await nginx(target, await site(target, 20, [TARGET]), [80, 8080]);
      await Promise.all(Array.from({ length: 30 }, (_, i) =>
        world.host(`client${i}`).shell(
          `for n in $(seq 8); do curl -s -m 3 -o /dev/null http://${TARGET}:$((n % 2 ? 80 : 8080))/part$n.png; done`,
        )));
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
    name: "late-start-ordinary",
    story:
      "The capture begins while forty connections are under way: it sees answers to questions it never saw",
    quiet: true,
    world: { ...CLIENT_ONLY, inside: { target: ["203.0.113.10-13/24"] } },
    captures: { "": { at: "target" }, "-at-client": { at: "client" } },
    async prepare(world) {
      const { target } = world, client = world.host("client");
      await target.listen(80, 443, 5432, 6379, 8080, 9092, 27017, 11211, 5672, 3306);
      const open =
        "(exec 3<>/dev/tcp/203.0.113.1$h/$p; for i in $(seq 12); do echo hello >&3; sleep 0.5; done; exec 3>&-) &";
      client.start([
        "bash",
        "-c",
        `for h in 0 1 2 3; do for p in 80 443 5432 6379 8080 9092 27017 11211 5672 3306; do ${open} done; done; wait`,
      ]);
      await client.run(["sleep", "2"], { unsaid: true });
    },
    async run(world) {
      await world.target.run(["sleep", "7"], { unsaid: true });
    },
  },
  {
    name: "one-way-ordinary",
    story: "A client browses over many connections, only one direction of which is seen",
    quiet: true,
    world: WITH_CLIENT,
    captures: {
      "-in": { at: "target", direction: "in" },
      "-out": { at: "target", direction: "out" },
      "-at-client-in": { at: "client", direction: "in" },
    },
    async run(world) {
      await nginx(world.target, await site(world.target, 30, [TARGET]), [80, 8080, 8081, 8082]);
      await world.host("client").shell(
        `for i in $(seq 120); do curl -s -o /dev/null http://${TARGET}:$((8080 + i % 3))/part$((i % 30)).png; done`,
      );
    },
  },
  {
    name: "rtp-streams",
    story:
      "A media server streams to forty UDP ports of a client, each announced by nothing that the capture shows",
    quiet: true,
    world: CLIENT_ONLY,
    captures: { "": { at: "client", snaplen: 80 }, "-at-server": { at: "target", snaplen: 80 } },
    async run(world) {
      const streams = new URL("../programs/streams.py", import.meta.url).pathname;
      const client = world.host("client");
      await client.start([PYTHON, streams, "listen", CLIENT, "40"]).until(/ready/);
      await world.target.run([PYTHON, streams, "send", CLIENT, "40"]);
    },
  },
  {
    name: "torrent",
    story:
      "Four peers share a file by BitTorrent through a tracker that also names sixteen peers long gone",
    quiet: true,
    world: {
      outside: Object.fromEntries([1, 2, 3].map((i) => [`peer${i}`, [`198.51.100.${50 + i}/24`]])),
      inside: { target: [`${TARGET}/24`], tracker: ["203.0.113.20/24"] },
    },
    captures: { "": { at: "target", snaplen: 80 }, "-at-peer": { at: "peer1", snaplen: 80 } },
    limitSeconds: 90,
    async run(world) {
      const program = new URL("../programs/torrent.py", import.meta.url).pathname;
      const folder = world.folder;
      await world.host("tracker").start([PYTHON, program, "tracker"]).until(/ready/);
      await world.target.run([
        PYTHON,
        program,
        "make",
        `${folder}/seed`,
        "http://203.0.113.20:6969/announce",
      ]);
      const aria = (host: string, more: string[]) =>
        world.host(host).start([
          "aria2c",
          "--enable-dht=true",
          "--enable-dht6=false",
          "--bt-enable-lpd=true",
          "--seed-time=5",
          `--dht-file-path=${folder}/dht-${host}`,
          "--dht-entry-point=198.51.100.77:6881",
          "--listen-port=6881-6889",
          "--check-integrity=true",
          "--bt-request-peer-speed-limit=1M",
          "--max-upload-limit=200K",
          "--console-log-level=warn",
          "--summary-interval=0",
          ...more,
          `${folder}/seed/file.torrent`,
        ]);
      aria("target", ["-d", `${folder}/seed`]);
      for (const peer of ["peer1", "peer2", "peer3"]) {
        await Deno.mkdir(`${folder}/${peer}`);
        aria(peer, ["-d", `${folder}/${peer}`]);
      }
      await world.target.run(["sleep", "25"], { unsaid: true });
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
    name: "vpn",
    story:
      "A tunnel over UDP carries a client's browsing: one pair of ports, thousands of datagrams",
    quiet: true,
    world: CLIENT_ONLY,
    captures: {
      "": { at: "target", snaplen: 96 },
      "-inside-tunnel": { at: "target", interface: "tun0", home: ["10.99.0.2"] },
    },
    async prepare(world) {
      const tun = (own: string) => `TUN:${own}/30,up,tun-name=tun0,iff-no-pi`;
      const client = world.host("client");
      world.target.start(["socat", "UDP4-LISTEN:51820", tun("10.99.0.2")]);
      client.start(["socat", `UDP4:${TARGET}:51820`, tun("10.99.0.1")]);
      await client.shell("sleep 1; ping -c 2 -i 0.3 10.99.0.2", { unsaid: true, mayFail: true });
    },
    async run(world) {
      await nginx(world.target, await site(world.target, 20, ["10.99.0.2"]));
      await world.host("client").shell(
        "for i in $(seq 60); do curl -s -o /dev/null http://10.99.0.2/part$((i % 20)).png; done",
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
