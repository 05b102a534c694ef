// A small private internet: namespaces, veth pairs, bridges, routers that lower the TTL. Everything
// in it disappears with `close`. Knows nothing of captures or cases.

import { Host, writeResolver } from "./host.ts";
import { delay, run, type Service } from "./process.ts";
import type { WorldPlan } from "./plan.ts";
import { addressesOf, expandAddress, isV6, networkOf } from "./ranges.ts";

const PREFIX = "scandog-lab-";

/** Two sides with one router in between: who is outside scans, who is inside is scanned. */
export const ROUTED: WorldPlan = {
  hops: 1,
  outside: { scanner: ["198.51.100.7/24", "2001:db8:51::7/64"] },
  inside: { target: ["203.0.113.10/24", "2001:db8:113::10/64"] },
  outsideGateway: ["198.51.100.1/24", "2001:db8:51::1/64"],
  insideGateway: ["203.0.113.1/24", "2001:db8:113::1/64"],
};

/** Everybody on one link. */
export const LAN: WorldPlan = {
  hops: 0,
  outside: { scanner: ["192.168.7.66/24", "fd07::66/64"] },
  inside: { target: ["192.168.7.10/24", "fd07::10/64"] },
  outsideGateway: [],
  insideGateway: [],
};

export class World {
  #hosts = new Map<string, Host>();
  #services: Service[] = [];
  #commands: { host: string; command: string }[] = [];

  private constructor(readonly plan: WorldPlan, readonly id: string, readonly folder: string) {}

  /** Builds the namespaces of `plan`. `id` keeps worlds that exist at the same time apart. */
  static async build(plan: WorldPlan, id: string): Promise<World> {
    const folder = await Deno.makeTempDir({ prefix: `${PREFIX}${id}-` });
    await Deno.chmod(folder, 0o755);
    const world = new World(plan, id, folder);
    try {
      await world.#build();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  host(name: string): Host {
    const host = this.#hosts.get(name);
    if (!host) throw new TypeError(`no host ${name} in this world`);
    return host;
  }
  get scanner(): Host {
    return this.host("scanner");
  }
  get target(): Host {
    return this.host("target");
  }
  get hosts(): Host[] {
    return [...this.#hosts.values()];
  }
  get commands(): { host: string; command: string }[] {
    return this.#commands;
  }

  /** Keeps a command for case.json, with the lab's own folders taken out of it. */
  note(host: string, command: string[]): void {
    const said = command.map((word) => /[^\w@%+=:,./-]/.test(word) ? `'${word}'` : word).join(" ");
    const lab = new URL(".", import.meta.url).pathname;
    this.#commands.push({
      host,
      command: said.replaceAll(Deno.execPath(), "deno").replaceAll(this.folder, "$LAB")
        .replaceAll(lab, "tests/lab/"),
    });
  }

  keep(service: Service): Service {
    this.#services.push(service);
    return service;
  }

