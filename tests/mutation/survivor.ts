// A fault that no test can or need notice. Knows nothing of which there are.

export interface Survivor {
  path: string;
  /** The line as it is, without indentation, and the fault as `shown()` has it after the arrow. */
  before: string;
  after: string;
  reason: string;
}
