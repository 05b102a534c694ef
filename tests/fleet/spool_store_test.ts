// The spool: what is kept is there after a restart, after a crash at any moment, and never more than its size.

import assert from "node:assert/strict";
import type { Message } from "../../src/fleet/message.ts";
import { type Spooled, SpoolStore } from "../../src/fleet/spool_store.ts";
import { Random } from "../support/random.ts";
import { skipped, unsuited } from "../support/skip.ts";
import { whyNoRoot } from "../system/run_probe.ts";
import { onTinyDisk } from "../system/tiny_disk.ts";

const SIZE = 20_000;
const HEAD_BYTES = 64;

function message(number: number, bytes = 300): Message {
  const payload = new Uint8Array(bytes).fill(number);
  return { subject: `scandog.outcomes.${number % 16}.web1`, payload, records: number };
}

/** In a folder of its own. The clock never moves: the head is written when room is needed, and at the end. */
function withSpool(run: (path: string, open: (bytesMax?: number) => SpoolStore) => void): void {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/spool`;
  try {
    run(path, (bytesMax = SIZE) => SpoolStore.open(path, bytesMax, () => 0));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** What a process leaves that was killed now. */
function copied(path: string): string {
  Deno.copyFileSync(path, `${path}.copy`);
  return `${path}.copy`;
}

function keptIn(store: SpoolStore): Message[] {
  return store.left().map((spooled) => store.read(spooled));
}

Deno.test("SpoolStore keeps messages over a close, in their order, and releases what is acknowledged", () => {
  withSpool((_path, open) => {
    const first = open();
    const kept = [1, 2, 3, 4].map((number) => first.keep(message(number))!);
    assert.deepEqual(first.read(kept[1]), message(2));
    first.release(kept[0]);
    // The second is still on its way; the third came before it.
    first.release(kept[2]);
    first.close();
    const second = open();
    assert.deepEqual(keptIn(second), [message(2), message(3), message(4)]);
    for (const spooled of second.left()) second.release(spooled);
    assert.equal(second.bytes, 0);
    second.close();
    const third = open();
    assert.deepEqual(keptIn(third), []);
    third.close();
  });
});

Deno.test("SpoolStore never takes more than its size, and its room comes back", () => {
  withSpool((path, open) => {
    const store = open();
    const kept: Spooled[] = [];
    for (let round = 0; round < 200; round++) {
      const spooled = store.keep(message(round & 255, 1000));
      if (spooled !== undefined) kept.push(spooled);
      else store.release(kept.shift()!);
      assert.ok(Deno.statSync(path).size <= HEAD_BYTES + SIZE);
      assert.ok(store.bytes <= SIZE);
    }
    assert.ok(kept.length > 10, `${kept.length}`);
    for (const spooled of kept) store.read(spooled);
    assert.equal(store.keep(message(1, SIZE)), undefined);
    store.close();
  });
});

Deno.test("SpoolStore begins again at its first place when a record ends where the file's room ends", () => {
  withSpool((path, open) => {
    const probe = open(), whole = probe.keep(message(1))!;
    probe.close();
    const size = 3 * whole.bytes;
    Deno.removeSync(path);
    const store = open(size);
    const kept = [1, 2, 3].map((number) => store.keep(message(number))!);
    store.release(kept[0]);
    assert.equal(store.keep(message(4))!.offset, HEAD_BYTES);
    const left = SpoolStore.open(copied(path), size, () => 0);
    assert.deepEqual(keptIn(left).map(({ records }) => records), [2, 3, 4]);
    left.close();
    store.close();
  });
});

Deno.test("SpoolStore has after a kill at any moment all that was kept, whatever was done before", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  withSpool((path, open) => {
    const store = open();
    let kept: { spooled: Spooled; message: Message }[] = [];
    let full = 0;
    for (let step = 0; step < 1500; step++) {
      if (random.below(5) < 3) { // more comes than goes, so that it is full now and then
        const one = message(random.below(256), random.below(random.oneIn(10) ? 6000 : 800));
        const spooled = store.keep(one);
        if (spooled === undefined) full++;
        else kept.push({ spooled, message: one });
      } else if (kept.length > 0) {
        const at = random.below(Math.min(kept.length, 4));
        store.release(kept[at].spooled);
        kept = kept.filter((_, i) => i !== at);
      }
      if (step % 10 > 0) continue;
      const other = SpoolStore.open(copied(path), SIZE, () => 0);
      const left = keptIn(other);
      other.close();
      // Some that were released may come again; none that was kept is missing, and none is out of order.
      let at = 0;
      for (const { message } of kept) {
        at = left.findIndex((one, i) => i >= at && sameAs(one, message)) + 1;
        assert.ok(at > 0, `seed ${seed}, step ${step}`);
      }
    }
    assert.ok(full > 10, `seed ${seed}: never full`);
    store.close();
  });
});

function sameAs(a: Message, b: Message): boolean {
  return a.subject === b.subject && a.payload.length === b.payload.length &&
    a.payload.every((byte, i) => byte === b.payload[i]);
}

Deno.test("SpoolStore goes on with another size, and keeps as much as fits", () => {
  withSpool((_path, open) => {
    const first = open();
    for (let i = 0; i < 20; i++) first.keep(message(i));
    first.close();
    const larger = open(40_000);
    assert.equal(keptIn(larger).length, 20);
    larger.close();
    const smaller = open(2000);
    assert.deepEqual(keptIn(smaller).map(({ records }) => records), [0, 1, 2, 3, 4]);
    smaller.close();
  });
});

Deno.test("SpoolStore takes nothing from a file that was damaged or cut, but what came before", () => {
  withSpool((path, open) => {
    const store = open();
    for (let i = 0; i < 5; i++) store.keep(message(i));
    store.close();
    const whole = Deno.readFileSync(path);
    const seed = Date.now() >>> 0;
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    for (let round = 0; round < 300; round++) {
      const bytes = random.oneIn(2) ? whole.slice(0, random.below(whole.length)) : whole.slice();
      if (bytes.length > HEAD_BYTES) {
        bytes[random.between(HEAD_BYTES, bytes.length - 1)] ^= 1 << random.below(8);
      }
      Deno.writeFileSync(path, bytes);
      if (bytes.length > 0 && bytes.length < HEAD_BYTES) {
        assert.throws(open, /it is no spool of scandog's/);
        continue;
      }
      const damaged = open();
      const left = keptIn(damaged);
      left.forEach((one, i) => assert.deepEqual(one.payload, message(i).payload, `seed ${seed}`));
      damaged.close();
    }
  });
});

Deno.test("SpoolStore.open() refuses what is no spool, and leaves it alone", () => {
  withSpool((path, open) => {
    Deno.writeTextFileSync(path, "root:x:0:0:root:/root:/bin/bash\n".repeat(10));
    const before = Deno.readTextFileSync(path);
    assert.throws(open, /--publish-spool .*: it is no spool of scandog's; name another file/);
    assert.equal(Deno.readTextFileSync(path), before);
    Deno.writeTextFileSync(path, "");
    Deno.chmodSync(path, 0o622);
    assert.throws(open, /others may write it: chmod go-w/);
    assert.throws(() => SpoolStore.open("/dev/null", SIZE), /no regular file; name another/);
    assert.throws(() => SpoolStore.open(`${path}/x`, SIZE), /--publish-spool/);
  });
});

Deno.test({
  name: "SpoolStore on a full disk keeps what it has, says why it takes no more, and goes on",
  ignore: skipped("a spool on a full disk", whyNoRoot()),
  fn: () =>
    onTinyDisk(65_536, (folder) => {
      Deno.writeFileSync(`${folder}/other`, new Uint8Array(40_000));
      const open = () => SpoolStore.open(`${folder}/spool`, 200_000, () => 0);
      const store = open();
      let kept = 0;
      for (let i = 0; i < 100; i++) if (store.keep(message(i, 1000)) !== undefined) kept++;
      assert.ok(kept > 5 && kept < 40, `${kept}`);
      assert.equal(store.shortage, "the spool cannot be written: No space left on device");
      Deno.removeSync(`${folder}/other`);
      assert.ok(store.keep(message(200, 1000)) !== undefined);
      store.close();
      const again = open();
      const numbers = Array.from({ length: kept }, (_, i) => i);
      assert.deepEqual(keptIn(again).map(({ records }) => records), [...numbers, 200]);
      again.close();
      return Promise.resolve();
    }),
});

Deno.test({
  name: "SpoolStore.open() refuses a file that another one writes",
  ignore: unsuited(
    "a lock on a spool",
    "tryLockSync" in Deno.FsFile.prototype
      ? false
      : "this Deno cannot ask for a lock without waiting",
  ),
  fn() {
    withSpool((_path, open) => {
      const store = open();
      assert.throws(open, /another scandog writes it/);
      store.close();
      open().close();
    });
  },
});
