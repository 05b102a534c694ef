// Busy but honest programs: what a counter of ports or hosts takes for a scan.

import type { Case } from "../plan.ts";
import { nginx, site, vsftpd } from "../servers.ts";
import { chatter, CLIENT, TARGET, UNLIMITED, WITH_CLIENT } from "./common.ts";

const CLIENT_ONLY = { outside: { client: [`${CLIENT}/24`, "2001:db8:51::40/64"] } };
/** `count` ports from `first`, every third. */
const spread = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => first + 3 * i);

export const ordinaryClients: Case[] = [
  {
    name: "busy-high-ports",
    story:
      "A client talks to eighty high ports of one server within seconds, data on each: a program with a port per object",
    quiet: true,
    world: CLIENT_ONLY,
    captures: {
      "": { at: "target" },
      "-in": { at: "target", direction: "in" },
      "-at-client": { at: "client" },
    },
    async run(world) {
      const ports = spread(30001, 80);
      await world.target.listen(...ports);
      await world.host("client").shell(
        `for p in ${
          ports.join(" ")
        }; do exec 3<>/dev/tcp/${TARGET}/$p; read -t 1 line <&3; echo get >&3; read -t 1 line <&3; exec 3>&-; done; true`,
      );
    },
  },
  {
    name: "busy-privileged-ports",
    story:
      "An administrator's program speaks to twelve services of a server, all below 1024, all open",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      const ports = [22, 25, 53, 80, 110, 143, 389, 443, 465, 587, 636, 993];
      await world.target.listen(...ports);
      await world.host("client").shell(
        `for p in ${
          ports.join(" ")
        }; do exec 3<>/dev/tcp/${TARGET}/$p; echo hello >&3; read -t 1 line <&3; exec 3>&-; done; true`,
      );
    },
  },
  {
    name: "crawler-outbound",
    story: "The monitored host fetches from eighty web servers, two of which are down",
    quiet: true,
    world: {
      outside: { web: ["198.51.100.100-179/24"] },
      inside: { target: [`${TARGET}/24`] },
    },
    captures: { "": { at: "target" }, "-in": { at: "target", direction: "in" } },
    home: [TARGET],
    async run(world) {
      const web = world.host("web");
      await nginx(web, await site(web, 3, ["198.51.100.100"]));
      await world.target.shell(
        "for i in $(seq 100 179) 180 181; do curl -s -m 1 -o /dev/null http://198.51.100.$i/part1.png & sleep 0.03; done; wait; true",
      );
    },
  },
  {
    name: "scrape-hosts",
    story: "A monitoring server collects from sixty hosts every few seconds, three of which refuse",
    quiet: true,
    world: { ...CLIENT_ONLY, inside: { target: ["203.0.113.10-69/24"] } },
    captures: { "": { at: "router", interface: "outside", snaplen: 96 } },
    home: ["203.0.113.0/24"],
    async run(world) {
      await nginx(world.target, await site(world.target, 3, [TARGET]), [9100]);
      await world.target.filter(
        "chain in { type filter hook input priority 0; ip daddr { 203.0.113.20, 203.0.113.33, 203.0.113.58 } tcp dport 9100 reject with tcp reset; }",
      );
      await world.host("client").shell(
        "for round in 1 2 3; do for i in $(seq 10 69); do curl -s -m 1 -o /dev/null http://203.0.113.$i:9100/part1.png & done; wait; sleep 2; done; true",
      );
    },
  },
  {
    name: "failover-resets",
    story:
      "A service address moves to another machine: sixty old connections are answered by bare RSTs to sixty ports of the client",
    quiet: true,
    world: {
      ...CLIENT_ONLY,
      inside: { target: ["203.0.113.11/24"], spare: ["203.0.113.12/24"] },
    },
    captures: { "": { at: "client" }, "-in": { at: "client", direction: "in" } },
    home: [CLIENT],
    limitSeconds: 60,
    async run(world) {
      const { target } = world, spare = world.host("spare"), client = world.host("client");
      await target.run(["ip", "address", "add", `${TARGET}/24`, "dev", "eth0"]);
      await target.listen(6379);
      const hold =
        `(exec 3<>/dev/tcp/${TARGET}/6379; for i in 1 2 3 4 5; do echo ping >&3 || exit; sleep 1; done) 2>/dev/null &`;
      const pool = client.shell(`for i in $(seq 60); do ${hold} done; wait; true`);
      await client.run(["sleep", "2"], { unsaid: true });
      await target.run(["ip", "address", "del", `${TARGET}/24`, "dev", "eth0"]);
      await spare.run(["ip", "address", "add", `${TARGET}/24`, "dev", "eth0"]);
      await spare.run(["arping", "-c", "2", "-U", "-I", "eth0", TARGET], { mayFail: true });
      await pool;
    },
  },
  {
    name: "happy-eyeballs",
    story:
      "A client opens two connections at once to each of five addresses and abandons the slower one",
    quiet: true,
    world: { ...CLIENT_ONLY, inside: { target: ["203.0.113.10-14/24", "2001:db8:113::10-14/64"] } },
    async run(world) {
      await nginx(world.target, await site(world.target, 3, [TARGET]), [80, 443]);
      const both =
        "(timeout 0.05 bash -c 'exec 3<>/dev/tcp/203.0.113.1'$h'/443') & curl -s -o /dev/null http://203.0.113.1$h/part1.png";
      await world.host("client").shell(
        `for i in $(seq 10); do for h in 0 1 2 3 4; do ${both}; done; done; wait; true`,
      );
    },
  },
  {
    name: "ftp-parallel",
    story: "Two clients mirror a server by passive FTP at once, four transfers each",
    quiet: true,
    world: { outside: { client: [`${CLIENT}/24`], client2: ["198.51.100.41/24"] } },
    captures: { "": { at: "target", snaplen: 80 } },
    async run(world) {
      await vsftpd(world.target, 60);
      await Promise.all(["client", "client2"].map((name) =>
        world.host(name).run([
          "lftp",
          "-c",
          `set net:max-retries 2; open ${TARGET}; mirror -P 4 pub ${world.folder}/got-${name}`,
        ])
      ));
    },
  },
  {
    name: "ftp-passive-filtered",
    story:
      "A passive FTP server behind a filter that forgets to let data in: every transfer's port stays silent, then the client gives up",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await vsftpd(world.target, 6);
      await world.target.drop("tcp dport 1024-65535");
      await Deno.mkdir(`${world.folder}/got`);
      const set =
        "set net:timeout 3; set net:max-retries 2; set net:reconnect-interval-base 1; set ftp:fix-pasv-address off";
      await world.host("client").run(
        ["lftp", "-c", `${set}; open ${TARGET}; get pub/file1.txt -o ${world.folder}/got/a`],
        { mayFail: true, limitSeconds: 25 },
      );
    },
  },
  {
    name: "ftp-ip6",
    story: "curl fetches forty files over IPv6 with EPSV",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await vsftpd(world.target, 40, "listen=NO\nlisten_ipv6=YES");
      await world.host("client").shell(
        "for i in $(seq 0 39); do curl -s -o /dev/null ftp://[2001:db8:113::10]/pub/file$i.txt; done",
        { mayFail: true },
      );
    },
  },
  {
    name: "siege",
    story:
      "siege opens a connection for every one of 300 pages, ten at once, and is refused some after a restart",
    quiet: true,
    world: CLIENT_ONLY,
    captures: { "": { at: "target", snaplen: 70 } },
    async run(world) {
      const root = await site(world.target, 3, [TARGET]);
      const server = await nginx(world.target, root);
      const client = world.host("client");
      const visit = ["siege", "-q", "-b", "-c", "5", "-r", "20", `http://${TARGET}/part1.png`];
      await client.run(visit, { mayFail: true });
      await server.stop();
      await client.shell(
        `for i in 1 2 3 4 5 6; do curl -s -m 1 http://${TARGET}/; sleep 0.2; done; true`,
      );
      await nginx(world.target, root);
      await client.run(visit, { mayFail: true });
    },
  },
  {
    name: "udp-closed-service",
    story:
      "A log sender keeps sending datagrams to one port whose service is gone: an unreachable for each",
    quiet: true,
    world: CLIENT_ONLY,
    async run(world) {
      await world.target.sysctl(...UNLIMITED);
      await world.host("client").shell(
        `for i in $(seq 80); do echo "<13>line $i" >/dev/udp/${TARGET}/514; sleep 0.05; done; true`,
      );
    },
  },
  {
    name: "port-unreachable-storm",
    story:
      "Our host asks forty name servers and gives up early; their late answers meet closed ports",
    quiet: true,
    world: {
      outside: { servers: ["198.51.100.100-139/24"] },
      inside: { target: [`${TARGET}/24`] },
    },
    home: [TARGET],
    async run(world) {
      const server = new URL("../programs/late_dns.py", import.meta.url).pathname;
      await world.target.sysctl(...UNLIMITED);
      await world.host("servers").start(["/usr/bin/python3", server]).until(/ready/);
      await world.target.shell(
        "for i in $(seq 100 139); do timeout 0.1 dig +time=1 +tries=1 @198.51.100.$i h.example.test >/dev/null; done; sleep 1; true",
      );
    },
  },
  {
    name: "web-with-stray-resets",
    story:
      "A client aborts half of its downloads: RSTs from many ports of its own to the same one of ours",
    quiet: true,
    world: WITH_CLIENT,
    captures: { "": { at: "target" }, "-out": { at: "target", direction: "out" } },
    async run(world) {
      await chatter(world);
      await world.target.shell(`head -c 3000000 /dev/zero > ${world.folder}/site/big.bin`, {
        unsaid: true,
      });
      await world.scanner.shell(
        `for i in $(seq 60); do curl -s -m 5 http://${TARGET}/big.bin | head -c 2000 >/dev/null; done; true`,
      );
    },
  },
];
