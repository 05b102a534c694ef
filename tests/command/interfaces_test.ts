import assert from "node:assert/strict";
import { isCapturable, jsonLine, textLines } from "../../src/command/interfaces.ts";
import { type Device, ffiFlag, Libpcap } from "../../src/pcap/mod.ts";
import { skippedWithoutLibpcap } from "../pcap/live/installed.ts";
import { COMPILED, scandog } from "../support/scandog.ts";

const ignore = skippedWithoutLibpcap("scandog interfaces");

function device(fields: Partial<Device>): Device {
  return {
    name: "eth0",
    index: 2,
    addresses: [],
    loopback: false,
    up: true,
    running: true,
    ...fields,
  };
}

const address = (text: string, prefixLength: number) => ({
  text,
  prefixLength,
  bytes: new Uint8Array(4),
});

Deno.test("textLines() puts names, states and addresses in columns", () => {
  assert.deepEqual(
    textLines([
      device({ addresses: [address("192.0.2.2", 24), address("fd00::2", 64)] }),
      device({ name: "any", index: 0 }),
      device({ name: "wlan-guest", running: false }),
      device({ name: "lo", up: false, running: false, addresses: [address("127.0.0.1", 8)] }),
    ]),
    [
      "eth0        up          192.0.2.2/24, fd00::2/64",
      "any         up          all interfaces",
      "wlan-guest  no carrier",
      "lo          down        127.0.0.1/8",
    ],
  );
  assert.deepEqual(textLines([]), []);
});

Deno.test("textLines() shows what is not printable in a name as an escape", () => {
  assert.deepEqual(textLines([device({ name: "e\x1b[31m\n" })]), ["e\\u{1b}[31m\\u{a}  up"]);
});

Deno.test("jsonLine() leaves out what is not known", () => {
  assert.equal(
    jsonLine(device({ hardwareAddress: "02:00:00:00:00:01", addresses: [address("10.0.0.1", 8)] })),
    '{"name":"eth0","index":2,"state":"up","loopback":false,' +
      '"mac":"02:00:00:00:00:01","addresses":["10.0.0.1/8"]}',
  );
  assert.equal(
    jsonLine(device({ name: "any", index: 0 })),
    '{"name":"any","state":"up","loopback":false,"addresses":[]}',
  );
});

Deno.test("isCapturable() is true of interfaces and of `any`", () => {
  const names = { eth0: 2, any: 0, nflog: 0 };
  const all = Object.entries(names).map(([name, index]) => device({ name, index }));
  assert.deepEqual(all.filter(isCapturable).map(({ name }) => name), ["eth0", "any"]);
});

Deno.test({
  name: "scandog interfaces lists the loopback interface, with FFI permission and no other",
  ignore,
}, async () => {
  const permissions = ["--no-prompt", `--allow-ffi=${ffiFlag()}`];
  const { status, out, err } = await scandog(["interfaces"], { permissions });
  assert.deepEqual([status, err], [0, ""]);
  assert.match(out, /^lo +up +127\.0\.0\.1\/8/m);
});

Deno.test(
  { name: "scandog interfaces --format json gives one object a line", ignore },
  async () => {
    const { out } = await scandog(["interfaces", "--format", "json"]);
    const found = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const loopback = found.find(({ loopback }) => loopback);
    assert.equal(loopback.name, "lo");
    assert.ok(loopback.addresses.includes("127.0.0.1/8"));
  },
);

Deno.test("scandog interfaces ends with 1 and one line when there is no such libpcap", async () => {
  const path = "/nonexistent/libpcap.so.1";
  const { status, out, err } = await scandog(["interfaces", "--libpcap", path]);
  assert.deepEqual([status, out], [1, ""]);
  // A binary may not even look for a library that it was not built to use.
  const refusal = COMPILED
    ? /^scandog: --libpcap \S+: this binary opens libpcap only where systems have it: leave .*\n$/
    : /^scandog: Cannot find libpcap, tried \/nonexistent\/libpcap\.so\.1: install it .*\n$/;
  assert.match(err, refusal);
});

Deno.test({ name: "scandog interfaces takes --libpcap", ignore }, async () => {
  const { status, err } = await scandog(["interfaces", "--libpcap", new Libpcap().paths.pcap]);
  assert.deepEqual([status, err], [0, ""]);
});

Deno.test("scandog interfaces ends with 2 for a format it does not have", async () => {
  const { status, err } = await scandog(["interfaces", "--format", "scanlogd"]);
  assert.equal(status, 2);
  assert.match(err, /--format must be one of text, json/);
});
