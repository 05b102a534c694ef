// Stands in for the opening of files: what they hold is given, and it is counted which are closed.

/** How a file that is open is read: so many bytes at once, or an error instead. */
export interface Held {
  bytes: Uint8Array;
  /** As a pipe may give them; absent: as many as are asked for. */
  most?: number;
  /** Thrown once the bytes are read. */
  failing?: Error;
}

/** Runs `run` while `Deno.openSync` opens these; gives how often each was opened and closed, and sizes asked for. */
export function withFiles<T>(files: Record<string, Held>, run: () => T) {
  const { openSync } = Deno;
  const opened: string[] = [], closed: string[] = [], asked: number[] = [];
  const open = (name: string | URL) => {
    const file = files[`${name}`];
    if (file === undefined) throw new Deno.errors.NotFound("no such file");
    opened.push(`${name}`);
    let at = 0;
    return {
      readSync(into: Uint8Array) {
        asked.push(into.length);
        if (at === file.bytes.length && file.failing !== undefined) throw file.failing;
        const piece = file.bytes.subarray(at, at + Math.min(into.length, file.most ?? Infinity));
        into.set(piece);
        at += piece.length;
        return piece.length === 0 ? null : piece.length;
      },
      close: () => closed.push(`${name}`),
    };
  };
  Object.defineProperty(Deno, "openSync", { value: open, configurable: true, writable: true });
  try {
    return { result: run(), opened, closed, asked };
  } finally {
    Object.defineProperty(Deno, "openSync", {
      value: openSync,
      configurable: true,
      writable: true,
    });
  }
}
