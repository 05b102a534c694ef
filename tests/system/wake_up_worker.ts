// The other thread of wake_up_test.ts: waits for a descriptor, twice, without a limit.

import { Libpcap, Poller } from "../../src/pcap/mod.ts";

const FOREVER = -1;

self.addEventListener("message", (event) => {
  const poller = new Poller(new Libpcap(), [{ fd: (event as MessageEvent<number>).data }]);
  self.postMessage("waits");
  const first = poller.wait(FOREVER);
  const second = poller.wait(FOREVER);
  self.postMessage(first);
  self.postMessage(second);
});
