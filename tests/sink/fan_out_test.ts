import assert from "node:assert/strict";
import { FanOut } from "../../src/sink/fan_out.ts";
import { newCounters, type Sink } from "../../src/sink/sink.ts";
import { scanEvent } from "../support/events.ts";
import { ManualTime } from "./stand_ins.ts";

class Memory implements Sink {
  readonly counters = newCounters();
  readonly lines: string[] = [];
  readonly calls: string[] = [];
  broken = false;

  constructor(readonly name: string) {}

  write(line: string): void {
    if (this.broken) throw new Error("torn");
    this.lines.push(line);
    this.counters.written++;
  }
  flush(): void {
    this.calls.push("flush");
    if (this.broken) throw new Error("torn");
  }
  reopen(): void {
    this.calls.push("reopen");
    if (this.broken) throw new Error("torn");
  }
  close(): Promise<void> {
    this.calls.push("close");
    return this.broken ? Promise.reject(new Error("torn")) : Promise.resolve();
  }
}

Deno.test("FanOut gives every line to every sink, whatever another one throws", async () => {
  const sinks = [new Memory("a"), new Memory("b"), new Memory("c")];
  const time = new ManualTime();
  const said: string[] = [];
  const all = new FanOut(sinks, (text) => said.push(text), time.clock);
  sinks[1].broken = true;
  for (let i = 0; i < 100; i++) all.write(`line ${i}`, scanEvent());
  assert.equal(sinks[0].lines.length, 100);
  assert.deepEqual(sinks[2].lines, sinks[0].lines);
  assert.deepEqual(said, ["b: torn; lines wait, detection goes on"]);
  assert.deepEqual(all.counters, { written: 200, dropped: 0, failures: 100, waiting: 0 });

  all.reopen();
  await all.flush();
  await all.close();
  for (const sink of sinks) assert.deepEqual(sink.calls, ["reopen", "flush", "close"]);
  assert.equal(all.counters.failures, 103);
  assert.equal(all.name, "a, b, c");
  assert.deepEqual(all.sinks, sinks);
});

Deno.test("FanOut says when a sink works again", () => {
  const sink = new Memory("a");
  const said: string[] = [];
  const all = new FanOut([sink], (text) => said.push(text), new ManualTime().clock);
  sink.broken = true;
  all.write("x", scanEvent());
  sink.broken = false;
  all.write("y", scanEvent());
  assert.equal(said.at(-1), "a: works again after 0 s");
});

Deno.test("FanOut of nothing takes lines and does nothing", async () => {
  const all = new FanOut([], assert.fail);
  all.write("x", scanEvent());
  await all.close();
  assert.deepEqual(all.counters, { written: 0, dropped: 0, failures: 0, waiting: 0 });
});
