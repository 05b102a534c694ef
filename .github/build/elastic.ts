// `deno task elastic`: Elasticsearch's mappings of everything under `scandog`, made from the JSON Schema of the
// lines, so that the two cannot come apart. What ECS has a name for is in Elastic's own ecs@mappings.

import schema from "../../src/format/event.schema.json" with { type: "json" };

export const ELASTIC_FILE = ".github/package/elastic/scandog@mappings.json";

interface Node {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  anyOf?: { format?: string }[];
  items?: Node;
  properties?: Record<string, Node>;
}

type Mapping = { type: string } | { properties: Record<string, Mapping> };

const DEFINITIONS = schema.$defs as unknown as Record<string, Node>;

/** The names of definitions that have a type of their own in Elasticsearch. */
const BY_NAME: Record<string, string> = { time: "date", address: "ip" };

function mapping(node: Node): Mapping {
  if (node.$ref !== undefined) {
    const name = node.$ref.replace("#/$defs/", "");
    return name in BY_NAME ? { type: BY_NAME[name] } : mapping(DEFINITIONS[name]);
  }
  // A list is mapped as what is in it.
  if (node.type === "array") return mapping(node.items!);
  if (node.properties !== undefined) return { properties: mapped(node.properties) };
  if (node.type === "integer") return { type: "long" };
  if (node.type === "number") return { type: "double" };
  if (node.type === "boolean" || node.const === true) return { type: "boolean" };
  return { type: "keyword" };
}

function mapped(properties: Record<string, Node>): Record<string, Mapping> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, node]) => [name, mapping(node)]),
  );
}

/** The component template, as the file has it. */
export function componentTemplate(): string {
  const scandog = schema.properties.scandog as unknown as Node;
  const template = {
    template: { mappings: { properties: { scandog: mapping(scandog) } } },
    _meta: {
      description: "Fields of scandog's --format json that ECS has no name for; to be used with ecs@mappings.",
    },
  };
  return JSON.stringify(template, null, 2) + "\n";
}

if (import.meta.main) {
  Deno.writeTextFileSync(new URL(`../../${ELASTIC_FILE}`, import.meta.url), componentTemplate());
}
