// The image: built from the binary, and run as a platform runs it, with one capability or fewer. With
// SCANDOG_IMAGE_BASE the base is that image; without, it is a Debian that debootstrap makes.

import assert from "node:assert/strict";
import { makeDebian, whyNoDebian } from "../support/debian.ts";
import { inRepository } from "../support/paths.ts";
import { withoutBinary } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const BUILDAH = "/usr/bin/buildah";
const GIVEN_BASE = Deno.env.get("SCANDOG_IMAGE_BASE");
const BASE = "localhost/scandog-test-base";
const IMAGE = "localhost/scandog";

function whyNot(): string | false {
  if (Deno.uid() !== 0) return "it takes root";
  if (!exists(BUILDAH)) return "not installed: buildah";
  return GIVEN_BASE === undefined && whyNoDebian();
}

interface Ended {
  code: number;
  out: string;
  text: string;
}

async function run(words: string[]): Promise<Ended> {
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  const out = decoder.decode(stdout);
  return { code, out, text: out + decoder.decode(stderr) };
}

async function need(words: string[]): Promise<string> {
  const { code, out, text } = await run(words);
  assert.equal(code, 0, `${words.join(" ")}: ${text.slice(-2000)}`);
  return out;
}

/** What an image says of itself (OCI image specification, "config"). */
interface ImageConfig {
  User: string;
  Entrypoint: string[];
  Cmd: string[];
  Volumes: Record<string, unknown>;
}

/** Who runs the image, and with what. */
interface Way {
  capabilities: string[];
  /** The image's own user without it. */
  user?: string;
  /** A program that runs the image's. */
  before?: string[];
}

/** Images and containers of a folder's own; nothing of the machine's is touched. */
class Images {
  /** How containers can be run here: the machine's usual runtime, or one that knows every kind of cgroup. */
  private runtime: string[] = [];

  constructor(private readonly folder: string) {}

  private words(...words: string[]): string[] {
    const { folder } = this;
    return [BUILDAH, "--root", `${folder}/store`, "--runroot", `${folder}/run`, ...words];
  }

  async build(binary: string): Promise<void> {
    if (GIVEN_BASE === undefined) await this.importBase();
    const context = `${this.folder}/context`;
    await Deno.mkdir(context);
    await Deno.copyFile(binary, `${context}/scandog`);
    await need(this.words(
      ...["build", "--isolation", "chroot", "--tag", IMAGE],
      ...["--file", inRepository(".github/package/Containerfile")],
      ...["--build-arg", `BASE=${GIVEN_BASE ?? BASE}`, context],
    ));
    await this.chooseRuntime();
  }

  private async importBase(): Promise<void> {
    const context = `${this.folder}/base`;
    const root = `${this.folder}/root`;
    await makeDebian(root, ["libpcap0.8", "libcap2-bin"]);
    await Deno.mkdir(context);
    await need(["tar", "-C", root, "-cf", `${context}/root.tar`, "."]);
    await Deno.writeTextFile(`${context}/Containerfile`, "FROM scratch\nADD root.tar /\n");
    await need(this.words("build", "--isolation", "chroot", "--tag", BASE, context));
  }

  private async chooseRuntime(): Promise<void> {
    const said: string[] = [];
    for (const runtime of [[], ["--runtime", "runc"]]) {
      this.runtime = runtime;
      const { code, text } = await this.start({ capabilities: [] }, ["true"]);
      if (code === 0) return;
      said.push(text);
    }
    assert.fail(`no runtime can run a container here: ${said.join("")}`);
  }

  async config(): Promise<ImageConfig> {
    const { OCIv1 } = JSON.parse(await need(this.words("inspect", "--type", "image", IMAGE)));
    return OCIv1.config;
  }

  /** Runs the image's program in a container of its own. */
  async run(way: Way, ...args: string[]): Promise<Ended> {
    const { Entrypoint } = await this.config();
    return await this.start(way, [...way.before ?? [], ...Entrypoint, ...args]);
  }

  /** Without a network but its own loopback device, and without a capability but the given ones. */
  private async start({ capabilities, user }: Way, program: string[]): Promise<Ended> {
    const container = (await need(this.words(
      ...["from", "--cap-drop", "all", ...capabilities.flatMap((name) => ["--cap-add", name])],
      ...["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=512:512", IMAGE],
    ))).trim();
    try {
      return await run(this.words(
        ...["run", "--isolation", "oci", ...this.runtime, "--network", "none"],
        ...(user === undefined ? [] : ["--user", user]),
        ...[container, "--", ...program],
      ));
    } finally {
      await need(this.words("rm", container));
    }
  }

  async remove(): Promise<void> {
    await run(this.words("rm", "--all"));
    await run(this.words("rmi", "--all", "--force"));
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test({
  name: "the image watches as its user with one capability, and says what it lacks",
  ignore: withoutBinary("the image") || skipped("the image", whyNot()),
  async fn() {
    const images = new Images(await Deno.makeTempDir({ prefix: "scandog-image-" }));
    try {
      await images.build(Deno.env.get("SCANDOG_BINARY")!);
      const { User, Entrypoint, Cmd, Volumes } = await images.config();
      assert.deepEqual([User, Entrypoint, Cmd], ["scandog", ["/usr/bin/scandog"], ["watch"]]);
      assert.deepEqual(Object.keys(Volumes).sort(), ["/var/lib/scandog", "/var/log/scandog"]);

      const doctor = (way: Way, ...args: string[]) =>
        images.run(way, "doctor", "-i", "lo", ...args);

      const usual = await doctor({ capabilities: ["net_raw"] });
      assert.equal(usual.code, 0, usual.text);
      assert.match(usual.text, /^ok +live test +a real scan of 127\.0\.0\.2/m);
      assert.match(usual.text, /^ok +confinement +uid 979, gid 979/m);

      const noGain = ["setpriv", "--no-new-privs"];
      const forbidden = await doctor({ capabilities: ["net_raw"], before: noGain });
      assert.equal(forbidden.code, 1, forbidden.text);
      assert.match(forbidden.text, /^FAIL +capture +not permitted: uid 979 .*no_new_privs is set/m);

      const root = await doctor({ capabilities: ["net_raw"], user: "0" }, "--no-self-test");
      assert.equal(root.code, 1, root.text);
      assert.match(root.text, /this root may not become scandog: it lacks cap_setgid,cap_setuid/);

      const told = await doctor({ capabilities: ["net_raw"], user: "0" }, "--user", "root");
      assert.equal(told.code, 0, told.text);
      assert.match(told.text, /^ok +confinement +root stays root, as told/m);

      const capabilities = ["net_raw", "setuid", "setgid"];
      const changing = await doctor({ capabilities, user: "0", before: noGain });
      assert.equal(changing.code, 0, changing.text);
      assert.match(changing.text, /^ok +confinement +uid 979, gid 979, no capabilities/m);

      // What reads files needs no capability, and starts where there is none.
      const version = await images.run({ capabilities: [] }, "--version");
      assert.equal(version.code, 0, version.text);
      assert.match(version.out, /^scandog \d/);
    } finally {
      await images.remove();
    }
  },
});
