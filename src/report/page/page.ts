// The report as one self-contained page of HTML: no network, no style but its own, a policy that
// forbids everything else. It reads without its script, which only sorts tables. The same input gives
// the same bytes.

import { grouped } from "../../format/figures.ts";
import type { ReportInput } from "../input.ts";
import { missingSentences } from "../missing.ts";
import { TimeScale } from "../picture/scale.ts";
import { escaped, SHAPES } from "../picture/svg.ts";
import { headline } from "../words.ts";
import { narrowLabels, section } from "./parts.ts";
import { first, head, ports, tiles, tried, went, when } from "./sections.ts";
import { SORT_SCRIPT } from "./sort_script.ts";
import { STYLE } from "./style.ts";
import * as tables from "./tables.ts";

/** SHA-256 in base 64, for the page's policy. This room has no digests of its own. */
export type Digest = (text: string) => string;

export function page(input: ReportInput, digest: Digest): string {
  const style = STYLE + "@media (max-width:720px){" +
    narrowLabels("sources-table", tables.SOURCE_COLUMNS) +
    narrowLabels("targets-table", tables.targetColumns(input)) +
    narrowLabels("visits-table", tables.VISIT_COLUMNS) + "}\n";
  const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; " +
    `style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(SORT_SCRIPT)}'`;
  const title = escaped(headline(input));
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${style}</style></head>`,
    `<body>${SHAPES}<main>`,
    body(input),
    `</main><script>${SORT_SCRIPT}</script></body></html>`,
    "",
  ].join("\n");
}

function body(input: ReportInput): string {
  const { story, zone } = input;
  const scale = new TimeScale(story.span ?? { startUs: 0, endUs: 0 }, zone);
  return [
    `<header>${head(input)}${tiles(story)}</header>`,
    first(input),
    when(input, scale),
    tried(input, scale),
    went(input),
    ports(input),
    tables.sources(input),
    tables.targets(input),
    tables.visits(input),
    tables.misuse(story),
    tables.floods(story),
    missing(input),
    how(input),
  ].filter((part) => part !== "").join("\n");
}

function missing(input: ReportInput): string {
  const items = missingSentences(input).map((sentence) => `<li>${escaped(sentence)}</li>`);
  return section("missing", "What may be missing", `<ul>${items.join("\n")}</ul>`);
}

const FILES_MAX = 100;

function how({ made, story, zoneName }: ReportInput): string {
  const files = made.files.slice(0, FILES_MAX).map(({ name, bytes, sha256 }) =>
    `<li>${escaped(name)}` +
    (bytes === undefined ? "" : `, ${grouped(bytes)} bytes`) +
    (sha256 === undefined ? "" : `, SHA-256 <code>${escaped(sha256)}</code>`) + "</li>"
  );
  if (made.files.length > FILES_MAX) {
    files.push(`<li>and ${made.files.length - FILES_MAX} more</li>`);
  }
  const options = made.options.length === 0
    ? "defaults"
    : made.options.map(({ name, value }) => `<code>${escaped(`--${name} ${value}`)}</code>`).join(
      " ",
    );
  const rows = [
    ["program", `scandog ${escaped(made.version)}`],
    ["options", options],
    ["times", escaped(zoneName)],
    ["sensors", escaped(story.observers.join(", ") || "not named")],
    [
      "read",
      `${grouped(made.amount)} ${
        made.from === "captures" ? "packets of captures" : "lines of event logs"
      }`,
    ],
    ["files", `<ul>${files.join("\n")}</ul>`],
  ];
  return section(
    "made",
    "How this was made",
    `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("\n")}</dl>`,
  );
}
