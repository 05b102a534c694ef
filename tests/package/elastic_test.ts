// What collectors are given for the lines: every field under `scandog` is mapped, as what it is, and every value of a
// real line fits its mapping.

import assert from "node:assert/strict";
import { isIP } from "node:net";
import { componentTemplate, ELASTIC_FILE } from "../../.github/build/elastic.ts";
import type { DetectorEvent } from "../../src/event.ts";
import { jsonLine } from "../../src/format/json.ts";
import {
  CONTEXT,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  visitEvent,
} from "../support/events.ts";
import { inRepository } from "../support/paths.ts";

Deno.test("the component template is made from the schema: else deno task elastic", async () => {
  assert.equal(await Deno.readTextFile(inRepository(ELASTIC_FILE)), componentTemplate());
});

interface Mapping {
  type?: string;
  properties?: Record<string, Mapping>;
}

const FITS: Record<string, (value: unknown) => boolean> = {
  keyword: (value) => typeof value === "string",
  long: Number.isSafeInteger,
  double: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  ip: (value) => isIP(`${value}`) !== 0,
  date: (value) => !Number.isNaN(Date.parse(`${value}`)),
};

/** As Elasticsearch takes a document: objects where there are properties, values or lists of them elsewhere. */
function assertMapped(value: unknown, mapping: Mapping | undefined, path: string): void {
  assert.ok(mapping !== undefined, `${path} is not mapped`);
  if (Array.isArray(value)) return value.forEach((each) => assertMapped(each, mapping, path));
  if (mapping.properties === undefined) return assert.ok(FITS[mapping.type!](value), path);
  assert.equal(typeof value, "object", path);
  for (const [name, inner] of Object.entries(value as object)) {
    assertMapped(inner, mapping.properties[name], `${path}.${name}`);
  }
}

Deno.test("every sort of line fits the mappings of the component template", () => {
  const { template } = JSON.parse(componentTemplate());
  const events: DetectorEvent[] = [
    scanEvent({ known: { name: "a", network: "10.0.0.0/8" }, zombie: ["counts up"] }),
    ...[visitEvent(), misuseEvent(), lossEvent(), suppressedEvent()],
  ];
  for (const event of events) {
    const { scandog } = JSON.parse(jsonLine(event, CONTEXT));
    assertMapped(scandog, template.mappings.properties.scandog, "scandog");
  }
  assert.throws(() => assertMapped({ shape: { a: 1 } }, template.mappings.properties.scandog, ""));
});
