import { equal, notEqual } from "node:assert/strict";
import { fnv1a } from "../src/text_hash.ts";

/** Of the published test vectors of FNV-1a, 32 bits. */
const VECTORS: [string, number][] = [
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
];

Deno.test("fnv1a() gives the published values", () => {
  for (const [text, value] of VECTORS) equal(fnv1a(text) >>> 0, value, text);
});

Deno.test("fnv1a() from another start is another hash", () => {
  notEqual(fnv1a("foobar", 0x9e3779b9), fnv1a("foobar"));
});
