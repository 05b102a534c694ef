// Rows for tests of the state file, and the bytes of damaged ones.

import { parseAddress } from "../../src/address.ts";
import type { StateRow } from "../../src/state/state_file.ts";

export const NOW_US = 1_795_308_723_789_474;

export function stateRow(changes: Partial<StateRow> = {}): StateRow {
  return {
    scanner: parseAddress("198.51.100.7")!,
    target: parseAddress("2001:db8::10")!,
    key: 1 << 16 | 8080,
    scan: 4_294_967_295,
    run: 4_000_000_001,
    state: 0x703,
    startUs: NOW_US - 5,
    foundUs: NOW_US,
    triedUs: NOW_US + 7,
    visitors: new Int32Array([-1, 2_147_483_647, 0]),
    ...changes,
  };
}

/** Runs `use` with a folder of its own. */
export async function withFolder(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-state-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
