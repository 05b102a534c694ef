import assert from "node:assert/strict";
import { CannotRun } from "../../src/failure.ts";
import { ask } from "../../src/status/ask.ts";
import { ControlSocket } from "../../src/status/control_socket.ts";
import { MetricsFile } from "../../src/status/metrics_file.ts";
import { Supervisor } from "../../src/status/supervisor.ts";
import { libc } from "../../src/system/libc.ts";
import { UnixReceiver } from "../sink/receivers.ts";

// The program keeps the C library open for as long as it runs: no test's own.
libc();

const LONG = "x".repeat(300_000);

/** A socket that answers `long` and `echo`, in a folder of its own. */
async function withSocket(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-control-" });
  const path = `${folder}/control`;
  const socket = await ControlSocket.open(path, undefined, (request) => {
    if (request === "fail") throw new TypeError("a mistake of ours");
    return request === "long" ? LONG : request === "nothing" ? undefined : `${request}\n`;
  });
  try {
    await use(path);
  } finally {
    socket.close();
    await assert.rejects(Deno.lstat(path), Deno.errors.NotFound, "the file is taken away");
    await Deno.remove(folder, { recursive: true });
  }
}

async function readAll(client: Deno.UnixConn): Promise<string> {
  let text = "";
  const bytes = new Uint8Array(65_536);
  for (;;) {
    const read = await client.read(bytes).catch(() => null);
    if (read === null) return text;
    text += new TextDecoder().decode(bytes.subarray(0, read));
  }
}

Deno.test("ControlSocket answers one request a connection, however long the answer is", async () => {
  await withSocket(async (path) => {
    assert.equal(await ask(path, "status"), "status\n");
    assert.equal(await ask(path, "long"), LONG);
    // The second request of a connection is not looked at.
    const client = await Deno.connect({ transport: "unix", path });
    await client.write(new TextEncoder().encode("one\ntwo\n"));
    assert.equal(await readAll(client), "one\n");
    client.close();
  });
});

Deno.test("ControlSocket may be asked by its owner and its group, and by nobody else", async () => {
  await withSocket(async (path) => {
    const { mode, isSocket } = await Deno.lstat(path);
    assert.ok(isSocket);
    assert.equal(mode! & 0o777, 0o660);
  });
});

