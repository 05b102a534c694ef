// One namespace of a lab world: where programs run, servers listen, filters swallow. Knows its world
// only as the keeper of files, services and commands.

import { type Finished, run, Service } from "./process.ts";
import { isV6 } from "./ranges.ts";

/** What a host needs of the world around it. */
export interface HostWorld {
  readonly folder: string;
  /** Keeps a command for case.json. */
  note(host: string, command: string[]): void;
  /** Sees to it that the service ends with the world. */
  keep(service: Service): Service;
  /** Writes a file of this world; returns its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
}

export interface RunOptions {
  limitSeconds?: number;
  /** Do not write the command into case.json (preparations). */
  unsaid?: boolean;
  /** An exit status other than 0 is no error. */
  mayFail?: boolean;
  cwd?: string;
}

/** One namespace with its addresses. */
export class Host {
  constructor(
    readonly world: HostWorld,
    readonly name: string,
    readonly namespace: string,
    readonly addresses: string[],
  ) {}

  get v4(): string {
    return this.addresses.find((address) => !isV6(address))!;
  }
  get v6(): string {
    return this.addresses.find(isV6)!;
  }

  #inside(command: string[]): string[] {
    return ["ip", "netns", "exec", this.namespace, ...command];
  }

  /** Runs a program here to its end; the command is kept for case.json. */
  async run(command: string[], options: RunOptions = {}): Promise<Finished> {
    if (!options.unsaid) this.world.note(this.name, command);
    const limit = options.limitSeconds ?? 60;
    const done = await run(this.#inside(command), limit, options.cwd);
    if (!options.mayFail && (done.code !== 0 || done.late)) {
      const why = done.late ? `ended after ${limit} s` : `status ${done.code}`;
      throw new Error(`${this.name}: ${command.join(" ")}: ${why}\n${done.stdout}${done.stderr}`);
    }
    return done;
  }

  /** A shell line, for what is shortest said so. */
  shell(line: string, options: RunOptions = {}): Promise<Finished> {
    return this.run(["bash", "-c", line], options);
  }

  /** Starts a program that runs until the world ends, or until it is stopped. */
  start(command: string[], options: { unsaid?: boolean; cwd?: string } = {}): Service {
    if (!options.unsaid) this.world.note(this.name, command);
    return this.world.keep(new Service(this.#inside(command), options.cwd));
  }

  /** Opens TCP ports (`22`, `80`) and UDP ports (`u53`) that answer something. */
  async listen(...ports: (number | string)[]): Promise<void> {
    const program = new URL("./programs/listener.ts", import.meta.url).pathname;
    const service = this.start([
      Deno.execPath(),
      "run",
      "--allow-net",
      program,
      ...ports.map(String),
    ]);
    await service.until(/ready/);
  }

  /** Loads nftables rules: the body of `table inet lab`. */
  async filter(rules: string): Promise<void> {
    await this.run(["nft", `table inet lab {\n${rules}\n}`]);
  }

  /** Swallows what comes in and matches, as a firewall with DROP does. */
  drop(...matches: string[]): Promise<void> {
    const lines = matches.map((match) => `${match} drop;`).join(" ");
    return this.filter(`chain in { type filter hook input priority 0; ${lines} }`);
  }

  /** The name server that programs started here from now on ask. */
  resolver(address: string): Promise<void> {
    return writeResolver(this.namespace, address);
  }

  sysctl(...settings: string[]): Promise<Finished> {
    return this.run(["sysctl", "-qw", ...settings], { unsaid: true });
  }
}

/** ip-netns(8) mounts this file over /etc/resolv.conf, so that the machine's own is never asked. */
export async function writeResolver(namespace: string, address: string): Promise<void> {
  const folder = `/etc/netns/${namespace}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/resolv.conf`, `nameserver ${address}\n`);
}
