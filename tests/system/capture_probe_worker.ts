// The thread of `capture_probe.ts` with the packet socket.

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { prepareCaptureThread } from "../../src/system/capture_thread.ts";
import { libc } from "../../src/system/libc.ts";
import type { CaptureProbeRequest } from "./capture_probe.ts";
import { hostileCalls, hostileDeeds, ordinaryDeeds } from "./hostile.ts";

let socket = -1;
let confine: ReturnType<typeof prepareCaptureThread>;

function open(): { error?: string } {
  socket = libc().call.socket(17, 3, 0x0300);
  if (socket < 0) return { error: libc().failure("make a packet socket").message };
  confine = prepareCaptureThread([socket]);
  return {};
}

function attack(request: CaptureProbeRequest) {
  const said = request.confine ? confine({ landlock: request.landlock }) : undefined;
  const ordinary = ordinaryDeeds(socket);
  // The calls by number are for a confined thread only: unconfined, some of them would end it.
  const calls = request.confine ? hostileCalls() : {};
  return { said, ordinary, deeds: hostileDeeds(socket), calls };
}

self.addEventListener("message", (event) => {
  const { data } = event as MessageEvent<"open" | CaptureProbeRequest>;
  try {
    self.postMessage(data === "open" ? open() : attack(data));
  } catch (error) {
    self.postMessage({ error: (error as Error).message });
  }
});
