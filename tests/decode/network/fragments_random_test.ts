import assert from "node:assert/strict";
import { Kind, Quirk } from "../../../src/record.ts";
import { Random } from "../../support/random.ts";
import { ipv4, tcp } from "../build.ts";
import { Bench, LINKTYPE_RAW } from "../harness.ts";
import { ReassemblyModel } from "../reassembly_model.ts";

const PARTS = Quirk.FragmentHeader | Quirk.FragmentWhole;
const SEEDS = 300;
const FRAGMENTS = 60;

/** One fragment at random: of few datagrams, with offsets and lengths that overlap and leave gaps. */
function randomFragment(random: Random): { packet: Uint8Array; wireLength: number } {
  const payload = tcp({ sourcePort: random.below(65536), payload: new Uint8Array(60) });
  const offset = random.below(random.oneIn(4) ? 10 : 4) * 8;
  // Usually a multiple of 8, as it has to be unless it is the last; sometimes not.
  const length = random.oneIn(5) ? random.below(40) : random.below(5) * 8;
  const more = random.oneIn(3) ? 0 : 0x2000;
  const options = new Uint8Array(random.oneIn(6) ? 4 : 0);
  const part = payload.slice(offset, offset + length);
  part.forEach((_, i) => part[i] ^= random.oneIn(30) ? random.below(256) : 0);
  const flags = offset >> 3 | more;
  const packet = ipv4(part, {
    id: random.below(3),
    ttl: random.below(256),
    tos: random.below(256),
    flags: flags === 0 ? 0x2000 : flags,
    options,
  });
  const captured = random.oneIn(4)
    ? random.between(20 + options.length, packet.length)
    : packet.length;
  return { packet: packet.subarray(0, captured), wireLength: packet.length };
}

Deno.test("fragments at random become header and datagram exactly when the model says so", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`seed ${seed}`);
  let wholes = 0;
  for (let run = 0; run < SEEDS; run++) {
    const random = new Random(seed + run);
    const bench = new Bench({ seed: run }), model = new ReassemblyModel();
    for (let i = 0; i < FRAGMENTS; i++) {
      const { packet, wireLength } = randomFragment(random);
      const decoded = bench.record(packet, { linkType: LINKTYPE_RAW, wireLength });
      const { header, headerBefore, whole } = model.add(packet);
      const where = `seed ${seed}, run ${run}, fragment ${i}`;
      if (whole === undefined) {
        assert.equal(decoded.quirks & PARTS, header ? Quirk.FragmentHeader : 0, where);
        assert.equal(decoded.kind, header ? Kind.Tcp : Kind.Ip, where);
        continue;
      }
      wholes++;
      const { payload, captured } = whole;
      const cutAt = captured.indexOf(false);
      const known = cutAt < 0 ? payload.length : cutAt;
      const headerNow = known >= 14 && !headerBefore ? Quirk.FragmentHeader : 0;
      assert.equal(decoded.quirks & PARTS, Quirk.FragmentWhole | headerNow, where);
      assert.equal(decoded.ttl, whole.ttl, where);
      assert.equal(decoded.trafficClass, whole.tos, where);
      assert.equal(decoded.ipLength, whole.headerBytes + payload.length, where);
      assert.equal((decoded.quirks & Quirk.Truncated) !== 0, known < 20, where);
      if (known < 14) continue;
      assert.equal(decoded.kind, Kind.Tcp, where);
      const view = new DataView(payload.buffer);
      assert.equal(decoded.sourcePort, view.getUint16(0), where);
      assert.equal(decoded.destinationPort, view.getUint16(2), where);
      assert.equal(decoded.sequence, view.getUint32(4), where);
      assert.equal(decoded.tcpFlags, payload[13], where);
      assert.equal(decoded.window, known < 16 ? 0 : view.getUint16(14), where);
    }
  }
  assert.ok(wholes > SEEDS, `only ${wholes} datagrams became whole`);
});
