// Runs the detector, with the options a user gets by default, over every capture with a known truth:
// the cases in testdata and, where the folder is there, the public captures. Prints what was missed,
// what was named wrongly, and the sums.
//
//   deno run --allow-read --allow-env tests/detect/scandog/evaluate.ts [--all] [--lab] [NAME...]

import { existsSync } from "node:fs";
import { type CaseResult, publicCaptures, runCase, testCases } from "./corpus.ts";

const names = Deno.args.filter((arg) => !arg.startsWith("--"));
const isVerbose = Deno.args.includes("--all") || names.length > 0;
const isLab = Deno.args.includes("--lab");
const cases = [...testCases(), ...(isLab ? [] : publicCaptures())]
  .filter(({ name }) => names.length === 0 || names.some((wanted) => name.includes(wanted)));

const sums = { scans: 0, found: 0, quiet: 0, silent: 0, innocent: 0, hostile: 0 };
for (const truth of cases) {
  if (!existsSync(truth.file)) continue;
  const result = runCase(truth);
  if (truth.label === "scan") {
    sums.scans++;
    if (result.missed.length === 0) sums.found++;
  } else if (truth.label === "benign") {
    sums.quiet++;
    if (result.named.length === 0) sums.silent++;
  }
  if (truth.label === "hostile") sums.hostile += Math.min(1, result.named.length);
  else sums.innocent += Math.min(1, result.innocent.length);
  const isWrong = result.missed.length > 0 || result.innocent.length > 0;
  if (isVerbose || isWrong) print(truth.label, truth.name, result);
}
console.log(
  `scans found ${sums.found}/${sums.scans}, quiet ${sums.silent}/${sums.quiet}, ` +
    `cases naming an innocent ${sums.innocent}, hostile captures with an alarm ${sums.hostile}`,
);

function print(label: string, name: string, { missed, innocent, lines }: CaseResult): void {
  const marks = [
    ...missed.map((address) => `missed ${address}`),
    ...innocent.map((address) => `innocent ${address}`),
  ];
  console.log(`${label} ${name}: ${marks.join(", ") || "right"}`);
  for (const line of lines) console.log(`    ${line}`);
}
