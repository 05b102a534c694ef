// A process that gives its privileges up as told and says what it still can do. Prints one line of
// JSON, then waits for its standard input to end, so that the test can look at it from outside.

import { describeLandlock, restrictWithLandlock } from "../../src/system/landlock.ts";
import type { LandlockRules } from "../../src/system/landlock.ts";
import { describePrivileges, dropPrivileges } from "../../src/system/privileges.ts";
import type { DropOptions } from "../../src/system/privileges.ts";
import { doTries } from "./tries.ts";

export interface ProbeRequest {
  drop?: DropOptions;
  landlock?: LandlockRules;
  tries?: string[];
}

export interface ProbeAnswer {
  error?: string;
  privileges?: string;
  landlock?: string;
  threads?: number;
  main: Record<string, number>;
  worker: Record<string, number>;
  zone: string;
}

function answerOf<T>(worker: Worker): Promise<T> {
  return new Promise((resolve) => worker.onmessage = (event) => resolve(event.data));
}

async function probe(request: ProbeRequest): Promise<ProbeAnswer> {
  const worker = new Worker(new URL("./probe_worker.ts", import.meta.url), { type: "module" });
  await answerOf(worker);
  const answer: ProbeAnswer = { main: {}, worker: {}, zone: "" };
  if (request.drop !== undefined) {
    const report = dropPrivileges(request.drop);
    answer.privileges = describePrivileges(report);
    answer.threads = report.threads.length;
  }
  if (request.landlock !== undefined) {
    answer.landlock = describeLandlock(restrictWithLandlock(request.landlock));
  }
  answer.main = doTries(request.tries ?? []);
  const fromWorker = answerOf<Record<string, number>>(worker);
  worker.postMessage(request.tries ?? []);
  answer.worker = await fromWorker;
  answer.zone = new Date(0).toString();
  return answer;
}

let answer: Partial<ProbeAnswer>;
try {
  answer = await probe(JSON.parse(Deno.args[0]));
} catch (error) {
  answer = { error: (error as Error).message };
}
console.log(JSON.stringify(answer));
await Deno.stdin.read(new Uint8Array(1));
Deno.exit(0);
