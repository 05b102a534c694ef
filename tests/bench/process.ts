// What the kernel says of a running process: processor time, sleeps, memory. Nothing of it disturbs the process.

export interface Spent {
  /** Processor time of all threads, milliseconds. */
  cpuMs: number;
  /** How often its threads went to sleep, and so were woken. */
  sleeps: number;
}

export interface Resident {
  /** MiB, all. */
  rss: number;
  /** MiB that no file and no other process has. */
  anonymous: number;
}

/** What one thread spent since it began. */
export interface Thread extends Spent {
  name: string;
}

/** Those that a process has now, by their number. */
export function threads(pid: number): Map<string, Thread> {
  const found = new Map<string, Thread>();
  for (const { name: id } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const task = `/proc/${pid}/task/${id}`;
    try {
      found.set(id, {
        name: Deno.readTextFileSync(`${task}/comm`).trim(),
        cpuMs: Number(Deno.readTextFileSync(`${task}/schedstat`).split(" ")[0]) / 1e6,
        sleeps: numberOf(Deno.readTextFileSync(`${task}/status`), "voluntary_ctxt_switches"),
      });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** All that its threads spent since they began; of those that have ended, nothing. */
export function spent(pid: number): Spent {
  const all = [...threads(pid).values()];
  const sum = (of: keyof Spent) => all.reduce((sum, thread) => sum + thread[of], 0);
  return { cpuMs: sum("cpuMs"), sleeps: sum("sleeps") };
}

export function resident(pid: number): Resident {
  const text = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
  return { rss: numberOf(text, "Rss") / 1024, anonymous: numberOf(text, "Anonymous") / 1024 };
}

/** Resident kibibytes by what the memory is for: a file's name, a segment's, or `anonymous`; largest first. */
export function mappings(pid: number): [what: string, kib: number][] {
  const found = new Map<string, number>();
  let what = "";
  for (const line of Deno.readTextFileSync(`/proc/${pid}/smaps`).split("\n")) {
    const head = /^[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \d+ *(.*)$/.exec(line);
    if (head !== null) what = head[2] === "" ? `anonymous ${head[1]}` : head[2];
    else if (line.startsWith("Rss:")) {
      found.set(what, (found.get(what) ?? 0) + numberOf(line, "Rss"));
    }
  }
  return [...found].sort(([, a], [, b]) => b - a);
}

function numberOf(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(text)![1]);
}

export function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
