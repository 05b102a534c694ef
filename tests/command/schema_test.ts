import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

Deno.test("scandog schema prints a schema that the lines of replay and log fit", async () => {
  const { status, out, err } = await scandog(["schema"]);
  assert.deepEqual([status, err], [0, ""]);
  const ajv = new Ajv2020({ strictRequired: false, strictTypes: false });
  (addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);
  const validate = ajv.compile(JSON.parse(out));
  const capture = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
  for (const words of [["replay", capture], ["log", "-r", capture]]) {
    const { status, out } = await scandog([...words, "--format", "json"]);
    assert.equal(status, 0);
    const lines = out.trimEnd().split("\n");
    for (const line of lines) {
      assert.ok(validate(JSON.parse(line)), ajv.errorsText(validate.errors));
    }
  }
  assert.ok(!validate({ "@timestamp": "now" }));
});
