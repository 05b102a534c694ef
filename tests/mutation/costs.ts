// What each test takes on a processor when nothing is wrong. Measured once, and again when its file changed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { inRepository } from "../support/paths.ts";
import type { Costly, Planned } from "./plan.ts";
import type { Ran } from "./run_plan.ts";

function textHash(file: string): string {
  return createHash("sha256").update(Deno.readTextFileSync(inRepository(file))).digest("hex");
}

export class Costs {
  private readonly known: Record<string, { text: string; costs: Costly[] }>;

  /** Goes on with what another run has kept. */
  constructor(from?: string) {
    this.known = from === undefined ? {} : JSON.parse(Deno.readTextFileSync(from));
  }

  /** The tests of these files. Throws where one fails without any fault. */
  async of(files: readonly string[], run: (plan: Planned[]) => Promise<Ran>): Promise<Costly[]> {
    const fresh = files.filter((file) => this.known[file]?.text !== textHash(file));
    if (fresh.length > 0) {
      const { passed, costs, said } = await run(fresh.map((file) => ({ file })));
      assert.ok(passed, `tests fail without any fault: ${said}`);
      for (const file of fresh) {
        this.known[file] = {
          text: textHash(file),
          costs: costs.filter((one) => one.file === file),
        };
      }
    }
    return files.flatMap((file) => this.known[file].costs);
  }

  save(to: string): void {
    Deno.writeTextFileSync(to, JSON.stringify(this.known));
  }
}
