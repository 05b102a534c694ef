// Ports by what lives there, on both sides of each bound.

import assert from "node:assert/strict";
import {
  isEphemeral,
  isPrivileged,
  isReplyLike,
  isServicePort,
  isShortAnswer,
} from "../../../../src/detect/scandog/probe/classes.ts";

/** Services above 1023 as their registrations and documents have them. */
const SERVICES = "1194 OpenVPN, 1433 1434 SQL Server, 1701 L2TP, 1812 1813 RADIUS, 1883 MQTT, " +
  "1900 SSDP, 2049 NFS, 3074 Xbox, 3128 Squid, 3306 MySQL, 3389 RDP, 3478 3479 5349 19302 STUN, " +
  "3702 WS-Discovery, 4500 IPsec, 5060 5061 SIP, 5222 XMPP, 5228 push, 5351 5353 5355 mDNS and kin, " +
  "5432 PostgreSQL, 5683 CoAP, 6379 Redis, 6443 Kubernetes, 6881 BitTorrent, 8000 8008 8080 8443 " +
  "8444 8888 9000 9090 web, 9200 Elasticsearch, 11211 memcached, 27017 MongoDB, 51820 WireGuard";

Deno.test("isServicePort() has every port below 1024 but 0, and those of well-known services", () => {
  const above = (SERVICES.match(/\b\d+\b/g) ?? []).map(Number).sort((a, b) => a - b);
  assert.equal(above.length, 43);
  const found = Array.from({ length: 65536 }, (_, port) => port).filter(isServicePort);
  assert.deepEqual(found.slice(0, 1023), Array.from({ length: 1023 }, (_, i) => i + 1));
  assert.deepEqual(found.slice(1023), above);
});

Deno.test("isPrivileged() ends at 1023, isEphemeral() begins at 32768", () => {
  assert.deepEqual([0, 1023, 1024].map(isPrivileged), [true, true, false]);
  assert.deepEqual([32767, 32768, 65535].map(isEphemeral), [false, true, true]);
});

Deno.test("isReplyLike() wants what services send to where clients' ports come from", () => {
  for (
    const [source, destination, isReply] of [
      [53, 1023, false],
      [53, 1024, true],
      [3306, 5000, true],
      [3307, 32767, false],
      [3307, 32768, true],
      [32767, 32768, true],
      [32768, 32768, false],
      [51820, 40000, true],
      [0, 5000, false],
    ] as const
  ) assert.equal(isReplyLike(source, destination), isReply, `${source} to ${destination}`);
});

Deno.test("isShortAnswer() holds below the header of DNS and its kin, and of no other service", () => {
  for (const service of [53, 123, 137, 443, 5353, 5355]) {
    assert.ok(isShortAnswer(service, 0) && isShortAnswer(service, 11), `${service}`);
    assert.ok(!isShortAnswer(service, 12), `${service}`);
  }
  // Empty datagrams keep a way through NATs open (RFC 6223 section 1), and nothing is known of others.
  for (const service of [5060, 4500, 40000]) assert.ok(!isShortAnswer(service, 0), `${service}`);
});
