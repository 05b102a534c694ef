// The JSON Schema of a line, ready to hold lines against.

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import schema from "../../src/format/event.schema.json" with { type: "json" };

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
});
// The package is CommonJS: what it exports is inside what is imported.
(addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);
const validate = ajv.compile(schema);

/** Fails unless the text is one whole object as the schema has it. Gives the object. */
// deno-lint-ignore no-explicit-any
export function assertLine(text: string): any {
  const line = JSON.parse(text);
  const faults = validate(line) ? [] : validate.errors ?? [];
  assert.deepEqual(
    faults.map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`
    ),
    [],
    text.slice(0, 3000),
  );
  return line;
}
