// A `watch` that has given everything up goes on telling others: over a server that dies and comes back, and into a
// file that is moved away.

import assert from "node:assert/strict";
import { decodeBatch } from "../../src/fleet/batch.ts";
import { readOutcomeLine } from "../../src/fleet/outcome_line.ts";
import { PASSWORD, SENSOR, USER } from "../fleet/publishing.ts";
import type { Status } from "../../src/status/status.ts";
import { until } from "../sink/receivers.ts";
import { Authority, whyNoOpenssl, withCertificates } from "../support/certificates.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";
import { Confined, withFolder } from "./confined.ts";
import { inNamespace, whyNoNamespaces } from "./namespace.ts";

const ignore = skipped(
  "publishing by a confined watch",
  whyNoNamespaces() || whyNoNats() || whyNoOpenssl(),
);

async function statusOf(control: string): Promise<Status> {
  const { out, err } = await scandog(["status", "--json", "--control", control]);
  assert.equal(err, "");
  return JSON.parse(out);
}

/** Ports of outcomes that a server has stored, each once. */
async function publishedPorts(server: NatsServerProcess): Promise<number[]> {
  const ports = (await server.stored("outcomes")).flatMap(({ data }) => {
    const { batch } = decodeBatch(data) as { batch: { outcomes: { port: number }[] } };
    return batch.outcomes.map(({ port }) => port);
  });
  return ports.sort((a, b) => a - b);
}

/** Looks until it is so; the server is asked over the network each time. */
async function untilAsked(isSo: () => Promise<boolean>, what: () => string): Promise<void> {
  for (let tries = 0; !await isSo(); tries++) {
    assert.ok(tries < 1200, `waited for: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ports = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** A server that speaks TLS only, under the name of nats.test, and a file with who signed its certificate. */
async function withServer(use: (server: NatsServerProcess, ca: string) => Promise<void>) {
  await withCertificates(async (folder) => {
    const authority = new Authority(folder, "authority");
    const tls = authority.sign("server", "DNS:nats.test,IP:127.0.0.1");
    const authorities = Deno.readTextFileSync(authority.certificate);
    const options = { users: USER, tls, authorities };
    await NatsServerProcess.with((server) => use(server, authority.certificate), options);
  });
}

Deno.test({
  name: "a confined watch publishes over TLS though its server is killed, and opens its file anew",
  ignore,
  fn: () =>
    withFolder((folder) =>
      inNamespace((network) =>
        withServer(async (server, ca) => {
          await server.addStreams();
          const hosts = `${folder}/hosts`, credentials = `${folder}/credentials`;
          const file = `${folder}/outcomes.jsonl`, control = `${folder}/control`;
          const { user, password } = PASSWORD as { user: string; password: string };
          Deno.writeTextFileSync(credentials, `${user}:${password}\n`, { mode: 0o600 });
          Deno.writeTextFileSync(hosts, "127.0.0.1 nats.test\n");
          const url = `tls://nats.test:${server.port}`;
          await using watch = await Confined.start([
            ...["watch", "--config", "/dev/null", "-i", "lo", "--verbose", "--observer", SENSOR],
            ...["--outcomes", file, "--publish", url, "--publish-credentials", credentials],
            ...["--publish-ca", ca, "--publish-spool", `${folder}/spool`, "--control", control],
          ], { "/etc/hosts": hosts });
          // Nobody can look the name up any more, and root alone can read the secret.
          Deno.writeTextFileSync(hosts, "");
          const scan = (from: number, to: number) => {
            for (const port of ports(from, to)) network.send("lo", tcpFrame({ port }));
          };
          scan(1000, 1040);
          await untilAsked(
            async () => (await publishedPorts(server)).length >= 40,
            () => watch.err,
          );
          assert.deepEqual(await publishedPorts(server), ports(1000, 1040));
          assert.match(watch.err, /Deno permissions kept: read, write, net/);
          assert.match(watch.err, new RegExp(`publishing to ${url} as ${SENSOR}`));
          assert.ok(!watch.err.includes(password));

          await server.stop("SIGKILL");
          Deno.renameSync(file, `${file}.1`);
          watch.signal("SIGHUP");
          await until(() => exists(file), () => `a new file: ${watch.err}`);
          scan(2000, 2040);
          let status = await statusOf(control);
          await untilAsked(
            async () => {
              status = await statusOf(control);
              return status.publish!.waiting > 0 && status.publish!.server === undefined;
            },
            () => JSON.stringify(status.publish),
          );
          assert.match(status.publish!.lastError!, /Connection refused|closed|reset/);
          await server.start();
          await untilAsked(
            async () => (await publishedPorts(server)).length >= 80,
            () => watch.err,
          );
          const all = [...ports(1000, 1040), ...ports(2000, 2040)];
          assert.deepEqual(await publishedPorts(server), all);
          status = await statusOf(control);
          assert.deepEqual([status.publish!.lost, status.publish!.server], [0, url]);
          assert.ok(Date.parse(status.publish!.lastAck!) > Date.now() - 60_000);
          assert.ok(!JSON.stringify(status).includes(password));
          assert.match(
            (await scandog(["status", "--metrics", "--control", control])).out,
            /^scandog_publish_connected 1$/m,
          );

          assert.equal(await watch.stop(), 0);
          const written = [`${file}.1`, file].map((path) =>
            Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => {
              const { outcome } = readOutcomeLine(line);
              return outcome?.port;
            })
          );
          assert.deepEqual(written.map((some) => some.sort()), [
            ports(1000, 1040),
            ports(2000, 2040),
          ]);
          const events = await server.stored("events");
          assert.ok(events.length >= 1);
          // The last word of a clean end: it was there, and no message waits for the next run.
          const last = (await server.stored("outcomes")).at(-1)!;
          assert.deepEqual(
            (decodeBatch(last.data) as { batch: { outcomes: unknown[] } }).batch.outcomes,
            [],
          );
          assert.equal(Deno.statSync(`${folder}/spool`).uid, 65534);
        })
      )
    ),
});
