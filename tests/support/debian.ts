// A Debian as debootstrap makes it: the root of a system with little in it, for tests of packages and images.

import assert from "node:assert/strict";
import { exists } from "./skip.ts";

const DEBOOTSTRAP = "/usr/sbin/debootstrap";
const RELEASE = "bookworm";
const MIRROR = "http://deb.debian.org/debian";
/** An archive can be slow, but it is not waited for without an end. */
const SECONDS_MAX = 400;

/** Why no such root can be made here, or false. */
export function whyNoDebian(): string | false {
  if (Deno.uid() !== 0) return "it takes root";
  return exists(DEBOOTSTRAP) ? false : "not installed: debootstrap";
}

/** Makes it at `path`, which is not there yet, with some packages besides. */
export async function makeDebian(path: string, packages: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command("timeout", {
    args: [
      ...[`${SECONDS_MAX}`, DEBOOTSTRAP, "--variant=minbase"],
      ...[`--include=${packages.join(",")}`, RELEASE, path, MIRROR],
    ],
    env: { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" },
  }).output();
  const decoder = new TextDecoder();
  assert.equal(
    code,
    0,
    `debootstrap: ${decoder.decode(stderr)}${decoder.decode(stdout).slice(-500)}`,
  );
}
