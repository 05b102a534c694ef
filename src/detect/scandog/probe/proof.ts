// What speaks for a source's address being its own, or against it. Bits of what `Subjects.proof` keeps.

export const Proof = {
  /** It answered a SYN-ACK with the RST that only its receiver can send. */
  Reset: 1,
  /** It acknowledged the responder's own sequence number. */
  Handshake: 2,
  /**
   * It broke off what it had begun, but the SYN-ACK was not seen, so that the number proves nothing; or it
   * refused the answer to its datagram.
   */
  Likely: 4,
  /**
   * What speaks against it: a router knows no way to it, or its host, which would refuse what it did not
   * ask for, let a SYN-ACK be repeated.
   */
  Absent: 8,
  /** As `Reset`, but it may not be of who sent the SYN: see `Mark.OddReset`. Of several sources it chooses none. */
  OddReset: 16,
} as const;

/** True for bits that prove the address: it is the real one, whoever forges the others. */
export function isProved(proof: number): boolean {
  return (proof & (Proof.Reset | Proof.Handshake)) !== 0;
}
