import assert from "node:assert/strict";
import { Field, Kind, linkSourceField, Quirk, RECORD_BYTES, Records } from "../src/record.ts";

Deno.test("the fields of a record fill it without overlap, each aligned to its size", () => {
  const sizes: Record<string, number> = { TimeUs: 8 };
  for (const name of ["Source", "Destination", "InnerSource", "InnerDestination"]) sizes[name] = 16;
  for (const name of ["Sequence", "Acknowledgement", "Quirks", "PayloadLength", "OptionLayout"]) {
    sizes[name] = 4;
  }
  sizes.TimestampValue = 4;
  for (const name of ["SourcePort", "DestinationPort", "Window", "IpId", "Mss", "Urgent"]) {
    sizes[name] = 2;
  }
  for (const name of ["IpLength", "Interface", "InnerSourcePort", "InnerDestinationPort"]) {
    sizes[name] = 2;
  }
  sizes.LinkSource = sizes.LinkSourceOfIcmp = 6;
  // These lie over others, of which a record that has them has no use.
  const shared = ["LinkSource", "LinkSourceOfIcmp"];
  const used = new Uint8Array(RECORD_BYTES);
  for (const [name, offset] of Object.entries(Field)) {
    const size = sizes[name] ?? 1;
    const alignment = size === 6 ? 2 : Math.min(size, 8);
    assert.equal(offset % alignment, 0, `${name} is aligned`);
    if (shared.includes(name)) continue;
    for (let i = 0; i < size; i++) used[offset + i]++;
  }
  assert.deepEqual([...used], Array(RECORD_BYTES).fill(1));
});

Deno.test("the link-layer address lies over no field that its kind of packet has", () => {
  const icmp = ["TimestampValue", "Urgent"];
  const others = ["InnerSourcePort", "InnerDestinationPort", "InnerProtocol", "InnerTtl"];
  for (const kind of Object.values(Kind)) {
    const isIcmp = kind === Kind.Icmp || kind === Kind.Icmp6;
    const at = linkSourceField(kind);
    const covered = Object.entries(Field).filter(([name, offset]) =>
      !name.startsWith("LinkSource") && offset >= at && offset < at + 6
    );
    assert.deepEqual(covered.map(([name]) => name), isIcmp ? icmp : others, `kind ${kind}`);
  }
});

Deno.test("every quirk has a bit of its own", () => {
  const bits = Object.values(Quirk);
  assert.equal(bits.reduce((sum, bit) => sum | bit, 0), bits.reduce((sum, bit) => sum + bit, 0));
});

Deno.test("Records sees the same memory through every view", () => {
  const records = Records.allocate(3);
  assert.equal(records.capacity, 3);
  const base = 2 * RECORD_BYTES;
  records.u16[(base + Field.SourcePort) >> 1] = 0x1234;
  records.f64[(base + Field.TimeUs) >> 3] = 1e15 + 1;
  const view = new DataView(records.bytes.buffer);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  assert.equal(view.getUint16(base + Field.SourcePort, little), 0x1234);
  assert.equal(view.getFloat64(base + Field.TimeUs, little), 1e15 + 1);
});
