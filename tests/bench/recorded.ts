// What the benchmarks of idling, memory and start measured last, kept beside them for README.md. Each writes its own part
// with --record; nothing here measures.

import { inRepository } from "../support/paths.ts";

const FILE = inRepository("tests/bench/recorded.json");

export interface Recorded {
  /** `bench-idle`: of each second in which nothing came. */
  idle: { of: string; mib: number; cpuMs: number; wakeUps: number };
  /** `bench-memory`: after so many SYNs, each from another source. */
  flood: { of: string; packets: number; mib: number };
  /** `bench-start`: whole processes on one small capture, medians. */
  start: { of: string; replayMs: number; classicMs: number };
}

export function recorded(): Recorded {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

/** Which program was measured: what the binary says it is. Throws where sources were, as README.md is of a binary. */
function measured(): string {
  const binary = Deno.env.get("SCANDOG_BINARY");
  if (binary === undefined) throw new Error("--record is for a binary: SCANDOG_BINARY names it");
  const { stdout } = new Deno.Command(binary, { args: ["--version"] }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

/** Replaces one part by what was measured now, to three digits. */
export function record<K extends keyof Recorded>(part: K, figures: Omit<Recorded[K], "of">): void {
  const rounded = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(Number(value).toPrecision(3))]),
  );
  const all = { ...recorded(), [part]: { of: measured(), ...rounded } };
  Deno.writeTextFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}

/** The sentence in README.md. */
export function costSentence({ idle, flood, start }: Recorded): string {
  return `A \`watch\` that nothing\ncomes to takes ${idle.mib.toFixed(0)} MiB, ` +
    `${idle.cpuMs.toFixed(1)} ms of a processor and ${
      idle.wakeUps.toFixed(0)
    } wake-ups a second, ` +
    `and ${flood.mib.toFixed(0)} MiB after ${
      (flood.packets / 1e6).toFixed(0)
    } million forged sources;\n` +
    `a small capture ${start.replayMs.toFixed(0)} ms, ${
      start.classicMs.toFixed(0)
    } as scanlogd-2 ` +
    `(\`bench-idle\`, \`bench-memory\`, \`bench-start\`).`;
}
