import assert from "node:assert/strict";
import fc from "fast-check";
import { posixZone } from "../../src/format/posix_zone.ts";
import { timeOfDay, type Zone } from "../../src/format/zone.ts";
import { Random } from "../support/random.ts";
import { exists, skipped } from "../support/skip.ts";

function zone(text: string): Zone {
  const found = posixZone(text);
  assert.ok(found !== undefined, text);
  return found;
}

function at(text: string): number {
  return Date.parse(text) * 1000;
}

Deno.test("posixZone() changes clocks at the second that the rule names, also in the south", () => {
  const europe = zone("CET-1CEST,M3.5.0,M10.5.0/3");
  assert.equal(europe(at("2026-03-29T00:59:59.999Z")), 3600);
  assert.equal(europe(at("2026-03-29T01:00:00Z")), 7200);
  assert.equal(europe(at("2026-10-25T00:59:59Z")), 7200);
  assert.equal(europe(at("2026-10-25T01:00:00Z")), 3600);
  const sydney = zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
  assert.equal(sydney(at("2026-01-01T00:00:00Z")), 11 * 3600);
  assert.equal(sydney(at("2026-07-01T00:00:00Z")), 10 * 3600);
});

Deno.test("posixZone() takes offsets of minutes and seconds, quoted names, and both kinds of days", () => {
  assert.equal(zone("UTC0")(0), 0);
  assert.equal(zone("<+0330>-3:30")(0), 12600);
  assert.equal(zone("LMT0:53:28")(0), -3208);
  assert.equal(zone("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1")(at("2026-07-01T00:00:00Z")), -7200);
  // Without dates: those of the USA, as in the C library.
  const bare = zone("CET-1CEST");
  assert.equal(bare(at("2026-03-08T00:59:59Z")), 3600);
  assert.equal(bare(at("2026-03-08T01:00:00Z")), 7200);
  assert.equal(bare(at("2026-11-01T00:00:00Z")), 3600);
  // 60 is 1 March for J60 in each year, and for 60 in years without 29 February.
  const julian = zone("AAA0BBB,J60/0,J300"), zero = zone("AAA0BBB,60/0,300");
  assert.deepEqual(
    ["2024-02-29T12:00Z", "2024-03-01T12:00Z", "2023-03-01T12:00Z", "2023-03-02T12:00Z"]
      .map((text) => [julian(at(text)), zero(at(text))]),
    [[0, 0], [3600, 3600], [3600, 0], [3600, 3600]],
  );
});

Deno.test("posixZone() has summer all year where the rule says so", () => {
  const all = zone("EST5EDT4,0/0,J365/25");
  for (
    const text of [
      "2026-01-01T00:00Z",
      "2026-01-01T05:00Z",
      "2026-07-01T00:00Z",
      "2024-12-31T23:59Z",
    ]
  ) {
    assert.equal(all(at(text)), -4 * 3600, text);
  }
});

Deno.test("posixZone() is undefined for what is no rule", () => {
  const wrong = [
    ...["", "CET", "Europe/Berlin", "CE-1", "CET-25", "CET-1:60", "CET-1CEST,M3.5.0", "<A>1"],
    ...["CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0"],
    ...[
      "CET-1CEST,J0,J365",
      "CET-1CEST,J1,J366",
      "CET-1CEST,366,1",
      "CET-1CEST,M3.5.0,M10.5.0/168",
    ],
    ...["CET-1CEST,M3.5.0,M10.5.0,", "CET-1 CEST", "CET-1CEST2CEDT", "CET-1\n"],
  ];
  for (const text of wrong) assert.equal(posixZone(text), undefined, JSON.stringify(text));
});

Deno.test("posixZone() never throws, and gives an offset of at most a day and an hour", () => {
  const time = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 70 }))
    .map(([hours, minutes]) => `${hours}:${minutes}`);
  const rule = fc.oneof(fc.string(), fc.constantFrom("M3.5.0", "J60/-167", "365/167", "M2.5.1/24"));
  const text = fc.oneof(
    fc.string(),
    fc.tuple(time, rule, rule).map(([offset, from, to]) => `AAA${offset}BBB,${from},${to}`),
  );
  fc.assert(fc.property(text, fc.integer({ min: -6e16, max: 6e16 }), (text, timeUs) => {
    const offset = posixZone(text)?.(timeUs) ?? 0;
    assert.ok(Math.abs(offset) <= 25 * 3600);
  }));
});

Deno.test({
  name:
    "posixZone() agrees with the C library's localtime() over the years, at changes and between",
  ignore: skipped("agreement with localtime()", !exists("/usr/bin/date") && "date is not there"),
  async fn() {
    const seed = 1003;
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    const rules = [
      ...["CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "IST-5:30", "UTC0"],
      ...["<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "AEST-10AEDT,M10.1.0,M4.1.0/3", "LMT0:53:28"],
      ...[
        "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
        "IST-2IDT,M3.4.4/26,M10.5.0",
        "AAA-3BBB,J60/0,J300/12",
      ],
      ...[
        "AAA3BBB2,59,300/3:30:15",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "WGT3WGST,M3.5.0/-2,M10.5.0/-1",
      ],
    ];
    for (const rule of rules) {
      const own = zone(rule);
      const times = Array.from({ length: 3000 }, () => random.below(0x80000000));
      // Around the seconds where the offset changes.
      for (let hour = 1_767_225_600; hour < 1_798_761_600; hour += 3600) {
        if (own(hour * 1e6) !== own((hour + 3600) * 1e6)) {
          for (let i = 0; i <= 3600; i += 450) times.push(hour + i, hour + i - 1, hour + i + 1);
        }
      }
      const date = new Deno.Command("date", {
        args: ["-f", "-", "+%H:%M:%S"],
        env: { TZ: rule, LC_ALL: "C" },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const writer = date.stdin.getWriter();
      await writer.write(new TextEncoder().encode(times.map((time) => `@${time}\n`).join("")));
      await writer.close();
      const lines = new TextDecoder().decode((await date.output()).stdout).trimEnd().split("\n");
      const ours = times.map((time) => timeOfDay(time * 1e6, own));
      const i = ours.findIndex((text, i) => text !== lines[i]);
      assert.equal(i, -1, `${rule}: ${times[i]}: ${ours[i]}, not ${lines[i]}`);
    }
  },
});
