// A machine of one's own to be scanned: network, mount and process namespaces with a private
// /dev/log and a real rsyslogd on it, and a second network from which the scans come. Nothing is
// left behind: the processes die with the namespace's first one.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { isStopped } from "../support/processes.ts";
import { exists } from "../support/skip.ts";
import { scandogWords } from "../support/scandog.ts";

export const TARGET = "203.0.113.10";
export const SCANNER = "198.51.100.7";
/** The target's interface towards the scanner, and the scanner's. */
export const INTERFACE = "wan0";
const SCANNER_INTERFACE = "wan1";

const NEEDED: Record<string, string> = {
  "/usr/sbin/rsyslogd": "rsyslog",
  "/usr/sbin/scanlogd": "scanlogd",
  "/usr/bin/nmap": "nmap",
  "/usr/bin/unshare": "util-linux",
  "/usr/sbin/ip": "iproute2",
};

/** Why such a machine cannot be made here, or false. */
export function whyNoTarget(): string | false {
  if (Deno.uid() !== 0) return "it takes root";
  const missing = Object.entries(NEEDED).filter(([path]) => !exists(path)).map(([, name]) => name);
  return missing.length > 0 && `not installed: ${missing.join(", ")}`;
}

/** Mounts a /dev of its own: a socket made there is not the machine's. And scanlogd's empty root. */
const PRIVATE_DEV = `
mount -t tmpfs -o mode=755 tmpfs "$1"
for name in null zero full random urandom tty; do
  : >"$1/$name"
  mount --bind /dev/$name "$1/$name"
done
ln -s /proc/self/fd "$1/fd"
mkdir "$1/shm"
mount --rbind "$1" /dev
mount -t tmpfs tmpfs /run
mkdir -p /run/scanlogd/empty
`;

/** The runtime reads this file late, when Landlock forbids it, and says so among what is said of scandog. */
const PLAIN = ["env", "-u", "NODE_EXTRA_CA_CERTS"];

interface Space {
  /** First process of the namespaces. */
  child: Deno.ChildProcess;
  pid: number;
}

