import assert from "node:assert/strict";
import { judgeThreads, readUntil } from "../../src/system/privileges.ts";
import type { ThreadStatus } from "../../src/system/threads.ts";
import { skipped } from "../support/skip.ts";
import {
  ORDINARY,
  runProbe,
  runProbeWithCapabilities,
  whyNoRoot,
  whyNoSetpriv,
} from "./run_probe.ts";

const EPERM = 1;
const ENOSYS = 38;
/** What the filter says of sockets, so that libraries which try several sorts go on. */
const NO_SUCH_SOCKET = 97;
const noRoot = skipped("giving up root", whyNoRoot());
const noSetpriv = skipped("giving up capabilities", whyNoSetpriv());

const CLEAN: ThreadStatus = {
  tid: 1,
  name: "deno",
  uid: [9, 9, 9, 9],
  gid: [8, 8, 8, 8],
  groups: [],
  inheritable: 0n,
  permitted: 0n,
  effective: 0n,
  bounding: 0xffn,
  ambient: 0n,
  noNewPrivs: true,
  seccomp: 2,
  seccompFilters: 1,
};
const DEMAND = { uid: 9, gid: 8, noGroups: true, remaining: 0n };

Deno.test("judgeThreads() finds whatever one thread of many kept", () => {
  const all = (changes: Partial<ThreadStatus>) =>
    judgeThreads([CLEAN, { ...CLEAN, tid: 2, name: "V8", ...changes }, CLEAN], DEMAND);
  assert.deepEqual(all({}), []);
  assert.deepEqual(all({ uid: [9, 9, 0, 9] }), ["thread 2 (V8) has uid 9 9 0 9"]);
  assert.deepEqual(all({ gid: [0, 8, 8, 8] }), ["thread 2 (V8) has gid 0 8 8 8"]);
  assert.deepEqual(all({ uid: [] }), ["thread 2 (V8) has uid "]);
  assert.deepEqual(all({ groups: [4, 27] }), ["thread 2 (V8) is in groups 4 27"]);
  assert.deepEqual(all({ permitted: 1n << 13n }), ["thread 2 (V8) has cap_net_raw"]);
  assert.deepEqual(all({ effective: 3n }), ["thread 2 (V8) has cap_chown,cap_dac_override"]);
  assert.deepEqual(all({ ambient: 1n << 63n }), ["thread 2 (V8) has cap_63"]);
  assert.deepEqual(all({ noNewPrivs: false }), ["thread 2 (V8) lacks no_new_privs"]);
  assert.deepEqual(all({ seccomp: 0 }), ["thread 2 (V8) has no system call filter"]);
  // Harmless with no_new_privs.
  assert.deepEqual(all({ inheritable: 1n, bounding: 1n }), []);
});

Deno.test("judgeThreads() allows what it is told may remain, and not more", () => {
  const thread = { ...CLEAN, permitted: 0x3000n, groups: [4] };
  assert.deepEqual(judgeThreads([thread], { ...DEMAND, noGroups: false, remaining: 0x3000n }), []);
  assert.deepEqual(judgeThreads([thread], { ...DEMAND, noGroups: false, remaining: 0x2000n }), [
    "thread 1 (deno) has cap_net_admin",
  ]);
});

Deno.test("readUntil() looks again while a thread that is ending has root's rights, and no longer", () => {
  const ending = { ...CLEAN, tid: 2, name: "worker-1", uid: [0, 0, 0, 0], effective: 1n };
  const isRight = (threads: ThreadStatus[]) => judgeThreads(threads, DEMAND).length === 0;
  const looks = [[CLEAN, ending], [CLEAN, ending], [CLEAN], [CLEAN, ending]];
  let pauses = 0;
  const next = () => looks.shift()!;
  assert.deepEqual(readUntil(next, isRight, () => pauses++), [CLEAN]);
  assert.deepEqual({ pauses, left: looks.length }, { pauses: 2, left: 1 });
});

Deno.test("readUntil() gives a thread that keeps root's rights, after a bounded number of looks", () => {
  const kept = { ...CLEAN, effective: 1n };
  let looks = 0;
  const read = () => (looks++, [kept]);
  assert.deepEqual(readUntil(read, () => false, () => {}), [kept]);
  assert.equal(looks, 200);
});

