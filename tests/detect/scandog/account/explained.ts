// Runs a capture, or made traffic, through the explainer, for tests.

import type { Explanation, SourceAccount } from "../../../../src/account.ts";
import { parsePrefix } from "../../../../src/address.ts";
import type { DetectorEvent, ScanEvent } from "../../../../src/event.ts";
import { KeptAccount } from "../../../../src/detect/scandog/account/kept_account.ts";
import { Explainer } from "../../../../src/detect/scandog/account/explainer.ts";
import { type ScandogOptions, scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { runCapture } from "../../../support/run_capture.ts";
import { Traffic } from "../traffic.ts";

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

/** Made traffic with an account beside the detector; every attempt is listed. */
export class Questioned extends Traffic {
  readonly notes: KeptAccount;

  constructor(options: Partial<ScandogOptions> = {}, stepUs?: number, listMax = 1000) {
    const notes = new KeptAccount({ only: EVERYBODY, listMax });
    super({ ...options, account: notes }, stepUs);
    this.notes = notes;
  }

  /** Ends the capture; what is said of all sources. */
  explanation(): Explanation {
    this.detector.finish();
    return { ...this.notes.explanation(), absent: [], floods: [] };
  }

  /** Ends the capture; what is said of one source. */
  account(source: string): SourceAccount {
    return accountOf({ explanation: this.explanation(), events: this.events }, source);
  }
}

const EVERYBODY = ["0.0.0.0/0", "::/0"].map((text) => parsePrefix(text)!);
