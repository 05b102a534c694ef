// A display that renews itself in place, as top has it: the other screen of the terminal, one write a
// frame, a key at a time. Knows terminals; not what is shown.

const ESC = "\x1b[";
/** The other screen, no cursor; what the screen was before comes back with the second. */
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
/** A frame is shown whole, where the terminal knows how (else it is not there at all). */
const BEGIN = `${ESC}?2026h${ESC}H`;
const END = `${ESC}J${ESC}?2026l`;
const ERASE_LINE = `${ESC}K`;
/** A terminal that does not tell its size (serial lines, some containers) says 0. */
const SIZE = { columns: 80, rows: 24 };
const COLUMNS_MIN = 40;
const CTRL_C = 3;
const CTRL_D = 4;

export interface TopParts {
  /** The lines for a screen of that many columns; called for every frame. */
  frame(columns: number, isPaused: boolean): Promise<string[]> | string[];
  /** A key other than q and p. */
  onKey(key: string): void;
  intervalMs: number;
}

/** Shows frames until q, the end of the input or `signal`. What it did to the terminal is undone. */
export async function runTop(parts: TopParts, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  let isPaused = false, wake = () => {};
  const again = () => wake();
  const hasKeys = Deno.stdin.isTerminal();
  Deno.addSignalListener("SIGWINCH", again);
  if (hasKeys) Deno.stdin.setRaw(true);
  writeAll(ENTER);
  try {
    if (hasKeys) {
      readKeys((key) => {
        if (key === "q") end();
        else if (key === "p") isPaused = !isPaused;
        else parts.onKey(key);
        wake();
      }, end);
    }
    ended.signal.addEventListener("abort", again);
    let latest: string[] = [];
    while (!ended.signal.aborted) {
      const { columns, rows } = size();
      if (!isPaused || latest.length === 0) latest = await parts.frame(columns, isPaused);
      const foot = "q ends, p pauses, s sorts" + (isPaused ? " - PAUSED" : "");
      const lines = [...latest.slice(0, rows - 2), foot];
      writeAll(BEGIN + lines.map((line) => line + ERASE_LINE).join("\r\n") + END);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, parts.intervalMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    writeAll(LEAVE);
    if (hasKeys) Deno.stdin.setRaw(false);
    Deno.removeSignalListener("SIGWINCH", again);
    signal.removeEventListener("abort", end);
  }
}

function size(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return {
      columns: columns === 0 ? SIZE.columns : Math.max(columns, COLUMNS_MIN),
      rows: rows === 0 ? SIZE.rows : Math.max(rows, 4),
    };
  } catch {
    return SIZE;
  }
}

async function readKeys(onKey: (key: string) => void, onEnd: () => void): Promise<void> {
  const bytes = new Uint8Array(16);
  for (;;) {
    const read = await Deno.stdin.read(bytes).catch(() => null);
    if (read === null) return onEnd();
    for (const byte of bytes.subarray(0, read)) {
      if (byte === CTRL_C || byte === CTRL_D) return onEnd();
      onKey(String.fromCharCode(byte).toLowerCase());
    }
  }
}

function writeAll(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