Deno.test({
  name: "dropPrivileges() from root leaves no thread anything, as seen from outside",
  ignore: noRoot,
  async fn() {
    const { answer, threads, main } = await runProbe({
      drop: { user: ORDINARY },
      tries: Object.keys((await import("./tries.ts")).TRIES),
    });
    assert.equal(answer.error, undefined);
    // The main thread, its worker, and those of V8 and tokio that no code of ours runs in.
    assert.ok(threads.length >= 3, `${threads.length} threads`);
    const names = threads.map(({ name }) => name).join(" ");
    assert.match(names, /V8 /, "threads that were there before us are among those checked");
    for (const thread of threads) {
      const who = `${thread.tid} ${thread.name}`;
      assert.deepEqual(thread.uid, Array(4).fill(ORDINARY.uid), who);
      assert.deepEqual(thread.gid, Array(4).fill(ORDINARY.gid), who);
      assert.deepEqual(thread.groups, [], who);
      assert.equal(thread.permitted | thread.effective | thread.ambient, 0n, who);
      assert.equal(thread.noNewPrivs, true, who);
      assert.equal(thread.seccomp, 2, who);
    }
    assert.equal(main.bounding, 0n);
    assert.match(
      answer.privileges!,
      /^uid 65534, gid 65534, no capabilities, no_new_privs and system call filter in all \d+ threads$/,
    );
    for (const answers of [answer.main, answer.worker]) {
      const { packetSocket, rawSocket, netlinkFilter, vsock, execve, ptrace } = answers;
      assert.deepEqual([packetSocket, rawSocket, netlinkFilter, vsock, execve, ptrace], [
        ...[NO_SUCH_SOCKET, NO_SUCH_SOCKET, NO_SUCH_SOCKET, NO_SUCH_SOCKET, EPERM, EPERM],
      ]);
      const { newUserNamespace, cloneNamespace, clone3, chroot, becomeRoot } = answers;
      assert.deepEqual([newUserNamespace, cloneNamespace, clone3, chroot, becomeRoot], [
        ...[EPERM, EPERM, ENOSYS, EPERM, EPERM],
      ]);
      const { netlinkRoute, udpSocket, unixSocket, getInterfaces, readHosts } = answers;
      assert.deepEqual([netlinkRoute, udpSocket, unixSocket, getInterfaces, readHosts], [
        ...[0, 0, 0, 0, 0],
      ], "what is still needed still works");
      assert.notEqual(answers.readShadow, 0);
      assert.equal(answers.listen, EPERM, "no debugger can be opened by SIGUSR1");
      assert.equal(answers.setInterfaceFlags, EPERM);
    }
  },
});

