// Joins the modules of the program, and of its thread, into a few files without comments: a binary reads and
// parses these at each start, and keeps them in memory. Knows files; nothing of binaries.
//
// What is imported when it is needed stays in files of its own, so that a command loads no other's code. Names
// are shortened as well: where a fault report names a place, the same commit gives the same files.

import { build, stop } from "esbuild";
import { join } from "node:path";

/** What is bundled: the program and its thread, each by itself, as they share no memory for code. */
const ENTRIES = { main: "main.ts", worker: "src/capture/worker.ts" };

/** Where the program names the file of its thread, and how; no other place names a file of ours. */
const NAMING_FILE = "src/capture/handle.ts";
const NAMED = 'new URL("./worker.ts", import.meta.url)';
const NAMED_IN_BUNDLE = 'new URL("./worker.js", import.meta.url)';

/** Files of `ENTRIES`, in the folder that `bundle` fills. */
export const PROGRAM = "main.js";
export const THREAD = "worker.js";

/**
 * Bundles the sources in `folder`, with its node_modules, into the empty or absent folder `output`. Throws where
 * something could be left out.
 */
export async function bundle(folder: string, output: string): Promise<void> {
  const project = JSON.parse(Deno.readTextFileSync(join(folder, "deno.json")));
  try {
    for (const [name, path] of Object.entries(ENTRIES)) {
      const { warnings } = await build({
        absWorkingDir: folder,
        entryPoints: { [name]: path },
        outdir: output,
        bundle: true,
        splitting: true,
        format: "esm",
        platform: "node",
        conditions: ["deno"],
        target: "esnext",
        minify: true,
        alias: ownNames(project.imports),
        plugins: [{
          name: "thread",
          setup: ({ onLoad }) =>
            onLoad({ filter: /\.ts$/ }, ({ path }) => ({
              loader: "ts",
              contents: withThreadNamed(path.slice(folder.length + 1), Deno.readTextFileSync(path)),
            })),
        }],
        logLevel: "silent",
        logOverride: {
          // For where sources run: what only the thread uses is in its bundle already.
          "ignored-bare-import": "silent",
        },
      });
      if (warnings.length > 0) throw new Error(`Cannot bundle ${path}: ${warnings[0].text}`);
    }
  } finally {
    await stop();
  }
  // Where the permissions of a thread are given, which is not stable yet.
  const { unstable } = project;
  Deno.writeTextFileSync(join(output, "deno.json"), `${JSON.stringify({ unstable })}\n`);
}

/** Names of the import map that are files of ours. */
function ownNames(imports: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(imports).filter(([, to]) => to.startsWith("./")));
}

/** The source, with the name that the thread's file has in a bundle. */
function withThreadNamed(path: string, text: string): string {
  const names = text.split("import.meta.url").length - 1;
  const expected = path === NAMING_FILE ? 1 : 0;
  if (names !== expected || text.split(NAMED).length - 1 !== expected) {
    throw new Error(`${path} names files that a bundle does not have`);
  }
  return text.replace(NAMED, NAMED_IN_BUNDLE);
}
