// What a running `watch` has given up, seen from outside: in every thread, and before the first packet.

import assert from "node:assert/strict";
import { parseStatus, type ThreadStatus } from "../../src/system/threads.ts";
import { until } from "../sink/receivers.ts";
import { filesOfThreads } from "../support/processes.ts";
import { exists, skipped } from "../support/skip.ts";
import { INTERFACE, SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const ignore = skipped("what a running watch has given up", whyNoTarget());
const noStrace = ignore || skipped(
  "the order in which watch gives things up",
  !exists("/usr/bin/strace") && "there is no strace (Debian: strace)",
);

const SCAN = "nmap -n -Pn --send-ip -sS -p1-100".split(" ").concat(TARGET);

function threadsOf(pid: number): ThreadStatus[] {
  return filesOfThreads(pid, "status").map(({ tid, text }) => parseStatus(tid, text));
}

Deno.test({
  name: "the capture thread of watch has a filter of its own and no capability, even of root's",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      for (const user of ["nobody", "root"]) {
        const watch = await target.startScandog(["--user", user, "--verbose"]);
        await until(() => /capture thread: no capabilities/.test(watch.err), () => watch.err);
        const threads = threadsOf(watch.pid);
        assert.ok(threads.every(({ seccomp, noNewPrivs }) => seccomp === 2 && noNewPrivs));
        const own = threads.filter(({ seccompFilters }) => seccompFilters === 2);
        assert.equal(own.length, 1, "one thread has two filters");
        assert.notEqual(own[0].tid, watch.pid, "and it is not the main thread");
        assert.equal(own[0].effective | own[0].permitted | own[0].ambient, 0n);
        target.scan(SCAN);
        await until(
          () => watch.out.includes(SCANNER),
          () => `a scan seen by ${user}: ${watch.err}`,
        );
        assert.equal(await watch.stop(), 0);
      }
    });
  },
});

Deno.test({
  name:
    "a signal that the kernel would give to the capture thread, which may tell nobody, is not lost",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog(["--user", "nobody", "--verbose"]);
      await until(() => /capture thread: no capabilities/.test(watch.err), () => watch.err);
      const own = threadsOf(watch.pid).find(({ seccompFilters }) => seccompFilters === 2);
      // A signal to the process by a thread's number: that thread is asked first.
      Deno.kill(own!.tid, "SIGUSR1");
      await until(() => /packets/.test(watch.err), () => `statistics: ${watch.err}`);
      Deno.kill(own!.tid, "SIGTERM");
      assert.equal(await watch.ended(), 0);
    });
  },
});

Deno.test({
  name: "the capture thread restricts itself before it looks at its first packet",
  ignore: noStrace,
  async fn() {
    await Target.with(async (target) => {
      const trace = `${target.folder}/trace`;
      const calls = "bind,poll,ppoll,landlock_restrict_self,seccomp,capset";
      // strace itself needs what the program gives up, so it is not asked to share a fate.
      const watch = await target.startScandog(["--user", "nobody", "--verbose"], "", [
        ...["strace", "-f", "-qq", "-e", `trace=${calls}`, "-o", trace],
      ]);
      target.scan(SCAN);
      await until(() => watch.out.includes(SCANNER), () => watch.err);
      const lines = Deno.readTextFileSync(trace).split("\n");
      const opener = /^(\d+) +bind\(.*AF_PACKET/m.exec(lines.join("\n"));
      assert.ok(opener, "a thread opened the device");
      const own = lines.filter((line) => line.startsWith(`${opener[1]} `));
      const at = (pattern: RegExp) => own.findIndex((line) => pattern.test(line));
      const poll = at(/ p?poll\(/);
      assert.ok(poll > 0, "and waited for packets");
      for (const call of [/ capset\(/, / landlock_restrict_self\(/, / seccomp\(.*FILTER/]) {
        assert.ok(
          at(call) >= 0 && at(call) < poll,
          `${call} before the first look:\n${own.join("\n")}`,
        );
      }
      // The signal is for the program; strace ends with it.
      const children = Deno.readTextFileSync(`/proc/${watch.pid}/task/${watch.pid}/children`);
      Deno.kill(Number(children.trim().split(" ")[0]), "SIGTERM");
      assert.equal(await watch.ended(), 0);
    });
  },
});

Deno.test({
  name: "watch says once what a renamed interface is called now, and goes on",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const watch = await target.startScandog(["--user", "nobody"]);
      // An interface that is up may be renamed on newer kernels only.
      target.run(["ip", "link", "set", INTERFACE, "down"]);
      target.run(["ip", "link", "set", INTERFACE, "name", "lan0"]);
      target.run(["ip", "link", "set", "lan0", "up"]);
      target.run(["ip", "route", "replace", "default", "dev", "lan0"]);
      const renamed = `interface ${INTERFACE} is called lan0 now, capture goes on`;
      await until(() => watch.err.includes(renamed), () => watch.err);
      target.scan(SCAN);
      await until(() => watch.out.includes(SCANNER), () => watch.err);
      // Deleted and made anew under the first name it is taken up as well.
      target.run(["ip", "link", "del", "lan0"]);
      await until(() => /lan0: disappeared/.test(watch.err), () => watch.err);
      target.joinWire();
      await until(() => /wan0 is back, capture goes on/.test(watch.err), () => watch.err);
      assert.equal(await watch.stop(), 0);
      const said = watch.err.split("\n").filter((line) => /interface/.test(line));
      for (const what of [renamed, "lan0: disappeared", "wan0 is back, capture goes on"]) {
        assert.equal(said.filter((line) => line.includes(what)).length, 1, said.join("\n"));
      }
    });
  },
});
