// `scandog doctor` on this machine, and on what can be wrong with one.

import assert from "node:assert/strict";
import { type Finding, findingLines, findingsOf } from "../../src/command/doctor/finding.ts";
import { builtInCapture } from "../../src/command/doctor/path.ts";
import { CaptureReader, Step } from "../../src/pcap/mod.ts";
import { scandog, scandogWords } from "../support/scandog.ts";
import { ALERTS_STREAM } from "../../src/fleet/streams.ts";
import { adminFile, initStreams, subscribeArgs } from "../fleet/fleet_run.ts";
import { PASSWORD, SENSOR, USER } from "../fleet/publishing.ts";
import { NatsServerProcess, whyNoNats } from "../support/nats.ts";
import { exists, skipped } from "../support/skip.ts";

const ROOT = Deno.uid() === 0;
const ONLY_ROOT = skipped("doctor as root", !ROOT && "it takes root");

interface Report {
  healthy: boolean;
  findings: Finding[];
}

/** Runs it, and gives the findings by name. */
async function doctor(...args: string[]) {
  const user = ROOT ? ["--user", "nobody"] : [];
  const { status, out, err } = await scandog([
    ...["doctor", "--json", "--config", "/dev/null", ...user],
    ...args,
  ]);
  assert.equal(err, "");
  const { healthy, findings }: Report = JSON.parse(out);
  assert.equal(status, healthy ? 0 : 1);
  assert.equal(healthy, findings.every(({ state }) => state !== "fail"));
  return new Map(findings.map((finding) => [finding.name, finding]));
}

Deno.test("doctor puts packets through the whole path, and as root finds a real scan", {
  ignore: ONLY_ROOT,
}, async () => {
  const found = await doctor("-i", "lo");
  for (
    const name of [
      "libpcap",
      "capture",
      "devices",
      "user",
      "clock",
      "self-test",
      "live test",
      "confinement",
    ]
  ) {
    assert.equal(found.get(name)?.state, "ok", `${name}: ${found.get(name)?.text}`);
  }
  assert.match(found.get("libpcap")!.text, /^libpcap version \d/);
  assert.match(found.get("live test")!.text, /127\.0\.0\.2/);
});

Deno.test("doctor says each thing that is wrong, with the remedy, and looks at the others", async () => {
  // A port that was free a moment ago refuses connections.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const found = await doctor(
    ...["-i", "nosuch0", "--log-file", "/nosuch/scandog.log"],
    ...["--syslog", `tcp://127.0.0.1:${port}`, "--no-self-test"],
  );
  assert.match(found.get("devices")!.text, /there is no nosuch0/);
  assert.match(found.get("devices")!.remedy!, /scandog interfaces/);
  assert.match(found.get("log file")!.text, /there is no \/nosuch/);
  assert.equal(found.get("syslog")!.state, "fail");
  assert.match(found.get("syslog")!.text, /refused/);
  assert.equal(found.get("syslog")!.remedy, "start what listens there, or name another");
  assert.equal(found.get("clock")!.state, "ok");
  assert.ok(!found.has("self-test"));
});

