import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { parseRemote, remoteSyslog } from "../../src/sink/syslog_remote.ts";
import { type MessageHead, rfc5424Message } from "../../src/sink/syslog_message.ts";
import { PRIORITIES_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { overTcp } from "../../src/sink/syslog_connection.ts";
import { SyslogTcpSink } from "../../src/sink/syslog_tcp.ts";
import { scanEvent } from "../support/events.ts";
import { skipped } from "../support/skip.ts";
import { importLine, runCode } from "../system/run_code.ts";
import { TcpReceiver, until } from "./receivers.ts";

const HEAD: MessageHead = {
  priorities: PRIORITIES_DEFAULT,
  hostname: "gate",
  ident: "scandog",
  processId: 1,
  version: "0.1.0",
};

function options(url: string, said: string[] = [], queue = 50) {
  return {
    address: parseRemote(url)!,
    head: HEAD,
    queue,
    lineBytes: 8000,
    notice: (text: string) => void said.push(text),
  };
}

/** The text and the sequence number of RFC 5424 messages. */
function texts(messages: string[]): string[] {
  return messages.map((message) => message.slice(message.indexOf('"] ') + 3));
}
function sequences(messages: string[]): number[] {
  return messages.map((message) => Number(/sequenceId="(\d+)"/.exec(message)![1]));
}

/** A port of the loopback interface that nothing listens on. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("parseRemote() takes names, addresses, ports, and nothing else", () => {
  assert.deepEqual(parseRemote("udp://log.example"), {
    transport: "udp",
    hostname: "log.example",
    port: 514,
  });
  assert.deepEqual(parseRemote("tcp://[2001:db8::1]:6514"), {
    transport: "tcp",
    hostname: "2001:db8::1",
    port: 6514,
  });
  assert.equal(parseRemote("tcp://192.0.2.1:1/")?.port, 1);
  assert.deepEqual(parseRemote("tls://log.example"), {
    transport: "tls",
    hostname: "log.example",
    port: 6514,
  });
  for (
    const wrong of [
      ...["", "udp://", "udp:host", "http://host", "udp://host:0", "udp://host:65536"],
      ...["udp://host:x", "udp://a b", "udp://user@host", "tcp://host/path", "tcp://[::1"],
      ...["tcp://::1:514", "udp://host?x", "tcp://[host]:1", " udp://host"],
      ...[
        "udp://10.0.0",
        "tcp://10.0.0:514",
        "udp://1.2.3.256",
        "udp://1",
        "tcp://[1:2]",
        "udp://[::g]",
      ],
    ]
  ) assert.equal(parseRemote(wrong), undefined, wrong);
});

Deno.test("remoteSyslog() over TCP counts octets, and sends what waited after a restart", async () => {
  const said: string[] = [];
  let server = new TcpReceiver();
  const sink = await remoteSyslog(options(`tcp://127.0.0.1:${server.port}`, said));
  sink.write("first é\n", scanEvent());
  await until(() => server.messages.length === 1, () => "the first line");
  assert.match(
    server.messages[0],
    /^<25>1 2026-11-21T22:14:52\.123456Z gate scandog 1 scan-start /,
  );
  assert.deepEqual(texts(server.messages), ["first \\u00e9\\u000a"]);

  const { port } = server;
  await server.close();
  await until(() => said.length > 0, () => "the end of the connection to be seen");
  for (let i = 0; i < 60; i++) sink.write(`down ${i}`, scanEvent());
  assert.equal(sink.counters.dropped, 10);
  server = new TcpReceiver(port);
  await until(() => server.messages.length === 50, () => `50 lines, got ${server.messages.length}`);
  assert.deepEqual(texts(server.messages), Array.from({ length: 50 }, (_, i) => `down ${i}`));
  sink.write("last", scanEvent());
  await until(() => server.messages.length === 51, () => "the last line");
  // The collector sees how many it did not get: 51 lines came, the tenth before was numbered 51.
  assert.deepEqual(sequences(server.messages).slice(-2), [51, 62]);
  assert.match(said.at(-1)!, /works again after .*10 lines lost/);
  await sink.close();
  await server.close();
});

Deno.test("remoteSyslog() over TCP keeps every line in order through a flood", async () => {
  const server = new TcpReceiver();
  const sink = await remoteSyslog(options(`tcp://127.0.0.1:${server.port}`, [], 10_000));
  for (let i = 0; i < 5000; i++) {
    sink.write(`line ${i}`, scanEvent());
    if (i % 500 === 0) await Promise.resolve();
  }
  await until(() => server.messages.length === 5000, () => `5000, got ${server.messages.length}`);
  assert.deepEqual(texts(server.messages), Array.from({ length: 5000 }, (_, i) => `line ${i}`));
  assert.equal(server.readers.length, 1);
  await sink.close();
  await server.close();
});

Deno.test("SyslogTcpSink misses no line written just as its queue ran empty", async () => {
  const server = new TcpReceiver();
  const sink = new SyslogTcpSink({
    name: "tcp",
    hostname: "127.0.0.1",
    connect: overTcp(server.port),
    frame: (line, event) => rfc5424Message(HEAD, 1, event, line, 100),
    queue: 5,
    notice: assert.fail,
  });
  for (let i = 0; i < 300; i++) {
    sink.write(`line ${i}`, scanEvent());
    // So many turns of the microtask queue as hit any moment of the loop that empties the queue.
    for (let turn = 0; turn < i % 12; turn++) await Promise.resolve();
    if (i % 3 === 0) await until(() => sink.counters.waiting === 0, () => `line ${i} to leave`);
  }
  await until(() => server.messages.length === 300, () => `300, got ${server.messages.length}`);
  await sink.close();
  await server.close();
});

Deno.test("remoteSyslog() over TCP never waits for a collector that does not read", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sink = await remoteSyslog(options(`tcp://127.0.0.1:${listener.addr.port}`, [], 20_000));
  const connection = await listener.accept();
  const long = "x".repeat(7000);
  for (let i = 0; i < 20_000; i++) sink.write(long, scanEvent());
  assert.ok(sink.counters.waiting > 0);
  await sink.close();
  assert.ok(sink.counters.dropped > 0);
  assert.equal(sink.counters.written + sink.counters.dropped, 20_000);
  connection.close();
  listener.close();
});

Deno.test("remoteSyslog() over TCP starts without its collector and ends without it", async () => {
  const said: string[] = [];
  const sink = await remoteSyslog(options(`tcp://127.0.0.1:${freePort()}`, said));
  sink.write("x", scanEvent());
  await sink.close();
  await sink.close();
  assert.match(said[0], /^syslog tcp:\/\/127\.0\.0\.1:\d+: Connection refused; lines wait/);
  assert.match(said.at(-1)!, /closed, 1 line could not be written/);
  assert.deepEqual(sink.counters.dropped, 1);
});

Deno.test("SyslogTcpSink reaches a collector whose name is not to be looked up any more", async () => {
  const port = freePort();
  const said: string[] = [];
  const sink = new SyslogTcpSink({
    name: "tcp",
    hostname: "does-not-exist.invalid",
    addresses: ["127.0.0.2", "127.0.0.1"],
    connect: overTcp(port),
    frame: (line, event) => rfc5424Message(HEAD, 1, event, line, 100),
    queue: 5,
    notice: (text) => said.push(text),
  });
  await sink.connect();
  assert.match(said[0], /tcp: Connection refused; lines wait/, "of the address, not of the name");
  const server = new TcpReceiver(port);
  sink.write("one", scanEvent());
  await until(() => server.messages.length === 1, () => `one line: ${said}`);
  await sink.close();
  await server.close();
});

for (
  const [family, address, bind] of [
    ["udp4", "127.0.0.1", "127.0.0.1"],
    ["udp6", "[::1]", "::1"],
    ["udp4", "localhost", "127.0.0.1"],
  ] as const
) {
  Deno.test({
    name: `remoteSyslog() over UDP reaches ${address}`,
    ignore: skipped("UDP syslog", Deno.build.os !== "linux" && "it needs Linux"),
    fn: async () => {
      const got: string[] = [];
      const server = createSocket(family);
      server.on("message", (bytes: Uint8Array) => got.push(new TextDecoder().decode(bytes)));
      await new Promise<void>((resolve) => server.bind(0, bind, resolve));
      const sink = await remoteSyslog(options(`udp://${address}:${server.address().port}`));
      for (let i = 0; i < 20; i++) sink.write(`line ${i}`, scanEvent());
      await until(() => got.length === 20, () => `20 datagrams, got ${got.length}`);
      assert.deepEqual(texts(got), Array.from({ length: 20 }, (_, i) => `line ${i}`));
      assert.match(
        got[0],
        /^<25>1 2026-11-21T22:14:52\.123456Z gate scandog 1 scan-start \[origin /,
      );
      await sink.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

Deno.test({
  name: "remoteSyslog() over UDP counts the refusals of a closed port and goes on",
  ignore: skipped("UDP syslog", Deno.build.os !== "linux" && "it needs Linux"),
  fn: async () => {
    const said: string[] = [];
    const sink = await remoteSyslog(options(`udp://127.0.0.1:${freePort()}`, said));
    // The kernel refuses at leisure, and only so often a second for the whole machine.
    await until(() => {
      sink.write("line", scanEvent());
      return sink.counters.failures > 0;
    }, () => "no refusal was heard of");
    for (let i = 0; i < 100; i++) sink.write(`line ${i}`, scanEvent());
    assert.equal(sink.counters.waiting, 0);
    // A datagram that is not refused at once passes for sent; however often that turns, it is said once.
    assert.match(said[0], /Connection refused/);
    assert.equal(said.filter((line) => line.includes("refused")).length, 1, said.join("\n"));
    await sink.close();
  },
});

Deno.test("remoteSyslog() rejects a name that does not exist with one line", async () => {
  await assert.rejects(remoteSyslog(options("udp://does-not-exist.invalid")), {
    name: "SystemError",
    message: /^Cannot find the host does-not-exist\.invalid: /,
  });
});

Deno.test("a connection to a collector does not keep the program alive", async () => {
  const server = new TcpReceiver();
  // It ends without closing its sink; `runCode` waits for that.
  const said = await runCode(
    ["--allow-net", "--allow-read"],
    importLine("SyslogTcpSink", "src/sink/syslog_tcp.ts") +
      importLine("overTcp", "src/sink/syslog_connection.ts") +
      `const sink = new SyslogTcpSink({
         name: "tcp", hostname: "127.0.0.1", connect: overTcp(${server.port}), queue: 5,
         frame: (line) => new TextEncoder().encode(line), notice: (text) => console.log(text),
       });
       await sink.connect();
       sink.write("one", { action: "packet", timeUs: 0 });
       await sink.flush();`,
  );
  assert.equal(said, "");
  await until(() => server.messages.length === 1, () => "the line");
  await server.close();
});
