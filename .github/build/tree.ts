// The files that every package has, laid out under a folder as they are to lie under /. Knows paths; no format of
// packages. The manual and the completions are asked of a scandog that runs here.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import project from "../../deno.json" with { type: "json" };

export const REPOSITORY = new URL("../../", import.meta.url).pathname;
export const PACKAGE = join(REPOSITORY, ".github/package");
export const VERSION = project.version;

const DOC = "usr/share/doc/scandog";
const EXAMPLES = `${DOC}/examples`;

/** Where each file of .github/package goes. */
const PLACES: Record<string, string> = {
  "scandog.service": "usr/lib/systemd/system/scandog.service",
  "scandog.sysusers": "usr/lib/sysusers.d/scandog.conf",
  "scandog.tmpfiles": "usr/lib/tmpfiles.d/scandog.conf",
  "scandog.logrotate": "etc/logrotate.d/scandog",
  "scandog.toml": "etc/scandog.toml",
  "fail2ban/filter.conf": "etc/fail2ban/filter.d/scandog.conf",
  "scandog-digest": "usr/lib/scandog/scandog-digest",
  "scandog-digest.service": "usr/lib/systemd/system/scandog-digest.service",
  "scandog-digest.timer": "usr/lib/systemd/system/scandog-digest.timer",
  "scandog.openrc": `${EXAMPLES}/scandog.openrc`,
  "fail2ban/jail.conf": `${EXAMPLES}/fail2ban-jail.conf`,
  "rsyslog.conf": `${EXAMPLES}/rsyslog.conf`,
  "elastic/README.md": `${EXAMPLES}/elastic/README.md`,
  "elastic/scandog@mappings.json": `${EXAMPLES}/elastic/scandog@mappings.json`,
  "elastic/logs-scandog.json": `${EXAMPLES}/elastic/logs-scandog.json`,
  "vector/scandog.yaml": `${EXAMPLES}/vector/scandog.yaml`,
  "filebeat/scandog.yml": `${EXAMPLES}/filebeat/scandog.yml`,
  "prometheus/scandog.rules.yml": `${EXAMPLES}/prometheus/scandog.rules.yml`,
  "prometheus/scandog.tests.yml": `${EXAMPLES}/prometheus/scandog.tests.yml`,
  "grafana/scandog.json": `${EXAMPLES}/grafana/scandog.json`,
  "nats-server.conf": `${EXAMPLES}/nats-server.conf`,
  "scandog-nats.service": `${EXAMPLES}/scandog-nats.service`,
  "scandog-correlate.service": `${EXAMPLES}/scandog-correlate.service`,
  "scandog-correlate.toml": `${EXAMPLES}/scandog-correlate.toml`,
  Containerfile: `${EXAMPLES}/Containerfile`,
};

const PROGRAMS = ["scandog-digest"];

/** Files that are the administrator's once they are there. */
export const CONFIGURATION = Object.values(PLACES).filter((path) => path.startsWith("etc/"))
  .map((path) => `/${path}`);

/** Where shells look for completions: Debian's place for zsh is one of its own. */
export type Family = "debian" | "redhat";

function completions(family: Family): Record<string, string> {
  const zsh = family === "debian" ? "vendor-completions" : "site-functions";
  return {
    bash: "usr/share/bash-completion/completions/scandog",
    zsh: `usr/share/zsh/${zsh}/_scandog`,
    fish: "usr/share/fish/vendor_completions.d/scandog.fish",
  };
}

/**
 * What a task that makes a package is told; `architecture`: this machine's, as the package's kind calls it. Ends the program
 * where the binary is not there.
 */
export function packageArguments(architecture: string) {
  const { values } = parseArgs({
    options: {
      binary: { type: "string", default: "build/scandog" },
      architecture: { type: "string", default: architecture },
      foreign: { type: "boolean", default: false },
      output: { type: "string", default: "build" },
    },
  });
  if (!existsSync(resolve(REPOSITORY, values.binary))) {
    console.error(`${values.binary} is not there: deno task compile makes it`);
    Deno.exit(1);
  }
  return values;
}

/** Runs a program in the repository and gives its output. Throws what it said when it fails. */
export function run(words: string[], env: Record<string, string> = {}): string {
  const [program, ...args] = words;
  const { success, stdout, stderr } = new Deno.Command(program, { args, env, cwd: REPOSITORY })
    .outputSync();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${words.join(" ")} failed:\n${decoder.decode(stderr).trimEnd()}`);
}

export function put(folder: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  const whole = join(folder, path);
  Deno.mkdirSync(dirname(whole), { recursive: true });
  Deno.writeFileSync(whole, typeof content === "string" ? new TextEncoder().encode(content) : content);
  Deno.chmodSync(whole, mode);
}

/** Text as manuals and changelogs are stored: without a name or a time in it. */
export function gzipped(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}

/** Folders of a package are for everybody to look into, whatever the umask is here. */
export function openFolders(folder: string): void {
  Deno.chmodSync(folder, 0o755);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) openFolders(join(folder, name));
  }
}

/** Seconds since 1970 of the commit that is packed: every file gets that time. */
export function commitTime(): string {
  return run(["git", "show", "--no-patch", "--format=%ct", "HEAD"]).trim();
}

/**
 * Lays out everything. `foreign`: the binary is for another machine, so the sources are asked for its manual.
 * Gives the paths, each beginning with /, sorted.
 */
export function layOut(folder: string, binary: string, foreign: boolean, family: Family): string[] {
  const own = foreign
    ? [Deno.execPath(), "run", "--quiet", "--allow-read", "--allow-sys=uid,hostname", "main.ts"]
    : [binary];
  const paths: string[] = [];
  const add = (path: string, content: string | Uint8Array, mode?: number) => {
    put(folder, path, content, mode);
    paths.push(`/${path}`);
  };
  add("usr/bin/scandog", Deno.readFileSync(binary), 0o755);
  for (const [name, path] of Object.entries(PLACES)) {
    add(path, Deno.readFileSync(join(PACKAGE, name)), PROGRAMS.includes(name) ? 0o755 : 0o644);
  }
  add("usr/share/man/man8/scandog.8.gz", gzipped(run([...own, "man"])));
  for (const [shell, path] of Object.entries(completions(family))) {
    // zsh looks for its mark in the first line.
    add(path, run([...own, "completions", shell]).trimStart());
  }
  // The pages that it leads to lie beside it here.
  const readme = Deno.readTextFileSync(join(REPOSITORY, "README.md"));
  add(`${DOC}/README.md`, new TextEncoder().encode(readme.replaceAll("](.github/docs/", "](")));
  const pages = join(REPOSITORY, ".github/docs");
  for (const { name } of Deno.readDirSync(pages)) add(`${DOC}/${name}`, Deno.readFileSync(join(pages, name)));
  add(`${DOC}/NEWS.md.gz`, gzipped(Deno.readTextFileSync(join(REPOSITORY, "CHANGELOG.md"))));
  return paths.sort();
}

/** Writes `SHA256SUMS` beside what was built, in the form of sha256sum(1). */
export async function writeChecksums(folder: string): Promise<void> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => /\.(deb|rpm)$/.test(name)).sort();
  const lines = await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(join(folder, name));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return `${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}  ${name}\n`;
  }));
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), lines.join(""));
}

/** `build/x.deb: 34.4 MB`. */
export function sizeText(output: string): string {
  return `${output}: ${(Deno.statSync(resolve(REPOSITORY, output)).size / 1e6).toFixed(1)} MB`;
}
