// What a live command goes on doing after it has given everything up: files, clocks and names are
// where they were before, and what of them it still needs must have been kept.

import assert from "node:assert/strict";
import { FrameReader, TcpReceiver, until } from "../sink/receivers.ts";
import { Authority, whyNoTls } from "../support/certificates.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { exists, skipped } from "../support/skip.ts";
import { Confined, withFolder } from "./confined.ts";
import { inNamespace, type Network, whyNoNamespaces } from "./namespace.ts";

const ignore = skipped("confined commands", whyNoNamespaces());

/** Not what the machine is set up with. */
const PLAIN = ["--config", "/dev/null"];

function confined(
  name: string,
  test: (network: Network, folder: string) => Promise<void>,
  ignored = ignore,
): void {
  Deno.test({
    name,
    ignore: ignored,
    fn: () => withFolder((folder) => inNamespace((network) => test(network, folder))),
  });
}

/** A port of the loopback interface that nothing listens on. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** SYNs as large as a flood of full packets would be. */
function flood(network: Network, count: number): void {
  const frame = new Uint8Array(1400);
  frame.set(tcpFrame({ port: 80 }));
  for (let i = 0; i < count; i++) network.send("lo", frame);
}

for (
  const [what, args] of [["--raw", ["--raw", "x.pcap"]], ["--log-file", [
    "--log-file",
    "x.log",
  ]]] as const
) {
  confined(
    `log ${what} turns its file over and fills no more than it says`,
    async (network, folder) => {
      const [option, name] = args;
      const limits = "--rotate-size 1 --keep 1 --source-rate 0 --total-rate 0 -f all".split(" ");
      await using log = await Confined.start([
        ...["log", ...PLAIN, "-i", "lo", option, `${folder}/${name}`, ...limits],
      ]);
      // Some 750 packets, or 10,000 lines, are a mebibyte.
      const [rounds, packets] = what === "--raw" ? [4, 500] : [30, 1000];
      for (let i = 0; i < rounds; i++) {
        flood(network, packets);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      await until(() => exists(`${folder}/${name}.1`), () => `a file rotated: ${log.err}`);
      assert.equal(await log.stop(), 0);
      assert.doesNotMatch(log.err, /denied/);
      assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name).sort(), [
        name,
        `${name}.1`,
      ]);
      for (const { name } of Deno.readDirSync(folder)) {
        assert.ok(Deno.statSync(`${folder}/${name}`).size <= 1 << 20, name);
      }
    },
  );
}

confined(
  "watch and log print the system's local time though its zone is a plain file",
  async (network, folder) => {
    // As a container has it: no link to a zone, whose name would tell the runtime all it needs. And
    // no configuration: its parser asks for the zone, early enough to hide the fault.
    const etc = `${folder}/etc`;
    Deno.mkdirSync(etc);
    Deno.copyFileSync("/usr/share/zoneinfo/Asia/Tokyo", `${etc}/localtime`);
    for (const name of ["passwd", "group", "ld.so.cache"]) {
      Deno.copyFileSync(`/etc/${name}`, `${etc}/${name}`);
    }
    const hour = (new Date().getUTCHours() + 9) % 24;
    const hours = [hour, (hour + 1) % 24].map((value) => String(value).padStart(2, "0"));
    for (
      const [command, pattern] of [
        [["watch", "--profile", "scanlogd-2"], /@(\d\d):/],
        [["log"], /^\S+ (\d\d):/],
      ] as const
    ) {
      await using running = await Confined.start([...command, "-i", "lo"], {
        "/etc": etc,
      });
      for (let port = 1; port < 40; port++) network.send("lo", tcpFrame({ port }));
      await until(() => running.out !== "", () => running.err);
      assert.ok(hours.includes(pattern.exec(running.out)![1]), `${running.out} at ${hours}`);
    }
  },
);

confined(
  "watch --syslog tcp:// finds its collector by name though it comes later",
  async (network, folder) => {
    const hosts = `${folder}/hosts`;
    Deno.writeTextFileSync(hosts, "127.0.0.1 collector.test\n");
    const port = freePort();
    const url = `tcp://collector.test:${port}`;
    await using watch = await Confined.start(
      ["watch", ...PLAIN, "-i", "lo", "--syslog", url, "--log-packets", "S"],
      { "/etc/hosts": hosts },
    );
    // New threads of the runtime could not read it any more, and those that can end by and by.
    Deno.writeTextFileSync(hosts, "");
    network.send("lo", tcpFrame({ port: 80 }));
    await until(() => watch.err.includes("Connection refused"), () => watch.err);
    const collector = new TcpReceiver(port);
    await until(() => collector.messages.length === 1, () => `one line: ${watch.err}`);
    assert.match(collector.messages[0], /198\.51\.100\.7/);
    assert.equal(await watch.stop(), 0);
    await collector.close();
  },
);

