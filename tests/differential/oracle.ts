// The real scanlogd, both versions, over capture files. Knows how to build and start it; knows no
// capture and nothing of scandog.
//
// 2.2.8 is Debian's package, as it is. 1.0 is compiled from the article that it was printed in, where
// that is there (article.ts). Both are fed by feed.c.

import { exists } from "../support/skip.ts";

export type Version = "1.0" | "2.2.8";

/** A capture file, and the zone in which times are to be printed. */
export interface Job {
  path: string;
  timeZone: string;
}

export interface Verdict {
  lines: string[];
  /** What libpcap had against the file; empty if it was read to its end. */
  complaint: string;
}

const SCANLOGD = "/usr/sbin/scanlogd";
const NEEDS: Record<string, string> = {
  [SCANLOGD]: "scanlogd",
  "/usr/bin/gcc": "gcc",
  "/usr/include/pcap/pcap.h": "libpcap-dev",
};

/** Why the real programs cannot be run here, or false. */
export function oracleMissing(): string | false {
  const packages = Object.entries(NEEDS).filter(([path]) => !exists(path)).map(([, name]) => name);
  return packages.length > 0 && `not installed: ${packages.join(", ")} (apt-get install)`;
}

/** Both programs, built in a directory that is removed at the end. */
export class Oracle implements Disposable {
  /** For capture files too. */
  readonly directory = Deno.makeTempDirSync({ prefix: "scandog-oracle-" });

  /** `printed`: the source of 1.0; without it there is no 1.0 to run. */
  constructor(printed: string | undefined) {
    const here = new URL(".", import.meta.url).pathname;
    this.compile(
      "-O2",
      "-shared",
      "-fPIC",
      `${here}feed.c`,
      "-o",
      this.file("feed.so"),
      "-lpcap",
      "-ldl",
    );
    if (printed === undefined) return;
    Deno.writeTextFileSync(this.file("scanlogd-1.0.c"), printed);
    // As in its day: no optimizer, BSD names of the header fields, 100 clock ticks a second.
    const old = [
      "-O0",
      "-w",
      "-fno-strict-aliasing",
      "-D_DEFAULT_SOURCE",
      "-Dlinux=1",
      "-DCLK_TCK=100",
    ];
    this.compile(...old, this.file("scanlogd-1.0.c"), "-o", this.file("scanlogd-1.0"));
  }

  /** What the program says of each capture. */
  run(version: Version, jobs: readonly Job[]): Verdict[] {
    const list = this.file("jobs");
    Deno.writeTextFileSync(
      list,
      jobs.map(({ path, timeZone }) => `${timeZone}\t${path}\n`).join(""),
    );
    const program = version === "1.0" ? this.file("scanlogd-1.0") : SCANLOGD;
    const { success, stdout, stderr } = new Deno.Command(program, {
      env: { FEED: list, LD_PRELOAD: this.file("feed.so") },
    }).outputSync();
    if (!success) throw new Error(`scanlogd ${version}: ${new TextDecoder().decode(stderr)}`);
    return parse(new TextDecoder().decode(stdout));
  }

  /** A path in the directory. */
  file(name: string): string {
    return `${this.directory}/${name}`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  private compile(...args: string[]): void {
    const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
    if (!success) throw new Error(`gcc ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}

/** Lines of each job up to its `= ` line. 1.0's flood message ends in a newline of its own. */
function parse(text: string): Verdict[] {
  const verdicts: Verdict[] = [];
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("= ")) {
      verdicts.push({ lines, complaint: line.slice(2) });
      lines = [];
    } else if (line !== "") lines.push(line);
  }
  return verdicts;
}
