// How a live capture opens its devices, gives up its rights and ends, on a system that stands in.

import assert from "node:assert/strict";
import type { LiveSystem } from "../../src/capture/live_system.ts";
import type { CaptureMessage, WatchRequest } from "../../src/capture/messages.ts";
import { Progress, Start } from "../../src/capture/progress.ts";
import { watchDevices } from "../../src/capture/watch_devices.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";
import { PcapError } from "../../src/pcap/mod.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { StandInDevice, synsTo } from "./stand_in_device.ts";

const ETHERNET = 1;
const BLUETOOTH = 187;
/** Bytes of a batch and of its frames: IPv4 without options behind Ethernet. */
const RECORD_HEADER_BYTES = 16, FRAME_BYTES = 54, IP_PROTOCOL = 14 + 9, INNER = 14 + 20;
const IP_IN_IP = 4;

interface Scene {
  devices?: StandInDevice[];
  start?: Start;
  /** A stop is asked for before the start. */
  isStopped?: boolean;
  hasRights?: boolean;
  /** How one step fails. */
  failing?: { prepareToOpen?: Error; system?: Error; open?: Error; confine?: Error };
}

/** One capture that is stopped after its first round, which takes a second: what it asked, said and gave back. */
async function watched(request: Partial<WatchRequest> = {}, scene: Scene = {}) {
  const { devices = [new StandInDevice("eth0")], start = Start.Free, failing = {} } = scene;
  const memory = createRing(256), consumer = new Consumer(memory), progress = new Progress();
  const producer = new Producer(memory);
  const asked: string[] = [], said: CaptureMessage[] = [];
  const opened: Record<string, unknown>[] = [];
  let nowMs = 0;
  const ask = (what: string, error?: Error) => {
    asked.push(what);
    if (error) throw error;
  };
  const system: LiveSystem = {
    version: "libpcap version 9",
    rights: scene.hasRights === false ? undefined : {
      prepareToOpen: () => ask("prepare to open", failing.prepareToOpen),
      prepareCaptureThread(captures) {
        ask(`prepare for ${captures}`);
        return ({ landlock }) => {
          ask(`confine${landlock ? " with Landlock" : ""}`, failing.confine);
          return "confined";
        };
      },
    },
    clock: { ms: () => nowMs, timeUs: () => 0, pause: (ms) => void (nowMs += ms) },
    open(name, options, { byteLength }) {
      const device = devices.find(({ device }) => device === name);
      ask(`open ${name}`, device ? undefined : failing.open);
      opened.push({ ...options, byteLength });
      return device!;
    },
    waitOn: (descriptors) => (ms) => {
      ask(`wait ${ms} ms on ${descriptors.map(({ fd }) => fd)}`);
      nowMs += 1000;
      progress.stop();
    },
  };
  progress.start(start);
  if (scene.isStopped) progress.stop();
  const names = devices.map(({ device }) => device);
  const faults = watchDevices(
    {
      kind: "watch",
      memory: {
        ring: memory,
        progress: progress.memory,
        counters: new SharedArrayBuffer(8),
        packets: request.memory?.packets,
      },
      decode: { ...defaults(PATH), seed: 1, inside: request.decode?.inside },
      devices: request.devices ?? names,
      profile: request.profile ?? "scandog",
      allPackets: request.allPackets,
      filter: request.filter,
      promiscuous: request.promiscuous ?? true,
      snapshotBytes: request.snapshotBytes ?? 262144,
      kernelBytes: request.kernelBytes,
      libpcap: request.libpcap,
      stopDescriptor: request.stopDescriptor,
    },
    {
      decoder: new Decoder(producer.records, { ...defaults(PATH), seed: 1 }),
      producer,
      packets: undefined,
      flows: undefined,
      progress,
      say: (message) => said.push(message),
    },
    (libpcap) => {
      ask(`libpcap ${libpcap}`, failing.system);
      return Promise.resolve(system);
    },
  );
  // A mistake of the program's is thrown.
  const ended = await faults.catch((error) => `thrown: ${error.message}`);
  return { faults: ended, asked, said, opened, records: consumer.ready() };
}

