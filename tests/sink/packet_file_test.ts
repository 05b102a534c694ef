import assert from "node:assert/strict";
import { PacketFile, PacketFileError, type PacketFileOptions } from "../../src/sink/packet_file.ts";
import { exists, skipped } from "../support/skip.ts";
import { onTinyDisk } from "../system/tiny_disk.ts";

const HEADER = new TextEncoder().encode("HEAD");
/** A record of a savefile with so many captured bytes. */
function savedPacket(captured: number): Uint8Array {
  const record = new Uint8Array(16 + captured);
  new DataView(record.buffer).setUint32(8, captured, true);
  return record;
}

const UNIT = new TextEncoder().encode("unit\n");

function withFile(
  changes: Partial<PacketFileOptions>,
  use: (file: PacketFile, path: string, said: string[]) => void,
): void {
  const folder = Deno.makeTempDirSync();
  const path = changes.path ?? `${folder}/tcp.pcap`;
  const said: string[] = [];
  const file = new PacketFile({
    path,
    header: HEADER,
    rotateBytes: 0,
    rotateUs: 0,
    keep: 3,
    notice: (text) => said.push(text),
    append: false,
    ...changes,
  });
  try {
    use(file, path, said);
  } finally {
    file.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("PacketFile writes its header once, before the first unit", () => {
  withFile({}, (file, path) => {
    file.write(UNIT, 1, 0);
    file.write(UNIT, 1, 1);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\nunit\n");
    assert.equal(file.counters.written, 2);
  });
});

Deno.test("PacketFile is rotated before it grows too large, and keeps so many", () => {
  withFile({ rotateBytes: 15, keep: 2 }, (file, path) => {
    for (let i = 0; i < 9; i++) file.write(new TextEncoder().encode(`un${i}\n`), 1, i);
    assert.equal(Deno.readTextFileSync(path), "HEADun8\n");
    assert.equal(Deno.readTextFileSync(`${path}.1`), "HEADun6\nun7\n");
    assert.equal(Deno.readTextFileSync(`${path}.2`), "HEADun4\nun5\n");
    assert.ok(!exists(`${path}.3`));
    assert.equal(file.counters.written, 9);
  });
});

Deno.test("PacketFile is rotated when its first unit is old", () => {
  withFile({ rotateUs: 60e6 }, (file, path) => {
    for (const second of [0, 59, 60, 61, 200]) file.write(UNIT, 1, second * 1e6);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
    assert.equal(Deno.readTextFileSync(`${path}.1`), "HEADunit\nunit\n");
    assert.equal(Deno.readTextFileSync(`${path}.2`), "HEADunit\nunit\n");
  });
});

Deno.test("PacketFile keeps nothing besides the youngest with keep 0", () => {
  withFile({ rotateBytes: 10, keep: 0 }, (file, path) => {
    for (let i = 0; i < 5; i++) file.write(UNIT, 1, i);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
    assert.ok(!exists(`${path}.1`));
  });
});

Deno.test("PacketFile with keep 0 makes a file anew that somebody took away", () => {
  withFile({ rotateBytes: 10, keep: 0 }, (file, path, said) => {
    file.write(UNIT, 1, 0);
    Deno.removeSync(path);
    file.write(UNIT, 1, 1);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
    assert.deepEqual([said, file.counters.failures], [[], 0]);
  });
});

Deno.test("PacketFile says when the next file begins, and counts its age from its first unit", () => {
  withFile({ rotateUs: 60e6 }, (file, path) => {
    assert.equal(file.turnsUs(5e6), 65e6);
    file.write(UNIT, 1, 5e6);
    assert.equal(file.turnsUs(40e6), 65e6);
    file.write(UNIT, 3, 64e6);
    file.write(UNIT, 1, 65e6);
    assert.equal(file.turnsUs(66e6), 125e6);
    assert.equal(Deno.readTextFileSync(`${path}.1`), "HEADunit\nunit\n");
  });
  withFile({}, (file) => assert.equal(file.turnsUs(5e6), Infinity));
});

Deno.test("PacketFile says how much still goes into its file, and into the next one once it is full", () => {
  withFile({ rotateBytes: 14 }, (file) => {
    assert.equal(file.roomBytes(), 10);
    file.write(UNIT, 1, 0);
    assert.equal(file.roomBytes(), 5);
    file.write(UNIT, 1, 1);
    assert.equal(file.roomBytes(), 10);
  });
  withFile({}, (file) => assert.equal(file.roomBytes(), Infinity));
});

Deno.test("PacketFile that cannot be rotated says so, grows on, and says it once", () => {
  withFile({ rotateBytes: 10, keep: 1 }, (file, path, said) => {
    // A folder in the way of the older file.
    Deno.mkdirSync(`${path}.1`);
    for (let i = 0; i < 5; i++) file.write(UNIT, 1, i);
    assert.equal(Deno.readTextFileSync(path), `HEAD${"unit\n".repeat(5)}`);
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0], /^turn .*tcp\.pcap over: .*; .*tcp\.pcap grows on$/);
    Deno.removeSync(`${path}.1`);
    file.write(UNIT, 1, 5);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
    assert.match(said[1], /^turn .*tcp\.pcap over: works again after/);
  });
});

