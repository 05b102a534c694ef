// `deno task deb [--binary FILE] [--architecture amd64|arm64]`: a Debian package around a binary.
// The same binary gives the same package. Its manual and completions are asked of a scandog that
// runs here: of the binary or, where that is for another machine, of the sources.

import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import project from "../../deno.json" with { type: "json" };

const REPOSITORY = new URL("../../", import.meta.url).pathname;
const PACKAGE = join(REPOSITORY, ".github/package");

/** Where each file of .github/package goes. */
const PLACES: Record<string, string> = {
  "scandog.service": "usr/lib/systemd/system/scandog.service",
  "scandog.sysusers": "usr/lib/sysusers.d/scandog.conf",
  "scandog.tmpfiles": "usr/lib/tmpfiles.d/scandog.conf",
  "scandog.logrotate": "etc/logrotate.d/scandog",
  "scandog.toml": "etc/scandog.toml",
  "scandog.openrc": "usr/share/doc/scandog/examples/scandog.openrc",
  "scandog-digest": "usr/lib/scandog/scandog-digest",
  "scandog-digest.service": "usr/lib/systemd/system/scandog-digest.service",
  "scandog-digest.timer": "usr/lib/systemd/system/scandog-digest.timer",
  "prometheus/scandog.rules.yml": "usr/share/doc/scandog/examples/prometheus/scandog.rules.yml",
  "prometheus/scandog.tests.yml": "usr/share/doc/scandog/examples/prometheus/scandog.tests.yml",
  "grafana/scandog.json": "usr/share/doc/scandog/examples/grafana/scandog.json",
};

const PROGRAMS = ["scandog-digest"];

const COMPLETIONS: Record<string, string> = {
  bash: "usr/share/bash-completion/completions/scandog",
  zsh: "usr/share/zsh/vendor-completions/_scandog",
  fish: "usr/share/fish/vendor_completions.d/scandog.fish",
};

function run(words: string[], env: Record<string, string> = {}): string {
  const [program, ...args] = words;
  const { success, stdout, stderr } = new Deno.Command(program, { args, env, cwd: REPOSITORY })
    .outputSync();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${words.join(" ")} failed:\n${decoder.decode(stderr).trimEnd()}`);
}

function put(folder: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  const whole = join(folder, path);
  Deno.mkdirSync(dirname(whole), { recursive: true });
  Deno.writeFileSync(whole, typeof content === "string" ? encode(content) : content);
  Deno.chmodSync(whole, mode);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Folders of a package are for everybody to look into, whatever the umask is here. */
function openFolders(folder: string): void {
  Deno.chmodSync(folder, 0o755);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) openFolders(join(folder, name));
  }
}

function build(): void {
  const { values } = parseArgs({
    options: {
      binary: { type: "string", default: "build/scandog" },
      architecture: { type: "string", default: Deno.build.arch === "aarch64" ? "arm64" : "amd64" },
      foreign: { type: "boolean", default: false },
    },
  });
  const { architecture } = values;
  const binary = resolve(REPOSITORY, values.binary);
  const own = values.foreign
    ? [Deno.execPath(), "run", "--quiet", "--allow-read", "--allow-sys=uid,hostname", "main.ts"]
    : [binary];
  const { version } = project;
  const output = `build/scandog_${version}_${architecture}.deb`;
  const folder = Deno.makeTempDirSync({ prefix: "scandog-deb-" });
  try {
    put(folder, "usr/bin/scandog", Deno.readFileSync(binary), 0o755);
    for (const [name, path] of Object.entries(PLACES)) {
      const mode = PROGRAMS.includes(name) ? 0o755 : 0o644;
      put(folder, path, Deno.readFileSync(join(PACKAGE, name)), mode);
    }
    put(folder, "usr/share/man/man8/scandog.8.gz", gzipSync(run([...own, "man"]), { level: 9 }));
    for (const [shell, path] of Object.entries(COMPLETIONS)) {
      // zsh looks for its mark in the first line.
      put(folder, path, run([...own, "completions", shell]).trimStart());
    }
    put(folder, "usr/share/doc/scandog/copyright", Deno.readFileSync(join(REPOSITORY, "LICENSE")));
    const control = Deno.readTextFileSync(join(PACKAGE, "debian/control"));
    put(
      folder,
      "DEBIAN/control",
      control.replace("@VERSION@", version).replace("@ARCHITECTURE@", architecture),
    );
    put(folder, "DEBIAN/conffiles", Deno.readFileSync(join(PACKAGE, "debian/conffiles")));
    for (const script of ["postinst", "prerm", "postrm"]) {
      put(folder, `DEBIAN/${script}`, Deno.readFileSync(join(PACKAGE, "debian", script)), 0o755);
    }
    openFolders(folder);
    const time = run(["git", "show", "--no-patch", "--format=%ct", "HEAD"]).trim();
    // dpkg-deb gives every file this time, and gzip is what every dpkg can read.
    run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z6", "--build", folder, output], {
      SOURCE_DATE_EPOCH: time,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  console.log(`${output}: ${(Deno.statSync(join(REPOSITORY, output)).size / 1e6).toFixed(1)} MB`);
}

build();
