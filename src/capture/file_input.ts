// A capture file as a stream of bytes: plain, or standard input. Knows no packet.

/**
 * Bytes asked for at once. Measured: pieces that stay in the second-level cache until they are
 * decoded are read a third faster than larger ones.
 */
const PIECE_BYTES = 256 * 1024;

/** One open input. */
export class FileInput {
  /** Bytes taken from the file so far. */
  bytesRead = 0;

  private constructor(
    private readonly source: { readSync(into: Uint8Array): number | null },
    private readonly closer: () => void,
  ) {}

  /** Opens a path, or standard input for `-`. A sentence instead when it cannot be opened. */
  static open(name: string): FileInput | string {
    if (name === "-") return new FileInput(Deno.stdin, () => {});
    try {
      const file = Deno.openSync(name);
      return new FileInput(file, () => file.close());
    } catch (error) {
      return `${name}: cannot be opened: ${reasonOf(error)}`;
    }
  }

  /** Reads some bytes into the front of `into`; 0 at the end. */
  read(into: Uint8Array): number | Promise<number> {
    const count = this.source.readSync(into.subarray(0, PIECE_BYTES)) ?? 0;
    this.bytesRead += count;
    return count;
  }

  close(): void {
    this.closer();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
