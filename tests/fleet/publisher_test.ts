// Publishing to a real nats-server, whatever becomes of it: what was taken is acknowledged and stored once.

import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { decodeBatch } from "../../src/fleet/batch.ts";
import { MemoryStore } from "../../src/fleet/memory_store.ts";
import type { Message } from "../../src/fleet/message.ts";
import { type Spooled, SpoolStore } from "../../src/fleet/spool_store.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { skipped } from "../support/skip.ts";
import { type Identity, parseCredentials } from "../../src/fleet/nats_credentials.ts";
import { sensorInbox, sensorSubjects } from "../../src/fleet/subjects.ts";
import { Operator } from "./operator.ts";
import {
  BOUNDS,
  message,
  PASSWORD,
  PERMISSIONS,
  publishing,
  SENSOR,
  USER,
  waitFor,
} from "./publishing.ts";

const ignore = skipped("publishing to nats-server", whyNoNats());
const PATIENCE_MS = 120_000;

/** Ports of all stored outcomes, which number the messages, in the order of the stream. */
async function storedNumbers(server: NatsServerProcess): Promise<number[]> {
  return (await server.stored("outcomes")).map(({ data }) => {
    const { batch } = decodeBatch(data) as { batch: { outcomes: { port: number }[] } };
    return batch.outcomes[0].port;
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b);

Deno.test({
  name: "Publisher has every message acknowledged, with no right but to publish and to be answered",
  ignore,
  async fn() {
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const { publisher, said } = publishing([server.route(BOUNDS)]);
      // Before there is a connection, and afterwards.
      for (let i = 0; i < 100; i++) publisher.publish(message(i));
      publisher.start();
      await publisher.settled(PATIENCE_MS);
      for (let i = 100; i < 500; i++) publisher.publish(message(i));
      await publisher.settled(PATIENCE_MS);
      const { acknowledged, records, resent, lost, waiting, waitingBytes } = publisher.state;
      assert.deepEqual([acknowledged, records, lost], [500, 500, 0]);
      assert.deepEqual([waiting, waitingBytes], [0, 0]);
      // Of a server that takes longer than five seconds it is said, and what it was sent is sent again.
      if (resent === 0) assert.deepEqual(said, []);
      assert.ok(publisher.state.lastAckMs! > Date.now() - 60_000);
      assert.equal(publisher.state.server, server.url);
      await publisher.close();
      assert.deepEqual(sorted(await storedNumbers(server)), upTo(500));
    }, { users: USER });
  },
});

Deno.test({
  name: "Publisher loses nothing when the server is killed in the middle, and all are stored once",
  ignore,
  async fn() {
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const { publisher, said } = publishing([server.route(BOUNDS)]);
      publisher.start();
      const COUNT = 600;
      for (let i = 0; i < COUNT; i++) {
        publisher.publish(message(i));
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (i === 200) await server.stop("SIGKILL");
        if (i === 400) await server.start();
      }
      await publisher.settled(PATIENCE_MS);
      const { acknowledged, lost } = publisher.state;
      await publisher.close();
      assert.deepEqual([acknowledged, lost], [COUNT, 0]);
      assert.deepEqual(sorted(await storedNumbers(server)), upTo(COUNT));
      assert.match(
        said[0],
        /^publishing to nats:\/\/127\.0\.0\.1:\d+: .*; what is to be published/,
      );
      assert.match(said.at(-1)!, /works again after/);
      assert.ok(said.length <= 3, said.join("\n"));
    }, { users: USER });
  },
});

Deno.test({
  name:
    "Publisher sends again what a frozen server may or may not have stored, and it is stored once",
  ignore,
  async fn() {
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const { publisher } = publishing([server.route(BOUNDS)]);
      publisher.start();
      for (let i = 0; i < 20; i++) publisher.publish(message(i));
      await publisher.settled(PATIENCE_MS);
      await server.freeze();
      for (let i = 20; i < 60; i++) publisher.publish(message(i));
      await waitFor(() => publisher.state.resent > 0);
      assert.equal(publisher.state.acknowledged, 20);
      assert.equal(publisher.state.lastError, "the server acknowledges nothing");
      server.thaw();
      await publisher.settled(PATIENCE_MS);
      assert.deepEqual([publisher.state.acknowledged, publisher.state.lost], [60, 0]);
      await publisher.close();
      assert.deepEqual(sorted(await storedNumbers(server)), upTo(60));
    }, { users: USER });
  },
});