  /** A file of this world (a server's configuration, pages to serve); returns its path. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = `${this.folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return path;
  }

  #add(name: string, addresses: string[]): string {
    const namespace = `${PREFIX}${this.id}-${name}`;
    this.#hosts.set(name, new Host(this, name, namespace, addressesOf(addresses)));
    return namespace;
  }

  async #build(): Promise<void> {
    const { plan } = this;
    const script: string[] = ["set -e"];
    const make = (namespace: string, forward: boolean) => {
      script.push(`ip netns add ${namespace}`, `ip -n ${namespace} link set lo up`);
      const on = forward ? 1 : 0;
      script.push(
        `ip netns exec ${namespace} sysctl -qw net.ipv4.ip_forward=${on} ` +
          `net.ipv6.conf.all.forwarding=${on} net.ipv4.conf.all.rp_filter=0 ` +
          `net.ipv4.conf.default.rp_filter=0 net.ipv6.conf.default.accept_ra=0 ` +
          `net.ipv4.ping_group_range='0 2147483647' net.ipv4.conf.all.send_redirects=0 ` +
          `net.ipv4.conf.default.send_redirects=0`,
      );
    };
    const bridge = (namespace: string, name: string, addresses: string[]) => {
      script.push(`ip -n ${namespace} link add ${name} type bridge`);
      script.push(`ip -n ${namespace} link set ${name} up`);
      for (const address of addresses) addAddress(script, namespace, name, address);
    };
    const routers: string[] = [];
    for (let i = 1; i <= Math.max(plan.hops, 1); i++) {
      const name = plan.hops === 0 ? "switch" : i === 1 ? "router" : `router${i}`;
      const namespace = this.#add(name, i === plan.hops ? plan.insideGateway : []);
      make(namespace, plan.hops > 0);
      routers.push(namespace);
    }
    const first = routers[0], last = routers[routers.length - 1];
    bridge(first, "outside", plan.outsideGateway);
    if (plan.hops > 0) bridge(last, "inside", plan.insideGateway);
    chain(script, routers, plan);

    let port = 0;
    const attach = (
      names: Record<string, string[]>,
      to: string,
      over: string,
      gateways: string[],
    ) => {
      for (const [name, addresses] of Object.entries(names)) {
        const namespace = this.#add(name, addresses);
        make(namespace, false);
        port++;
        script.push(
          `ip link add eth0 netns ${namespace} type veth peer name p${port} netns ${to}`,
          `ip -n ${to} link set p${port} master ${over} up`,
          `ip -n ${namespace} link set eth0 up`,
        );
        for (const address of addresses) addAddress(script, namespace, "eth0", address);
        for (const gateway of gateways) {
          if (!addresses.some((address) => isV6(address) === isV6(gateway))) continue;
          const via = gateway.split("/")[0];
          script.push(`ip -n ${namespace} ${isV6(via) ? "-6 " : ""}route add default via ${via}`);
        }
      }
    };
    attach(plan.outside, first, "outside", plan.outsideGateway);
    if (plan.hops > 0) attach(plan.inside, last, "inside", plan.insideGateway);
    else attach(plan.inside, first, "outside", []);
    const done = await run(["bash", "-c", script.join("\n")]);
    if (done.code !== 0) throw new Error(`cannot build the world: ${done.stderr}`);
    for (const host of this.#hosts.values()) await writeResolver(host.namespace, "127.0.0.1");
    await delay(300);
  }

  /** Ends every program of this world by its id and deletes the namespaces. */
  async close(): Promise<void> {
    for (const service of this.#services.reverse()) await service.stop();
    for (const host of this.#hosts.values()) await removeNamespace(host.namespace);
    await Deno.remove(this.folder, { recursive: true });
  }
}

function addAddress(script: string[], namespace: string, device: string, range: string): void {
  for (const address of expandAddress(range)) {
    const nodad = isV6(address) ? " nodad" : "";
    script.push(`ip -n ${namespace} address add ${address} dev ${device}${nodad}`);
  }
}

/** Joins the routers in a row; what nobody owns is swallowed at the outer end, as far networks do. */
function chain(script: string[], routers: string[], plan: WorldPlan): void {
  if (plan.hops === 0) return;
  for (let i = 0; i + 1 < routers.length; i++) {
    const [left, right] = [routers[i], routers[i + 1]];
    script.push(
      `ip link add next netns ${left} type veth peer name back netns ${right}`,
      `ip -n ${left} address add 10.255.${i}.1/30 dev next`,
      `ip -n ${right} address add 10.255.${i}.2/30 dev back`,
      `ip -n ${left} address add fdff:${i}::1/64 dev next nodad`,
      `ip -n ${right} address add fdff:${i}::2/64 dev back nodad`,
      `ip -n ${left} link set next up`,
      `ip -n ${right} link set back up`,
      `ip -n ${right} route add default via 10.255.${i}.1`,
      `ip -n ${right} -6 route add default via fdff:${i}::1`,
    );
    for (const network of [...plan.insideGateway, ...(plan.blackholes ?? [])]) {
      const via = isV6(network) ? `fdff:${i}::2` : `10.255.${i}.2`;
      const six = isV6(network) ? "-6 " : "";
      script.push(`ip -n ${left} ${six}route add ${networkOf(network)} via ${via}`);
    }
  }
  script.push(`ip -n ${routers[0]} route add blackhole default`);
  script.push(`ip -n ${routers[0]} -6 route add blackhole default`);
  for (const prefix of plan.blackholes ?? []) {
    const six = isV6(prefix) ? "-6 " : "";
    script.push(`ip -n ${routers[routers.length - 1]} ${six}route add blackhole ${prefix}`);
  }
}

async function removeNamespace(namespace: string): Promise<void> {
  const pids = await run(["ip", "netns", "pids", namespace]);
  for (const pid of pids.stdout.split("\n").filter((line) => /^\d+$/.test(line))) {
    try {
      Deno.kill(Number(pid), "SIGKILL");
    } catch { // it has ended meanwhile
    }
  }
  await run(["ip", "netns", "delete", namespace]);
  await Deno.remove(`/etc/netns/${namespace}`, { recursive: true }).catch(() => {});
}

/** Deletes what an interrupted earlier run with this id left behind. */
export async function sweepUp(id: string): Promise<void> {
  const list = await run(["ip", "netns", "list"]);
  for (const line of list.stdout.split("\n")) {
    const namespace = line.split(" ")[0];
    if (namespace.startsWith(`${PREFIX}${id}-`)) await removeNamespace(namespace);
  }
}
