// What is said of credentials before they are used.

import assert from "node:assert/strict";
import { exposedPassword } from "../../src/command/fleet/credentials.ts";
import type { Identity } from "../../src/fleet/nats_credentials.ts";

const PASSWORD: Identity = { kind: "password", user: "u", password: "s3cret" };
const server = (hostname: string, tls = false) => ({ tls, hostname, port: 4222 });

Deno.test("exposedPassword() speaks of a password that leaves the machine unencrypted, and of nothing else", () => {
  const text = exposedPassword(PASSWORD, [server("192.0.2.1", true), server("nats.example")])!;
  assert.match(text, /the password goes to nats:\/\/nats\.example:4222 for everybody/);
  assert.ok(!text.includes("s3cret"));
  for (const hostname of ["localhost", "127.0.0.1", "127.8.7.6", "::1"]) {
    assert.equal(exposedPassword(PASSWORD, [server(hostname)]), undefined, hostname);
  }
  // A name may begin as an address does.
  assert.ok(exposedPassword(PASSWORD, [server("127.example")]));
  assert.equal(exposedPassword(PASSWORD, [server("nats.example", true)]), undefined);
  assert.equal(exposedPassword({ kind: "nkey", seed: "SU" }, [server("nats.example")]), undefined);
  assert.equal(exposedPassword(undefined, [server("nats.example")]), undefined);
});
