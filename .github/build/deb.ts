// `deno task deb [--binary FILE] [--architecture amd64|arm64] [--foreign] [--output FOLDER]`: a Debian package
// around a binary, and SHA256SUMS of all packages there. The same binary gives the same package. `--foreign`: it is for another machine.

import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import {
  commitTime,
  CONFIGURATION,
  gzipped,
  layOut,
  openFolders,
  PACKAGE,
  packageArguments,
  put,
  REPOSITORY,
  run,
  sizeText,
  VERSION,
  writeChecksums,
} from "./tree.ts";

const SCRIPTS = ["postinst", "prerm", "postrm"];

/** Debian's form of a changelog: what is new is in NEWS.md.gz. */
function changelog(seconds: string, maintainer: string): string {
  const date = new Date(Number(seconds) * 1000).toUTCString().replace("GMT", "+0000");
  return `scandog (${VERSION}) unstable; urgency=medium\n\n` +
    `  * Release ${VERSION}: see /usr/share/doc/scandog/NEWS.md.gz.\n\n` +
    ` -- ${maintainer}  ${date}\n`;
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

async function build(): Promise<void> {
  const values = packageArguments(Deno.build.arch === "aarch64" ? "arm64" : "amd64");
  const { architecture } = values;
  const output = `${values.output}/scandog_${VERSION}_${architecture}.deb`;
  Deno.mkdirSync(resolve(REPOSITORY, values.output), { recursive: true });
  const time = commitTime();
  const folder = Deno.makeTempDirSync({ prefix: "scandog-deb-" });
  try {
    const binary = resolve(REPOSITORY, values.binary);
    const paths = layOut(folder, binary, values.foreign, "debian");
    const own = (name: string) => Deno.readTextFileSync(join(PACKAGE, "debian", name));
    const control = own("control");
    const maintainer = /^Maintainer: (.*)$/m.exec(control)![1];
    const more: [string, string | Uint8Array][] = [
      ["usr/share/doc/scandog/copyright", own("copyright")],
      ["usr/share/doc/scandog/changelog.gz", gzipped(changelog(time, maintainer))],
      ["usr/share/lintian/overrides/scandog", own("lintian-overrides")],
    ];
    for (const [path, content] of more) {
      put(folder, path, content);
      paths.push(`/${path}`);
    }
    const sizeKiB = paths.reduce((sum, path) => sum + Math.ceil(Deno.statSync(folder + path).size / 1024), 0);
    put(
      folder,
      "DEBIAN/control",
      control.replace("@VERSION@", VERSION).replace("@ARCHITECTURE@", architecture)
        .replace("@SIZE@", `${sizeKiB}`),
    );
    put(folder, "DEBIAN/conffiles", CONFIGURATION.map((path) => `${path}\n`).join(""));
    const sums = paths.filter((path) => !CONFIGURATION.includes(path)).sort()
      .map((path) => `${md5(Deno.readFileSync(folder + path))}  ${path.slice(1)}\n`);
    put(folder, "DEBIAN/md5sums", sums.join(""));
    for (const script of SCRIPTS) put(folder, `DEBIAN/${script}`, own(script), 0o755);
    openFolders(folder);
    // dpkg-deb gives every file this time, and gzip is what every dpkg can read.
    run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z6", "--build", folder, output], {
      SOURCE_DATE_EPOCH: time,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  await writeChecksums(resolve(REPOSITORY, values.output));
  console.log(sizeText(output));
}

await build();
