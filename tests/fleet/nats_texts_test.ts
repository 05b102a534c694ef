// Addresses of servers and credentials as people write them: what is meant is understood, and no secret is said again.

import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { CREDENTIALS_BYTES_MAX, parseCredentials } from "../../src/fleet/nats_credentials.ts";
import { hostPort, parseServers, serverText } from "../../src/fleet/nats_server.ts";

Deno.test("parseServers() reads names and addresses, with the usual port where there is none", () => {
  const texts = ["nats://nats.example", "tls://192.0.2.1:4333", " nats://[2001:db8::1]:1/ "];
  const servers = parseServers(texts);
  assert.deepEqual(servers, [
    { tls: false, hostname: "nats.example", port: 4222 },
    { tls: true, hostname: "192.0.2.1", port: 4333 },
    { tls: false, hostname: "2001:db8::1", port: 1 },
  ]);
  assert.ok(typeof servers !== "string");
  const again = servers.map(serverText);
  assert.deepEqual(again[2], "nats://[2001:db8::1]:1");
  assert.deepEqual(parseServers(again), servers);
  assert.equal(hostPort("2001:db8::1", 4222), "[2001:db8::1]:4222");
});

Deno.test("parseServers() refuses what is no address of a server, and says what one looks like", () => {
  for (
    const text of [
      "",
      "nats.example",
      "http://nats.example",
      "nats://",
      "nats://a b",
      "nats://host:0",
      "nats://host:65536",
      "nats://host/path",
      "nats://host?x",
      "nats://10.0.0",
      "nats://1.2.3.256",
      "nats://[::g]",
      "ws://host",
    ]
  ) {
    const reason = parseServers([text]);
    assert.equal(reason, "nats://HOST:PORT or tls://HOST:PORT, several with commas", text);
  }
  assert.equal(parseServers(Array(17).fill("nats://a")), "at most 16 servers");
});

Deno.test("parseServers() takes no password, and does not say it again", () => {
  const reason = parseServers(["nats://web1:s3cret@host"]);
  assert.ok(typeof reason === "string");
  assert.match(reason, /--publish-credentials/);
  assert.ok(!reason.includes("s3cret"));
});

Deno.test("parseCredentials() tells an nkey seed, credentials of nsc and a password by their looks", () => {
  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  assert.deepEqual(parseCredentials(`# web1\n${seed}\n`), { kind: "nkey", seed });
  assert.deepEqual(parseCredentials("web1:a:b \r\n"), {
    kind: "password",
    user: "web1",
    password: "a:b",
  });
  const creds =
    `-----BEGIN NATS USER JWT-----\neyJ0eXAi.eyJq.c2ln-_\n------END NATS USER JWT------\n
************************* IMPORTANT *************************
-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n\n***\n`;
  assert.deepEqual(parseCredentials(creds), { kind: "creds", text: creds });
  assert.equal(
    parseCredentials(creds.replace(seed, "SUxx")),
    "it begins as a credentials file, and is none",
  );
});

Deno.test("parseCredentials() says what the file must hold, and nothing of what it holds", () => {
  for (const text of ["", "s3cret", "a:s3cret\nb:s3cret", ":s3cret", "SUs3cret", "{s3cret}"]) {
    const reason = parseCredentials(text);
    assert.ok(typeof reason === "string", text);
    assert.match(reason, /USER:PASSWORD on one line/);
    assert.ok(!reason.includes("s3cret"));
  }
  assert.match(parseCredentials("x".repeat(CREDENTIALS_BYTES_MAX + 1)) as string, /too long/);
});
