import assert from "node:assert/strict";
import { Quirk } from "../../../src/record.ts";
import { Reason } from "../../../src/decode/reason.ts";
import { bytes, counting, ipv4, tcp, u16, u32 } from "../build.ts";
import { decode, record } from "../harness.ts";

const WIFI = 105;
const PRISM = 119;
const RADIOTAP = 127;
const AVS = 163;
const PPI = 192;
const PACKET = ipv4(tcp({ destinationPort: 443 }));
const SNAP = bytes(0xaa, 0xaa, 3, 0, 0, 0, u16(0x0800));

/** A data frame: first two bytes of frame control, what is between addresses and LLC, receiver. */
function frame(control: number[], more: number[] = [], receiver = 2): Uint8Array {
  return bytes(control, 0, 0, receiver, counting(19, 3), more, SNAP, PACKET);
}

const PLAIN = frame([0x08, 0x01]);

Deno.test("a data frame carries IP, of every form of header", () => {
  const frames: [string, Uint8Array][] = [
    ["plain", PLAIN],
    ["four addresses", frame([0x08, 0x03], [1, 2, 3, 4, 5, 6])],
    ["quality of service", frame([0x88, 0x01], [0, 0])],
    ["quality of service and four addresses", frame([0x88, 0x03], [1, 2, 3, 4, 5, 6, 0, 0])],
    ["quality of service and HT control", frame([0x88, 0x81], [0, 0, 1, 2, 3, 4])],
  ];
  for (const [name, bytes] of frames) {
    assert.equal(record(bytes, { linkType: WIFI }).destinationPort, 443, name);
  }
  const toGroup = frame([0x08, 0x02], [], 1);
  const group = record(toGroup, { linkType: WIFI });
  assert.equal(group.quirks, Quirk.LinkMulticast | Quirk.UnicastInGroup);
});

Deno.test("a data frame's source is where the bits of its distribution system say", () => {
  const sources: [number, string][] = [
    [0, "08090a0b0c0d"],
    [1, "08090a0b0c0d"],
    [2, "0e0f10111213"],
    [3, "010203040506"],
  ];
  for (const [bits, expected] of sources) {
    const more = bits === 3 ? [1, 2, 3, 4, 5, 6] : [];
    assert.equal(record(frame([0x08, bits], more), { linkType: WIFI }).linkSource, expected);
  }
});

Deno.test("frames that are no plain data are another protocol", () => {
  const controls = [[0x80, 0], [0x40, 0], [0xb4, 0], [0x48, 1], [0xc8, 1], [0x09, 1]];
  for (const control of controls) {
    assert.equal(
      decode(frame(control), { linkType: WIFI }),
      Reason.OtherLinkProtocol,
      `${control}`,
    );
  }
  assert.equal(decode(frame([0x08, 0x41]), { linkType: WIFI }), Reason.Encrypted);
  const several = frame([0x88, 0x01], [0x80, 0]);
  assert.equal(decode(several, { linkType: WIFI }), Reason.OtherLinkProtocol, "an A-MSDU");
});

Deno.test("a data frame's header cut at any length is refused", () => {
  const whole = frame([0x88, 0x83], [1, 2, 3, 4, 5, 6, 0, 0, 1, 2, 3, 4]);
  for (let end = 0; end < 24 + 12 + 8; end++) {
    assert.equal(
      decode(whole.subarray(0, end), { linkType: WIFI }),
      Reason.LinkCut,
      `${end} bytes`,
    );
  }
});

Deno.test("radiotap of any length is skipped, and its padding is minded", () => {
  const radiotap = (present: number[], fields: number[]) =>
    bytes(0, 0, u16(8 + present.length - 4 + fields.length).reverse(), present, fields);
  const given = { linkType: RADIOTAP };
  assert.equal(record(bytes(radiotap([0, 0, 0, 0], []), PLAIN), given).destinationPort, 443);
  const padded = frame([0x88, 0x01], [0, 0, 0xee, 0xee]);
  const flags = radiotap([2, 0, 0, 0], [0x20]);
  assert.equal(record(bytes(flags, padded), given).destinationPort, 443);
  const unpadded = bytes(radiotap([2, 0, 0, 0], [0x10]), frame([0x88, 0x01], [0, 0]));
  assert.equal(record(unpadded, given).destinationPort, 443, "other flags");
  // The flags come after a time stamp, which is aligned to 8, after a second word.
  const stamped = radiotap([3, 0, 0, 0x80, 0, 0, 0, 0], [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20]);
  assert.equal(record(bytes(stamped, padded), given).destinationPort, 443);
  assert.equal(decode(bytes(0, 0, 7, 0, 0, 0, 0, 0, PLAIN), given), Reason.LinkMalformed);
  assert.equal(decode(bytes(0, 0, 0xff, 0xff, 0, 0, 0, 0, PLAIN), given), Reason.LinkCut);
  for (let end = 0; end < 8; end++) {
    assert.equal(decode(flags.subarray(0, end), given), Reason.LinkCut, `${end} bytes`);
  }
});

Deno.test("PPI, Prism and AVS headers are skipped", () => {
  const ppi = bytes(0, 0, [12, 0], [105, 0, 0, 0], counting(4));
  assert.equal(record(bytes(ppi, PLAIN), { linkType: PPI }).destinationPort, 443);
  const prism = bytes(u32(0x44), u32(144), counting(136));
  assert.equal(record(bytes(prism, PLAIN), { linkType: PRISM }).destinationPort, 443);
  const avs = bytes(u32(0x80211001), u32(64), counting(56));
  for (const linkType of [AVS, PRISM]) {
    assert.equal(record(bytes(avs, PLAIN), { linkType }).destinationPort, 443);
  }
});

Deno.test("PPI, Prism and AVS headers that lie or are cut are refused", () => {
  const other = bytes(0, 0, [8, 0], [1, 0, 0, 0], PLAIN);
  assert.equal(decode(other, { linkType: PPI }), Reason.OtherLinkProtocol);
  assert.equal(
    decode(bytes(0, 0, [7, 0], [105, 0, 0, 0], PLAIN), { linkType: PPI }),
    Reason.LinkMalformed,
  );
  assert.equal(
    decode(bytes(0, 0, [255, 255], [105, 0, 0, 0], PLAIN), { linkType: PPI }),
    Reason.LinkCut,
  );
  for (const length of [0, 7]) {
    const short = bytes(u32(0x80211001), u32(length), PLAIN);
    assert.equal(decode(short, { linkType: AVS }), Reason.LinkMalformed);
  }
  for (const length of [0x7fffffff, 0xffffffff]) {
    const long = bytes(u32(0x80211002), u32(length), PLAIN);
    assert.equal(decode(long, { linkType: AVS }), Reason.LinkCut);
  }
  assert.equal(decode(counting(143), { linkType: PRISM }), Reason.LinkCut);
  for (const linkType of [PPI, PRISM, AVS]) {
    for (let end = 0; end < 8; end++) {
      assert.equal(decode(new Uint8Array(end), { linkType }), Reason.LinkCut);
    }
  }
});
