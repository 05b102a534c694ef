// The pace at which kernels repeat an ARP request. Knows milliseconds.

/** No kernel asks again sooner: it waits a second. */
export const KERNEL_AGAIN_MS = 900;
/** A kernel's timers come this late, not more. */
const LATE_MS = 60;
/** Or this much early, by the clock of the capture. */
const EARLY_MS = 20;

/**
 * Between two of a kernel's three requests. What seems to be asked once, this near to the begin or the end
 * of a capture, may be the last of three, or the first.
 */
export const KERNEL_PAUSE_MS = 1100;

/** True for the time between a kernel's first ARP request and its second or third. */
export function isKernelsPause(ms: number): boolean {
  const late = ms % 1000;
  return ms > KERNEL_AGAIN_MS && ms < 3200 && (late <= LATE_MS || late >= 1000 - EARLY_MS);
}
