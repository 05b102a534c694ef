// Runs a capture, or made traffic, through the explainer, for tests.

import type { Explanation, SourceAccount } from "../../../../src/account.ts";
import { parsePrefix } from "../../../../src/address.ts";
import type { DetectorEvent, ScanEvent } from "../../../../src/event.ts";
import { Explainer } from "../../../../src/detect/scandog/explain/explainer.ts";
import { type ScandogOptions, scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { runCapture } from "../../../support/run_capture.ts";

export interface Explained {
  explanation: Explanation;
  events: DetectorEvent[];
}

/** Explains a capture file, or its bytes. `only`: as `--source`. */
export function explain(
  capture: string | Uint8Array,
  only: string[] = [],
  options: Partial<ScandogOptions> = {},
): Explained {
  let explainer: Explainer | undefined;
  const asked = {
    only: only.map((text) => parsePrefix(text)!),
    listMax: only.length > 0 ? 1000 : 0,
  };
  const { events } = runCapture(
    capture,
    (records, emit) => explainer = new Explainer(records, scandogOptions(options), asked, emit),
  );
  return { explanation: explainer!.explanation(), events };
}

/** The account of one source; it must be there. */
export function accountOf({ explanation }: Explained, source: string): SourceAccount {
  const account = explanation.sources.find((account) => account.source === source);
  if (account === undefined) throw new Error(`There is no account of ${source}`);
  return account;
}

/** Events of scans with this action. */
export function scansOf(events: DetectorEvent[], action: ScanEvent["action"]): ScanEvent[] {
  return events.filter((event): event is ScanEvent => event.action === action);
}
