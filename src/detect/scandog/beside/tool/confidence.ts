// From rare traits to confidence. Knows bits and nothing else.
//
// Bayes: before a look at the probes, 2^PRIOR other programs are as likely as the one in question.
// Each bit of evidence halves them. However much there is, who knows the traits can imitate them.

/** Everything that probes: scanners by the dozen, their forks, scripts, malware. */
const PRIOR_BITS = 7;
/** Rather nothing is said than something that is not sure. */
const CLAIMED_MIN = 0.9;
const CONFIDENCE_MAX = 0.99;

/** From 0 to 0.99, in hundredths; 0 when too little to be said. */
export function confidenceOf(bits: number): number {
  const confidence = Math.floor(100 / (1 + 2 ** (PRIOR_BITS - bits))) / 100;
  if (confidence < CLAIMED_MIN) return 0;
  return Math.min(CONFIDENCE_MAX, confidence);
}
