// Servers that are not what they should be, and servers that are, over TLS: who is believed, and what a rogue one can
// do.

import assert from "node:assert/strict";
import { connectNats, natsReason } from "../../src/fleet/nats_connection.ts";
import { sensorInbox } from "../../src/fleet/subjects.ts";
import { Authority, whyNoOpenssl, withCertificates } from "../support/certificates.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { skipped } from "../support/skip.ts";
import { BOUNDS, message, PASSWORD, publishing, SENSOR, USER, waitFor } from "./publishing.ts";

const ignore = skipped("publishing over TLS", whyNoNats() || whyNoOpenssl());
const user = { identity: PASSWORD, name: SENSOR, inboxPrefix: sensorInbox(SENSOR) };

Deno.test({
  name: "a server is spoken to over TLS when its certificate is good, and else not at all",
  ignore,
  async fn(t) {
    await withCertificates(async (folder) => {
      const ours = new Authority(folder, "ours"), other = new Authority(folder, "other");
      const tls = ours.sign("server", "DNS:localhost,IP:127.0.0.1");
      const authorities = Deno.readTextFileSync(ours.certificate);
      await NatsServerProcess.with(async (server) => {
        await server.addStreams();
        const route = server.route(BOUNDS);
        const isRefused = async (given: Partial<typeof route>, expected: RegExp) =>
          await assert.rejects(
            () => connectNats({ ...route, ...given }, user),
            (error) => {
              assert.match(natsReason(error), expected);
              return true;
            },
          );
        await t.step("by its address, and by its name at that address", async () => {
          for (const [i, hostname] of ["127.0.0.1", "localhost"].entries()) {
            const named = { ...route, server: { ...route.server, hostname } };
            const { publisher } = publishing([named]);
            publisher.publish(message(i));
            publisher.start();
            await publisher.settled(30_000);
            assert.equal(publisher.state.acknowledged, 1, hostname);
            await publisher.close();
          }
          assert.equal((await server.stored("outcomes")).length, 2);
        });
        await t.step(
          "another authority's",
          () =>
            isRefused({ authorities: Deno.readTextFileSync(other.certificate) }, /UnknownIssuer/),
        );
        await t.step(
          "nobody's that is known",
          () => isRefused({ authorities: undefined }, /UnknownIssuer/),
        );
        await t.step("another name's", () =>
          isRefused(
            { server: { ...route.server, hostname: "nats.example" } },
            /[Nn]ot ?[Vv]alid ?[Ff]or ?[Nn]ame/,
          ));
        await t.step("without TLS", () =>
          isRefused(
            { server: { ...route.server, tls: false } },
            /nats:\/\/127\.0\.0\.1:\d+ wants TLS: say tls:\/\//,
          ));
      }, { users: USER, tls, authorities });
      await NatsServerProcess.with(async (server) => {
        const route = server.route(BOUNDS);
        await t.step("TLS that the server does not have", () =>
          assert.rejects(
            () => connectNats({ ...route, server: { ...route.server, tls: true } }, user),
            /tls:\/\/127\.0\.0\.1:\d+ has no TLS/,
          ));
      }, { users: USER });
    });
  },
});

/** A server that does `serve` to whoever connects. */
async function withRogue(
  serve: (connection: Deno.Conn) => Promise<void>,
  use: (port: number, connections: () => number) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      // It is the client that ends it, in most of these.
      serve(connection).catch(() => {});
    }
  })();
  try {
    await use(listener.addr.port, () => open.length);
  } finally {
    listener.close();
    for (const connection of open) {
      try {
        connection.close();
      } catch {
        // It was closed before.
      }
    }
    await serving;
  }
}

const INFO = 'INFO {"server_id":"A","version":"2.9.10","max_payload":1048576,"headers":true}\r\n';
const write = async (connection: Deno.Conn, text: string) => {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
};
/** Greets as a server does, and takes the client's first words. */
const greet = async (connection: Deno.Conn) => {
  await write(connection, INFO);
  await connection.read(new Uint8Array(4096));
  await write(connection, "PONG\r\n");
};

const ROGUES: [name: string, serve: (connection: Deno.Conn) => Promise<void>, said: RegExp][] = [
  ["speaks HTTP", (c) => write(c, "HTTP/1.1 400 Bad Request\r\n\r\n"), /no NATS/],
  ["sends an INFO that is none", (c) => write(c, "INFO {]\r\n"), /INFO/],
  ["sends a line without an end", (c) => write(c, "x".repeat(200_000)), /no end/],
  ["hangs up", (c) => Promise.resolve(c.close()), /closed the connection at once|reset/],
  [
    "sends garbage after a greeting",
    async (c) => {
      await greet(c);
      await write(c, "\x1b]0;owned\x07\r\n");
    },
    /no NATS/,
  ],
  [
    "announces a message of a gigabyte",
    async (c) => {
      await greet(c);
      await write(c, "MSG a 1 1073741824\r\n");
    },
    /message of 1073741824 bytes/,
  ],
  [
    "floods",
    async (c) => {
      await greet(c);
      const pings = "PING\r\n".repeat(10_000);
      while (true) await write(c, pings);
    },
    /more than it was asked for/,
  ],
];

for (const [name, serve, expected] of ROGUES) {
  Deno.test(`a server that ${name} is given up, and the publisher keeps what it has`, async () => {
    const printed: unknown[] = [];
    const { log } = console;
    console.log = (...args) => void printed.push(args);
    try {
      await withRogue(serve, async (port, connections) => {
        const route = {
          server: { tls: false, hostname: "127.0.0.1", port },
          host: "127.0.0.1",
          bounds: BOUNDS,
        };
        const { publisher, said } = publishing([route]);
        publisher.publish(message(1));
        publisher.start();
        // It is tried again and again.
        await waitFor(() => connections() > 1 && said.length > 0);
        assert.match(said[0], expected);
        assert.equal(said.length, 1);
        assert.equal(publisher.waiting, 1);
        await publisher.close();
      });
      // Standard output is for alerts.
      assert.deepEqual(printed, []);
    } finally {
      console.log = log;
    }
  });
}

Deno.test("a server that takes nothing holds a bounded number of bytes, and nobody up", async () => {
  await withRogue(greet, async (port) => {
    const route = {
      server: { tls: false, hostname: "127.0.0.1", port },
      host: "127.0.0.1",
      bounds: BOUNDS,
    };
    const { publisher } = publishing([route]);
    publisher.start();
    await waitFor(() => publisher.state.server !== undefined);
    const payload = new Uint8Array(50_000);
    for (let i = 0; i < 1000; i++) {
      payload[0] = i;
      publisher.publish({ ...message(i), payload: payload.slice() });
    }
    const { waiting, waitingBytes, lost } = publisher.state;
    // 8 MiB are the store's; all else was refused at once, and is counted.
    assert.ok(waitingBytes <= 8 * 1024 * 1024);
    assert.equal(waiting + lost, 1000);
    await publisher.close();
  });
});
