import assert from "node:assert/strict";
import {
  classicFaults,
  type ClassicValues,
  portsRemembered,
  SCANLOGD_1_RULES,
  SCANLOGD_2_RULES,
} from "../../../src/detect/classic/rules.ts";
import { defaults } from "../../../src/params.ts";

function faultsWith(values: Partial<ClassicValues>): string[] {
  return classicFaults(SCANLOGD_2_RULES, { ...defaults(SCANLOGD_2_RULES.tunables), ...values });
}

Deno.test("portsRemembered() is 9 in version 1 and 20 in version 2, as in C", () => {
  assert.equal(portsRemembered(defaults(SCANLOGD_1_RULES.tunables)), 9);
  assert.equal(portsRemembered(defaults(SCANLOGD_2_RULES.tunables)), 20);
});

Deno.test("portsRemembered() holds every port that can come before the threshold", () => {
  for (let scanWeight = 2; scanWeight < 60; scanWeight++) {
    for (let portWeight = 1; portWeight < scanWeight; portWeight++) {
      const values = { ...defaults(SCANLOGD_2_RULES.tunables), scanWeight, portWeight };
      values.privilegedWeight = portWeight + scanWeight % 3;
      let ports = 0;
      for (let weight = 0; weight + portWeight < scanWeight; weight += portWeight) ports++;
      assert.equal(portsRemembered(values), ports, `${scanWeight} / ${portWeight}`);
    }
  }
});

Deno.test("classicFaults() finds none in the defaults of either version", () => {
  for (const rules of [SCANLOGD_1_RULES, SCANLOGD_2_RULES]) {
    assert.deepEqual(classicFaults(rules, defaults(rules.tunables)), []);
  }
});

Deno.test("classicFaults() names a value out of range, one that is not whole, and each bad relation", () => {
  assert.deepEqual(faultsWith({ hashBits: 21 }), [
    "--hash-bits must be from 1 to 20 bits, got 21",
  ]);
  assert.deepEqual(faultsWith({ scanDelay: 1.5 }), ["--scan-delay must be whole, got 1.5"]);
  assert.deepEqual(faultsWith({ scanWeight: 3 }), [
    "--privileged-weight must be less than --scan-weight 3, got 3",
  ]);
  assert.deepEqual(faultsWith({ scanWeight: 2, privilegedWeight: 1, portWeight: 2 }), [
    "--port-weight must be less than --scan-weight 2, got 2",
  ]);
  assert.deepEqual(faultsWith({ scanWeight: 4098 }), [
    "--scan-weight 4098 would need 4097 ports a source remembered, more than 4096",
  ]);
  assert.deepEqual(faultsWith({ scanWeight: 2000, tableSources: 10000 }), [
    "--table-sources 10000 of 1999 ports each are more than 16777216 ports in all: lower it or --scan-weight",
  ]);
});
