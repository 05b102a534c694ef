import assert from "node:assert/strict";
import { LogFile, LogFileError, type LogHandle } from "../../src/sink/log_file.ts";
import { importLine, runCode } from "../system/run_code.ts";
import { Random } from "../support/random.ts";
import { ManualTime } from "./stand_ins.ts";

/** A disk with so much room, and the files on it. */
class MemoryDisk {
  room = Infinity;
  /** Longest write; a real one may be short too. */
  piece = Infinity;
  current = { text: "" };

  rotate(): void {
    this.current = { text: "" };
  }

  readonly open = (): LogHandle => {
    const file = this.current;
    return {
      writeSync: (bytes) => {
        const count = Math.min(bytes.length, this.room, this.piece);
        if (count === 0) throw new Error("No space left on device (os error 28)");
        this.room -= count;
        file.text += new TextDecoder().decode(bytes.subarray(0, count));
        return count;
      },
      seekSync: () => file.text.length,
      close: () => {},
    };
  };
}

function logOn(disk: MemoryDisk, queue = 5) {
  const time = new ManualTime();
  const said: string[] = [];
  const log = new LogFile({
    path: "/x.log",
    queue,
    lineBytes: 1000,
    notice: (text) => said.push(text),
    later: time.later,
    clock: time.clock,
    open: disk.open,
  });
  return { log, time, said };
}

Deno.test("LogFile finishes the line it began when a full disk has room again", async () => {
  const disk = new MemoryDisk();
  const { log, time, said } = logOn(disk);
  disk.room = 7;
  log.write("first");
  log.write("second");
  for (const line of ["3", "4", "5", "6", "7"]) log.write(line);
  assert.equal(disk.current.text, "first\ns");
  assert.deepEqual(said, [
    "log file /x.log: No space left on device; lines wait, detection goes on",
  ]);
  assert.equal(log.counters.dropped, 1, "one of six did not fit the queue of five");
  time.pass(5000);
  assert.ok(log.counters.failures >= 5, "it was tried again meanwhile");
  disk.room = Infinity;
  time.pass(1000);
  assert.equal(disk.current.text, "first\nsecond\n3\n4\n5\n6\n");
  assert.equal(log.counters.written, 6);
  assert.match(said.at(-1)!, /works again after 6 s; 1 line lost/);
  await log.close();
});

Deno.test("LogFile writes lines of short writes whole and in order", async () => {
  const disk = new MemoryDisk();
  disk.piece = 2;
  const { log } = logOn(disk);
  log.write("a long line");
  log.write("another");
  assert.equal(disk.current.text, "a long line\nanother\n");
  await log.close();
});

Deno.test("LogFile begins a new file with a whole line, after a rotation on a full disk", async () => {
  const disk = new MemoryDisk();
  const { log } = logOn(disk);
  disk.room = 3;
  log.write("first");
  const old = disk.current;
  disk.rotate();
  log.reopen();
  disk.room = Infinity;
  log.flush();
  assert.equal(old.text, "fir");
  assert.equal(disk.current.text, "first\n");
  await log.close();
});

Deno.test("LogFile goes on inside its line when it is reopened and nothing was moved", async () => {
  const disk = new MemoryDisk();
  const { log } = logOn(disk);
  disk.room = 3;
  log.write("first");
  log.reopen();
  disk.room = Infinity;
  log.flush();
  assert.equal(disk.current.text, "first\n");
  await log.close();
});

Deno.test("LogFile keeps the file it has when the new one cannot be opened", async () => {
  const disk = new MemoryDisk();
  const file = disk.open();
  let refuse = false;
  const said: string[] = [];
  const log = new LogFile({
    path: "/x.log",
    queue: 5,
    lineBytes: 100,
    notice: (text) => said.push(text),
    open: () => {
      if (refuse) throw new Error("Permission denied (os error 13): open '/x.log'");
      return file;
    },
  });
  refuse = true;
  log.reopen();
  log.write("still here");
  assert.equal(disk.current.text, "still here\n");
  assert.match(said[0], /cannot be opened anew: Permission denied;/);
  await log.close();
});

