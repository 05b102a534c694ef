// The image: built from the binary, and run as a platform runs it, with one capability or fewer. With
// SCANDOG_IMAGE_BASE the base is that image; without, it is a Debian that debootstrap makes.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { withoutBinary } from "../support/scandog.ts";
import { exists, unsuited } from "../support/skip.ts";

const PODMAN = "/usr/bin/podman";
const MIRROR = "http://deb.debian.org/debian";
const BASE = "localhost/scandog-test-base";

function whyNot(): string | false {
  if (Deno.uid() !== 0) return "it takes root";
  if (!exists(PODMAN)) return "there is no podman (Debian: podman)";
  const hasBase = Deno.env.has("SCANDOG_IMAGE_BASE") || exists("/usr/sbin/debootstrap");
  return hasBase ? false : "there is no debootstrap";
}

interface Ended {
  code: number;
  text: string;
}

async function run(words: string[]): Promise<Ended> {
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function need(words: string[]): Promise<string> {
  const { code, text } = await run(words);
  assert.equal(code, 0, `${words.join(" ")}: ${text.slice(-2000)}`);
  return text;
}

/** Images and containers of a folder's own; nothing of the machine's is touched. */
class Images {
  /** How containers can be run here: the machine's usual way first. */
  private ways: string[][] = [[], ["--cgroup-manager", "cgroupfs", "--runtime", "runc"]];

  constructor(private readonly folder: string) {}

  private words(way: string[]): string[] {
    const { folder } = this;
    return [PODMAN, "--root", `${folder}/store`, "--runroot", `${folder}/run`, ...way];
  }

  async build(binary: string): Promise<void> {
    const given = Deno.env.get("SCANDOG_IMAGE_BASE");
    if (given === undefined) await this.importBase();
    const context = `${this.folder}/context`;
    await Deno.mkdir(context);
    await Deno.copyFile(binary, `${context}/scandog`);
    await need([
      ...[...this.words([]), "build", "--isolation", "chroot", "--tag", "scandog"],
      ...["--file", inRepository(".github/package/Containerfile")],
      ...["--build-arg", `BASE=${given ?? BASE}`, context],
    ]);
  }

  private async importBase(): Promise<void> {
    const root = `${this.folder}/root`;
    await need([
      ...["timeout", "400", "debootstrap", "--variant=minbase"],
      ...["--include=libpcap0.8,libcap2-bin", "bookworm", root, MIRROR],
    ]);
    await need(["tar", "-C", root, "-cf", `${this.folder}/base.tar`, "."]);
    await need([...this.words([]), "import", `${this.folder}/base.tar`, BASE]);
  }

  /** Runs the image without a network but its own loopback device, and without a capability but `caps`. */
  async run(caps: string[], options: string[], args: string[]): Promise<Ended> {
    let ended: Ended = { code: -1, text: "" };
    for (const way of this.ways) {
      ended = await run([
        ...[...this.words(way), "run", "--rm", "--network", "none", "--cap-drop", "all"],
        ...["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=512:512"],
        ...caps.flatMap((cap) => ["--cap-add", cap]),
        ...[...options, "localhost/scandog", ...args],
      ]);
      // 125 and 126: it is the container that could not be run.
      if (ended.code === 125 || ended.code === 126) continue;
      this.ways = [way];
      break;
    }
    return ended;
  }

  async remove(): Promise<void> {
    await run([...this.words([]), "system", "reset", "--force"]);
    await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }
}

Deno.test({
  name: "the image watches as its user with one capability, and says what it lacks",
  ignore: withoutBinary("the image") || unsuited("the image", whyNot()),
  async fn() {
    const images = new Images(await Deno.makeTempDir({ prefix: "scandog-image-" }));
    try {
      await images.build(Deno.env.get("SCANDOG_BINARY")!);
      const doctor = (caps: string[], options: string[], ...args: string[]) =>
        images.run(caps, options, ["doctor", "-i", "lo", ...args]);

      const usual = await doctor(["net_raw"], []);
      assert.equal(usual.code, 0, usual.text);
      assert.match(usual.text, /^ok +live test +a real scan of 127\.0\.0\.2/m);
      assert.match(usual.text, /^ok +confinement +uid 979, gid 979/m);

      const root = await doctor(["net_raw"], ["--user", "0"], "--no-self-test");
      assert.equal(root.code, 1, root.text);
      assert.match(root.text, /this root may not become scandog: it lacks cap_setgid,cap_setuid/);

      const told = await doctor(["net_raw"], ["--user", "0"], "--user", "root");
      assert.equal(told.code, 0, told.text);
      assert.match(told.text, /^ok +confinement +root stays root, as told/m);

      const changing = await doctor(["net_raw", "setuid", "setgid"], ["--user", "0"]);
      assert.equal(changing.code, 0, changing.text);
      assert.match(changing.text, /^ok +confinement +uid 979, gid 979, no capabilities/m);

      const version = await images.run(["net_raw"], [], ["--version"]);
      assert.match(version.text, /^scandog \d/);
    } finally {
      await images.remove();
    }
  },
});
