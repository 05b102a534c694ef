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

/** V8 maps its heaps in such pieces, and malloc what is larger than a mebibyte by itself: a table, a ring. */
const HEAP_PAGE_KIB = 256;
const LARGE_KIB = 1024;

/** What memory without a name may be, by what may be done with it and by the size of the mapping. */
function anonymousName(rights: string, kib: number): string {
  if (rights.includes("x")) return "compiled code";
  if (kib > LARGE_KIB) return `anonymous ${rights} of ${(kib / 1024).toFixed(1)} MiB`;
  return kib >= HEAP_PAGE_KIB && kib < 2 * HEAP_PAGE_KIB
    ? "pages of V8's heaps"
    : `anonymous ${rights}, smaller`;
}

/** Resident kibibytes by what the memory is for: a file's name, a segment's, or what it may be; largest first. */
export function mappings(pid: number): [what: string, kib: number][] {
  const found = new Map<string, number>();
  let what = "";
  for (const line of Deno.readTextFileSync(`/proc/${pid}/smaps`).split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/.exec(line);
    if (head !== null) {
      const kib = (parseInt(head[2], 16) - parseInt(head[1], 16)) / 1024;
      what = head[4] === "" ? anonymousName(head[3], kib) : head[4];
    } else if (line.startsWith("Rss:")) {
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
