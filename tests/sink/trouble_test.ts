import assert from "node:assert/strict";
import { Trouble } from "../../src/sink/trouble.ts";
import { ManualTime } from "./stand_ins.ts";

function trouble() {
  const time = new ManualTime();
  const said: string[] = [];
  return { time, said, trouble: new Trouble("log", (text) => said.push(text), time.clock) };
}

Deno.test("Trouble speaks of a failure at once, then once a minute, and of the recovery", () => {
  const { time, said, trouble: log } = trouble();
  log.failed("no space");
  for (let second = 0; second < 59; second++) {
    time.pass(1000);
    log.failed("no space", 1);
  }
  assert.deepEqual(said, ["log: no space; lines wait, detection goes on"]);
  time.pass(1000);
  log.failed("no space", 1);
  assert.equal(said.at(-1), "log: still no space, for 60 s now; 60 lines lost");
  time.pass(5000);
  log.passed();
  log.passed();
  assert.equal(said.at(-1), "log: works again after 65 s; 60 lines lost");
  assert.equal(said.length, 3);
});

Deno.test("Trouble does not fill the log when a sink falls and gets up many times a second", () => {
  const { time, said, trouble: log } = trouble();
  for (let i = 0; i < 1000; i++) {
    log.failed("refused");
    time.pass(10);
    log.passed();
  }
  assert.deepEqual(said, [
    "log: refused; lines wait, detection goes on",
    "log: works again after 0 s",
  ]);
});

Deno.test("Trouble tells of lost lines even when the failure was too short to be announced", () => {
  const { said, trouble: log } = trouble();
  log.failed("refused");
  log.passed();
  log.failed("full", 3);
  log.passed();
  assert.equal(said.at(-1), "log: works again after 0 s; 3 lines lost");
});

Deno.test("Trouble says at the end what could not be written, and nothing when all was", () => {
  const { said, trouble: log } = trouble();
  log.ended(0);
  assert.deepEqual(said, []);
  log.ended(1);
  assert.deepEqual(said, ["log: closed, 1 line could not be written"]);
});
