// `deno task sbom`: what is in a binary, as CycloneDX 1.6 on standard output. Packages and their
// hashes are those of deno.lock, as far as the program imports them; and the runtime.

import project from "../../deno.json" with { type: "json" };

const REPOSITORY = new URL("../../", import.meta.url);

interface Lock {
  npm: Record<string, { integrity: string }>;
}

const LOCK: Lock = JSON.parse(Deno.readTextFileSync(new URL("deno.lock", REPOSITORY)));

interface Module {
  npmPackage?: string;
}

/** Names with versions of the packages that main.ts leads to. */
function packages(): string[] {
  const { stdout, success } = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: REPOSITORY,
  }).outputSync();
  if (!success) throw new Error("deno info failed");
  const { modules }: { modules: Module[] } = JSON.parse(new TextDecoder().decode(stdout));
  const direct = modules.flatMap(({ npmPackage }) => npmPackage === undefined ? [] : [npmPackage]);
  return [...new Set(direct)].sort();
}

/** `sha512-BASE64` of a lock file to hexadecimal. */
function hex(integrity: string): string {
  const bytes = Uint8Array.from(atob(integrity.replace(/^sha512-/, "")), (c) => c.charCodeAt(0));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function component(nameWithVersion: string) {
  const at = nameWithVersion.lastIndexOf("@");
  const name = nameWithVersion.slice(0, at), version = nameWithVersion.slice(at + 1);
  const { integrity } = LOCK.npm[nameWithVersion];
  return {
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    hashes: [{ alg: "SHA-512", content: hex(integrity) }],
  };
}

const runtime = {
  type: "framework",
  name: "deno",
  version: Deno.version.deno,
  purl: `pkg:github/denoland/deno@v${Deno.version.deno}`,
};

console.log(JSON.stringify(
  {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        name: project.name,
        version: project.version,
        licenses: [{ license: { id: project.license } }],
      },
    },
    components: [runtime, ...packages().map(component)],
  },
  null,
  2,
));