Deno.test({
  name: "dropPrivileges() into a chroot leaves no file in reach and keeps the time zone",
  ignore: noRoot,
  async fn() {
    const directory = await Deno.makeTempDir();
    await Deno.chmod(directory, 0o755);
    try {
      await Deno.writeTextFile(`${directory}/here`, "");
      const { answer, threads } = await runProbe({
        drop: { user: ORDINARY, chroot: directory },
        tries: ["readHosts", "readPasswd", "writeTmp", "chroot", "readHere", "readAbove"],
      });
      assert.equal(answer.error, undefined);
      const ENOENT = 2;
      assert.deepEqual(answer.main, {
        readHosts: ENOENT,
        readPasswd: ENOENT,
        writeTmp: ENOENT,
        chroot: EPERM,
        readHere: 0,
        readAbove: ENOENT,
      });
      assert.deepEqual(answer.worker, answer.main, "the root directory is all threads' own");
      assert.match(answer.privileges!, new RegExp(`chroot ${directory}, no capabilities`));
      assert.ok(threads.every(({ uid }) => uid[0] === ORDINARY.uid));
      assert.equal(answer.zone, new Date(0).toString());
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});

Deno.test({
  name: "dropPrivileges() refuses a chroot that is not there or not absolute",
  ignore: noRoot,
  async fn() {
    const error = async (chroot: string) =>
      (await runProbe({ drop: { user: ORDINARY, chroot } })).answer.error;
    assert.equal(
      await error("/nonesuch"),
      "Cannot chroot to /nonesuch: No such file or directory",
    );
    assert.equal(await error("/etc/hosts"), "Cannot chroot to /etc/hosts: Not a directory");
    assert.match((await error("var/empty"))!, /--chroot takes an absolute path, got var\/empty/);
  },
});

Deno.test({
  name: "dropPrivileges() keeps root only when told to, and even then forbids new programs",
  ignore: noRoot,
  async fn() {
    const unnamed = await runProbe({ drop: {} });
    assert.match(unnamed.answer.error!, /started as root, so name a user to become \(--user\)/);
    const { answer, threads } = await runProbe({
      drop: { user: { name: "root", uid: 0, gid: 0 } },
      tries: ["packetSocket", "execve", "readShadow"],
    });
    assert.match(answer.privileges!, /^root stays root, as told/);
    assert.deepEqual(answer.main, { packetSocket: 0, execve: EPERM, readShadow: 0 });
    assert.ok(threads.every(({ noNewPrivs, seccomp }) => noNewPrivs && seccomp === 2));
  },
});

Deno.test({
  name: "dropPrivileges() of an ordinary user with two capabilities makes them useless everywhere",
  ignore: noSetpriv,
  async fn() {
    const { answer, threads, main, owner } = await runProbeWithCapabilities("+net_raw,+net_admin", {
      drop: {},
      tries: ["packetSocket", "rawSocket", "netlinkRoute", "setInterfaceFlags", "getInterfaces"],
    });
    assert.equal(answer.error, undefined);
    assert.equal(owner, 0, "no other process of the user may attach to it");
    assert.equal(main.permitted | main.effective | main.ambient, 0n);
    const holders = threads.filter(({ permitted }) => permitted !== 0n);
    assert.ok(holders.length > 0, "threads we cannot reach keep theirs");
    assert.ok(holders.every(({ permitted }) => (permitted & ~0x3000n) === 0n));
    assert.ok(threads.every(({ noNewPrivs, seccomp }) => noNewPrivs && seccomp === 2));
    assert.match(
      answer.privileges!,
      /\d+ of \d+ threads keep cap_net_admin,cap_net_raw, of no use under the filter/,
    );
    // The worker still has both capabilities, so these answers are the filter's.
    for (const answers of [answer.main, answer.worker]) {
      assert.deepEqual(answers, {
        packetSocket: NO_SUCH_SOCKET,
        rawSocket: NO_SUCH_SOCKET,
        netlinkRoute: NO_SUCH_SOCKET,
        setInterfaceFlags: EPERM,
        getInterfaces: 0,
      });
    }
  },
});

Deno.test({
  name: "dropPrivileges() lets interface addresses be looked up where cap_net_raw is all there is",
  ignore: noSetpriv,
  async fn() {
    const { answer } = await runProbeWithCapabilities("+net_raw", {
      drop: {},
      tries: ["packetSocket", "netlinkRoute", "netlinkFilter"],
    });
    assert.deepEqual(answer.worker, {
      packetSocket: NO_SUCH_SOCKET,
      netlinkRoute: 0,
      netlinkFilter: NO_SUCH_SOCKET,
    });
  },
});

Deno.test({
  name: "dropPrivileges() refuses to run with a capability that it cannot make useless",
  ignore: noSetpriv,
  async fn() {
    const { answer } = await runProbeWithCapabilities("+net_raw,+sys_admin", { drop: {} });
    assert.match(answer.error!, /threads of the runtime keep cap_sys_admin: start as root/);
  },
});

Deno.test({
  name: "dropPrivileges() of an ordinary user cannot become another one",
  ignore: noSetpriv,
  async fn() {
    const drop = { user: { name: "scandog", uid: 12345, gid: 12345 } };
    const { answer } = await runProbeWithCapabilities("+net_raw", { drop });
    assert.match(
      answer.error!,
      /only root can become scandog \(uid 12345\), and this is uid 65534: start as root or without/,
    );
  },
});
