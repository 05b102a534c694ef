import assert from "node:assert/strict";
import { namedZone } from "../../src/format/named_zone.ts";
import { timeOfDay } from "../../src/format/zone.ts";
import { Random } from "../support/random.ts";
import { exists, skipped } from "../support/skip.ts";

const ZONES = [
  "UTC",
  "Africa/Casablanca",
  "Africa/Monrovia",
  "America/New_York",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Dublin",
  "Pacific/Apia",
  "Pacific/Kiritimati",
];

const END_SECONDS = Date.parse("2023-01-01T00:00:00Z") / 1000;

Deno.test("namedZone() gives seconds east of Greenwich, with summer time", () => {
  const berlin = namedZone("Europe/Berlin");
  assert.equal(berlin(Date.parse("2026-01-01T00:00:00Z") * 1000), 3600);
  assert.equal(berlin(Date.parse("2026-07-01T00:00:00Z") * 1000), 7200);
  const newYork = namedZone("America/New_York");
  assert.equal(newYork(Date.parse("2026-01-01T00:00:00Z") * 1000), -18000);
  assert.equal(namedZone("Pacific/Kiritimati")(0), -38400);
  assert.equal(namedZone("Pacific/Kiritimati")(1.7e15), 50400);
  assert.equal(namedZone("UTC")(-1), 0);
});

Deno.test("namedZone() goes by the sun where clocks did, and knows years before the first", () => {
  assert.equal(namedZone("Africa/Monrovia")(0), -2670);
  assert.equal(namedZone("UTC")(-8.64e18), 0);
  assert.equal(namedZone("UTC")(8.64e18), 0);
});

Deno.test("namedZone() throws RangeError for a name unknown", () => {
  assert.throws(() => namedZone("Europe/Atlantis"), RangeError);
});

Deno.test({
  name: "namedZone() agrees with the system's localtime() from 1970 to 2022",
  // Older times differ between builds of the time zone database, and later ones between its versions.
  ignore: skipped(
    "agreement with localtime()",
    !exists("/usr/share/zoneinfo/Europe/Berlin") && "/usr/share/zoneinfo is not there",
  ),
  async fn() {
    const seed = 1970;
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    const times = Array.from({ length: 4000 }, () => random.below(END_SECONDS));
    for (const zone of ZONES) {
      const date = new Deno.Command("date", {
        args: ["-f", "-", "+%H:%M:%S"],
        env: { TZ: zone, LC_ALL: "C" },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const writer = date.stdin.getWriter();
      await writer.write(new TextEncoder().encode(times.map((time) => `@${time}\n`).join("")));
      await writer.close();
      const lines = new TextDecoder().decode((await date.output()).stdout).trimEnd().split("\n");
      const ours = times.map((time) => timeOfDay(time * 1e6 + 999_999, namedZone(zone)));
      assert.deepEqual(ours, lines, zone);
    }
  },
});