Deno.test("devices are opened, said, and captured on until a stop; then they are closed", async () => {
  const eth = new StandInDevice("eth0", { fd: 11, warnings: ["not promiscuous"] });
  const tun = new StandInDevice("tun0", { fd: 12, linkType: 101, batches: [synsTo(1)] });
  eth.batches = [synsTo(1, 2)];
  const { faults, asked, said, records } = await watched({ libpcap: "/lib/libpcap.so" }, {
    devices: [eth, tun],
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(asked, [
    "libpcap /lib/libpcap.so",
    "prepare to open",
    "open eth0",
    "open tun0",
    "prepare for 11,12",
    "wait 100 ms on 11,12",
  ]);
  assert.deepEqual(said, [
    {
      kind: "opened",
      devices: [
        { name: "eth0", linkType: ETHERNET, warnings: ["not promiscuous"] },
        { name: "tun0", linkType: 101, warnings: [] },
      ],
      libpcap: "libpcap version 9",
    },
    { kind: "started", confinement: undefined },
  ]);
  assert.equal(records, 2);
  assert.deepEqual([eth.calls.at(-1), tun.calls.at(-1)], ["close", "close"]);
});

Deno.test("the thread gives up as much as it is told to, before the first packet", async () => {
  const ways: [Start, string[], string | undefined][] = [
    [Start.Free, [], undefined],
    [Start.Confined, ["confine"], "confined"],
    [Start.ConfinedWithLandlock, ["confine with Landlock"], "confined"],
  ];
  for (const [start, steps, confinement] of ways) {
    const { asked, said } = await watched({}, { start });
    assert.deepEqual(asked.slice(4), [...steps, "wait 100 ms on 7"]);
    assert.deepEqual(said.at(-1), { kind: "started", confinement });
    const without = await watched({}, { start, hasRights: false });
    assert.deepEqual(without.asked.slice(2), ["wait 100 ms on 7"]);
    assert.deepEqual(without.said.at(-1), { kind: "started", confinement: undefined });
  }
});

Deno.test("a descriptor that says when to stop is waited on, and the wait is longer then", async () => {
  const { asked } = await watched({ stopDescriptor: 0 });
  assert.equal(asked.at(-1), "wait 1000 ms on 7,0");
});

Deno.test("a stop before the start ends the capture without a packet", async () => {
  const device = new StandInDevice("eth0", { batches: [synsTo(1)] });
  const { faults, said, records } = await watched({}, { devices: [device], isStopped: true });
  assert.deepEqual([faults, records], [[], 0]);
  assert.deepEqual(said.map(({ kind }) => kind), ["opened"]);
  assert.equal(device.calls.at(-1), "close");
});

Deno.test("what cannot be opened or given up is said in its sentence, and everything is closed", async () => {
  const refused = new PcapError("no-permission", "lan0", "lan0: not permitted");
  const broken = new SystemError("drop", 1, "cannot drop");
  const faults: [Scene["failing"], string][] = [
    [{ system: refused }, "lan0: not permitted"],
    [{ open: refused }, "lan0: not permitted"],
    [{ prepareToOpen: broken }, broken.message],
    [{ confine: broken }, broken.message],
  ];
  for (const [failing, sentence] of faults) {
    const device = new StandInDevice("eth0");
    const { faults, asked, said } = await watched({ devices: ["eth0", "lan0"] }, {
      devices: failing?.open ? [device] : [device, new StandInDevice("lan0")],
      start: Start.Confined,
      failing,
    });
    assert.deepEqual(faults, [sentence]);
    assert.equal(said.some(({ kind }) => kind === "started"), false);
    assert.equal(device.calls.includes("close"), asked.includes("open eth0"));
  }
});

Deno.test("a mistake of the program's is thrown, and the devices are closed", async () => {
  const device = new StandInDevice("eth0");
  const { faults } = await watched({ devices: ["eth0", "lan0"] }, {
    devices: [device],
    failing: { open: new TypeError("a mistake") },
  });
  assert.equal(faults, "thrown: a mistake");
  assert.equal(device.calls.at(-1), "close");
});

Deno.test("a device of whose frames none could be decoded is refused, and closed once", async () => {
  const device = new StandInDevice("hci0", { linkType: BLUETOOTH });
  const { faults } = await watched({}, { devices: [device] });
  assert.deepEqual(faults, [
    "interface hci0: link-layer type 187 (Bluetooth) cannot be decoded; capture on another " +
    "interface, or on any",
  ]);
  assert.deepEqual(device.calls, ["close"]);
});

Deno.test("a device is opened as the profile, the packet logger and the user ask", async () => {
  const packets = new SharedArrayBuffer(64);
  const memory = { packets } as WatchRequest["memory"];
  const [own] = (await watched({ kernelBytes: 5000, promiscuous: false })).opened;
  assert.deepEqual(own, {
    snapshotBytes: 262144,
    nanoseconds: false,
    promiscuous: false,
    kernelBytes: 5000,
    direction: "inout",
    byteLength: (1 << 23) + 262144 + 64,
  });
  const [classic] = (await watched({ profile: "scanlogd-2" })).opened;
  assert.equal(classic.direction, "in");
  const [logged] = (await watched({ profile: "scanlogd-2", allPackets: "inout", memory })).opened;
  assert.deepEqual([logged.direction, logged.nanoseconds], ["inout", true]);
  const [arriving] = (await watched({ allPackets: "in" })).opened;
  assert.equal(arriving.direction, "in");
});

Deno.test("a batch has room for 4,096 packets, between one and eight megabytes, and one more", async () => {
  const batchBytes = async (snapshotBytes: number) =>
    (await watched({ snapshotBytes })).opened[0].byteLength;
  assert.equal(await batchBytes(100), (1 << 20) + 164);
  assert.equal(await batchBytes(192), (1 << 20) + 256, "4,096 packets are just a megabyte");
  assert.equal(await batchBytes(193), 4097 * 257);
  assert.equal(await batchBytes(1984), 4097 * 2048, "and here eight");
  assert.equal(await batchBytes(1985), (1 << 23) + 2049);
});

Deno.test("filters are those of profile and user; of packets that nobody logs, headers are kept", async () => {
  const memory = { packets: new SharedArrayBuffer(64) } as WatchRequest["memory"];
  const filtersOf = async (request: Partial<WatchRequest>) => {
    const device = new StandInDevice("tun0", { linkType: 101 });
    await watched(request, { devices: [device] });
    const [[expressions, shortened]] = device.calls as [string[], { bytes: number } | undefined][];
    return { expressions, bytes: shortened?.bytes };
  };
  const classic = "ip proto 6", profile = "scanlogd-2", filter = "port 22";
  assert.deepEqual(await filtersOf({}), { expressions: [], bytes: 144 });
  assert.deepEqual(await filtersOf({ filter }), { expressions: [filter], bytes: 144 });
  assert.deepEqual(await filtersOf({ snapshotBytes: 144 }), { expressions: [], bytes: undefined });
  assert.deepEqual((await filtersOf({ profile, filter })).expressions, [classic, filter]);
  // Its own filter lets nothing in tunnels through, and no packet but TCP.
  const inside = { inside: 1 } as WatchRequest["decode"];
  assert.deepEqual((await filtersOf({ profile, decode: inside, filter })).expressions, [filter]);
  const asked = { inside: 0 } as WatchRequest["decode"];
  assert.deepEqual((await filtersOf({ profile, decode: asked })).expressions, [classic]);
  assert.deepEqual(await filtersOf({ profile, allPackets: "in", memory }), {
    expressions: [],
    bytes: undefined,
  });
});

Deno.test("tunnels are said where the request lets them be looked into", async () => {
  const batch = synsTo(...Array.from({ length: 100 }, () => 1));
  for (let at = RECORD_HEADER_BYTES; at < batch.length; at += RECORD_HEADER_BYTES + FRAME_BYTES) {
    batch[at + IP_PROTOCOL] = IP_IN_IP;
    batch.set([0x45, 0, 0, 20], at + INNER);
  }
  for (const inside of [undefined, 0]) {
    const device = new StandInDevice("eth0", { batches: [batch] });
    const request = { decode: { inside } as WatchRequest["decode"] };
    const { said } = await watched(request, { devices: [device] });
    const tunnels = said.filter((message) =>
      message.kind === "notice" && message.text.includes("--inside ipip")
    );
    assert.equal(tunnels.length, inside === undefined ? 0 : 1);
  }
});
