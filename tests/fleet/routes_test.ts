// The ways to servers, as they are found at start.

import assert from "node:assert/strict";
import { routesTo } from "../../src/fleet/routes.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { BOUNDS } from "./publishing.ts";

const server = (hostname: string) => ({ tls: false, hostname, port: 4222 });

Deno.test("routesTo() goes to a server by its name, then by each address that the name leads to", async () => {
  const said: string[] = [];
  const notice = (text: string) => void said.push(text);
  const routes = await routesTo(
    [server("localhost"), server("192.0.2.1")],
    { bounds: BOUNDS },
    notice,
  );
  const hosts = routes.map(({ host }) => host);
  assert.equal(hosts[0], "localhost");
  assert.ok(hosts.includes("127.0.0.1") || hosts.includes("::1"), hosts.join());
  assert.equal(hosts.at(-1), "192.0.2.1");
  // Whatever it is reached by, it is the name that its certificate must have.
  for (const { host, server: { hostname } } of routes.slice(0, -1)) {
    assert.equal(hostname, "localhost", host);
  }
  assert.deepEqual(said, []);
});

Deno.test("routesTo() does without a name that cannot be found, unless there is no other", async () => {
  const said: string[] = [];
  const notice = (text: string) => void said.push(text);
  const gone = server("name.invalid"), there = server("192.0.2.1");
  const routes = await routesTo([gone, there], { bounds: BOUNDS }, notice);
  assert.deepEqual(routes.map(({ host }) => host), ["192.0.2.1"]);
  assert.match(
    said[0],
    /^nats:\/\/name\.invalid:4222 is left out: Cannot find the host name\.invalid/,
  );
  await assert.rejects(() => routesTo([gone], { bounds: BOUNDS }, notice), SystemError);
});
