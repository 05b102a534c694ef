import assert from "node:assert/strict";
import { HashSet } from "../../../../src/detect/scandog/table/hash_set.ts";

Deno.test("HashSet has what was added, each once, however many collide, until it is cleared", () => {
  const set = new HashSet(64);
  // Half of them want the same place; 0 and negative numbers are hashes as well.
  const hashes = Array.from({ length: 64 }, (_, i) => i % 2 === 0 ? i << 8 : -i);
  for (const hash of hashes) {
    assert.equal(set.has(hash), false, `${hash}`);
    assert.equal(set.add(hash), true, `${hash}`);
    assert.equal(set.add(hash), false, `${hash}`);
  }
  for (const hash of hashes) assert.ok(set.has(hash), `${hash}`);
  assert.equal(set.has(12345), false);
  set.clear();
  for (const hash of hashes) assert.equal(set.has(hash), false, `${hash}`);
});