Deno.test("PacketFile rotates a savefile that was there, and adds to lines that were there", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/tcp`;
  Deno.writeTextFileSync(path, "old\n");
  withFile({ path }, (file) => file.write(UNIT, 1, 0));
  assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
  assert.equal(Deno.readTextFileSync(`${path}.1`), "old\n");
  withFile({ path, append: true, header: new Uint8Array(0) }, (file) => file.write(UNIT, 1, 0));
  assert.equal(Deno.readTextFileSync(path), "HEADunit\nunit\n");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PacketFile makes a file that was moved away anew on reopen, with its header", () => {
  withFile({}, (file, path) => {
    file.write(UNIT, 1, 0);
    file.reopen();
    file.write(UNIT, 1, 0);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\nunit\n", "it was not moved");
    Deno.renameSync(path, `${path}.moved`);
    file.reopen();
    file.write(UNIT, 1, 0);
    assert.equal(Deno.readTextFileSync(path), "HEADunit\n");
    assert.equal(Deno.readTextFileSync(`${path}.moved`), "HEADunit\nunit\n");
  });
});

Deno.test("PacketFile refuses what is no regular file, or cannot be written, and says what", () => {
  assert.throws(() => withFile({ path: "/dev/null" }, () => {}), PacketFileError);
  assert.throws(
    () => withFile({ path: "/nowhere/at/all.pcap" }, () => {}),
    /Cannot open \/nowhere\/at\/all\.pcap: .*folder/,
  );
});

const noTinyDisk = skipped(
  "a full disk",
  Deno.uid() !== 0 && "mounting a small file system needs root",
);

Deno.test({
  name: "PacketFile on a full disk counts what is lost and keeps whole units only",
  ignore: noTinyDisk,
  fn: () =>
    onTinyDisk(16_384, (folder) => {
      withFile({ path: `${folder}/tcp.pcap` }, (file, path, said) => {
        // 1,000 bytes each: 16 fit beside the header, however many are handed over at once.
        const unit = savedPacket(984);
        for (let i = 0; i < 4; i++) {
          const ten = new Uint8Array(10 * unit.length);
          for (let at = 0; at < ten.length; at += unit.length) ten.set(unit, at);
          file.write(ten, 10, i);
        }
        const { written, dropped } = file.counters;
        assert.deepEqual([written, dropped, file.lost()], [16, 24, 24]);
        assert.equal(Deno.statSync(path).size, HEADER.length + written * unit.length);
        assert.match(said[0], /No space left on device; what comes is lost; 4 packets lost$/);
      });
      return Promise.resolve();
    }),
});

Deno.test({
  name: "PacketFile whose header finds no room counts the packets as lost, until there is some",
  ignore: noTinyDisk,
  fn: () =>
    onTinyDisk(16_384, (folder) => {
      const filler = `${folder}/filler`;
      Deno.writeFileSync(filler, new Uint8Array(16_384));
      withFile({ path: `${folder}/tcp.pcap` }, (file, path, said) => {
        file.write(savedPacket(10), 1, 0);
        file.write(savedPacket(10), 1, 1);
        assert.deepEqual([file.counters.written, file.lost()], [0, 2]);
        Deno.removeSync(filler);
        file.write(savedPacket(10), 1, 2);
        assert.equal(Deno.statSync(path).size, HEADER.length + 26);
        assert.match(said.at(-1)!, /works again after 0 s; 2 packets lost$/);
      });
      return Promise.resolve();
    }),
});
