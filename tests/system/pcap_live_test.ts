// LiveCapture on real interfaces: what it gives of packets that were sent, and what it says when the
// interface goes down, vanishes or comes back.

import assert from "node:assert/strict";
import { kernelFilters } from "../../src/capture/filters.ts";
import {
  type Device,
  deviceState,
  Libpcap,
  listDevices,
  listInterfaces,
  LiveCapture,
  type LiveOptions,
  PcapError,
  Poller,
  SavefileWalker,
} from "../../src/pcap/mod.ts";
import { concat, tcpFrame } from "../support/pcap_bytes.ts";
import { skipped } from "../support/skip.ts";
import { inNamespace, type Network, whyNoNamespaces } from "./namespace.ts";

const ignore = skipped("live capture", whyNoNamespaces());

/** Local experiments (IEEE 802): nothing but these tests sends it. */
const EXPERIMENT = [0x88, 0xb5];
const EXPERIMENTS = { filters: ["ether proto 0x88b5"] };

/** A frame with a number in its first four bytes of payload. */
function numbered(number: number, bytes = 60): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...EXPERIMENT]);
  new DataView(frame.buffer).setUint32(14, number);
  for (let i = 18; i < bytes; i++) frame[i] = i * 7 + number;
  return frame;
}

interface Seen {
  bytes: Uint8Array;
  wireLength: number;
  timeUs: number;
  nanos: number;
}

/**
 * Takes batches until `count` packets came, or nothing did for a second: only a test that fails, or
 * one that counts losses, waits so long.
 */
function receive(capture: LiveCapture, count: number): Seen[] {
  const walker = new SavefileWalker(capture.buffer, capture.linkType, capture.nanoseconds);
  const seen: Seen[] = [];
  for (let ready = true; ready && seen.length < count;) {
    ready = capture.wait(1000);
    walker.begin(capture.batch());
    while (walker.next()) {
      const { bytes, start, end, wireLength, timeUs, nanos } = walker;
      seen.push({ bytes: bytes.slice(start, end), wireLength, timeUs, nanos });
    }
  }
  return seen;
}

/** Takes batches until the condition is `kind`; at most 50 looks of 100 ms. */
function awaitCondition(capture: LiveCapture, kind: LiveCapture["condition"]["kind"]): void {
  for (let looks = 0; looks < 50 && capture.condition.kind !== kind; looks++) {
    capture.wait(100);
    capture.batch();
  }
  assert.equal(capture.condition.kind, kind);
}

function live(
  name: string,
  test: (network: Network, libpcap: Libpcap) => void | Promise<void>,
): void {
  Deno.test({
    name,
    ignore,
    fn: () => inNamespace((network) => test(network, new Libpcap())),
  });
}

function open(libpcap: Libpcap, device: string, options: LiveOptions = EXPERIMENTS): LiveCapture {
  return new LiveCapture(libpcap, device, options);
}

live(
  "LiveCapture gives the frames that were sent, byte for byte, with their time",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "v1");
    assert.equal(capture.linkType, 1);
    const frames = [60, 61, 590, 1513, 1514].map((bytes, i) => numbered(i, bytes));
    const before = Date.now() * 1000;
    for (const frame of frames) network.send("v0", frame);
    const seen = receive(capture, frames.length);
    assert.deepEqual(seen.map(({ bytes }) => bytes), frames);
    assert.deepEqual(seen.map(({ wireLength }) => wireLength), frames.map(({ length }) => length));
    // The kernel's clock and Date are one clock, but Date is cut to milliseconds.
    for (const { timeUs } of seen) {
      assert.ok(
        timeUs >= before - 1000 && timeUs <= Date.now() * 1000 + 1000,
      );
    }
  },
);

live("LiveCapture gives nanoseconds, and microseconds when asked", (network, libpcap) => {
  network.wire("v0", "v1");
  using nano = open(libpcap, "v1");
  using micro = open(libpcap, "v1", { ...EXPERIMENTS, nanoseconds: false });
  assert.deepEqual([nano.nanoseconds, micro.nanoseconds], [true, false]);
  for (let i = 0; i < 64; i++) network.send("v0", numbered(i));
  const fine = receive(nano, 64), coarse = receive(micro, 64);
  assert.ok(fine.some(({ nanos }) => nanos !== 0));
  assert.ok(coarse.every(({ nanos }) => nanos === 0));
  assert.deepEqual(fine.map(({ timeUs }) => timeUs), coarse.map(({ timeUs }) => timeUs));
});