Deno.test({
  name: "Publisher says what is wrong and what to do, once, and goes on when it is mended",
  ignore,
  async fn(t) {
    await NatsServerProcess.with(async (server) => {
      const route = server.route(BOUNDS);
      const saysOf = async (
        run: ReturnType<typeof publishing>,
        subject: string,
        expected: RegExp,
      ) => {
        const { publisher, said } = run;
        publisher.start();
        publisher.publish({ ...message(1), subject });
        await waitFor(() => said.length > 0);
        assert.match(said[0], expected);
        assert.equal(publisher.state.lastAckMs, undefined);
        await publisher.close();
        assert.match(said.at(-1)!, /closed, 1 record could not be written$/);
      };
      const { subject } = message(1);
      await t.step("no stream", () =>
        saysOf(
          publishing([route]),
          subject,
          /no stream takes scandog\.outcomes\.8\.web1%2Eexample: scandog correlate --init makes it; what/,
        ));
      await t.step("no stream at first", async () => {
        const { publisher, said } = publishing([route]);
        publisher.start();
        publisher.publish(message(0));
        await waitFor(() => said.length > 0);
        await server.addStreams(["outcomes"]);
        await publisher.settled(PATIENCE_MS);
        assert.deepEqual([publisher.state.acknowledged, publisher.state.lost], [1, 0]);
        assert.match(said.at(-1)!, /works again after/);
        await publisher.close();
      });
      await t.step("a subject of another sensor", () =>
        saysOf(
          publishing([route]),
          "scandog.outcomes.8.web2",
          /forbids scandog\.outcomes\.8\.web2: this user's permissions to publish must have scandog\.outcomes\.\*\.web1%2Eexample and scandog\.events/,
        ));
      await t.step("answers that it may not hear", () =>
        saysOf(
          publishing([route], {}, { kind: "password", user: "deaf", password: "p" }),
          subject,
          /forbids its answers: .* subscribe must have _INBOX\.web1%2Eexample\.>/,
        ));
      await t.step("a wrong password", () =>
        saysOf(
          publishing([route], {}, { ...PASSWORD, password: "guessed" } as typeof PASSWORD),
          subject,
          /refuses who we are \(Authorization Violation\): see the credentials .*--publish-credentials/,
        ));
      await t.step("no server", async () => {
        const gone = { ...route, server: { ...route.server, port: 1 } };
        await saysOf(publishing([gone]), subject, /nats:\/\/127\.0\.0\.1:1: Connection refused/);
      });
      await t.step("one of several servers is enough", async () => {
        const gone = { ...route, server: { ...route.server, port: 1 } };
        const { publisher } = publishing([gone, route]);
        publisher.publish(message(7));
        publisher.start();
        await publisher.settled(PATIENCE_MS);
        assert.equal(publisher.state.acknowledged, 1);
        await publisher.close();
      });
      await t.step(
        "what is refused alone does not hold up the others, and is given up",
        async () => {
          const { publisher, said } = publishing([route]);
          const lost: string[] = [];
          const other = publishing([route], { onLost: ({ subject }) => void lost.push(subject) });
          await publisher.close();
          other.publisher.publish({ ...message(1), subject: "scandog.events.8.web1%2Eexample" });
          other.publisher.start();
          for (let i = 10; other.publisher.state.lost === 0; i++) {
            other.publisher.publish(message(i));
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          assert.deepEqual(lost, ["scandog.events.8.web1%2Eexample"]);
          await other.publisher.settled(PATIENCE_MS);
          assert.equal(other.publisher.waiting, 0);
          await other.publisher.close();
          assert.deepEqual(said, []);
        },
      );
    }, {
      users: `${USER}\n{ user: deaf, password: p, ${
        PERMISSIONS.replace(/subscribe:.*/, 'subscribe: ["x"] }')
      } }`,
    });
  },
});

Deno.test({
  name: "Publisher is known by its nkey",
  ignore,
  async fn() {
    const pair = nkeys.createUser();
    const seed = new TextDecoder().decode(pair.getSeed());
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const { publisher } = publishing([server.route(BOUNDS)], {}, { kind: "nkey", seed });
      publisher.publish(message(1));
      publisher.start();
      await publisher.settled(PATIENCE_MS);
      await publisher.close();
      assert.deepEqual(await storedNumbers(server), [1]);
    }, { users: `{ nkey: ${pair.getPublicKey()}, ${PERMISSIONS} }` });
  },
});

