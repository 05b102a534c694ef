// A real nats-server of one's own: private configuration, port and storage, ended by its process. Killed, frozen
// and started again as tests need it.

import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { connectNats } from "../../src/fleet/nats_connection.ts";
import type { Identity } from "../../src/fleet/nats_credentials.ts";
import type { Route } from "../../src/fleet/nats_transport.ts";
import { allSubjects } from "../../src/fleet/subjects.ts";
import { isStopped } from "./processes.ts";
import { exists } from "./skip.ts";

const PROGRAM = "/usr/sbin/nats-server";

export function whyNoNats(): string | false {
  return exists(PROGRAM) ? false : "there is no nats-server (Debian: nats-server)";
}

/** Who may do all. */
const ADMIN: Identity = { kind: "password", user: "admin", password: "admin-password" };

export interface NatsOptions {
  /** Users, as the server's configuration has them, beside one who may do all. */
  users?: string;
  /** Paths of the server's certificate and key: nothing is spoken but TLS then. */
  tls?: { certificate: string; key: string };
  /** Certificates (PEM) that signed the server's. */
  authorities?: string;
  /** Whom the server takes, in words of its configuration, instead of users with passwords; and who may do all. */
  trust?: { text: string; admin: Identity };
  /** For a test in a namespace. */
  host?: string;
}

export class NatsServerProcess {
  readonly port: number;
  readonly host: string;
  readonly #folder: string;
  readonly #options: NatsOptions;
  #child: Deno.ChildProcess | undefined;

  private constructor(folder: string, options: NatsOptions) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.close();
    this.port = listener.addr.port;
    this.host = options.host ?? "127.0.0.1";
    this.#folder = folder;
    this.#options = options;
  }

  /** Runs `use` with a server that is up, and leaves nothing behind. */
  static async with(
    use: (server: NatsServerProcess) => Promise<void>,
    options: NatsOptions = {},
  ): Promise<void> {
    const folder = await Deno.makeTempDir();
    const server = new NatsServerProcess(folder, options);
    try {
      server.#configure();
      await server.start();
      await use(server);
    } finally {
      await server.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  }

  get url(): string {
    return `${this.#options.tls ? "tls" : "nats"}://${this.host}:${this.port}`;
  }

  #configure(): void {
    const { users = "", tls, trust } = this.#options;
    const secure = tls === undefined
      ? ""
      : `tls { cert_file: "${tls.certificate}", key_file: "${tls.key}" }`;
    const accounts = `accounts { SCAN { jetstream: enabled, users: [
      { user: admin, password: admin-password }
      ${users} ] } }`;
    Deno.writeTextFileSync(
      `${this.#folder}/server.conf`,
      `host: "${this.host}"
       port: ${this.port}
       log_file: "${this.#folder}/log"
       ${secure}
       jetstream { store_dir: "${this.#folder}/store", max_memory_store: 64MB, max_file_store: 4GB }
       ${trust?.text ?? accounts}`,
    );
  }

  async start(): Promise<void> {
    this.#child = new Deno.Command(PROGRAM, {
      args: ["-c", `${this.#folder}/server.conf`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let isUp = false;
    for (let tries = 0; !isUp && tries < 3000; tries++) {
      isUp = await Deno.connect({ hostname: this.host, port: this.port })
        .then((connection) => (connection.close(), true), () => false);
      if (!isUp) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (isUp) return;
    const said = Deno.readTextFileSync(`${this.#folder}/log`).split("\n").slice(-3).join("\n");
    assert.fail(`nats-server does not listen on ${this.host}:${this.port}: ${said}`);
  }

  async stop(signal: "SIGKILL" | "SIGTERM" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself, which is said where it was to start.
    }
    await child.status;
  }

  /** Stops it from running; resolves when all its threads have stopped. */
  async freeze(): Promise<void> {
    const { pid } = this.#child!;
    this.#child!.kill("SIGSTOP");
    await isStopped(pid);
  }

  /** Lets it run on. */
  thaw(): void {
    this.#child!.kill("SIGCONT");
  }

  /** The way there, as a sensor or whoever else. */
  route(bounds: Route["bounds"] = { messageBytes: 1_100_000 }): Route {
    const { host, port } = this;
    const server = { tls: this.#options.tls !== undefined, hostname: host, port };
    return { server, host, authorities: this.#options.authorities, bounds };
  }

  /** Connects as the one who may do all. */
  async admin<T>(
    use: (manager: JetStreamManager, connection: NatsConnection) => Promise<T>,
  ): Promise<T> {
    const identity = this.#options.trust?.admin ?? ADMIN;
    const user = { identity, name: "test", inboxPrefix: "_INBOX.admin" };
    const connection = await connectNats(this.route(), user);
    try {
      return await use(await jetstreamManager(connection), connection);
    } finally {
      await connection.close();
    }
  }

  /** Makes a stream for each kind of subject. */
  async addStreams(kinds: readonly ("outcomes" | "events")[] = ["outcomes", "events"]) {
    await this.admin(async (manager) => {
      for (const kind of kinds) {
        await manager.streams.add({ name: kind, subjects: [allSubjects(kind)] });
      }
    });
  }

  /** All messages of a stream, in their order. */
  async stored(stream: string): Promise<StoredMsg[]> {
    return await this.admin(async (manager) => {
      const { state } = await manager.streams.info(stream);
      const all: StoredMsg[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
        const message = await manager.streams.getMessage(stream, { seq });
        if (message !== null) all.push(message);
      }
      return all;
    });
  }
}
