// `deno task rpm [--binary FILE] [--architecture x86_64|aarch64] [--foreign] [--output FOLDER]`: an RPM package
// around a binary, by rpmbuild, and SHA256SUMS of all packages there.

import { join, resolve } from "node:path";
import {
  commitTime,
  CONFIGURATION,
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

/** What rpmbuild does to files by itself: a binary that was stripped would lose the program at its end. */
const UNTOUCHED = {
  __os_install_post: "%{nil}",
  debug_package: "%{nil}",
  _build_id_links: "none",
  _binary_payload: "w6.gzdio",
  // The same binary gives the same package.
  use_source_date_epoch_as_buildtime: "1",
  clamp_mtime_to_source_date_epoch: "1",
  _buildhost: "scandog",
};

/** Lines of the list of files, with what is the administrator's and what is for reading. */
function fileLine(path: string): string {
  if (CONFIGURATION.includes(path)) return `%config(noreplace) ${path}`;
  if (path.startsWith("/usr/share/doc/")) return `%doc ${path}`;
  return path;
}

async function build(): Promise<void> {
  const values = packageArguments(Deno.build.arch);
  const { architecture } = values;
  const name = `scandog-${VERSION}-1.${architecture}.rpm`;
  const folder = resolve(REPOSITORY, values.output);
  const top = Deno.makeTempDirSync({ prefix: "scandog-rpm-" });
  try {
    const tree = join(top, "tree");
    const paths = layOut(tree, resolve(REPOSITORY, values.binary), values.foreign, "redhat");
    put(tree, "usr/share/licenses/scandog/LICENSE", Deno.readFileSync(join(REPOSITORY, "LICENSE")));
    openFolders(tree);
    const spec = Deno.readTextFileSync(join(PACKAGE, "rpm/scandog.spec"))
      .replace("@VERSION@", VERSION)
      .replace("@FILES@", paths.map(fileLine).join("\n"));
    put(top, "scandog.spec", spec);
    const defines = Object.entries({ ...UNTOUCHED, _topdir: top })
      .flatMap(([key, value]) => ["--define", `${key} ${value}`]);
    // rpmbuild empties its own root first, so the tree is copied into it by the spec.
    run(
      [
        ...["rpmbuild", "-bb", "--quiet", "--target", `${architecture}-linux`, ...defines],
        ...["--define", `tree ${tree}`, join(top, "scandog.spec")],
      ],
      { SOURCE_DATE_EPOCH: commitTime() },
    );
    Deno.mkdirSync(folder, { recursive: true });
    Deno.copyFileSync(join(top, "RPMS", architecture, name), join(folder, name));
  } finally {
    Deno.removeSync(top, { recursive: true });
  }
  await writeChecksums(folder);
  console.log(sizeText(`${values.output}/${name}`));
}

await build();
