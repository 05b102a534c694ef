// .github/docs/security.md against the README and the tests: each promise has a test that is there.

import assert from "node:assert/strict";
import { inRepository } from "./support/paths.ts";
import { exists, skipped } from "./support/skip.ts";

const PAGE = ".github/docs/security.md";
const README = inRepository("README.md");
const ignore = skipped("README.md", !exists(README) && "it is not there");

/** One promise, and where the tests are that show it. */
interface Row {
  promise: string;
  tests: { path: string; names: string[] }[];
}

/** The rows of the tables under a heading. */
function rowsOf(text: string, heading: string): Row[] {
  const section = text.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| (.+?) \| (`tests\/.+) \|$/gm)].map(([, promise, shown]) => ({
    promise,
    tests: shown.split("; ").map((part) => ({
      path: /^`([^`]+)`/.exec(part)?.[1] ?? part,
      names: [...part.matchAll(/"([^"]+)"/g)].map(([, name]) => name),
    })),
  }));
}

/** Words without line breaks and marks of emphasis. */
const plain = (text: string) => text.replace(/\*\*/g, "").replace(/\s+/g, " ").trim();

Deno.test("each promise of security.md names tests that are there", async () => {
  const text = await Deno.readTextFile(inRepository(PAGE));
  const rows = ["The README's sentences", "And of this page"].flatMap((name) => rowsOf(text, name));
  assert.ok(rows.length > 18);
  for (const { promise, tests } of rows) {
    for (const { path, names } of tests) {
      assert.ok(names.length > 0, promise);
      const source = await Deno.readTextFile(inRepository(path));
      for (const name of names) assert.ok(source.includes(name), `${path} has no test "${name}"`);
    }
  }
});

Deno.test({
  name: "security.md has every sentence that README.md says about safety, and no other as its own",
  ignore,
  async fn() {
    const text = await Deno.readTextFile(inRepository(PAGE));
    const said = rowsOf(text, "The README's sentences").map(({ promise }) => plain(promise));
    const section = (await Deno.readTextFile(README)).split("\n## Safety\n")[1].split("\n## ")[0];
    const sentences = section.split(/^- /m).slice(1).map(plain).join(" ");
    let rest = sentences;
    for (const promise of said) {
      assert.ok(rest.includes(promise), `README.md does not say: ${promise}`);
      rest = rest.replace(promise, "");
    }
    assert.equal(rest.trim(), "", "said in README.md, and not in security.md");
  },
});

Deno.test("no name of an address is looked up anywhere", async () => {
  let looked = 0;
  for await (const path of sources(inRepository("src"))) {
    looked++;
    const text = await Deno.readTextFile(path);
    const found = /Deno\.resolveDns|node:dns|getnameinfo|gethostbyaddr|fetch\(/.exec(text);
    // The names of collectors and servers are the administrator's own.
    if (path.endsWith("/system/host_addresses.ts")) assert.match(text, /lookup\(hostname,/);
    else assert.equal(found, null, path);
  }
  assert.ok(looked > 400, `${looked} files`);
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
