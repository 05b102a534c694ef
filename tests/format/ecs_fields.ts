// The part of the Elastic Common Schema that a network sensor could use: published names with their
// types and, where the schema lists them, the values allowed (generated/csv/fields.csv and the field
// reference of version 8.11). Not all names: those that our lines may come to have.

import assert from "node:assert/strict";
import { isIP } from "node:net";

export const ECS_VERSION = "8.11.0";

export interface EcsField {
  type: "date" | "keyword" | "long" | "ip" | "text";
  isArray?: true;
  allowed?: string[];
}

export const ECS_FIELDS: Record<string, EcsField> = {
  "@timestamp": { type: "date" },
  message: { type: "text" },
  "ecs.version": { type: "keyword" },
  "event.action": { type: "keyword" },
  "event.category": {
    type: "keyword",
    isArray: true,
    allowed: [
      ...["api", "authentication", "configuration", "database", "driver", "email", "file", "host"],
      ...["iam", "intrusion_detection", "library", "malware", "network", "package", "process"],
      ...["registry", "session", "threat", "vulnerability", "web"],
    ],
  },
  "event.code": { type: "keyword" },
  "event.created": { type: "date" },
  "event.dataset": { type: "keyword" },
  "event.duration": { type: "long" },
  "event.end": { type: "date" },
  "event.id": { type: "keyword" },
  "event.ingested": { type: "date" },
  "event.kind": {
    type: "keyword",
    allowed: [
      ...["alert", "asset", "enrichment", "event", "metric", "pipeline_error", "signal", "state"],
    ],
  },
  "event.module": { type: "keyword" },
  "event.outcome": { type: "keyword", allowed: ["failure", "success", "unknown"] },
  "event.reason": { type: "keyword" },
  "event.severity": { type: "long" },
  "event.start": { type: "date" },
  "event.type": {
    type: "keyword",
    isArray: true,
    allowed: [
      ...["access", "admin", "allowed", "change", "connection", "creation", "deletion", "denied"],
      ...["device", "end", "error", "group", "indicator", "info", "installation", "protocol"],
      ...["start", "user"],
    ],
  },
  "destination.address": { type: "keyword" },
  "destination.bytes": { type: "long" },
  "destination.ip": { type: "ip" },
  "destination.packets": { type: "long" },
  "destination.port": { type: "long" },
  "network.bytes": { type: "long" },
  "network.direction": {
    type: "keyword",
    allowed: [
      ...["ingress", "egress", "inbound", "outbound", "internal", "external", "unknown"],
    ],
  },
  "network.iana_number": { type: "keyword" },
  "network.packets": { type: "long" },
  "network.transport": { type: "keyword" },
  "network.type": { type: "keyword" },
  "observer.hostname": { type: "keyword" },
  "observer.ingress.interface.id": { type: "keyword" },
  "observer.ingress.interface.name": { type: "keyword" },
  "observer.name": { type: "keyword" },
  "observer.product": { type: "keyword" },
  "observer.type": { type: "keyword" },
  "observer.vendor": { type: "keyword" },
  "observer.version": { type: "keyword" },
  "related.ip": { type: "ip", isArray: true },
  "rule.name": { type: "keyword" },
  "rule.ruleset": { type: "keyword" },
  "source.address": { type: "keyword" },
  "source.bytes": { type: "long" },
  "source.mac": { type: "keyword" },
  "source.ip": { type: "ip" },
  "source.packets": { type: "long" },
  "source.port": { type: "long" },
  "threat.framework": { type: "keyword" },
  "threat.tactic.id": { type: "keyword", isArray: true },
  "threat.tactic.name": { type: "keyword", isArray: true },
  "threat.technique.id": { type: "keyword", isArray: true },
  "threat.technique.name": { type: "keyword", isArray: true },
  "threat.technique.subtechnique.id": { type: "keyword", isArray: true },
  "threat.technique.subtechnique.name": { type: "keyword", isArray: true },
};

type Value = string | number | boolean | Value[] | { [key: string]: Value };

/** Leaves as `[dotted.name, value]`; an array is one leaf. */
function leaves(value: Value, name = ""): [string, Value][] {
  if (typeof value !== "object" || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, name === "" ? key : `${name}.${key}`)
  );
}

/** Fails unless everything of a line that is not under `scandog` is a field of the schema, of its type. */
export function assertEcs(line: Value): void {
  for (const [name, value] of leaves(line)) {
    if (name.startsWith("scandog.")) continue;
    const field = ECS_FIELDS[name];
    assert.ok(field !== undefined, `${name} is no ECS field`);
    assert.equal(Array.isArray(value), field.isArray === true, name);
    for (const each of [value].flat()) {
      if (field.type === "long") assert.ok(Number.isSafeInteger(each), name);
      else assert.equal(typeof each, "string", name);
      if (field.type === "ip") assert.notEqual(isIP(`${each}`), 0, name);
      if (field.type === "date") {
        assert.match(`${each}`, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, name);
      }
      if (name.endsWith(".mac")) assert.match(`${each}`, /^([0-9A-F]{2}-){5}[0-9A-F]{2}$/, name);
      assert.ok(field.allowed?.includes(`${each}`) ?? true, `${name}: ${each}`);
    }
  }
}