live(
  "LiveCapture cuts packets to the snapshot length and keeps the length on the wire",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "v1", { ...EXPERIMENTS, snapshotBytes: 64 });
    assert.equal(capture.snapshotBytes, 64);
    network.send("v0", numbered(1, 1000));
    const [{ bytes, wireLength }] = receive(capture, 1);
    assert.deepEqual([bytes, wireLength], [numbered(1, 1000).slice(0, 64), 1000]);
  },
);

live(
  "LiveCapture loses nothing of ten thousand packets, batch after batch, in order",
  (network, libpcap) => {
    network.wire("v0", "v1");
    const memory = new SharedArrayBuffer(16384);
    const options = { ...EXPERIMENTS, snapshotBytes: 64, kernelBytes: 16 << 20 };
    using capture = new LiveCapture(libpcap, "v1", options, memory);
    assert.ok(capture.packetsMax > 100 && capture.packetsMax * (64 + 16) < memory.byteLength);
    for (let i = 0; i < 10_000; i++) network.send("v0", numbered(i));
    const numbers = receive(capture, 10_000).map(({ bytes }) =>
      new DataView(bytes.buffer).getUint32(14)
    );
    assert.deepEqual(numbers, Array.from({ length: 10_000 }, (_, i) => i));
    const { received, dropped, interfaceDropped } = capture.statistics();
    assert.deepEqual([received, dropped, interfaceDropped], [10_000, 0, 0]);
  },
);

live("LiveCapture counts what the kernel dropped for want of room", (network, libpcap) => {
  network.wire("v0", "v1");
  using capture = open(libpcap, "v1", { ...EXPERIMENTS, kernelBytes: 1 << 18 });
  for (let i = 0; i < 5000; i++) network.send("v0", numbered(i, 1500));
  const seen = receive(capture, 5000).length;
  const { received, dropped } = capture.statistics();
  assert.ok(dropped > 0);
  assert.deepEqual([received, seen], [5000, 5000 - dropped]);
});

live(
  "LiveCapture says what libpcap says of a bad filter, with the expression",
  (_network, libpcap) => {
    const bad = (error: PcapError) =>
      error.kind === "filter" && error.message === 'Bad filter "tcp prt 5": ' +
          "can't parse filter expression: syntax error";
    assert.throws(() => open(libpcap, "lo", { filters: ["udp", "tcp prt 5"] }), bad);
    using capture = open(libpcap, "lo", {});
    assert.throws(() => capture.setFilters(["tcp prt 5"]), bad);
  },
);

live(
  "LiveCapture.setFilters() takes effect at once, and its expressions all count",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "v1", { filters: ["tcp"] });
    network.send("v0", tcpFrame({ port: 1 }));
    network.send("v0", numbered(1));
    assert.equal(receive(capture, 1).length, 1);
    capture.setFilters(["not vlan 7", "tcp or udp", "dst port 22"]);
    for (const port of [21, 22, 23]) network.send("v0", tcpFrame({ port }));
    network.send("v0", numbered(2));
    const seen = receive(capture, 1);
    assert.deepEqual(seen.map(({ bytes }) => bytes), [tcpFrame({ port: 22 })]);
  },
);

live("LiveCapture gives one direction or both", (network, libpcap) => {
  network.wire("v0", "v1");
  const captures = (["in", "out", "inout"] as const).map((direction) =>
    open(libpcap, "v1", { ...EXPERIMENTS, direction })
  );
  network.send("v0", numbered(1));
  network.send("v1", numbered(2));
  const expected = [[1], [2], [1, 2]];
  for (const [i, capture] of captures.entries()) {
    assert.deepEqual(
      receive(capture, expected[i].length).map(({ bytes }) => bytes[17]),
      expected[i],
    );
    capture.close();
  }
});

live(
  "LiveCapture on `any` names the interface of each packet in its cooked header",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "any", {
      ...EXPERIMENTS,
      linkType: "LINUX_SLL2",
      direction: "in",
    });
    assert.equal(capture.linkType, 276);
    network.send("v0", numbered(1));
    const [{ bytes }] = receive(capture, 1);
    const index = Number(
      Deno.readTextFileSync("/proc/thread-self/net/igmp").match(/(\d+)\s+v1\s/)![1],
    );
    assert.equal(new DataView(bytes.buffer).getUint32(4), index);
    assert.deepEqual(bytes.slice(20), numbered(1).slice(14));
  },
);

