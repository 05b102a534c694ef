import assert from "node:assert/strict";
import { zoneOf } from "../../src/command/zones.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

Deno.test("zoneOf() gives the zone of a name", () => {
  assert.equal(zoneOf("Asia/Kolkata")(1.7e15), 19800);
  assert.equal(zoneOf("UTC")(1.7e15), 0);
});

Deno.test("zoneOf() without a name is the system's zone, to the second", async () => {
  const times = [0, 1.7e15, 1.72e15, 63e12, 4e15 + 999_999];
  const zones = [
    ...["Europe/Berlin", "America/St_Johns", "Africa/Monrovia", "UTC", "EST5EDT"],
    ...["CET-1CEST,M3.5.0,M10.5.0/3", "<+0330>-3:30"],
  ];
  for (const zone of zones) {
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

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

/** First time of day in a line of `replay`, with TZ as given. */
async function clock(zone: string, ...words: string[]) {
  const { out, err } = await scandog(["replay", ...words, CAPTURE], { env: { TZ: zone } });
  return { time: /\b\d\d:\d\d:\d\d\b/.exec(out)?.[0] ?? out, err };
}

Deno.test("clock times are by the rules in TZ, for classic profiles too", async () => {
  const rule = "XXX-1YYY-2:30,M3.5.0,M10.5.0/3";
  for (const profile of ["scandog", "scanlogd-2", "scanlogd-1"]) {
    const utc = await clock("UTC", "--profile", profile);
    const ruled = await clock(rule, "--profile", profile);
    const named = await clock("UTC", "--profile", profile, "--tz", rule);
    assert.match(utc.time, /^\d\d:/);
    const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
    const ahead = (minutes(ruled.time) - minutes(utc.time) + 1440) % 1440;
    assert.ok(ahead === 60 || ahead === 150, `${profile}: ${utc.time} ${ruled.time}`);
    assert.equal(named.time, ruled.time, profile);
    assert.doesNotMatch(ruled.err, /TZ:/);
  }
});

Deno.test("a TZ that is not understood is said, unless --tz names a zone", async () => {
  const wrong = await clock("Nowhere/City");
  assert.match(
    wrong.err,
    /^scandog: TZ: no time zone is called "Nowhere\/City": clock times are in UTC/m,
  );
  assert.equal(wrong.time, (await clock("UTC")).time);
  assert.doesNotMatch((await clock("Nowhere/City", "--tz", "UTC")).err, /TZ:/);
  for (const zone of ["", ":Europe/Berlin", "/usr/share/zoneinfo/Asia/Tokyo", "GMT0"]) {
    assert.doesNotMatch((await clock(zone)).err, /TZ:/, zone);
  }
});
