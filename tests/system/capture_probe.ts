// A process as `watch` is one: a thread with a packet socket, privileges given up in between, and then
// what that thread tries. Prints one line of JSON. The arguments are one object of JSON.

import { restrictWithLandlock } from "../../src/system/landlock.ts";
import { dropPrivileges } from "../../src/system/privileges.ts";
import type { User } from "../../src/system/users.ts";

export interface CaptureProbeRequest {
  user?: User;
  chroot?: string;
  /** False: the thread does not confine itself, for comparison. */
  confine: boolean;
  landlock: boolean;
}

export interface CaptureProbeAnswer {
  error?: string;
  said?: string;
  calls: Record<string, number>;
  deeds: Record<string, number>;
  ordinary: Record<string, number>;
  /** The thread's lines of /proc/self/task/TID/status, as told by the main thread. */
  status?: string;
}

const request: CaptureProbeRequest = JSON.parse(Deno.args[0]);
const worker = new Worker(new URL("./capture_probe_worker.ts", import.meta.url), {
  type: "module",
});

function next<T>(): Promise<T> {
  return new Promise((resolve) => worker.onmessage = (event) => resolve(event.data));
}

const ready = next<{ error?: string }>();
worker.postMessage("open");
const { error } = await ready;
let answer: Partial<CaptureProbeAnswer> = { error };
if (error === undefined) {
  dropPrivileges({ user: request.user, chroot: request.chroot });
  if (request.landlock) {
    restrictWithLandlock({ read: [], write: [], connectTcp: [], scoped: true });
  }
  const answered = next<CaptureProbeAnswer>();
  worker.postMessage(request);
  answer = await answered;
}
console.log(JSON.stringify(answer));
await Deno.stdin.read(new Uint8Array(1));
Deno.exit(0);