live("kernelFilters() sees through VLAN tags, also those the kernel strips", (network, libpcap) => {
  network.wire("v0", "v1");
  const tagged = (frame: Uint8Array) => [
    frame,
    ...[[0x81, 0, 0, 7], [0x88, 0xa8, 0, 7, 0x81, 0, 0, 9]].map((tags) =>
      concat([frame.slice(0, 12), new Uint8Array(tags), frame.slice(12)])
    ),
  ];
  const syn = tcpFrame({ port: 1 }), udp = tcpFrame({ port: 2 });
  udp[23] = 17;
  const data = concat([tcpFrame({ port: 3, flags: 0x10 }), new Uint8Array(10)]);
  data[17] += 10;
  const expected = {
    "scanlogd-2": [...tagged(syn), ...tagged(data)],
    "scandog": [...tagged(syn), ...tagged(udp)],
  };
  for (const profile of ["scanlogd-2", "scandog"] as const) {
    using capture = open(libpcap, "v1", { filters: kernelFilters(profile, 1) });
    for (const frame of [syn, udp, data].flatMap(tagged)) network.send("v0", frame);
    network.send("v0", syn);
    const seen = receive(capture, expected[profile].length + 1).map(({ bytes }) => bytes);
    assert.deepEqual(seen, [...expected[profile], syn], profile);
  }
});

live("LiveCapture tells of an interface that goes down and up, and goes on", (network, libpcap) => {
  network.wire("v0", "v1");
  using capture = open(libpcap, "v1");
  assert.deepEqual(capture.condition, { kind: "up" });
  network.ip("link set v1 down");
  awaitCondition(capture, "down");
  assert.deepEqual(capture.condition, { kind: "down", message: "went down" });
  const condition = capture.condition;
  capture.batch();
  assert.equal(capture.condition, condition);
  network.ip("link set v1 up");
  awaitCondition(capture, "up");
  network.awaitCarrier("v0");
  network.send("v0", numbered(1));
  assert.equal(receive(capture, 1).length, 1);
});

live(
  "LiveCapture gives the packets that came before the interface vanished",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "v1");
    network.send("v0", numbered(1));
    network.ip("link del v1");
    assert.equal(receive(capture, 1).length, 1);
    awaitCondition(capture, "gone");
    assert.equal(capture.condition.kind === "gone" && capture.condition.message, "disappeared");
    assert.equal(capture.reattach(), false);
  },
);

live(
  "LiveCapture.reattach() takes up an interface that is back, without privilege",
  (network, libpcap) => {
    network.wire("v0", "v1");
    using capture = open(libpcap, "v1", { ...EXPERIMENTS, promiscuous: true });
    network.ip("link del v1");
    awaitCondition(capture, "gone");
    network.wire("v0", "v1");
    network.withoutPrivilege(() => {
      assert.throws(
        () => open(libpcap, "v1"),
        (error: PcapError) => error.kind === "no-permission" && /cap_net_raw/.test(error.message),
      );
      assert.equal(capture.reattach(), true);
    });
    awaitCondition(capture, "up");
    const foreign = numbered(7);
    foreign.set([2, 9, 9, 9, 9, 9]);
    network.send("v0", foreign);
    assert.deepEqual(receive(capture, 1).map(({ bytes }) => bytes), [foreign]);
    assert.match(network.ip("-d link show v1"), /promiscuity 1/);
  },
);

live("LiveCapture.reattach() refuses an interface of another kind", (network, libpcap) => {
  network.wire("v0", "v1");
  using capture = open(libpcap, "v1");
  network.ip("link del v1");
  awaitCondition(capture, "gone");
  network.ip("tuntap add v1 mode tun");
  network.ip("link set v1 up");
  assert.equal(capture.reattach(), false);
  assert.equal(capture.condition.kind, "gone");
});

live(
  "LiveCapture names the interfaces there are when one is not, and what to do when it is down",
  (network, libpcap) => {
    network.ip("link add v0 type veth peer name v1");
    assert.throws(
      () => open(libpcap, "nosuch0"),
      (error: PcapError) =>
        error.kind === "no-such-device" && error.subject === "nosuch0" &&
        /^Cannot capture on nosuch0: .*there are: .*\blo\b/.test(error.message),
    );
    assert.throws(
      () => open(libpcap, "v0"),
      (error: PcapError) =>
        error.kind === "device-down" && error.message.endsWith("bring it up (ip link set v0 up)"),
    );
  },
);

