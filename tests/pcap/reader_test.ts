import assert from "node:assert/strict";
import { CaptureReader, Step } from "../../src/pcap/mod.ts";

Deno.test("CaptureReader gives the packets of a plain pcap file fed byte by byte", () => {
  const file = new Uint8Array(24 + 2 * 20);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint32(4, 0x00040002, true);
  view.setUint32(20, 1, true);
  for (const at of [24, 44]) {
    view.setUint32(at, 1700000000, true);
    view.setUint32(at + 4, at, true);
    view.setUint32(at + 8, 4, true);
    view.setUint32(at + 12, 60, true);
    file.fill(at, at + 16, at + 20);
  }
  const reader = new CaptureReader("two.pcap");
  const seen: number[][] = [];
  let fed = 0;
  for (let step = reader.next(); step !== Step.End; step = reader.next()) {
    if (step === Step.NeedBytes) {
      const piece = file.subarray(fed, fed + 1);
      reader.space().set(piece);
      reader.filled(piece.length);
      fed += piece.length;
    } else {
      const { timeUs, wireLength, linkType } = reader;
      seen.push([timeUs, wireLength, linkType, ...reader.bytes.slice(reader.start, reader.end)]);
    }
  }
  assert.deepEqual(seen, [
    [1700000000000024, 60, 1, 24, 24, 24, 24],
    [1700000000000044, 60, 1, 44, 44, 44, 44],
  ]);
});
