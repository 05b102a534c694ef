// The two ways in which a command does not do what was asked, by exit status. Knows no command.

/** Exit statuses of the program; any signal that it handles ends in `Done`. */
export const Exit = {
  Done: 0,
  CannotRun: 1,
  BadUsage: 2,
  /** `--expect` or `--fail-on-scan` was not met. */
  Unmet: 3,
} as const;

/** What was asked makes no sense: every reason at once, each one line. Exit status 2. */
export class BadUsage extends Error {
  override name = "BadUsage";

  constructor(readonly faults: string[]) {
    super(faults.join("\n"));
  }
}

/** The place we run in does not allow it: one line naming the object and the remedy. Status 1. */
export class CannotRun extends Error {
  override name = "CannotRun";
}
