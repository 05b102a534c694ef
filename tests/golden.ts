// `deno task golden [NAME...]`: writes anew what scandog's own profile says of the golden cases, or of
// those whose name begins so. What the real scanlogd said of them is not touched: `deno task testdata`
// records that. Look at the difference before you commit it.

import {
  captureOf,
  caseNames,
  readExpected,
  replayLines,
  writeExpected,
} from "./support/expected.ts";

if (import.meta.main) {
  const wanted = caseNames().filter((name) =>
    Deno.args.length === 0 || Deno.args.some((start) => name.startsWith(start))
  );
  let changed = 0;
  for (const name of wanted) {
    const scandog = await replayLines(captureOf(name), "scandog");
    if (writeExpected(name, { ...readExpected(name), scandog })) changed++;
  }
  console.log(`${wanted.length} cases, ${changed} of them changed`);
  if (wanted.length === 0) Deno.exit(1);
}
