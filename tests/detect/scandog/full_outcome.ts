// What an attempt looked like, each field with a value of its own: a field that is lost or mistaken for another shows.

import type { AttemptOutcome } from "../../../src/outcome.ts";

export const FULL_LOOK = {
  target: "tcp",
  port: 8080,
  sourcePort: 40_000,
  outcome: "refused",
  witness: "target",
  techniques: ["syn"],
  facts: ["closed"],
  packets: 4,
  replyBytes: 0xffffffff,
  interface: 3,
  ttl: 57,
  trafficClass: 0xb8,
  tcpFlags: 2,
  ipVersion: 4,
  window: 65_535,
  ipId: 54_321,
  size: 1460,
  options: "windows",
  dontFragment: true,
  sequence: 0xdeadbeef,
  acknowledgement: 0xcafebabe,
  signature: 0xfffffffe,
} satisfies Partial<AttemptOutcome>;
