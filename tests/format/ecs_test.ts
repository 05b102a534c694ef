// Every JSON field outside `scandog` against the published schema, for every sort of event.

import assert from "node:assert/strict";
import type { DetectorEvent, ScanEvent, Shape, Technique } from "../../src/event.ts";
import { ECS_VERSION as DECLARED } from "../../src/format/ecs.ts";
import { jsonLine } from "../../src/format/json.ts";
import { Kind } from "../../src/record.ts";
import {
  classicEvent,
  CONTEXT,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";
import { assertEcs, ECS_VERSION } from "./ecs_fields.ts";

function check(event: DetectorEvent): void {
  assertEcs(JSON.parse(jsonLine(event, CONTEXT)));
  // Shorter lines have fewer fields, and none of another kind.
  assertEcs(JSON.parse(jsonLine(event, CONTEXT, 1000)));
}

Deno.test("JSON has ECS names, types and allowed values for every sort of event", () => {
  assert.equal(DECLARED, ECS_VERSION);
  const actions = ["scan-start", "scan-update", "scan-end"] as const;
  for (const action of actions) check(scanEvent({ action }));
  for (const kind of Object.values(Kind)) {
    for (const ipVersion of [0, 4, 6] as const) check(scanEvent({ kind, ipVersion }));
  }
  check(scanEvent({ source: "2001:db8::1", destination: "::1" }));
  for (const direction of ["inbound", "outbound", "internal", "external"] as const) {
    check(scanEvent({ direction }));
  }
  check(scanEvent({ sourceMac: "00:00:5e:00:53:23", ports: { count: 1, list: "22" } }));
  check(classicEvent());
  check(suppressedEvent());
  check(visitEvent());
  check(visitEvent({ source: "2001:db8::1", destination: "::1", ipVersion: 6, match: "network" }));
  check(lossEvent());
  check(floodEvent());
  check(floodEvent({ phase: "end", kind: Kind.Icmp6, ipVersion: 6, destination: "::1" }));
  check(misuseEvent());
  check(misuseEvent({ kind: "decoy", by: undefined, ipVersion: 6, address: "::1" }));
});

function techniques(changes: Partial<ScanEvent>): string[] {
  const { technique } = JSON.parse(jsonLine(scanEvent(changes), CONTEXT)).threat;
  return [...technique.id, ...technique.subtechnique?.id ?? []];
}

Deno.test("ATT&CK: T1498.001 for floods, and T1499.001 for those by TCP", () => {
  const of = (...names: Technique[]) => {
    const { threat } = JSON.parse(jsonLine(floodEvent({ techniques: names }), CONTEXT));
    assert.deepEqual(threat.tactic, { id: ["TA0040"], name: ["Impact"] });
    return [...threat.technique.id, ...threat.technique.subtechnique.id];
  };
  for (const name of ["syn", "connect", "fin", "null", "xmas", "maimon", "ack"] as Technique[]) {
    assert.deepEqual(of(name), ["T1498", "T1499", "T1498.001", "T1499.001"], name);
  }
  for (const name of ["udp", "icmp-echo", "sctp-init"] as Technique[]) {
    assert.deepEqual(of(name), ["T1498", "T1498.001"], name);
  }
});

Deno.test("ATT&CK: T1046 for ports, T1018 for hosts, T1595.001 for blocks of addresses", () => {
  const of = (shape: Shape, ...names: Technique[]) => techniques({ shape, techniques: names });
  const probing: Technique[] = ["syn", "connect", "fin", "null", "xmas", "maimon", "ack", "udp"];
  for (const name of [...probing, "sctp-init", "ip-protocol"] as Technique[]) {
    assert.deepEqual(of("vertical", name), ["T1046"], name);
  }
  for (const name of ["icmp-echo", "icmp-timestamp", "icmp-mask", "arp"] as Technique[]) {
    assert.deepEqual(of("horizontal", name), ["T1018", "T1595", "T1595.001"], name);
  }
  assert.deepEqual(of("horizontal", "syn"), ["T1046", "T1595", "T1595.001"]);
  assert.deepEqual(of("block", "syn", "icmp-echo"), ["T1046", "T1018", "T1595", "T1595.001"]);
  assert.deepEqual(of("distributed", "syn"), ["T1046"]);
  assert.deepEqual(of("decoy", "syn"), ["T1046"]);
});
