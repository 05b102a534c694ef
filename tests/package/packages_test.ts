// The packages: what is in them, what their own tools say of them, and that they install into an empty root. Around a
// compiled program where the tests are run with one, else around a stand-in that runs the sources.

import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { inRepository } from "../support/paths.ts";
import { COMPILED, scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const decoder = new TextDecoder();

async function run(...words: string[]) {
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: inRepository("."),
    env: { NO_COLOR: "1", LC_ALL: "C.UTF-8" },
  }).output();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function need(...words: string[]): Promise<string> {
  const { code, out, err } = await run(...words);
  assert.equal(code, 0, `${words.join(" ")}: ${out}${err}`);
  return out;
}

/** Builds a package of this sort in a folder of its own. */
async function withPackage(
  task: "deb" | "rpm",
  use: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const binary = Deno.env.get("SCANDOG_BINARY") ?? `${folder}/scandog`;
    if (!COMPILED) {
      const words = scandogWords([]).map((word) => `'${word}'`).join(" ");
      await Deno.writeTextFile(binary, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
    }
    await need(Deno.execPath(), "task", task, "--binary", binary, "--output", folder);
    const name = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(`.${task}`))!.name;
    assert.equal(
      await need("sh", "-c", `cd '${folder}' && sha256sum --check SHA256SUMS`),
      `${name}: OK\n`,
    );
    await use(`${folder}/${name}`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Is in every package, whatever its family. */
const FILES = [
  ...["/usr/bin/scandog", "/etc/scandog.toml", "/etc/logrotate.d/scandog"],
  ...["/etc/fail2ban/filter.d/scandog.conf", "/usr/lib/systemd/system/scandog.service"],
  ...["/usr/share/man/man8/scandog.8.gz", "/usr/share/bash-completion/completions/scandog"],
  ...["/usr/share/doc/scandog/README.md", "/usr/share/doc/scandog/NEWS.md.gz"],
  ...["/usr/share/doc/scandog/alerts.md", "/usr/share/doc/scandog/detection.md"],
  ...["/usr/share/doc/scandog/fleet.md", "/usr/share/doc/scandog/security.md"],
  "/usr/share/doc/scandog/examples/nats-server.conf",
  "/usr/share/doc/scandog/examples/scandog-correlate.service",
  ...[
    "/usr/share/doc/scandog/examples/rsyslog.conf",
    "/usr/share/doc/scandog/examples/vector/scandog.yaml",
  ],
  "/usr/share/doc/scandog/examples/elastic/scandog@mappings.json",
];

function sourceTexts(folder: string): string[] {
  return [...Deno.readDirSync(inRepository(folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return sourceTexts(path);
    return name.endsWith(".ts") ? [Deno.readTextFileSync(inRepository(path))] : [];
  });
}

Deno.test("the copyright names the packages that are in a binary, and no other", () => {
  const text = Deno.readTextFileSync(inRepository(".github/package/debian/copyright"));
  const sources = sourceTexts("src");
  for (const [name, target] of Object.entries(project.imports)) {
    if (!target.startsWith("npm:")) continue;
    const isUsed = sources.some((text) => text.includes(`"${name}"`) || text.includes(`"${name}/`));
    assert.equal(text.includes(name), isUsed, name);
  }
});

Deno.test({
  name: "the Debian package has its documents, whole sums, and no error of lintian's",
  ignore: skipped("lintian", !exists("/usr/bin/lintian") && "lintian is not installed"),
  async fn() {
    await withPackage("deb", async (path, folder) => {
      const root = `${folder}/root`;
      await need("dpkg-deb", "--raw-extract", path, root);
      const debian = ["/usr/share/doc/scandog/changelog.gz", "/usr/share/doc/scandog/copyright"];
      for (const file of [...FILES, ...debian]) assert.ok(exists(root + file), file);
      await need("sh", "-c", `cd '${root}' && md5sum --quiet --check DEBIAN/md5sums`);
      const conffiles = Deno.readTextFileSync(`${root}/DEBIAN/conffiles`).trim().split("\n");
      assert.deepEqual(conffiles.sort(), FILES.filter((file) => file.startsWith("/etc/")).sort());
      const { code, out } = await run(
        "lintian",
        "--no-cfg",
        "--allow-root",
        "--fail-on",
        "error",
        path,
      );
      assert.equal(code, 0, out);
      // A stand-in is a script, of which lintian has something to say.
      if (COMPILED) assert.doesNotMatch(out, /^W:/m);
    });
  },
});

Deno.test({
  name: "the RPM package has the same files, and installs into an empty root as it was built",
  ignore: skipped("rpm", !exists("/usr/bin/rpmbuild") && "rpmbuild is not installed") ||
    skipped("rpm", Deno.uid() !== 0 && "it takes root"),
  async fn() {
    await withPackage("rpm", async (path, folder) => {
      const root = `${folder}/root`;
      const rpm = (...words: string[]) => need("rpm", "--root", root, ...words);
      await rpm("--initdb");
      const needs = await need("rpm", "-qp", "--requires", path);
      assert.match(needs, /^libpcap$/m);
      const configuration = (await need("rpm", "-qpc", path)).trim().split("\n");
      assert.deepEqual(
        configuration.sort(),
        FILES.filter((file) => file.startsWith("/etc/")).sort(),
      );
      // There is neither a libpcap nor a shell in it.
      await rpm("--install", "--nodeps", "--noscripts", path);
      for (const file of FILES) assert.ok(exists(root + file), file);
      assert.equal(Deno.statSync(`${root}/usr/bin/scandog`).mode! & 0o777, 0o755);
      assert.equal(
        await rpm("--verify", "--nodeps", "--noscripts", "--nouser", "--nogroup", "scandog"),
        "",
      );
      await Deno.writeTextFile(`${root}/etc/scandog.toml`, "# mine\n");
      await rpm("--erase", "--nodeps", "--noscripts", "scandog");
      assert.ok(!exists(`${root}/usr/bin/scandog`));
      assert.ok(exists(`${root}/etc/scandog.toml.rpmsave`), "what was changed is kept");
      // What it does before and after is a shell's to read.
      const scripts = await need("rpm", "-qp", "--scripts", path);
      for (const part of scripts.split(/^\w+ scriptlet \(using \/bin\/sh\):$/m).slice(1)) {
        await need("sh", "-n", "-c", part);
      }
    });
  },
});
