import assert from "node:assert/strict";
import { skipped } from "../support/skip.ts";
import { importLine, runArguments, withProgram } from "./run_code.ts";

const ignore = skipped("signals", Deno.build.os === "windows" && "Windows has none");

/**
 * Starts a program that prints a line for each signal it is told of, sends the signals one after the
 * other, each when the line of the one before has come, and returns the lines.
 */
function signalled(handlers: string, signals: Deno.Signal[]): Promise<string[]> {
  const code = importLine("listenForSignals", "src/system/signals.ts") +
    `const done = listenForSignals({ ${handlers} });
     setInterval(() => {}, 1000);
     console.log("ready");`;
  return withProgram(code, async (file) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: runArguments([], file),
      stdout: "piped",
    }).spawn();
    let text = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const signal = signals[text.split("\n").length - 2];
      if (signal !== undefined) child.kill(signal);
    }
    const status = await child.status;
    return [...text.trim().split("\n"), status.signal ?? `exit ${status.code}`];
  });
}

Deno.test({
  name: "listenForSignals() tells the first stop from the second, and reload from statistics",
  ignore,
  async fn() {
    const lines = await signalled(
      `stop: (signal) => console.log("stop", signal),
       stopAgain: (signal) => { console.log("again", signal); Deno.exit(7) },
       reload: () => console.log("reload"),
       statistics: () => console.log("statistics")`,
      ["SIGHUP", "SIGUSR1", "SIGTERM", "SIGINT"],
    );
    assert.deepEqual(lines, [
      "ready",
      "reload",
      "statistics",
      "stop SIGTERM",
      "again SIGINT",
      "exit 7",
    ]);
  },
});

Deno.test({
  name: "listenForSignals() leaves a signal that nobody handles its usual effect",
  ignore,
  async fn() {
    const stop = `stop: (signal) => console.log("stop", signal)`;
    assert.deepEqual(await signalled(stop, ["SIGHUP"]), ["ready", "SIGHUP"]);
    assert.deepEqual(await signalled(stop, ["SIGUSR1"]), ["ready", "SIGUSR1"]);
  },
});

Deno.test({
  name: "listenForSignals() stops listening when told to",
  ignore,
  async fn() {
    const lines = await signalled(
      `stop: () => { done(); console.log("stopped") }`,
      ["SIGTERM", "SIGTERM"],
    );
    assert.deepEqual(lines, ["ready", "stopped", "SIGTERM"]);
  },
});
