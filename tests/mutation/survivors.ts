// Faults that no test can or need notice, each with the reason. They are left out of the count; one that is
// no longer in the sources fails tests/mutation/mutants_test.ts.

export interface Survivor {
  path: string;
  /** The line as it is, without indentation, and the fault as `shown()` has it after the arrow. */
  before: string;
  after: string;
  reason: string;
}

export const SURVIVORS: Survivor[] = [];
