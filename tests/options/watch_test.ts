// What `scandog watch` says of its options before it opens anything. The rest takes root: see
// `tests/live`.

import assert from "node:assert/strict";
import { scandog } from "../support/scandog.ts";

const REFUSED: [args: string[], expected: RegExp][] = [
  [["-i", "lo", "-i", "lo"], /--interface names "lo" twice/],
  [["-i", "any", "-i", "lo"], /--interface any stands for all devices/],
  [["--live-ring-records", "5000"], /--live-ring-records must be a power of two/],
  [["--ring-records", "2048"], /there is no option --ring-records/],
  [["--quiet", "--verbose"], /--quiet and --verbose contradict/],
];

for (const [args, expected] of REFUSED) {
  Deno.test(`watch refuses ${args.join(" ")} with 2`, async () => {
    const { status, out, err } = await scandog(["watch", "--config", "/dev/null", ...args]);
    assert.match(err, expected);
    assert.deepEqual([status, out], [2, ""]);
  });
}
