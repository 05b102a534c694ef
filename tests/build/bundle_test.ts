// The few files that a binary is made of: they say what the sources say, and nothing is named that is not there.

import assert from "node:assert/strict";
import { bundle, PROGRAM, THREAD } from "../../.github/build/bundle.ts";
import { inRepository } from "../support/paths.ts";
import { withBinary } from "../support/scandog.ts";

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
const PARTS = ["deno.json", "deno.lock", "main.ts", "src"];

/** A copy of the sources, with their packages, in a folder of its own. */
async function withSources(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-bundle-" });
  try {
    run("cp", ["-r", ...PARTS.map(inRepository), folder]);
    run(Deno.execPath(), ["install", "--quiet", "--node-modules-dir=auto"], folder);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function run(program: string, args: string[], cwd?: string): string {
  const env = { NO_COLOR: "1", TZ: "UTC" };
  const { success, stdout, stderr } = new Deno.Command(program, { args, cwd, env }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "bundles say what the sources say, and a command loads little of another's code",
  ignore: withBinary("bundles"),
  async fn() {
    await withSources(async (folder) => {
      const output = `${folder}/bundle`;
      await bundle(folder, output);
      const names = [...Deno.readDirSync(output)].map(({ name }) => name);
      assert.ok(names.includes(PROGRAM) && names.includes(THREAD));
      const text = (name: string) => Deno.readTextFileSync(`${output}/${name}`);
      const elsewhere = /\b(?:from|import|URL)\(?"(?:npm:|[^"]*\.ts")/;
      assert.deepEqual(names.filter((name) => elsewhere.test(text(name))), [], "all is in it");
      const deno = (entry: string, args: string[]) =>
        run(Deno.execPath(), ["run", "-A", entry, ...args], output);
      for (const args of [["replay", CAPTURE], ["--version"], ["help", "watch"], ["man"]]) {
        assert.equal(deno(PROGRAM, args), deno(inRepository("main.ts"), args), args.join(" "));
      }
      /** What a file needs, by static imports. */
      const needs = (name: string, found = new Set<string>()): Set<string> => {
        if (found.has(name)) return found;
        found.add(name);
        for (const [, other] of text(name).matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
          needs(other, found);
        }
        return found;
      };
      const needed = needs(PROGRAM);
      const bytes = (of: Iterable<string>) =>
        [...of].reduce((sum, name) => sum + text(name).length, 0);
      assert.ok(bytes(needed) * 10 < bytes(names), `${bytes(needed)} of ${bytes(names)} bytes`);
      // With Deno 2.9 the smallest module of Node's brings others that take 5 ms of a start.
      const started = names.filter((name) =>
        /^(main|worker|replay|small_replay|detector|watch)\b/.test(name)
      );
      assert.equal(started.length, 7, started.join());
      const ofNode = started.flatMap((name) => [...needs(name)])
        .filter((name) => /\bfrom"node:/.test(text(name)));
      assert.deepEqual(ofNode, []);
    });
  },
});

Deno.test({
  name: "a source that names a file by its own place cannot be bundled unnoticed",
  ignore: withBinary("bundles"),
  async fn() {
    await withSources(async (folder) => {
      const path = `${folder}/src/version.ts`;
      const more = '\nexport const LIST = new URL("./list.txt", import.meta.url);\n';
      Deno.writeTextFileSync(path, Deno.readTextFileSync(path) + more);
      await assert.rejects(
        bundle(folder, `${folder}/bundle`),
        /src\/version\.ts names files that a bundle does not have/,
      );
    });
  },
});
