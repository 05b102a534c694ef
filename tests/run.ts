// `deno task test`: does the set-up that the tests need, says so first, then runs them all.
//
// Tests against real programs need Debian packages. As root with apt-get they are installed;
// otherwise the tests that need them are skipped, each with its reason. With SCANDOG_REQUIRE_ALL=1
// nothing may be skipped: what is missing fails.

/** A program that tests call, and the Debian package that has it. */
const PROGRAMS: Record<string, string> = {
  "/usr/sbin/scanlogd": "scanlogd",
  "/usr/bin/gcc": "gcc",
  "/usr/include/pcap/pcap.h": "libpcap-dev",
  "/usr/bin/tshark": "tshark",
  "/usr/bin/mergecap": "wireshark-common",
  "/usr/bin/tcpdump": "tcpdump",
  "/usr/bin/nmap": "nmap",
  "/usr/sbin/ip": "iproute2",
  "/usr/bin/ping": "iputils-ping",
  "/usr/sbin/trafgen": "netsniff-ng",
  "/usr/sbin/rsyslogd": "rsyslog",
  "/usr/share/doc/rsyslog-gnutls": "rsyslog-gnutls",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/fail2ban-regex": "fail2ban",
  "/usr/sbin/logrotate": "logrotate",
  "/usr/bin/xmllint": "libxml2-utils",
  "/usr/bin/setpriv": "util-linux",
  "/usr/bin/strace": "strace",
  "/usr/bin/mandoc": "mandoc",
  "/usr/bin/fish": "fish",
  "/usr/bin/zsh": "zsh",
  "/usr/bin/systemd-analyze": "systemd",
  "/usr/sbin/debootstrap": "debootstrap",
  "/usr/bin/promtool": "prometheus",
  "/usr/bin/chromium": "chromium",
};

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Packages of which something is missing. */
function missingPackages(): string[] {
  return [
    ...new Set(
      Object.entries(PROGRAMS).filter(([path]) => !exists(path)).map(([, name]) => name),
    ),
  ];
}

async function run(command: string, args: string[], env: Record<string, string> = {}) {
  return (await new Deno.Command(command, { args, env }).spawn().status).success;
}

async function install(packages: string[]): Promise<void> {
  if (packages.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (Deno.uid() !== 0 || !exists("/usr/bin/apt-get")) {
    console.error(
      `Not installed: ${
        packages.join(", ")
      }. The tests that need them are skipped. As root: ${line}`,
    );
    return;
  }
  console.error(`The tests need ${packages.join(", ")}; running: apt-get update && ${line}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], env);
  if (!await run("apt-get", line.split(" ").slice(1), env)) {
    console.error("apt-get failed; the tests that need these packages will say so.");
  }
}

/** Runs the tests, shows their output as it comes, and returns how many passed and failed. */
async function runTests(args: string[]): Promise<{ passed: number; failed: number; ok: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", ...args],
    stdout: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let tail = "";
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    tail = (tail + new TextDecoder().decode(chunk)).slice(-4096);
  }
  const last = [...tail.matchAll(/(\d+) passed[^|]*\| (\d+) failed/g)].at(-1);
  const { success } = await child.status;
  return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0), ok: success };
}

if (import.meta.main) {
  await install(missingPackages());
  const { passed, failed, ok } = await runTests(Deno.args);
  // A run that ended badly without a failed test (a crash, a leak) is a failure too.
  const failures = ok ? failed : Math.max(failed, 1);
  console.log(`${passed} passed, ${failures} failed`);
  Deno.exit(failures === 0 && passed > 0 ? 0 : 1);
}
