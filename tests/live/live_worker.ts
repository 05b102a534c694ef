// The other thread of pcap_live_test.ts: takes one batch into memory that both threads see.

import { Libpcap, LiveCapture } from "../../src/pcap/mod.ts";

const { addEventListener, postMessage } = globalThis as unknown as {
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<{ device: string; memory: SharedArrayBuffer }>) => void,
  ): void;
  postMessage(message: unknown): void;
};

addEventListener("message", ({ data: { device, memory } }) => {
  const options = { snapshotBytes: 128, filters: ["ether proto 0x88b5"] };
  using capture = new LiveCapture(new Libpcap(), device, options, memory);
  postMessage({ open: true });
  let length = 0;
  for (let looks = 0; looks < 50 && length === 0; looks++) {
    capture.wait(100);
    length = capture.batch();
  }
  const { linkType, nanoseconds } = capture;
  postMessage({ open: false, length, linkType, nanoseconds });
});
