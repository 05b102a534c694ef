// The libpcap of this machine, for tests that need one.

import { Libpcap } from "../../../src/pcap/mod.ts";
import { skipped } from "../../support/skip.ts";

/** Whether to skip the tests of `what`, because there is no libpcap here; says so. */
export function skippedWithoutLibpcap(what: string): boolean {
  try {
    new Libpcap();
    return false;
  } catch (error) {
    return skipped(what, (error as Error).message);
  }
}
