import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { extractSource } from "./article.ts";

const SOURCE = "int main(void)\n{\n\treturn 0;\n}\n";
const DIGEST = createHash("sha256").update(SOURCE).digest("hex");
const article = (source: string) =>
  `An article.\n\n<++> Scanlogd/scanlogd.c\n${source}<-->\n\nMore of it.\n<-->\n`;

Deno.test("extractSource() gives what stands between the marks, however lines end", () => {
  assert.equal(extractSource(article(SOURCE), DIGEST), SOURCE);
  assert.equal(extractSource(article(SOURCE).replaceAll("\n", "\r\n"), DIGEST), SOURCE);
});

Deno.test("extractSource() finds nothing in another text, and refuses what is not as printed", () => {
  assert.equal(extractSource("An article without a program.\n", DIGEST), undefined);
  assert.equal(extractSource("<++> Scanlogd/scanlogd.c\nint main", DIGEST), undefined);
  assert.throws(() => extractSource(article(SOURCE.replace("0", "1")), DIGEST), /not as printed/);
  assert.throws(() => extractSource(article(SOURCE)), /not as printed/);
});
