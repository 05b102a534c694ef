import assert from "node:assert/strict";
import { SavefileOutput } from "../../src/sink/savefile_output.ts";

/** What the files hold, youngest first, of packets that were handed over so many at a time. */
function saved(sizes: number[], batch: number): Uint8Array[] {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/x.pcap`;
    const options = { path, rotateBytes: 400, rotateUs: 0, keep: 20, notice: assert.fail };
    const output = new SavefileOutput(options, false);
    sizes.forEach((size, i) => {
      const bytes = new Uint8Array(size).fill(i);
      const packet = { bytes, start: 0, end: size, wireLength: size, nanos: 0, linkType: 1 };
      output.packet({ ...packet, next: () => {} }, i * 1e6);
      if ((i + 1) % batch === 0) output.flush();
    });
    output.flush();
    assert.equal(output.lost(), 0);
    output.close();
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    return names.sort().map((name) => Deno.readFileSync(`${folder}/${name}`));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("SavefileOutput turns its file over at the same packet, however packets fall into batches", () => {
  const sizes = Array.from({ length: 40 }, (_, i) => 20 + (i * 37) % 90);
  const one = saved(sizes, 1);
  assert.ok(one.length > 8 && one.every(({ length }) => length <= 400), `${one.length} files`);
  for (const batch of [2, 3, 11, 100]) assert.deepEqual(saved(sizes, batch), one, `${batch}`);
});
