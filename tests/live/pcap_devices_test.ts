// LiveCapture and devices: what it says when one goes down, vanishes, comes back, or is not as asked.

import assert from "node:assert/strict";
import {
  type Device,
  deviceState,
  listDevices,
  listInterfaces,
  LiveCapture,
  PcapError,
  Poller,
  SavefileWalker,
} from "../../src/pcap/mod.ts";
import { awaitCondition, EXPERIMENTS, live, numbered, open, receive } from "./live_wire.ts";

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

live("LiveCapture.reattach() takes up an interface that is not up yet", (network, libpcap) => {
  network.wire("v0", "v1");
  using capture = open(libpcap, "v1");
  network.ip("link del v1");
  awaitCondition(capture, "gone");
  network.ip("link add v0 type veth peer name v1");
  assert.equal(capture.reattach(), true);
  assert.equal(capture.condition.kind, "down");
  for (const name of ["v0", "v1"]) network.ip(`link set ${name} addrgenmode none up`);
  network.awaitCarrier("v0");
  awaitCondition(capture, "up");
  network.send("v0", numbered(1));
  assert.equal(receive(capture, 1).length, 1);
});

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
    network.awaitCarrier("v0", "LOWERLAYERDOWN");
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
    const plain = interfaces.map(({ dropped: _, ...device }) => device);
    assert.deepEqual(plain.sort(byIndex), devices.sort(byIndex));
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
