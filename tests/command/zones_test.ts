import assert from "node:assert/strict";
import { zoneOf } from "../../src/command/zones.ts";
import { inRepository } from "../support/paths.ts";

Deno.test("zoneOf() gives the zone of a name", () => {
  assert.equal(zoneOf("Asia/Kolkata")(1.7e15), 19800);
  assert.equal(zoneOf("UTC")(1.7e15), 0);
});

Deno.test("zoneOf() without a name is the system's zone, to the second", async () => {
  const times = [0, 1.7e15, 1.72e15, 63e12, 4e15 + 999_999];
  for (const zone of ["Europe/Berlin", "America/St_Johns", "Africa/Monrovia", "UTC"]) {
    // The zone of a process is read when it starts, so this needs one.
    const source = `
      import { zoneOf } from ${JSON.stringify(`file://${inRepository("src/command/zones.ts")}`)};
      console.log(JSON.stringify(${JSON.stringify(times)}.map(zoneOf(undefined))));
    `;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", source],
      env: { TZ: zone },
    }).output();
    assert.deepEqual(
      JSON.parse(new TextDecoder().decode(stdout)),
      times.map(zoneOf(zone)),
      zone,
    );
  }
});
