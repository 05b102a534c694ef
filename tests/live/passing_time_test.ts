// How time passes for a detector on a quiet device: behind the clock, as packets may still be on their way.

import assert from "node:assert/strict";
import type { MakeDetector } from "../../src/detector.ts";
import { defaults, PATH } from "../../src/params.ts";
import { runWatch } from "../../src/pipeline.ts";
import { permittedLibraries } from "../../src/command/libpcap.ts";
import { Field, RECORD_BYTES } from "../../src/record.ts";
import { tcpFrame } from "../support/pcap_bytes.ts";
import { skipped } from "../support/skip.ts";
import { inNamespace, whyNoNamespaces } from "./namespace.ts";

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
        },
        stopper.signal,
      );
      assert.deepEqual(faults, []);
      assert.equal(packets.length, 1);
      // The packet came while time passed, and was not behind it.
      assert.ok(passed.filter((timeUs) => timeUs < packets[0]).length >= 1);
    }),
});
