// How often a peer that listens on its one port may fail from it, before only a tool's socket explains that.

import assert from "node:assert/strict";
import type { Account } from "../../../../src/detect/scandog/account/account.ts";
import { PortClass } from "../../../../src/failure_class.ts";
import { Judged } from "../judged.ts";

const PEER = "198.51.100.7", PORT = 6881;

/** Refused SYNs, each of another host, until one counts as a raw socket's; after so many uses between PORT and PORT. */
function failuresUntilRaw(uses: number, usedPort = PORT): number {
  const classes: number[] = [];
  const account = new Proxy({}, {
    get: (_, name) => (...[, , , portClass]: number[]) =>
      void (name === "weighed" && classes.push(portClass)),
  }) as Account;
  const judged = new Judged({ memory: 4, account, failureRatio: 100 });
  const host = (i: number) => `203.${i >> 8}.${i & 255}.1`;
  // The source is known from two failures on.
  for (const i of [1, 2]) judged.take({ source: PEER, destination: host(i), sourcePort: 5000 + i });
  for (let i = 0; i < uses; i++) {
    judged.take({
      ...{ source: PEER, destination: host(100 + i), port: PORT, sourcePort: usedPort },
      ...{ outcome: "used", facts: ["open", "replied", "handshake"] },
    });
  }
  const before = classes.length;
  for (let i = 0; i < 400 && classes.at(-1) !== PortClass.RawSocket; i++) {
    judged.take({ source: PEER, destination: host(1000 + i), port: 40_000 + i, sourcePort: PORT });
  }
  return classes.length - before;
}

Deno.test("each use between a peer's ports explains sixteen failures from its port, 256 at most", () => {
  assert.deepEqual([1, 16, 17].map((uses) => failuresUntilRaw(uses)), [17, 257, 257]);
});

Deno.test("uses from another port than they go to explain none: no peer's socket made them", () => {
  assert.deepEqual([failuresUntilRaw(0), failuresUntilRaw(5, PORT + 1)], [2, 2]);
});
