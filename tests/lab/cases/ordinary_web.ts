// Web servers and their visitors: many connections, none of them a scan.

import type { Case } from "../plan.ts";
import { browser, dnsmasq, nginx, site } from "../servers.ts";

const SERVERS = ["203.0.113.10", "203.0.113.11", "203.0.113.12", "203.0.113.13"];
const visitors = {
  inside: { target: ["203.0.113.10-13/24", "2001:db8:113::10/64"] },
  outside: { client: ["198.51.100.40/24", "2001:db8:51::40/64"] },
};

export const ordinaryWeb: Case[] = [
  {
    name: "web-browser",
    story:
      "A browser loads a page with 120 pictures from four addresses, twice, and curl fetches some",
    quiet: true,
    world: visitors,
    captures: { "": { at: "target" }, "-at-client": { at: "client" } },
    async run(world) {
      const { target } = world, client = world.host("client");
      await nginx(target, await site(target, 120, SERVERS));
      for (const address of SERVERS.slice(0, 2)) {
        await client.run(browser(client, `http://${address}/`), {
          mayFail: true,
          limitSeconds: 40,
        });
      }
      await client.shell(
        "for i in $(seq 40); do curl -s -o /dev/null http://203.0.113.10/part$i.png; done",
      );
    },
  },
  {
    name: "web-curl-loop",
    story: "curl fetches 300 small files, each on a connection of its own",
    quiet: true,
    world: visitors,
    captures: { "": { at: "target", format: "pcap.gz", snaplen: 96 } },
    async run(world) {
      const { target } = world, client = world.host("client");
      await nginx(target, await site(target, 40, SERVERS));
      const loop = "for i in $(seq 300); do " +
        "curl -s -o /dev/null http://203.0.113.1$((i % 4))/part$((i % 40)).png; done";
      await client.shell(loop);
    },
  },
  {
    name: "web-ip6",
    story: "A browser and curl over IPv6, with errors among the answers",
    quiet: true,
    world: visitors,
    async run(world) {
      const { target } = world, client = world.host("client");
      await nginx(target, await site(target, 60, ["[2001:db8:113::10]"]));
      const page = "http://[2001:db8:113::10]/";
      await client.run(browser(client, page), { mayFail: true, limitSeconds: 40 });
      await client.shell(
        `for i in $(seq 30); do curl -s -o /dev/null '${page}missing/'$i '${page}broken/'$i; done`,
      );
    },
  },
  {
    name: "web-by-name",
    story: "A browser visits sites by name: dnsmasq answers, the pages come from four servers",
    quiet: true,
    world: { ...visitors, inside: { ...visitors.inside, resolver: ["203.0.113.53/24"] } },
    captures: { "": { at: "client", format: "pcapng.gz", nanoseconds: true } },
    async run(world) {
      const { target } = world, client = world.host("client");
      const names = SERVERS.map((address, i) => `www${i}.shop.test=${address}`);
      await dnsmasq(world.host("resolver"), names);
      await client.resolver("203.0.113.53");
      const servers = SERVERS.map((_, i) => `www${i}.shop.test`);
      await nginx(target, await site(target, 100, servers));
      await client.run(browser(client, "http://www0.shop.test/"), {
        mayFail: true,
        limitSeconds: 40,
      });
      await client.shell("for i in 0 1 2 3; do wget -q -O /dev/null http://www$i.shop.test/; done");
    },
  },
];