function sh(command: string[]): string {
  const [program, ...args] = command;
  const { success, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  const text = new TextDecoder();
  assert.ok(success, `${command.join(" ")}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

async function openSpace(flags: string[]): Promise<Space> {
  const child = new Deno.Command("/usr/bin/unshare", {
    args: [...flags, "--fork", "--kill-child", "sleep", "3600"],
    stdin: "null",
  }).spawn();
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  const first = () => Number(Deno.readTextFileSync(children).trim());
  await until(() => first() > 0, () => "a namespace");
  return { child, pid: first() };
}

export class Target {
  readonly folder: string;
  private constructor(
    folder: string,
    private readonly target: Space,
    private readonly scanner: Space,
  ) {
    this.folder = folder;
  }

  /** Runs `use` with the two machines, joined by a wire. */
  static async with(use: (target: Target) => Promise<void>): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "scandog-target-" });
    // The program runs as somebody else later and still has to reach its log.
    await Deno.chmod(folder, 0o755);
    const spaces: Space[] = [];
    try {
      spaces.push(await openSpace(["--net", "--mount", "--pid", "--mount-proc"]));
      spaces.push(await openSpace(["--net", "--pid"]));
      const target = new Target(folder, spaces[0], spaces[1]);
      await target.prepare();
      await use(target);
    } finally {
      for (const { child } of spaces) child.kill("SIGKILL");
      for (const { child } of spaces) await child.status;
      await Deno.remove(folder, { recursive: true });
    }
  }

  /** Lays the wire between the two machines; again after the target's end of it was deleted. */
  joinWire(): void {
    const { target, scanner } = this;
    const peer = ["peer", "name", SCANNER_INTERFACE, "netns", `${scanner.pid}`];
    sh(["ip", "link", "add", INTERFACE, "netns", `${target.pid}`, "type", "veth", ...peer]);
    const net = (space: Space, words: string) =>
      sh(this.inside(space, ["ip", ...words.split(" ")]));
    net(target, `addr add ${TARGET}/24 dev ${INTERFACE}`);
    net(scanner, `addr add ${SCANNER}/24 dev ${SCANNER_INTERFACE}`);
    for (const [space, name] of [[target, INTERFACE], [scanner, SCANNER_INTERFACE]] as const) {
      net(space, `link set lo up`);
      net(space, `link set ${name} up`);
      net(space, `route add default dev ${name}`);
    }
  }

  private async prepare(): Promise<void> {
    const { folder, target } = this;
    this.joinWire();
    await Deno.mkdir(`${folder}/dev`);
    sh(this.inside(target, ["sh", "-ec", PRIVATE_DEV, "sh", `${folder}/dev`]));
    await Deno.writeTextFile(
      `${folder}/rsyslog.conf`,
      `global(workDirectory="${folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="/dev/log" RateLimit.Interval="0")
template(name="t" type="string" string="%syslogfacility-text%.%syslogseverity-text%|%programname%|%msg%\\n")
action(type="omfile" file="${folder}/syslog" template="t")
`,
    );
  }

  /** The command that runs another inside. */
  private inside({ pid }: Space, command: string[]): string[] {
    return ["/usr/bin/nsenter", "-t", `${pid}`, "--net", "--mount", "--pid", "--", ...command];
  }

  private spawn(space: Space, command: string[], output: "piped" | "null"): Deno.ChildProcess {
    const [program, ...args] = this.inside(space, command);
    return new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: output,
      stderr: output,
      env: { NO_COLOR: "1", TZ: "UTC" },
    }).spawn();
  }

  /** Starts the daemon; it answers on /dev/log inside. */
  async startRsyslog(): Promise<Deno.ChildProcess> {
    const command = ["rsyslogd", "-n", "-f", `${this.folder}/rsyslog.conf`, "-i", "NONE"];
    const child = this.spawn(this.target, command, "null");
    const socket = `/proc/${this.target.pid}/root/dev/log`;
    await until(() => exists(socket), () => "rsyslogd to open /dev/log");
    return child;
  }

  /** Starts the real scanlogd; it becomes a daemon, and dies with the namespace. */
  startScanlogd(): void {
    sh(this.inside(this.target, ["scanlogd"]));
  }

  /**
   * Starts `scandog watch`; resolves once it says that it watches. `redirection` is a shell's, for
   * its standard output; `under` runs it, as strace does.
   */
  async startScandog(
    args: string[],
    redirection = "",
    under: string[] = [],
  ): Promise<Running> {
    const config = args.includes("--config") ? [] : ["--config", "/dev/null"];
    const words = [
      ...PLAIN,
      ...under,
      ...scandogWords(["watch", "-i", INTERFACE, ...config, ...args]),
    ];
    const shell = ["bash", "-c", `exec "$@" ${redirection}`, "bash"];
    const watch = this.start(redirection === "" ? words : [...shell, ...words]);
    await until(() => watch.err.includes("watching "), () => `scandog to watch: ${watch.err}`);
    return watch;
  }

  /** Starts any program on the target. */
  start(command: string[]): Running {
    return new Running(this.spawn(this.target, command, "piped"));
  }

  /** Hardware address of the target's interface. */
  hardwareAddress(): string {
    return JSON.parse(this.run(["ip", "-j", "link", "show", INTERFACE]))[0].address;
  }

  /** Packets that arrived at the target's interface so far. */
  received(): number {
    return this.counted().rx.packets;
  }

  /** Packets that the target's interface received and sent so far. */
  passed(): number {
    const { rx, tx } = this.counted();
    return rx.packets + tx.packets;
  }

  private counted(): Record<"rx" | "tx", { packets: number }> {
    return JSON.parse(this.run(["ip", "-j", "-s", "link", "show", INTERFACE]))[0].stats64;
  }

  /** A daemon of that name on the target, as the whole machine numbers it. */
  pidOf(name: string): number {
    const space = Deno.readLinkSync(`/proc/${this.target.pid}/ns/pid`);
    for (const { name: pid } of Deno.readDirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const comm = Deno.readTextFileSync(`/proc/${pid}/comm`).trim();
        if (comm === name && Deno.readLinkSync(`/proc/${pid}/ns/pid`) === space) return Number(pid);
      } catch {
        // It has ended meanwhile.
      }
    }
    throw new Error(`There is no ${name} on the target`);
  }

  /** Runs scandog to its end on the target. */
  scandogToEnd(args: string[]): { code: number; err: string } {
    const [program, ...rest] = this.inside(this.target, scandogWords(args));
    const env = { NO_COLOR: "1" };
    const { code, stderr } = new Deno.Command(program, { args: rest, env }).outputSync();
    return { code, err: new TextDecoder().decode(stderr) };
  }

  /** Runs a command on the scanner's machine to its end. */
  scan(command: string[]): string {
    return sh(this.inside(this.scanner, command));
  }

  /** Sends so many packets, so many a second, as a configuration of trafgen has them. */
  flood(config: string, count: number, rate: number): void {
    const words = ["trafgen", "--in", config, "--out", SCANNER_INTERFACE, "--cpus", "1"];
    sh(
      this.inside(this.scanner, [...words, "-n", `${count}`, "-b", `${rate}pps`, "--no-sock-mem"]),
    );
  }

  /** Runs a command on the target to its end. */
  run(command: string[]): string {
    return sh(this.inside(this.target, command));
  }

  /** What rsyslog wrote: `facility.level|program|text`, by program. */
  syslog(program: string): string[] {
    const path = `${this.folder}/syslog`;
    if (!exists(path)) return [];
    const lines = Deno.readTextFileSync(path).split("\n").slice(0, -1);
    return lines.filter((line) => line.split("|")[1] === program)
      .map((line) => line.split("|").slice(2).join("|").trim());
  }
}

/** A running program with its output so far. */
export class Running {
  out = "";
  err = "";
  /** Called with what comes on standard output, as it comes. */
  onOut: (text: string) => void = () => {};
  private readonly reading: Promise<unknown>;

  constructor(private readonly child: Deno.ChildProcess) {
    const read = async (stream: ReadableStream<Uint8Array>, take: (text: string) => void) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
        take(text as unknown as string);
      }
    };
    this.reading = Promise.all([
      read(child.stdout, (text) => {
        this.out += text;
        this.onOut(text);
      }),
      read(child.stderr, (text) => this.err += text),
    ]);
  }

  /** The program's own process, as the whole machine numbers it. */
  get pid(): number {
    // nsenter forks to enter a process namespace.
    const children = `/proc/${this.child.pid}/task/${this.child.pid}/children`;
    const [first] = Deno.readTextFileSync(children).trim().split(" ");
    // To send a signal to process 0 is to send it to all of the tests.
    assert.ok(first !== "", `the program has ended: ${this.err}`);
    return Number(first);
  }

  signal(signal: Deno.Signal): void {
    Deno.kill(this.pid, signal);
    // nsenter stops itself when the program in it is stopped, and would never see it end.
    if (signal === "SIGCONT") this.child.kill(signal);
  }

  /** Stops it from running; resolves when it does not. */
  async freeze(): Promise<void> {
    this.signal("SIGSTOP");
    await isStopped(this.pid);
  }

  /** Sends the signal and waits for the end; gives the exit status. */
  stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.signal(signal);
    return this.ended();
  }

  /** Waits for the end; gives the exit status. */
  async ended(): Promise<number> {
    const { code } = await this.child.status;
    await this.reading;
    return code;
  }
}