Deno.test("Publisher counts what there is no room for, and says it", async () => {
  const lost: number[] = [];
  const { publisher, said } = publishing<Message>([], {
    store: new MemoryStore(8000),
    onLost: ({ records }) => void lost.push(records),
  });
  for (let i = 0; i < 20; i++) publisher.publish(message(i));
  const { waiting, waitingBytes } = publisher.state;
  assert.ok(waiting > 5 && waitingBytes <= 8000);
  assert.equal(publisher.state.lost, 20 - waiting);
  assert.equal(lost.length, 20 - waiting);
  assert.equal(await publisher.roomy(0), false);
  await publisher.close();
  assert.equal(publisher.state.lost, 20);
  assert.match(said[0], /there is no room for what waits \(--publish-queue\)/);
  assert.match(said.at(-1)!, /closed, 20 records could not be written/);
});

Deno.test({
  name: "Publisher with a spool delivers in its next run what no server took in this one",
  ignore,
  async fn() {
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const folder = await Deno.makeTempDir();
      const open = () => SpoolStore.open(`${folder}/spool`, 1024 * 1024);
      const gone = {
        ...server.route(BOUNDS),
        server: { tls: false, hostname: "127.0.0.1", port: 1 },
      };
      const first = publishing<Spooled>([gone], { store: open() });
      first.publisher.start();
      for (let i = 0; i < 50; i++) first.publisher.publish(message(i));
      await first.publisher.close();
      assert.equal(first.publisher.state.lost, 0);
      assert.ok(!first.said.some((text) => text.includes("could not be written")));
      const second = publishing<Spooled>([server.route(BOUNDS)], { store: open() });
      assert.equal(second.publisher.waiting, 50);
      second.publisher.start();
      for (let i = 50; i < 60; i++) second.publisher.publish(message(i));
      await second.publisher.settled(PATIENCE_MS);
      await second.publisher.close();
      const stored = await storedNumbers(server);
      assert.deepEqual(sorted(stored), upTo(60));
      await Deno.remove(folder, { recursive: true });
    }, { users: USER });
  },
});

Deno.test({
  name: "Publisher is known by credentials that an operator's account signed, and by no others",
  ignore,
  async fn() {
    const ours = new Operator(), others = new Operator();
    const identity = (text: string) => parseCredentials(text) as Identity;
    const subjects = [sensorSubjects(SENSOR), [`${sensorInbox(SENSOR)}.>`]] as const;
    const trust = { text: ours.config(), admin: identity(ours.credentials("admin")) };
    await NatsServerProcess.with(async (server) => {
      await server.addStreams();
      const route = server.route(BOUNDS);
      const { publisher } = publishing(
        [route],
        {},
        identity(ours.credentials("web1", ...subjects)),
      );
      publisher.publish(message(1));
      publisher.start();
      await publisher.settled(PATIENCE_MS);
      await publisher.close();
      assert.deepEqual(await storedNumbers(server), [1]);
      const stranger = publishing([route], {}, identity(others.credentials("web1", ...subjects)));
      stranger.publisher.start();
      await waitFor(() => stranger.said.length > 0);
      assert.match(stranger.said[0], /refuses who we are/);
      await stranger.publisher.close();
    }, { trust });
  },
});
