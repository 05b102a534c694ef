import assert from "node:assert/strict";
import { capabilityNames } from "../../src/system/capabilities.ts";
import { kernelFeatures } from "../../src/system/features.ts";
import { parseStatus } from "../../src/system/threads.ts";
import { skipped } from "../support/skip.ts";

Deno.test({
  name: "kernelFeatures() agrees with what the kernel shows in /proc",
  ignore: skipped("kernel features", Deno.build.os !== "linux" && "it needs Linux"),
  fn() {
    const features = kernelFeatures();
    const status = parseStatus(Deno.pid, Deno.readTextFileSync("/proc/self/status"));
    assert.equal(features.capabilities, status.effective);
    assert.equal(features.uid, status.uid[1]);
    assert.equal(features.noNewPrivs, status.noNewPrivs);
    assert.equal(features.mayCapture, capabilityNames(status.effective).includes("cap_net_raw"));
    assert.equal(features.seccomp, Deno.readTextFileSync("/proc/self/status").includes("Seccomp:"));
    assert.ok(features.landlock >= 0);
    assert.match(features.libc, /libc/);
  },
});

Deno.test("capabilityNames() names bits, and numbers those it does not know", () => {
  assert.equal(capabilityNames(0n), "");
  assert.equal(capabilityNames(0x3000n), "cap_net_admin,cap_net_raw");
  assert.equal(capabilityNames(1n << 40n | 1n << 41n), "cap_checkpoint_restore,cap_41");
});
