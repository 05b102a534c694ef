// What goes on between hosts besides services: neighbours, routes, broadcasts, peers, streams, and
// ordinary traffic seen only in part.

import type { Case } from "../plan.ts";
import { nginx, site } from "../servers.ts";
import { CLIENT, TARGET, WITH_CLIENT } from "./common.ts";

const PYTHON = "/usr/bin/python3";
const CHATTER = new URL("../programs/lan_chatter.py", import.meta.url).pathname;
const CLIENT_ONLY = { outside: { client: [`${CLIENT}/24`, "2001:db8:51::40/64"] } };
const LAN_HOSTS = {
  hops: 0,
  inside: { target: ["192.168.7.10/24", "fd07::10/64"], printer: ["192.168.7.20/24"] },
  outside: { client: ["192.168.7.40/24", "fd07::40/64"], phone: ["192.168.7.41/24"] },
};

export const ordinaryLan: Case[] = [
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
];
