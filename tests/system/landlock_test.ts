import assert from "node:assert/strict";
import { handledAccess, landlockAbi, type LandlockRules } from "../../src/system/landlock.ts";
import { skipped } from "../support/skip.ts";
import { ORDINARY, runProbe, whyNoRoot } from "./run_probe.ts";

const EACCES = 13;
const noLandlock = skipped("Landlock", whyNoRoot() || landlockAbi() === 0 && "not in this kernel");

Deno.test("handledAccess() asks of each kernel only what it knows", () => {
  const rules: LandlockRules = { read: [], write: [], connectTcp: [], scoped: true };
  const known: Record<number, [bigint, bigint, bigint]> = {
    1: [0x1fffn, 0n, 0n],
    2: [0x3fffn, 0n, 0n],
    3: [0x7fffn, 0n, 0n],
    4: [0x7fffn, 3n, 0n],
    5: [0xffffn, 3n, 0n],
    6: [0xffffn, 3n, 3n],
    99: [0xffffn, 3n, 3n],
  };
  for (const [abi, [files, tcp, scopes]] of Object.entries(known)) {
    assert.deepEqual(handledAccess(rules, Number(abi)), { files, tcp, scopes }, `ABI ${abi}`);
  }
});

Deno.test("handledAccess() leaves alone what the rules do not speak of", () => {
  const { files, tcp, scopes } = handledAccess({ write: [], scoped: false }, 7);
  assert.equal(files & 0b1101n, 0n, "reading and executing");
  assert.equal(tcp, 0n);
  assert.equal(scopes, 0n);
});

Deno.test({
  name: "restrictWithLandlock() leaves only the named files, and says what it cannot cover",
  ignore: noLandlock,
  async fn() {
    const { answer } = await runProbe({
      drop: { user: ORDINARY },
      landlock: { read: ["/etc/hosts", "/nonexistent"], write: [], connectTcp: [], scoped: true },
      tries: ["readHosts", "readPasswd", "writeTmp", "udpSocket"],
    });
    assert.equal(answer.error, undefined);
    assert.deepEqual(answer.main, {
      readHosts: 0,
      readPasswd: EACCES,
      writeTmp: EACCES,
      udpSocket: 0,
    });
    assert.match(answer.landlock!, /^Landlock ABI \d+: files.*; not there: \/nonexistent$/);
    // A thread that was there before is covered from ABI 8 on, and the report says so.
    const all = landlockAbi() >= 8;
    assert.equal(answer.worker.readPasswd, all ? EACCES : 0);
    assert.match(answer.landlock!, all ? /for all threads/ : /for this thread and later ones/);
  },
});

Deno.test({
  name: "restrictWithLandlock() without a list of readable files restricts only writing",
  ignore: noLandlock,
  async fn() {
    const { answer } = await runProbe({
      drop: { user: ORDINARY },
      landlock: { write: [], scoped: false },
      tries: ["readHosts", "readPasswd", "writeTmp"],
    });
    assert.deepEqual(answer.main, { readHosts: 0, readPasswd: 0, writeTmp: EACCES });
  },
});

Deno.test({
  name: "restrictWithLandlock() refuses a port that is none",
  ignore: noLandlock,
  async fn() {
    const { answer } = await runProbe({
      drop: { user: ORDINARY },
      landlock: { write: [], connectTcp: [70000], scoped: false },
    });
    assert.match(answer.error!, /70000 is not a port/);
  },
});
