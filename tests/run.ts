// `deno task test`: does the set-up that the tests need, says so first, then runs them all.
//
// Tests against real programs need Debian packages. As root with apt-get they are installed, and daemons
// among them are not started; otherwise the tests that need them are skipped. What was skipped, and why, is
// said at the end. With SCANDOG_REQUIRE_ALL=1 nothing may be skipped that a machine can have: what is missing
// fails. Each test has a time limit (tests/support/limits.ts).

import type { SkippedTest } from "./support/limits.ts";
import { installPackages } from "./support/packages.ts";
import { COMPILED } from "./support/scandog.ts";
import { exists } from "./support/skip.ts";

/** A program that tests call, and the Debian package that has it. */
const PROGRAMS: Record<string, string> = {
  "/usr/sbin/scanlogd": "scanlogd",
  "/usr/bin/gcc": "gcc",
  "/usr/include/pcap/pcap.h": "libpcap-dev",
  "/usr/bin/tshark": "tshark",
  "/usr/bin/mergecap": "wireshark-common",
  "/usr/bin/tcpdump": "tcpdump",
  "/usr/bin/tcpreplay": "tcpreplay",
  "/usr/bin/nmap": "nmap",
  "/usr/sbin/zmap": "zmap",
  "/usr/sbin/ip": "iproute2",
  "/usr/bin/ping": "iputils-ping",
  "/usr/sbin/trafgen": "netsniff-ng",
  "/usr/sbin/rsyslogd": "rsyslog",
  "/usr/share/doc/rsyslog-gnutls": "rsyslog-gnutls",
  "/usr/sbin/nats-server": "nats-server",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/fail2ban-regex": "fail2ban",
  "/usr/sbin/logrotate": "logrotate",
  "/usr/bin/xmllint": "libxml2-utils",
  "/usr/bin/lintian": "lintian",
  "/usr/bin/rpmbuild": "rpm",
  "/usr/bin/setpriv": "util-linux",
  "/usr/bin/strace": "strace",
  "/usr/bin/mandoc": "mandoc",
  "/usr/bin/fish": "fish",
  "/usr/bin/zsh": "zsh",
  "/usr/bin/systemd-analyze": "systemd",
  "/usr/bin/promtool": "prometheus",
  "/usr/bin/chromium": "chromium",
};

/** The same for tests of the compiled binary, its package and its image. */
const PROGRAMS_FOR_BINARY: Record<string, string> = {
  "/usr/sbin/debootstrap": "debootstrap",
  "/usr/bin/systemd-nspawn": "systemd-container",
  "/usr/bin/buildah": "buildah",
  "/usr/sbin/runc": "runc",
};

/** Packages of which something is missing. A program in the other of the two folders is there too. */
function missingPackages(): string[] {
  const needed = { ...PROGRAMS, ...(COMPILED ? PROGRAMS_FOR_BINARY : {}) };
  const missing = Object.entries(needed).filter(([path]) =>
    !exists(path) && !exists(path.replace("/usr/sbin/", "/usr/bin/"))
  );
  return [...new Set(missing.map(([, name]) => name))];
}

async function install(packages: string[]): Promise<void> {
  if (packages.length === 0) return;
  if (Deno.uid() === 0 && exists("/usr/bin/apt-get")) return await installPackages(packages);
  const line = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  console.error(
    `Not installed: ${packages.join(", ")}. The tests that need them are skipped. As root: ${line}`,
  );
}

/** Longer than any test may take: then one hangs where no limit can reach it. */
const SILENCE_MS = 15 * 60_000;

interface Result {
  /** Each failed test with its file: what Deno prints as its place is the limit that it runs under. */
  failures: string[];
  passed: number;
  failed: number;
  ignored: number;
  ok: boolean;
}

/** Runs the tests, shows their output as it comes, and returns how many passed and failed. */
async function runTests(args: string[], skips: string): Promise<Result> {
  const limits = new URL("./support/limits.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", `--preload=${limits}`, ...args],
    stdout: "piped",
    env: { NO_COLOR: "1", SCANDOG_SKIPS: skips },
  }).spawn();
  const silent = () => {
    console.log(
      `\nNo test has ended for ${SILENCE_MS / 60_000} minutes: the last one above hangs.`,
    );
    child.kill("SIGKILL");
  };
  let timer = setTimeout(silent, SILENCE_MS);
  let tail = "", text = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    clearTimeout(timer);
    timer = setTimeout(silent, SILENCE_MS);
    await Deno.stdout.write(chunk);
    const said = decoder.decode(chunk, { stream: true });
    tail = (tail + said).slice(-4096);
    text += said;
  }
  clearTimeout(timer);
  const [line] = [...tail.matchAll(/(\d+) passed[^\n]*?\| (\d+) failed[^\n]*/g)].slice(-1);
  const { success } = await child.status;
  return {
    failures: failedTests(text),
    passed: Number(line?.[1] ?? 0),
    failed: Number(line?.[2] ?? 0),
    ignored: Number(/(\d+) ignored/.exec(line?.[0] ?? "")?.[1] ?? 0),
    ok: success,
  };
}

/** `FILE: NAME` of each test that failed, from what the runner prints. Pure. */
export function failedTests(output: string): string[] {
  let file = "";
  return output.split("\n").flatMap((line) => {
    file = /^running \d+ tests? from (?:\.\/)?(.+)$/.exec(line)?.[1] ?? file;
    const [, name] = /^(\S.*?) \.\.\. FAILED/.exec(line) ?? [];
    return name === undefined ? [] : [`${file}: ${name}`];
  });
}

/** How many tests were skipped for which reason, the commonest first; nothing when none was. Pure. */
export function skippedLines(skipped: readonly SkippedTest[]): string[] {
  if (skipped.length === 0) return [];
  const byReason = new Map<string, number>();
  for (const { reasons, file } of skipped) {
    const reason = reasons.length === 0 ? `${file} gives no reason` : reasons.join(" or ");
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const rows = [...byReason].sort(([, one], [, other]) => other - one);
  const width = `${rows[0][1]}`.length;
  return [
    `${skipped.length} skipped, because:`,
    ...rows.map(([reason, count]) => `  ${`${count}`.padStart(width)}  ${reason}`),
  ];
}

function readSkips(path: string): SkippedTest[] {
  return Deno.readTextFileSync(path).split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

if (import.meta.main) {
  await install(missingPackages());
  console.log(
    "The tests are checked first, which takes a minute. All of them take a quarter of an hour.",
  );
  const skips = Deno.makeTempFileSync({ prefix: "scandog-skips-" });
  try {
    const { failures: names, passed, failed, ignored, ok } = await runTests(Deno.args, skips);
    if (names.length > 0) console.log(`failed:\n${names.map((name) => `  ${name}`).join("\n")}`);
    const skipped = readSkips(skips);
    for (const line of skippedLines(skipped)) console.log(line);
    if (skipped.length < ignored) console.log(`${ignored - skipped.length} more were skipped`);
    // A run that ended badly without a failed test (a crash, a leak) is a failure too.
    const failures = ok ? failed : Math.max(failed, 1);
    console.log(`${passed} passed, ${failures} failed`);
    Deno.exitCode = failures === 0 && passed > 0 ? 0 : 1;
  } finally {
    Deno.removeSync(skips);
  }
}
