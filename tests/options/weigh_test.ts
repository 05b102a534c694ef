// `--weigh`: how it is written, what is refused, and that it reaches the detector.

import assert from "node:assert/strict";
import { Refusal } from "../../src/options/row.ts";
import { targetWeightText, weighFaults, WEIGHTS } from "../../src/options/weigh.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

/** The texts of what was understood, or what follows the option's name when it was refused. */
function understood(text: string): string[] | string {
  const parsed = WEIGHTS.parse(text);
  return parsed instanceof Refusal ? parsed.reason : parsed.map(targetWeightText);
}

Deno.test("WEIGHTS reads hosts and networks of both families, with and without ports", () => {
  for (
    const [text, ...want] of [
      ["10.0.0.0/8=0", "10.0.0.0/8=0"],
      ["10.0.0.5=1", "10.0.0.5/32=1"],
      ["10.0.0.5:80=2", "10.0.0.5/32:80=2"],
      ["10.0.0.5/32:1-100=2", "10.0.0.5/32:1-100=2"],
      ["10.0.0.5:0-65535=95", "10.0.0.5/32:0-65535=95"],
      ["2001:db8::1=3", "2001:db8::1/128=3"],
      ["2001:db8::/32=3", "2001:db8::/32=3"],
      ["[2001:db8::/32]:443=0", "[2001:db8::/32]:443=0"],
      ["[2001:db8::1]=0", "2001:db8::1/128=0"],
      ["10.0.0.0/8:22=0, [::/0]:22=1", "10.0.0.0/8:22=0", "[::/0]:22=1"],
    ]
  ) {
    assert.deepEqual(understood(text), want, text);
  }
});

Deno.test("WEIGHTS refuses what it does not understand, and names it", () => {
  for (
    const text of [
      "10.0.0.0/8",
      "10.0.0.0/8=",
      "=3",
      "10.0.0.0/8=-1",
      "10.0.0.0/8=1.5",
      "10.0.0.0/8=96",
      "10.0.0.0/8=999",
      "10.0.0.0/33=1",
      "300.0.0.1=1",
      "10.0.0.1:=1",
      "10.0.0.1:65536=1",
      "10.0.0.1:5-4=1",
      "10.0.0.1:1-=1",
      "[10.0.0.1=1",
      "[]:80=1",
      "2001:db8::/32:443=0",
      "example.org=1",
    ]
  ) {
    const told = understood(`10.0.0.1=1,${text}`);
    assert.equal(typeof told, "string", text);
    assert.ok((told as string).endsWith(`; got ${JSON.stringify(text)}`), `${told}`);
  }
  assert.match(understood("") as string, /^must be CIDR=N /);
});

Deno.test("WEIGHTS reads in a file what it writes there, and no numbers", () => {
  const weights = WEIGHTS.parse("10.0.0.5:80=2,[2001:db8::/32]:1-9=0");
  assert.ok(!(weights instanceof Refusal));
  const toml = WEIGHTS.toml(weights);
  assert.equal(toml, '["10.0.0.5/32:80=2", "[2001:db8::/32]:1-9=0"]');
  assert.deepEqual(WEIGHTS.fromToml(JSON.parse(toml)), weights);
  assert.deepEqual(WEIGHTS.fromToml("10.0.0.5:80=2,[2001:db8::/32]:1-9=0"), weights);
  for (const value of [5, [5], {}, true]) assert.ok(WEIGHTS.fromToml(value) instanceof Refusal);
});

Deno.test("weighFaults() wants the scandog profile, and weights that are no scan by themselves", () => {
  const of = (text: string) =>
    WEIGHTS.parse(text) as Exclude<ReturnType<typeof WEIGHTS.parse>, Refusal>;
  const given = { from: "command line" } as const;
  const numbers = { scanWeight: 21 };
  assert.deepEqual(weighFaults("scandog", undefined, given, numbers), []);
  assert.deepEqual(weighFaults("scandog", of("10.0.0.1=20"), given, numbers), []);
  assert.deepEqual(weighFaults("scandog", of("10.0.0.2=0,10.0.0.1:80=21"), given, numbers), [{
    key: "weigh",
    reason: 'must be below --scan-weight (21) for each target, got "10.0.0.1/32:80=21"',
  }]);
  assert.deepEqual(weighFaults("scanlogd-2", of("10.0.0.1=1"), given, numbers), [{
    key: "weigh",
    reason: "is for scandog; the profile is scanlogd-2",
  }]);
  assert.deepEqual(weighFaults("scanlogd-2", of("10.0.0.1=1"), { from: "default" }, numbers), []);
});

const CAPTURE = inRepository("testdata/cases/connect-nc/capture.pcap.gz");

Deno.test("replay --weigh 0 tells nothing of a target's ports, and of what it does not name all", async () => {
  const run = async (...weigh: string[]) => {
    const args = weigh.flatMap((text) => ["--weigh", text]);
    const { status, out, err } = await scandog([
      "replay",
      "--quiet",
      "--tz",
      "UTC",
      ...args,
      CAPTURE,
    ]);
    assert.equal(status, 0, err);
    return out;
  };
  const plain = await run();
  assert.match(plain, /SCAN 198\.51\.100\.7 -> 203\.0\.113\.10 vertical connect: 9 ports/);
  assert.equal(await run("203.0.113.10=0"), "");
  assert.equal(await run("203.0.113.10:1-65535=0"), "");
  assert.equal(
    await run("203.0.113.10:1-65535=0", "0.0.0.0/0=20"),
    "",
    "the first that fits counts",
  );
  assert.equal(await run("192.0.2.0/24=0", "203.0.113.10:1-19=0"), plain);
  // Seven ports below 1024 are enough: those below 50 have none of the 21 now.
  assert.match(
    await run("203.0.113.10:1-49=0"),
    / SCAN \S+ -> \S+ vertical connect: 37 ports 20-56 /,
  );
});

Deno.test("explain --weigh says which attempts have no weight by it, and whose reason that is", async () => {
  const args = ["explain", "--format", "json", "--source", "198.51.100.7", "--weigh"];
  const { status, out, err } = await scandog([...args, "203.0.113.10=0", CAPTURE]);
  assert.equal(status, 0, err);
  const explained = out.trim().split("\n").map((line) => JSON.parse(line).scandog.explain);
  const weightless = explained.filter(({ decision }) => decision === "target-rule");
  assert.ok(weightless.length > 20, `${weightless.length}`);
  for (const { witness } of weightless) assert.equal(witness, "user");
});

Deno.test("a weight that is wrong is refused before anything is read, and named", async () => {
  for (
    const [weigh, reason] of [
      ["10.0.0.1", /--weigh must be CIDR=N .*; got "10\.0\.0\.1"/],
      ["10.0.0.1=40", /--weigh must be below --scan-weight \(21\) .* got "10\.0\.0\.1\/32=40"/],
    ] as const
  ) {
    for (const command of ["replay", "explain", "report"]) {
      const { status, err } = await scandog([command, "--weigh", weigh, "nowhere.pcap"]);
      assert.equal(status, 2, command);
      assert.match(err, reason, command);
    }
  }
  const { status, err } = await scandog(
    ["replay", "--profile", "scanlogd-1", "--weigh", "10.0.0.1=1", "nowhere.pcap"],
  );
  assert.equal(status, 2);
  assert.match(err, /--weigh is for scandog; the profile is scanlogd-1/);
});
