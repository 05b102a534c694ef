// A quiet device: how time passes there for a detector, and what ends its sleep.

import assert from "node:assert/strict";
import type { MakeDetector } from "../../src/detector.ts";
import { defaults, PATH } from "../../src/params.ts";
import { type Running, runWatch, type WatchHooks } from "../../src/pipeline.ts";
import { permittedLibraries } from "../../src/command/libpcap.ts";
import { Field, RECORD_BYTES } from "../../src/record.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { skipped } from "../support/skip.ts";
import { inNamespace, whyNoNamespaces } from "./namespace.ts";

/** Watches the loopback device of a namespace until the signal. */
async function watchLoopback(make: MakeDetector, hooks: Partial<WatchHooks>, signal: AbortSignal) {
  const { faults } = await runWatch(
    {
      devices: ["lo"],
      profile: "scandog",
      snapshotBytes: 256,
      kernelBytes: 1 << 20,
      promiscuous: false,
      path: { ...defaults(PATH), ringRecords: 1024 },
      seed: 1,
      ffi: permittedLibraries(undefined),
    },
    make,
    {
      onEvent: () => {},
      onOpened: () => Promise.resolve(undefined),
      onNotice: () => {},
      onAddresses: () => {},
      onTurn: () => {},
      change: () => undefined,
      ...hooks,
    },
    signal,
  );
  assert.deepEqual(faults, []);
}

/** What the kernel and libpcap may hold back, and some more. */
const HELD_US = 200_000;

Deno.test({
  name: "runWatch() never lets time pass beyond what packets that may still come can have",
  ignore: skipped("time on a quiet device", whyNoNamespaces()),
  fn: () =>
    inNamespace(async (network) => {
      const stopper = new AbortController();
      const passed: number[] = [], packets: number[] = [];
      const make: MakeDetector = (records) => ({
        process(base, count) {
          for (let i = 0; i < count; i++) {
            packets.push(records.f64[(base + i * RECORD_BYTES + Field.TimeUs) >> 3]);
          }
        },
        advance(timeUs) {
          assert.ok(Date.now() * 1000 - timeUs >= HELD_US, "that far behind the clock");
          passed.push(timeUs);
          if (passed.length === 1) network.send("lo", tcpFrame({ port: 80 }));
          if (packets.length > 0) stopper.abort();
        },
        finish() {},
      });
      await watchLoopback(make, {}, stopper.signal);
      assert.equal(packets.length, 1);
      // The packet came while time passed, and was not behind it.
      assert.ok(passed.filter((timeUs) => timeUs < packets[0]).length >= 1);
    }),
});

Deno.test({
  name: "runWatch() is woken by each packet, not by the second that passes",
  ignore: skipped("what ends the sleep on a quiet device", whyNoNamespaces()),
  fn: () =>
    inNamespace(async (network) => {
      const total = 20;
      const stopper = new AbortController();
      let sent = 0, seen = 0, atOnce = 0, sentUs = 0;
      let running: Running | undefined;
      const make: MakeDetector = () => ({
        process(_base, count) {
          // The capture thread reads the kernel's counters at each beat: this one came before the next.
          if (running!.totals().lookedUs === sentUs) atOnce++;
          seen += count;
          if (seen >= total) stopper.abort();
        },
        finish() {},
      });
      await watchLoopback(make, {
        onRunning: (now) => running = now,
        onTurn: ({ lookedUs }) => {
          // After this turn there is nothing more to do, so the packet finds everybody asleep.
          if (sent > seen || sent === total) return;
          sentUs = lookedUs;
          network.send("lo", tcpFrame({ port: 80 }));
          sent++;
        },
      }, stopper.signal);
      assert.equal(seen, total);
      // If packets had to wait for the next beat, there was one before each; on a busy machine before some.
      assert.ok(atOnce >= total / 4, `${atOnce} of ${total} came before the next beat`);
    }),
});

Deno.test({
  name:
    "runWatch() gives all that came before its stop to the detector, also what the kernel still held back",
  ignore: skipped("what comes before a stop", whyNoNamespaces()),
  fn: () =>
    inNamespace(async (network) => {
      const total = 100;
      const stopper = new AbortController();
      let seen = 0;
      const make: MakeDetector = () => ({
        process: (_base, count) => void (seen += count),
        finish() {},
      });
      let isSent = false;
      await watchLoopback(make, {
        onTurn: () => {
          if (isSent) return;
          isSent = true;
          for (let i = 0; i < total; i++) network.send("lo", tcpFrame({ port: 80 }));
          stopper.abort();
        },
      }, stopper.signal);
      assert.equal(seen, total);
    }),
});