confined(
  "log ends at SIGTERM while nobody reads its standard output, and says the cost",
  async (network) => {
    const limits = ["--source-rate", "0", "--total-rate", "0"];
    const args = ["log", ...PLAIN, "-i", "lo", ...limits];
    await using log = await Confined.start(args, {}, true);
    // Each round is more than a pipe holds.
    const round = async () => {
      flood(network, 1000);
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    for (let i = 0; i < 100 && !log.err.includes("nobody reads"); i++) await round();
    await until(() => log.err.includes("nobody reads"), () => log.err);
    assert.equal(await log.stop(), 0);
    assert.match(log.err, /standard output: closed, [\d,]+ lines could not be written/);
  },
);

confined(
  "log whose only reader has gone ends by itself, and with a file goes on",
  async (network, folder) => {
    const log = `${folder}/x.log`;
    const args = ["log", ...PLAIN, "-i", "lo", "--stdout", "--log-file", log];
    await using both = await Confined.start(args, {}, true);
    await both.hangUp();
    network.send("lo", tcpFrame({ port: 1 }));
    await until(() => both.err.includes("the reader has gone"), () => both.err);
    network.send("lo", tcpFrame({ port: 2 }));
    await until(() => Deno.readTextFileSync(log).split("\n").length === 3, () => both.err);
    assert.equal(await both.stop(), 0);
    await using only = await Confined.start(["log", ...PLAIN, "-i", "lo"], {}, true);
    await only.hangUp();
    network.send("lo", tcpFrame({ port: 1 }));
    assert.equal(await only.ended(), 0);
  },
);

confined(
  "watch --syslog tls:// finds its collector by name though it comes later, with a key of root's",
  async (network, folder) => {
    const authority = new Authority(folder, "ca");
    const server = authority.sign("server", "DNS:collector.test");
    const ours = authority.sign("client", "DNS:gate.test");
    Deno.chmodSync(ours.key, 0o600);
    const hosts = `${folder}/hosts`;
    Deno.writeTextFileSync(hosts, "127.0.0.1 collector.test\n");
    const port = freePort();
    const material = ["--syslog-ca", authority.certificate, "--syslog-cert", ours.certificate];
    await using watch = await Confined.start(
      [
        ...["watch", ...PLAIN, "-i", "lo", "--syslog", `tls://collector.test:${port}`],
        ...[...material, "--syslog-key", ours.key, "--log-packets", "S"],
        ...["--syslog-priority", "packet=local0.debug"],
      ],
      { "/etc/hosts": hosts },
    );
    Deno.writeTextFileSync(hosts, "");
    network.send("lo", tcpFrame({ port: 80 }));
    await until(() => watch.err.includes("ECONNREFUSED"), () => watch.err);
    const pair = {
      cert: Deno.readTextFileSync(server.certificate),
      key: Deno.readTextFileSync(server.key),
    };
    const collector = Deno.listenTls({ hostname: "127.0.0.1", port, ...pair });
    const reader = new FrameReader();
    const connection = await collector.accept();
    const reading = (async () => {
      for await (const bytes of connection.readable) reader.add(bytes);
    })();
    // The SYNs of its own connection are logged after it.
    await until(() => reader.messages.length >= 1, () => `one line: ${watch.err}`);
    // The message has a time of its own, so the line's is left out.
    assert.match(reader.messages[0], /^<135>1 \S+Z .*\] lo TCP 198\.51\.100\.7:40000 > /);
    assert.equal(await watch.stop(), 0);
    await reading;
    collector.close();
  },
  ignore || skipped("syslog over TLS", whyNoTls()),
);

confined(
  "an interface that returns is told of once, however long it takes to come up",
  async (network) => {
    network.wire("back0", "back1");
    await using watch = await Confined.start(["watch", ...PLAIN, "-i", "back1", "--promiscuous"]);
    network.ip("link del back1");
    await until(() => watch.err.includes("disappeared"), () => watch.err);
    network.ip("link add back0 type veth peer name back1");
    const taken = () => network.ip("-d link show back1").includes("promiscuity 1");
    await until(taken, () => `it to be taken up: ${watch.err}`);
    for (const name of ["back0", "back1"]) network.ip(`link set ${name} up`);
    await until(() => watch.err.includes("capture goes on\n"), () => watch.err);
    // What comes through shows that all is said that was to be said.
    for (let port = 1; port < 40; port++) network.send("back0", tcpFrame({ port }));
    assert.equal(await watch.stop(), 0);
    const said = watch.err.split("\n").filter((line) => line.includes("interface back1"));
    assert.deepEqual(said, [
      "scandog: interface back1: disappeared; capture goes on when it is back",
      "scandog: interface back1 is back, capture goes on",
    ]);
  },
);
