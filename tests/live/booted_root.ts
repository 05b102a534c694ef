// A fresh root that is booted: its own systemd runs in it, in the root's network, and starts what a machine starts.

import assert from "node:assert/strict";
import { exists } from "../support/skip.ts";
import { type Ended, type FreshRoot, run, whyNoRoot } from "./fresh_root.ts";

const NSPAWN = "/usr/bin/systemd-nspawn";

/** What such a root needs beside a fresh one's packages. */
export const BOOT_PACKAGES = ["systemd-sysv"];

/** Why none can be booted here, or false. */
export function whyNoBoot(): string | false {
  return whyNoRoot() || (exists(NSPAWN) ? false : "not installed: systemd-container");
}

const TRIES = 1200, BETWEEN_TRIES_MS = 100;

/** Waits until `isDone`, for two minutes at least before it fails. */
export async function eventually(
  isDone: () => Promise<boolean>,
  what: () => string,
): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    if (await isDone()) return;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
  }
  assert.fail(`waited in vain for: ${what()}`);
}

export class BootedRoot {
  private constructor(private readonly init: number) {}

  /** Boots the root, hands it over once all that starts has started, and shuts it down. */
  static async with(root: FreshRoot, use: (machine: BootedRoot) => Promise<void>): Promise<void> {
    const machine = new Deno.Command(NSPAWN, {
      args: [
        ...["--boot", "--quiet", "--register=no", "--keep-unit", `--directory=${root.path}`],
        `--network-namespace-path=${root.networkPath}`,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await use(await started(machine.pid));
    } finally {
      // Asks the init inside for an orderly end.
      machine.kill("SIGTERM");
      await machine.status;
    }

    async function started(nspawn: number): Promise<BootedRoot> {
      const children = () => Deno.readTextFileSync(`/proc/${nspawn}/task/${nspawn}/children`);
      await eventually(() => Promise.resolve(children() !== ""), () => "a process in the root");
      const booted = new BootedRoot(Number(children().trim()));
      let state = "";
      await eventually(async () => {
        state = (await booted.inside("systemctl", "is-system-running")).out.trim();
        return state === "running" || state === "degraded";
      }, () => `a running system: ${state}`);
      return booted;
    }
  }

  /** Runs a program inside to its end, as root. */
  inside(...program: string[]): Promise<Ended> {
    const spaces = ["mount", "uts", "ipc", "pid", "net", "cgroup"].map((name) => `--${name}`);
    const path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    return run([
      ...["nsenter", "--target", `${this.init}`, ...spaces, "--root", "--wd"],
      ...["env", path, ...program],
    ]);
  }

  /** The same of what must succeed; its standard output. */
  async must(...program: string[]): Promise<string> {
    const { code, out, err } = await this.inside(...program);
    assert.equal(code, 0, `${program.join(" ")}: ${err}${out}`);
    return out;
  }
}