live(
  "LiveCapture warns of what the device does not have, and refuses what does not exist",
  (_network, libpcap) => {
    using capture = open(libpcap, "lo", { timestampType: "adapter" });
    assert.equal(capture.warnings.length, 1);
    assert.match(capture.warnings[0], /^adapter: /);
    assert.throws(() => open(libpcap, "lo", { timestampType: "sundial" }), /sundial/);
    assert.throws(() => open(libpcap, "lo", { linkType: "PIGEON" }), /PIGEON/);
    assert.throws(() => open(libpcap, "lo", { linkType: "IEEE802_11" }), /^PcapError: lo: /);
  },
);

live("LiveCapture refuses memory that does not hold one packet", (_network, libpcap) => {
  for (const bytes of [0, 24, 16 + 1000 + 4]) {
    const memory = new ArrayBuffer(bytes);
    assert.throws(
      () => new LiveCapture(libpcap, "lo", { snapshotBytes: 1000 }, memory),
      RangeError,
    );
  }
  using capture = new LiveCapture(libpcap, "lo", { snapshotBytes: 1000 }, new ArrayBuffer(1021));
  assert.equal(capture.packetsMax, 1);
});

live("LiveCapture may be closed twice, and is of no use after that", (_network, libpcap) => {
  const capture = open(libpcap, "lo");
  capture.close();
  capture.close();
  assert.equal(capture.fd, -1);
  for (const use of ["batch", "statistics", "reattach"] as const) {
    assert.throws(() => capture[use](), TypeError);
  }
  assert.throws(() => capture.setFilters([]), TypeError);
});

live(
  "listInterfaces() and listDevices() agree on labels, masks, peers and states",
  (network, libpcap) => {
    network.wire("v0", "v1");
    network.ip("addr add 10.1.0.1/20 dev v0 label v0:1");
    network.ip("addr add 2001:db8::1/61 dev v0");
    network.ip("link set v1 down");
    network.ip("tuntap add t0 mode tun");
    network.ip("addr add 10.2.0.1 peer 10.3.0.1 dev t0");
    const interfaces = listInterfaces(libpcap);
    const told = Object.fromEntries(interfaces.map((device) => [
      device.name,
      [
        deviceState(device),
        ...device.addresses.map(({ text, prefixLength, peer }) =>
          `${text}/${prefixLength}${peer === undefined ? "" : ` to ${peer}`}`
        ),
      ],
    ]));
    assert.deepEqual(told, {
      lo: ["up", "127.0.0.1/8", "::1/128"],
      v0: ["no-carrier", "10.1.0.1/20", "2001:db8::1/61"],
      v1: ["down"],
      t0: ["down", "10.2.0.1/32 to 10.3.0.1"],
    });
    const byIndex = (one: Device, other: Device) => one.index - other.index;
    const devices = listDevices(libpcap).filter(({ index }) => index > 0);
    assert.deepEqual(interfaces.sort(byIndex), devices.sort(byIndex));
  },
);

live("Poller wakes for the device that has packets", (network, libpcap) => {
  network.wire("v0", "v1");
  using one = open(libpcap, "v0", { filters: ["udp"] });
  using other = open(libpcap, "v1");
  const poller = new Poller(libpcap, [one, other]);
  assert.equal(poller.wait(0), 0);
  network.send("v0", numbered(1));
  assert.equal(poller.wait(1000), 1);
  assert.deepEqual([one.batch() > 0, other.batch() > 0], [false, true]);
});

live(
  "LiveCapture in a worker with FFI for two files delivers through shared memory",
  async (network, libpcap) => {
    network.wire("v0", "v1");
    const { pcap, libc } = libpcap.paths;
    const worker = new Worker(new URL("./live_worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { ffi: [pcap, libc] } },
    });
    const memory = new SharedArrayBuffer(65536);
    const { length, linkType, nanoseconds } = await new Promise<
      { length: number; linkType: number; nanoseconds: boolean }
    >((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (!data.open) return resolve(data);
        for (let i = 0; i < 3; i++) network.send("v0", numbered(i));
      };
      worker.postMessage({ device: "v1", memory });
    });
    worker.terminate();
    const walker = new SavefileWalker(new Uint8Array(memory), linkType, nanoseconds);
    walker.begin(length);
    assert.equal(walker.next(), true);
    assert.deepEqual(walker.bytes.slice(walker.start, walker.end), numbered(0));
  },
);
