// The example configuration of a NATS server: it is one, and it lets each do what he must and nothing else.

import assert from "node:assert/strict";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { connectNats } from "../../src/fleet/nats_connection.ts";
import { sensorInbox, sensorSubjects } from "../../src/fleet/subjects.ts";
import { FleetPublisher, QUICK, RunningCorrelator } from "../fleet/fleet_run.ts";
import { Authority, whyNoOpenssl, withCertificates } from "../support/certificates.ts";
import { whyNoNats } from "../support/nats.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const EXAMPLE = inRepository(".github/package/nats-server.conf");
const PROGRAM = "/usr/sbin/nats-server";
const ignore = skipped("the example of a NATS server", whyNoNats() || whyNoOpenssl());

/** The example with its paths, and its ports, where a test may have them. */
async function adapted(folder: string, port: number): Promise<string> {
  const authority = new Authority(folder, "authority");
  const { certificate, key } = authority.sign("server", "DNS:nats.test,IP:127.0.0.1");
  const text = (await Deno.readTextFile(EXAMPLE))
    .replace("/etc/scandog-nats/server.pem", certificate)
    .replace("/etc/scandog-nats/server.key", key)
    .replace("/var/lib/scandog-nats", `${folder}/store`)
    .replace('"0.0.0.0:4222"', `"127.0.0.1:${port}"`)
    .replace('http: "127.0.0.1:8222"', "");
  // A second sensor, as the first is written.
  const [first] = /\{\s+user: web1[^]*?\n {6}\}\n/.exec(text)!;
  const path = `${folder}/server.conf`;
  await Deno.writeTextFile(path, text.replace(first, first + first.replaceAll("web1", "web2")));
  return path;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function withExample(
  use: (port: number, authorities: string, folder: string) => Promise<void>,
): Promise<void> {
  await withCertificates(async (folder) => {
    const port = freePort();
    const path = await adapted(folder, port);
    const checked = await new Deno.Command(PROGRAM, { args: ["-c", path, "-t"] }).output();
    assert.ok(checked.success, new TextDecoder().decode(checked.stderr));
    const child = new Deno.Command(PROGRAM, {
      args: ["-c", path],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      for (let tries = 0; tries < 3000; tries++) {
        const isUp = await Deno.connect({ hostname: "127.0.0.1", port })
          .then((connection) => (connection.close(), true), () => false);
        if (isUp) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await use(port, `${folder}/authority.pem`, folder);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  });
}

/** Connects as one of the example's users. */
function connectAs(user: string, port: number, ca: string, inboxPrefix: string) {
  const server = { tls: true, hostname: "127.0.0.1", port };
  const route = {
    server,
    host: "127.0.0.1",
    authorities: Deno.readTextFileSync(ca),
    bounds: { messageBytes: 1_100_000 },
  };
  const identity = { kind: "password", user, password: `change-me-${user}` } as const;
  return connectNats(route, { identity, name: user, inboxPrefix });
}

/** What a request is answered: the error's words, or nothing. */
async function refusalOf(connection: NatsConnection, subject: string): Promise<string> {
  try {
    const answer = await connection.request(subject, new Uint8Array(), { timeout: 60_000 });
    return JSON.parse(new TextDecoder().decode(answer.data)).error?.description ?? "";
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test({
  name:
    "the example lets a sensor publish under its own name, a correlator judge, and neither more",
  ignore,
  fn: () =>
    withExample(async (port, ca, folder) => {
      const url = `tls://127.0.0.1:${port}`;
      const credentials = async (user: string) => {
        const path = `${folder}/${user}.credentials`;
        await Deno.writeTextFile(path, `${user}:change-me-${user}\n`, { mode: 0o600 });
        return ["--subscribe-credentials", path];
      };
      const args = ["--subscribe", url, "--subscribe-ca", ca];
      const init = ["correlate", ...args, ...await credentials("init"), "--init"];
      const made = await scandog(init);
      assert.equal(made.status, 0, made.err);
      // A correlator may not make streams.
      const refused = await scandog([
        "correlate",
        ...args,
        ...await credentials("correlate"),
        "--init",
      ]);
      assert.equal(refused.status, 1, refused.err);

      // With these rights and no more, doctor is content.
      const checked = await scandog([
        ...["doctor", "--json", "--config", "/dev/null", "--user", "nobody"],
        ...args,
        ...await credentials("correlate"),
      ]);
      assert.match(checked.out, /"name":"subscribe","state":"ok"/, checked.out + checked.err);

      const correlator = new RunningCorrelator([
        ...args,
        ...await credentials("correlate"),
        ...QUICK,
      ]);
      await correlator.connected();
      const sensor = await connectAs("web1", port, ca, sensorInbox("web1"));
      const second = await connectAs("web2", port, ca, sensorInbox("web2"));
      for (let i = 1; i <= 12; i++) {
        const [name, connection] = i % 2 === 0 ? ["web1", sensor] : ["web2", second];
        const destination = `203.0.113.${i}`;
        await new FleetPublisher(connection).say(name, { destination, sequence: i });
      }
      await correlator.until(() => / SCAN /.test(correlator.out), "it may not tell");
      assert.match(correlator.out, /seen by 2 sensors/);
      const forbidden = [
        "scandog.outcomes.0.web2",
        "scandog.events.0.web2",
        "scandog.tick",
        "scandog.alerts.0.scan.x",
        "$JS.API.INFO",
        "$JS.API.STREAM.MSG.GET.SCANDOG_SENSORS",
      ];
      for (const subject of forbidden) {
        assert.match(await refusalOf(sensor, subject), /Permissions Violation/i, subject);
      }
      await sensor.close();
      await second.close();
      assert.equal(await correlator.stop(), 0);

      // What the correlators' user may not: take back what was told, or speak for a sensor.
      const other = await connectAs("correlate", port, ca, "_INBOX.correlate");
      for (
        const subject of [
          "scandog.outcomes.0.web1",
          "$JS.API.STREAM.PURGE.SCANDOG_ALERTS",
          "$JS.API.STREAM.DELETE.SCANDOG_ALERTS",
          "$JS.API.STREAM.CREATE.X",
        ]
      ) assert.match(await refusalOf(other, subject), /Permissions Violation/i, subject);
      await other.close();

      // And what nobody may, not even who made the streams.
      const admin = await connectAs("init", port, ca, "_INBOX.init");
      const manager = await jetstreamManager(admin);
      await assert.rejects(manager.streams.purge("SCANDOG_ALERTS"), /purge/i);
      await jetstream(admin).publish("scandog.alerts.0.scan.x", "x");
      await assert.rejects(manager.streams.deleteMessage("SCANDOG_ALERTS", 1), /delete/i);
      await admin.close();
    }),
});

Deno.test("the example's permissions are those that a sensor of that name needs", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  for (const subject of sensorSubjects("web1")) assert.ok(text.includes(`"${subject}"`), subject);
  assert.ok(text.includes(`"${sensorInbox("web1")}.>"`));
});

Deno.test("the example of a correlator's configuration is one, also where all of it is in effect", async () => {
  const text = await Deno.readTextFile(inRepository(".github/package/scandog-correlate.toml"));
  const folder = await Deno.makeTempDir({ prefix: "scandog-toml-" });
  for (const [name, own] of [["as", text], ["whole", text.replaceAll(/^# (?=[a-z-]+ = )/gm, "")]]) {
    const path = `${folder}/${name}.toml`;
    await Deno.writeTextFile(path, own);
    const { status, out, err } = await scandog(["correlate", "--config", path, "--print-config"]);
    assert.equal(status, 0, err);
    assert.match(out, /^subscribe = \["tls:\/\/nats1\.example:4222", .*(as|whole)\.toml:\d+$/m);
    assert.match(out, name === "as" ? /^partitions = "0-15"/m : /^partitions = "0-7"/m);
  }
});

Deno.test({
  name: "systemd takes the units of a fleet",
  ignore: skipped(
    "the units of a fleet",
    !exists("/usr/bin/systemd-analyze") && "systemd-analyze is not installed",
  ),
  async fn() {
    for (const unit of ["scandog-nats.service", "scandog-correlate.service"]) {
      const { stderr } = await new Deno.Command("/usr/bin/systemd-analyze", {
        args: ["verify", "--man=no", inRepository(`.github/package/${unit}`)],
      }).output();
      // Programs, users and other units need not be here.
      const said = new TextDecoder().decode(stderr).split("\n").filter((line) =>
        line.includes(unit) && !/is not executable|Command .* is not/.test(line)
      );
      assert.deepEqual(said, []);
    }
  },
});