Deno.test("LogFile writes each accepted line once and whole over any full and empty disk", async () => {
  const seed = 99;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 100; round++) {
    const disk = new MemoryDisk();
    const { log, time } = logOn(disk, random.between(1, 10));
    const accepted: string[] = [];
    for (let step = 0; step < 100; step++) {
      disk.room = random.oneIn(3) ? Infinity : random.below(12);
      disk.piece = random.between(1, 10);
      const { dropped } = log.counters;
      const line = "x".repeat(random.below(10)) + step;
      log.write(line);
      if (log.counters.dropped === dropped) accepted.push(line);
      if (random.oneIn(5)) log.reopen();
      if (random.oneIn(3)) time.pass(1000);
    }
    disk.room = Infinity;
    log.flush();
    assert.equal(disk.current.text, accepted.map((line) => line + "\n").join(""));
    await log.close();
  }
});

Deno.test("LogFile appends to a real file, and after a rotation to the new one", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/scan.log`;
  const log = new LogFile({ path, queue: 5, lineBytes: 100, notice: assert.fail });
  log.write("one\nline");
  await Deno.rename(path, `${path}.1`);
  log.write("two");
  log.reopen();
  log.write("three");
  await log.close();
  log.write("after the end");
  assert.equal(await Deno.readTextFile(`${path}.1`), "one\\u000aline\ntwo\n");
  assert.equal(await Deno.readTextFile(path), "three\n");
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o640);
  assert.equal(log.counters.dropped, 1);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("LogFile says what is wrong with a path it cannot append to", async () => {
  const directory = await Deno.makeTempDir();
  const inNoFolder = `${directory}/nonesuch/scan.log`;
  const open = (path: string) =>
    new LogFile({ path, queue: 1, lineBytes: 99, notice: assert.fail });
  assert.throws(
    () => open(inNoFolder),
    (error: LogFileError) =>
      error instanceof LogFileError && error.path === inNoFolder &&
      /: there is no such folder; make it first$/.test(error.message),
  );
  assert.throws(() => open("/dev/null"), /no regular file; name another/);
  assert.throws(() => open("/"), /Cannot open the log file \/: /);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("LogFile does not wait for the reader of a pipe", async () => {
  const directory = await Deno.makeTempDir();
  const made = new Deno.Command("mkfifo", { args: [`${directory}/pipe`] }).outputSync();
  assert.ok(made.success);
  const options = { path: `${directory}/pipe`, queue: 1, lineBytes: 99, notice: assert.fail };
  assert.throws(() => new LogFile(options), /no regular file; name another/);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("LogFile needs permission to write its file, and no other, to open, write and reopen", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/scan.log`;
  const said = await runCode(
    [`--allow-write=${directory}`],
    importLine("LogFile", "src/sink/log_file.ts") +
      `const log = new LogFile({ path: ${JSON.stringify(path)}, queue: 9, lineBytes: 99,
         notice: (text) => console.log(text) });
       log.write("one");
       Deno.removeSync(${JSON.stringify(path)});
       log.reopen();
       log.write("two");
       await log.close();`,
  );
  assert.equal(said, "");
  assert.equal(await Deno.readTextFile(path), "two\n");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("LogFile counts what its disk did not take before the end, and says so", async () => {
  const disk = new MemoryDisk();
  const { log, said } = logOn(disk);
  disk.room = 6;
  for (const line of ["first", "second", "third"]) log.write(line);
  await log.close();
  assert.equal(disk.current.text, "first\n");
  assert.deepEqual(log.counters, { written: 1, dropped: 2, failures: 2, waiting: 0 });
  assert.match(said.at(-1)!, /closed, 2 lines could not be written/);
});