Deno.test("doctor sees logs that can be reached", async () => {
  const folder = await Deno.makeTempDir();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await Deno.chmod(folder, 0o777);
    const found = await doctor(
      ...["--log-file", `${folder}/log`, "--syslog", `tcp://127.0.0.1:${listener.addr.port}`],
      "--no-self-test",
    );
    assert.deepEqual(
      [found.get("log file")!.state, found.get("syslog")!.state],
      ["ok", "ok"],
    );
    const state = await doctor("--state", `${folder}/state`, "--no-self-test");
    assert.equal(state.get("state")!.text, `${folder}/state can be written`);
    await Deno.chmod(folder, 0o755);
    await Deno.writeTextFile(`${folder}/kept`, "");
    await Deno.chmod(`${folder}/kept`, 0o666);
    const beside = await doctor("--state", `${folder}/kept`, "--no-self-test");
    if (ROOT) assert.match(beside.get("state")!.text, /nobody may not write /);
    const closed = await doctor("--log-file", `${folder}/log`, "--no-self-test");
    if (ROOT) assert.match(closed.get("log file")!.text, /nobody may not write /);
    assert.ok(!exists(`${folder}/log`), "nothing is written");
  } finally {
    listener.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "doctor without the right to capture says how to get it",
  { ignore: ONLY_ROOT },
  async () => {
    const [program, ...args] = scandogWords(["doctor", "--json", "--config", "/dev/null"]);
    const { code, stdout } = await new Deno.Command("/usr/bin/setpriv", {
      args: ["--bounding-set", "-net_raw", "--inh-caps", "-net_raw", program, ...args],
      env: { TZ: "UTC" },
    }).output();
    const { findings }: Report = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(code, 1);
    const capture = findings.find(({ name }) => name === "capture")!;
    assert.equal(capture.state, "fail");
    assert.match(capture.remedy!, /setcap cap_net_raw\+p .*AmbientCapabilities=CAP_NET_RAW/);
  },
);

Deno.test("findingsOf() turns what a check throws into a line, and goes on", async () => {
  const findings = await findingsOf([
    { name: "a", look: () => Promise.reject(new Error("not\nthere")) },
    { name: "long name", look: () => ({ state: "ok", text: "fine" }) },
    { name: "b", look: () => ({ state: "warn", text: "half", remedy: "do it" }) },
  ]);
  assert.deepEqual(findingLines(findings), [
    "FAIL  a          not\\u{a}there",
    "ok    long name  fine",
    "warn  b          half: do it",
  ]);
});

Deno.test("builtInCapture() is a capture of 60 packets", () => {
  const bytes = builtInCapture(1e15);
  const reader = new CaptureReader("built-in");
  reader.space().set(bytes);
  let given = false, packets = 0;
  for (let step = reader.next(); step !== Step.End; step = reader.next()) {
    if (step === Step.Packet) packets++;
    else {
      reader.filled(given ? 0 : bytes.length);
      given = true;
    }
  }
  assert.equal(packets, 60);
});

Deno.test("doctor looks at the control socket and the file of metrics", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-doctor-" });
  await Deno.chmod(folder, 0o777);
  const control = `${folder}/control`;
  const chosen = (...more: string[]) => doctor("--no-self-test", "--control", control, ...more);
  const metrics = ["--metrics-file", `${folder}/a.prom`];
  const fresh = await chosen(...metrics);
  assert.equal(fresh.get("control socket")?.text, `${control} can be written`);
  assert.equal(fresh.get("metrics file")?.state, "ok");
  const listener = Deno.listen({ transport: "unix", path: control });
  assert.match((await chosen()).get("control socket")!.text, /a running program answers on /);
  await Deno.rename(control, `${folder}/kept`);
  listener.close();
  await Deno.rename(`${folder}/kept`, control);
  assert.match((await chosen()).get("control socket")!.text, /left from an earlier run/);
  await Deno.remove(control);
  await Deno.writeTextFile(control, "");
  const blocked = (await chosen()).get("control socket")!;
  assert.deepEqual([blocked.state, blocked.remedy], ["fail", "name another file: --control"]);
  const absent = await doctor("--no-self-test", "--metrics-file", "/nosuch/a.prom");
  assert.equal(absent.get("metrics file")?.remedy, "mkdir /nosuch");
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "doctor has a server store that this sensor is there, or says what is in the way",
  ignore: skipped("doctor and nats-server", whyNoNats()),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "scandog-doctor-" });
    try {
      await NatsServerProcess.with(async (server) => {
        const credentials = `${folder}/credentials`;
        const { user, password } = PASSWORD as { user: string; password: string };
        const args = ["--no-self-test", "--observer", SENSOR, "--outcomes", "/nosuch/o"]
          .concat(["--publish", server.url, "--publish-credentials", credentials]);
        Deno.writeTextFileSync(credentials, `${user}:${password}\n`, { mode: 0o600 });
        const without = await doctor(...args);
        assert.equal(without.get("publish")!.state, "fail");
        assert.match(without.get("publish")!.text, /no stream takes scandog\.outcomes\.\d+\.web1/);
        assert.equal(without.get("outcomes")!.state, "fail");
        await server.addStreams();
        const found = (await doctor(...args)).get("publish")!;
        assert.deepEqual([found.state, found.text], [
          "ok",
          `${server.url} has stored that ${SENSOR} is there`,
        ]);
        assert.equal((await server.stored("outcomes")).length, 1);
        Deno.chmodSync(credentials, 0o644);
        const open = (await doctor(...args)).get("publish")!;
        assert.equal(open.state, "warn");
        assert.match(open.text, /everybody on this machine can read it/);
        Deno.writeTextFileSync(credentials, "web1:guessed\n");
        const wrong = (await doctor(...args)).get("publish")!;
        assert.equal(wrong.state, "fail");
        assert.match(wrong.text, /refuses who we are/);
        Deno.writeTextFileSync(credentials, "guessed\n");
        assert.match((await doctor(...args)).get("publish")!.text, /must hold an nkey seed/);
      }, { users: USER });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "doctor tries what a correlator reads from, and looks at nothing that takes packets",
  ignore: skipped("doctor and nats-server", whyNoNats()),
  async fn() {
    const credentials = await adminFile();
    try {
      await NatsServerProcess.with(async (server) => {
        const args = subscribeArgs(server, credentials);
        const look = async () => {
          const found = await doctor(...args);
          return [found.get("subscribe")!, [...found.keys()]] as const;
        };
        const [absent, names] = await look();
        assert.equal(absent.state, "fail");
        assert.match(absent.text, /there is no stream SCANDOG_SENSORS$/);
        assert.match(absent.remedy!, /scandog correlate --init/);
        for (const name of ["libpcap", "capture", "devices", "self-test", "live test"]) {
          assert.ok(!names.includes(name), name);
        }
        assert.ok(names.includes("confinement"));

        await initStreams(server, credentials);
        const [fresh] = await look();
        assert.equal(fresh.state, "ok", fresh.text);
        assert.match(fresh.text, /can be read; no sensor has said anything yet$/);
        const [later] = await look();
        assert.match(later.text, /can be read; 1 message, the last of \d{4}-\d\d-\d\dT/);

        Deno.chmodSync(credentials, 0o644);
        const [open] = await look();
        assert.equal(open.state, "warn");
        assert.match(open.text, /everybody on this machine can read it/);
        await server.admin((manager) => manager.streams.delete(ALERTS_STREAM));
        const [half] = await look();
        assert.deepEqual([half.state, half.text], [
          "fail",
          "127.0.0.1: there is no stream SCANDOG_ALERTS",
        ]);
        Deno.writeTextFileSync(credentials, "admin:guessed\n");
        const [wrong] = await look();
        assert.equal(wrong.state, "fail");
        assert.match(wrong.text, /refuses who we are .*--subscribe-credentials/);
        await server.stop();
        const [gone] = await look();
        assert.equal(gone.state, "fail");
        assert.match(gone.text, /refused/i);
      });
    } finally {
      await Deno.remove(credentials);
    }
  },
});

Deno.test("doctor says which credentials of a correlator cannot be read", async () => {
  const found = await doctor(
    ...["--subscribe", "nats://127.0.0.1:1", "--subscribe-credentials", "/nosuch/credentials"],
  );
  const { state, text } = found.get("subscribe")!;
  assert.equal(state, "fail");
  assert.match(text, /--subscribe-credentials \/nosuch\/credentials/);
});
