// Installs the Debian packages that tests need. Some are daemons, which a package starts as soon as it
// is installed: for as long as the installation takes a policy forbids that (invoke-rc.d(8)), and what would
// come up at the next start of the machine is switched off. Whatever was there before is left as it is.

/** Packages that start a program of their own, and the units in them. */
const DAEMONS: Record<string, string[]> = {
  scanlogd: ["scanlogd.service"],
  rsyslog: ["rsyslog.service", "syslog.socket"],
  fail2ban: ["fail2ban.service"],
  "nats-server": ["nats-server.service"],
  prometheus: ["prometheus.service"],
  "netsniff-ng": ["netsniff-ng.service"],
  nginx: ["nginx.service"],
  "openssh-server": ["ssh.service"],
  logrotate: ["logrotate.timer"],
};

const POLICY = "/usr/sbin/policy-rc.d";
/** 101: action forbidden by policy. */
const FORBID = "#!/bin/sh\n# Made by scandog's tests while they install packages.\nexit 101\n";

/** What is said before anything is installed. Pure. */
export function announcement(packages: readonly string[], line: string): string {
  const daemons = packages.filter((name) => name in DAEMONS);
  const tail = daemons.length === 0
    ? ""
    : `\nDaemons come with ${
      daemons.join(", ")
    }: none of them is started, now or at the next start.`;
  return `The tests need ${packages.join(", ")}; running: apt-get update && ${line}${tail}`;
}

/** As root, on Debian and its kin; nothing is removed for it. What fails is said; the tests that need it then say so. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const line = `apt-get install -y --no-remove --no-install-recommends ${packages.join(" ")}`;
  console.error(announcement(packages, line));
  const before = await enabledUnits(packages);
  const ours = forbidStarts(POLICY);
  try {
    await run("apt-get", ["update", "-q"]);
    if (!await run("apt-get", line.split(" ").slice(1))) {
      console.error("apt-get failed; the tests that need these packages will say so.");
    }
  } finally {
    if (ours) Deno.removeSync(POLICY);
  }
  const units = (await enabledUnits(packages)).filter((unit) => !before.includes(unit));
  if (units.length > 0) await run("systemctl", ["--quiet", "disable", ...units]);
}

/** True when it made the policy: one that is there is the administrator's, and decides. */
export function forbidStarts(path: string): boolean {
  try {
    Deno.writeTextFileSync(path, FORBID, { createNew: true, mode: 0o755 });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Those of the packages' units that the machine would start with. */
async function enabledUnits(packages: readonly string[]): Promise<string[]> {
  const units = packages.flatMap((name) => DAEMONS[name] ?? []);
  if (units.length === 0) return [];
  const states = await Promise.all(units.map(async (unit) => {
    try {
      const { stdout } = await new Deno.Command("systemctl", { args: ["is-enabled", unit] })
        .output();
      return new TextDecoder().decode(stdout).trim();
    } catch {
      return "no systemd";
    }
  }));
  return units.filter((_, i) => states[i] === "enabled");
}

async function run(command: string, args: string[]): Promise<boolean> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  return (await new Deno.Command(command, { args, env }).spawn().status).success;
}
