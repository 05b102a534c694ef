// A Debian as debootstrap makes it, with libpcap and what a test asks for, and programs run in it:
// as root, or as a unit has its own program run. It has a network of its own with a scanner at the
// other end. Nothing is left behind.

import assert from "node:assert/strict";
import { makeDebian, whyNoDebian } from "../support/debian.ts";
import { inRepository } from "../support/paths.ts";
import { exists } from "../support/skip.ts";

export const TARGET = "203.0.113.20";
export const SCANNER = "198.51.100.20";

const NEEDED: Record<string, string> = {
  "/usr/bin/dpkg-deb": "dpkg",
  "/usr/bin/nmap": "nmap",
  "/usr/bin/setpriv": "util-linux",
  "/usr/sbin/ip": "iproute2",
};

/** Why such a root cannot be made here, or false. */
export function whyNoRoot(): string | false {
  const noDebian = whyNoDebian();
  if (noDebian !== false) return noDebian;
  const missing = Object.entries(NEEDED).filter(([path]) => !exists(path)).map(([, name]) => name);
  return missing.length > 0 && `not installed: ${missing.join(", ")}`;
}

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a program to its end, with plain settings. */
export async function run(words: string[]): Promise<Ended> {
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C.UTF-8", NO_COLOR: "1", TZ: "UTC", DEBIAN_FRONTEND: "noninteractive" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function need(...words: string[]): Promise<string> {
  const { code, out, err } = await run(words);
  assert.equal(code, 0, `${words.join(" ")}: ${err}${out.slice(-500)}`);
  return out;
}

/** Enters `$1` read-only but for the folders of log, state and socket, with /proc and /dev, and runs the rest in it. */
const SEALED = `
set -e
root=$1; shift
mount --bind "$root" "$root"
mount --bind "$root/var/log/scandog" "$root/var/log/scandog"
mount --bind "$root/var/lib/scandog" "$root/var/lib/scandog"
mount --bind "$root/run/scandog" "$root/run/scandog"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mkdir -m 750 "$root/run/scandog"
chroot "$root" chown scandog:scandog /run/scandog
exec chroot "$root" "$@"
`;

/** The same, and all of it may be written. */
const OPEN = `
set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
exec chroot "$root" "$@"
`;

/** Builds the Debian package of the binary under test; its path in the repository. */
export async function builtPackage(): Promise<string> {
  const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const build = await new Deno.Command(Deno.execPath(), {
    args: ["task", "deb", "--binary", Deno.env.get("SCANDOG_BINARY")!],
    cwd: inRepository("."),
  }).output();
  assert.ok(build.success, new TextDecoder().decode(build.stderr));
  const [name] = new TextDecoder().decode(build.stdout).split(":");
  assert.match(name, new RegExp(`^build/scandog_.*_${architecture}\\.deb$`));
  return name;
}

export class FreshRoot {
  private constructor(readonly path: string, private readonly spaces: [string, string]) {}

  /** Makes one, with more packages than libpcap's, hands it over, and takes everything away again. */
  static async with(
    use: (root: FreshRoot) => Promise<void>,
    packages: readonly string[] = [],
  ): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "scandog-root-" });
    const names = ["target", "scanner"].map((name) => `pkg-${name}-${Deno.pid}`);
    const root = new FreshRoot(`${folder}/root`, names as [string, string]);
    try {
      await makeDebian(root.path, ["libpcap0.8", ...packages]);
      await root.connect();
      await use(root);
    } finally {
      for (const name of names) await run(["ip", "netns", "delete", name]);
      await Deno.remove(folder, { recursive: true });
    }
  }

  /** Two networks' ends: scan0 here, scan1 at the scanner. */
  private async connect(): Promise<void> {
    const [target, scanner] = this.spaces;
    for (const name of this.spaces) {
      await need("ip", "netns", "add", name);
      await need("ip", "-n", name, "link", "set", "lo", "up");
    }
    await need(
      ...["ip", "-n", target, "link", "add", "scan0", "type", "veth"],
      ...["peer", "name", "scan1", "netns", scanner],
    );
    for (
      const [name, device, own, other] of [
        [target, "scan0", TARGET, SCANNER],
        [scanner, "scan1", SCANNER, TARGET],
      ]
    ) {
      await need("ip", "-n", name, "address", "add", `${own}/32`, "dev", device);
      await need("ip", "-n", name, "link", "set", device, "up");
      await need("ip", "-n", name, "route", "add", other, "dev", device);
    }
  }

  /** Its network, as a path for setns(2). */
  get networkPath(): string {
    return `/run/netns/${this.spaces[0]}`;
  }

  /** Words that run a program in the root and its network; `sealed`: as the unit has it. */
  words(program: string[], script = OPEN): string[] {
    const [target] = this.spaces;
    return [
      ...["ip", "netns", "exec", target, "unshare", "--mount", "sh", "-c", script, "sh"],
      ...[this.path, ...program],
    ];
  }

  /** Runs a program in the root to its end, as root. */
  inside(...program: string[]): Promise<Ended> {
    return run(this.words(program));
  }

  /** Starts what the installed unit starts, as its user, with its capabilities, sealed as it says. */
  startUnit(): Deno.ChildProcess {
    const unit = Deno.readTextFileSync(`${this.path}/usr/lib/systemd/system/scandog.service`);
    const value = (key: string) => {
      const found = new RegExp(`^${key}=(.*)$`, "m").exec(unit);
      assert.ok(found, `the unit has no ${key}`);
      return found[1];
    };
    const capabilities = (key: string) => {
      const names = value(key).toLowerCase().split(" ").map((name) => name.replace("cap_", "+"));
      return ["-all", ...names].join(",");
    };
    assert.equal(value("NoNewPrivileges"), "yes");
    assert.equal(value("ProtectSystem"), "strict");
    assert.equal(value("LogsDirectory"), "scandog");
    assert.equal(value("StateDirectory"), "scandog");
    assert.equal(value("RuntimeDirectory"), "scandog");
    const ambient = capabilities("AmbientCapabilities");
    const [program, ...args] = this.words([
      "setpriv",
      `--reuid=${value("User")}`,
      `--regid=${value("Group")}`,
      ...["--clear-groups", "--no-new-privs"],
      `--inh-caps=${ambient}`,
      `--ambient-caps=${ambient}`,
      `--bounding-set=${capabilities("CapabilityBoundingSet")}`,
      ...value("ExecStart").split(" "),
    ], SEALED);
    return new Deno.Command(program, { args, stdout: "null", stderr: "piped" }).spawn();
  }

  /** Scans the root's network from outside. */
  scan(...options: string[]): Promise<string> {
    const [, scanner] = this.spaces;
    return need("ip", "netns", "exec", scanner, "nmap", "-n", "-Pn", ...options, TARGET);
  }

  /** Installs a package file in the root, without any archive. */
  async install(deb: string): Promise<void> {
    await Deno.copyFile(inRepository(deb), `${this.path}/tmp/scandog.deb`);
    const { code, err } = await this.inside("dpkg", "--install", "/tmp/scandog.deb");
    assert.equal(code, 0, err);
    await Deno.remove(`${this.path}/tmp/scandog.deb`);
  }
}
