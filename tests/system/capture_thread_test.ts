// What the thread that an attacker feeds can still do: nothing. Tried from that thread itself.

import assert from "node:assert/strict";
import type { CaptureProbeAnswer } from "./capture_probe.ts";
import { skipped } from "../support/skip.ts";
import { HOSTILE_CALLS } from "./hostile.ts";
import {
  ORDINARY,
  runCaptureProbe,
  runProbeWithCapabilities,
  whyNoRoot,
  whyNoSetpriv,
} from "./run_probe.ts";

const EPERM = 1;
const noRoot = skipped("confining the capture thread", whyNoRoot());
const noSetpriv = skipped("confining the capture thread of an ordinary user", whyNoSetpriv());
const ROOT_STAYS = { name: "root", uid: 0, gid: 0 };

/** Nothing hostile worked, all that the work takes did. */
function judge({ error, calls, deeds, ordinary }: CaptureProbeAnswer): void {
  assert.equal(error, undefined);
  assert.ok(HOSTILE_CALLS.length > 50);
  for (const name of HOSTILE_CALLS) assert.equal(calls[name], EPERM, name);
  assert.ok(Object.keys(deeds).length > 10);
  for (const [name, answer] of Object.entries(deeds)) assert.equal(answer, EPERM, name);
  for (const [name, answer] of Object.entries(ordinary)) assert.equal(answer, 0, name);
}

Deno.test({
  name: "the capture thread can do nothing but its work after confining itself, and could before",
  ignore: noRoot,
  async fn() {
    const { answer, threads } = await runCaptureProbe({
      user: ORDINARY,
      confine: true,
      landlock: true,
    });
    judge(answer);
    assert.match(answer.said!, /^capture thread: no capabilities, .*, \d+ system calls$/);
    const filters = threads.map(({ seccompFilters }) => seccompFilters);
    assert.deepEqual(
      filters.filter((count) => count === 2).length,
      1,
      "the second filter is its own",
    );
    const free = await runCaptureProbe({ user: ORDINARY, confine: false, landlock: true });
    // Why it has to confine itself: what the process gave up leaves all this.
    const { readPasswd, udpSocket, tcpSocket, unixSocket } = free.answer.deeds;
    assert.deepEqual([readPasswd, udpSocket, tcpSocket, unixSocket], [0, 0, 0, 0]);
    // Made by an unconfined thread before Landlock's ABI 8, which covers all threads.
    await Deno.remove(`/tmp/scandog-hostile-${free.main.tid}`).catch(() => {});
  },
});

Deno.test({
  name: "the capture thread confines itself where root stays root, and without Landlock",
  ignore: noRoot,
  async fn() {
    for (const landlock of [true, false]) {
      const { answer, threads, main } = await runCaptureProbe({
        user: ROOT_STAYS,
        confine: true,
        landlock,
      });
      judge(answer);
      assert.match(answer.said!, landlock ? /no file, no TCP port|no Landlock/ : /filter only/);
      const [thread] = threads.filter(({ seccompFilters }) => seccompFilters === 2);
      assert.equal(thread.effective | thread.permitted | thread.ambient, 0n);
      assert.notEqual(main.effective, 0n, "root stays root, as told");
    }
  },
});

Deno.test({
  name: "the capture thread confines itself behind a chroot",
  ignore: noRoot,
  async fn() {
    const chroot = await Deno.makeTempDir();
    try {
      await Deno.chmod(chroot, 0o755);
      judge(
        (await runCaptureProbe({ user: ORDINARY, chroot, confine: true, landlock: true })).answer,
      );
    } finally {
      await Deno.remove(chroot);
    }
  },
});

Deno.test({
  name: "the capture thread of an ordinary user drops the capability that opened its socket",
  ignore: noSetpriv,
  async fn() {
    const { answer, threads } = await runProbeWithCapabilities<CaptureProbeAnswer>(
      "+net_raw",
      { confine: true, landlock: true },
      "capture_probe.ts",
    );
    judge(answer);
    const [thread] = threads.filter(({ seccompFilters }) => seccompFilters === 2);
    assert.equal(thread.effective | thread.permitted | thread.ambient, 0n);
  },
});
