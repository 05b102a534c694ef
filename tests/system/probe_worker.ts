// A thread that is there before privileges are dropped, as the capture worker is.

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { doTries } from "./tries.ts";

self.addEventListener("message", (event) => {
  self.postMessage(doTries((event as MessageEvent<string[]>).data));
});
self.postMessage("ready");