Deno.test("ControlSocket survives garbage, halves, mistakes and clients that go", async () => {
  await withSocket(async (path) => {
    const answers: string[] = [];
    for (
      const sent of [
        "\0".repeat(1000),
        "x".repeat(64),
        "status",
        "",
        "\xff\xfe\n",
        "fail\n",
        "nothing\n",
      ]
    ) {
      const client = await Deno.connect({ transport: "unix", path });
      await client.write(Uint8Array.from(sent, (c) => c.charCodeAt(0))).catch(() => {});
      await client.closeWrite().catch(() => {});
      answers.push(await readAll(client));
      client.close();
    }
    assert.deepEqual(answers.map((text) => text === ""), [
      true,
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    // Gone before the answer is written.
    for (let i = 0; i < 50; i++) {
      const client = await Deno.connect({ transport: "unix", path });
      await client.write(new TextEncoder().encode("long\n"));
      client.close();
    }
    assert.equal(await ask(path, "status"), "status\n");
  });
});

Deno.test("ControlSocket sends the crowd away, and serves again when it is gone", async () => {
  await withSocket(async (path) => {
    const crowd: Deno.UnixConn[] = [];
    for (let i = 0; i < 8; i++) crowd.push(await Deno.connect({ transport: "unix", path }));
    const beyond = await Deno.connect({ transport: "unix", path });
    assert.equal(await readAll(beyond), "");
    beyond.close();
    for (const client of crowd) client.close();
    // Their end is noticed in its turn.
    let answer = "";
    for (let tries = 0; tries < 1000 && answer === ""; tries++) {
      answer = await ask(path, "status").catch(() => "");
    }
    assert.equal(answer, "status\n");
  });
});

Deno.test("ControlSocket replaces what a killed run left, but no file and no living socket", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-control-" });
  const path = `${folder}/control`;
  const open = () => ControlSocket.open(path, undefined, () => "new\n");
  // A killed process leaves the file; one that closes takes it away, if it still finds it.
  const killed = Deno.listen({ transport: "unix", path });
  await Deno.rename(path, `${folder}/kept`);
  killed.close();
  await Deno.rename(`${folder}/kept`, path);
  assert.ok((await Deno.lstat(path)).isSocket);
  const socket = await open();
  assert.equal(await ask(path, "x"), "new\n");
  await assert.rejects(open(), (error: Error) => {
    assert.ok(error instanceof CannotRun);
    assert.match(error.message, /another program answers there/);
    return true;
  });
  assert.equal(await ask(path, "x"), "new\n", "the first one still answers");
  socket.close();
  // Elsewhere: the runtime takes a closed socket's file away in its own time.
  const file = `${folder}/file`;
  await Deno.writeTextFile(file, "precious");
  await assert.rejects(
    ControlSocket.open(file, undefined, () => ""),
    /there is a file that is no socket/,
  );
  assert.equal(await Deno.readTextFile(file), "precious");
  await assert.rejects(
    ControlSocket.open(`${folder}/no/control`, undefined, () => ""),
    /there is no such folder/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ask() says what to do when nobody answers", async () => {
  await assert.rejects(ask("/nowhere/control", "status"), (error: Error) => {
    assert.ok(error instanceof CannotRun);
    assert.match(error.message, /^\/nowhere\/control: no scandog answers there; start /);
    return true;
  });
});

Deno.test("MetricsFile replaces the file whole, and says once that it cannot", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-metrics-" });
  const said: string[] = [];
  const file = new MetricsFile(`${folder}/a.prom`, (text) => said.push(text));
  file.write("one\n");
  file.write("two\n");
  assert.equal(await Deno.readTextFile(`${folder}/a.prom`), "two\n");
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.prom"]);
  assert.equal((await Deno.stat(`${folder}/a.prom`)).mode! & 0o777, 0o644);
  await Deno.remove(folder, { recursive: true });
  file.write("three\n");
  file.write("four\n");
  assert.equal(said.length, 1);
  assert.match(said[0], /a\.prom: cannot be written/);
  await Deno.mkdir(folder);
  file.write("five\n");
  assert.match(said[1], /can be written again/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Supervisor tells systemd ready, status and signs of life, at their paces", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-notify-" });
  const receiver = new UnixReceiver(`${folder}/notify`);
  try {
    const environment = { NOTIFY_SOCKET: `${folder}/notify`, WATCHDOG_USEC: "10000000" };
    const supervisor = Supervisor.open(environment, 77)!;
    supervisor.ready("watching");
    assert.deepEqual(receiver.lines(), ["READY=1\nSTATUS=watching"]);
    supervisor.turn(0, () => "a");
    assert.deepEqual(receiver.lines(), ["WATCHDOG=1", "STATUS=a"]);
    supervisor.turn(4000, () => "b");
    assert.deepEqual(receiver.lines(), []);
    supervisor.turn(5000, () => "b");
    assert.deepEqual(receiver.lines(), ["WATCHDOG=1", "STATUS=b"]);
    supervisor.turn(10_000, () => "b");
    assert.deepEqual(receiver.lines(), ["WATCHDOG=1"], "the same status is not said again");
    supervisor.stopping();
    assert.deepEqual(receiver.lines(), ["STOPPING=1"]);
    supervisor.close();
    // Meant for another process; nobody there; no path.
    const other = Supervisor.open({ ...environment, WATCHDOG_PID: "78" }, 77)!;
    other.turn(0, () => "a");
    assert.deepEqual(receiver.lines(), ["STATUS=a"]);
    other.close();
    assert.equal(Supervisor.open({}, 77), undefined);
    assert.equal(Supervisor.open({ NOTIFY_SOCKET: `${folder}/none` }, 77), undefined);
    assert.equal(Supervisor.open({ NOTIFY_SOCKET: "@abstract" }, 77), undefined);
  } finally {
    receiver.close();
    await Deno.remove(folder, { recursive: true });
  }
});
