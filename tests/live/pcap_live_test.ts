// LiveCapture on real interfaces: what it gives of packets that were sent.

import assert from "node:assert/strict";
import { kernelFilters } from "../../src/capture/filters.ts";
import { LiveCapture, PcapError } from "../../src/pcap/mod.ts";
import { concat, tcpFrame } from "../support/pcap_bytes.ts";
import { awaitReceived, EXPERIMENTS, live, numbered, open, receive } from "./live_wire.ts";

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
    for (let i = 0; i < 10_000; i++) {
      network.send("v0", numbered(i));
      // Of a wire that nobody has time for, the kernel keeps a thousand packets (net.core.netdev_max_backlog).
      if (i % 500 === 499) awaitReceived(capture, i + 1);
    }
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

live(
  "LiveCapture has the kernel keep less of what is shortened, and tells how long it was",
  (network, libpcap) => {
    network.wire("v0", "v1");
    const shortened = { expression: "ether proto 0x88b5 and greater 200", bytes: 60 };
    using capture = open(libpcap, "v1", { snapshotBytes: 1000, shortened });
    const lengths = () =>
      receive(capture, 3).map(({ bytes, wireLength }) => [bytes.length, wireLength]);
    const send = () => {
      network.send("v0", numbered(1, 199));
      network.send("v0", numbered(2, 1200));
      network.send("v0", tcpFrame({ port: 1 }));
    };
    send();
    const tcpBytes = tcpFrame({ port: 1 }).length;
    assert.deepEqual(lengths(), [[199, 199], [60, 1200], [tcpBytes, tcpBytes]]);
    // With filters beside it; and never more than of all others.
    capture.setFilters(["greater 30", "not vlan"], { ...shortened, bytes: 5000 });
    send();
    assert.deepEqual(lengths(), [[199, 199], [1000, 1200], [tcpBytes, tcpBytes]]);
    capture.setFilters(["ether proto 0x88b5"]);
    send();
    assert.deepEqual(receive(capture, 2).map(({ bytes }) => bytes.length), [199, 1000]);
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
    "scandog": [...tagged(syn), ...tagged(udp), ...tagged(data)],
  };
  for (const profile of ["scanlogd-2", "scandog"] as const) {
    using capture = open(libpcap, "v1", { filters: kernelFilters(profile, 1) });
    for (const frame of [syn, udp, data].flatMap(tagged)) network.send("v0", frame);
    network.send("v0", syn);
    const seen = receive(capture, expected[profile].length + 1).map(({ bytes }) => bytes);
    assert.deepEqual(seen, [...expected[profile], syn], profile);
  }
});
