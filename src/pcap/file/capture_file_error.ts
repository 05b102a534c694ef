// The error for a capture file that cannot be read to its end. Knows no format.

/**
 * A capture file is damaged, cut, or no capture file at all. Thrown once every packet before the
 * damage has been given. The message is one line: `FILE: REASON, at byte OFFSET`.
 */
export class CaptureFileError extends Error {
  override readonly name = "CaptureFileError";
  /** The file, as it was named to the reader. */
  readonly file: string;
  /** Bytes before the record, block or header that is at fault, counted from the file's start. */
  readonly offset: number;
  /** What is wrong, and what may be done about it where something may. */
  readonly reason: string;

  constructor(file: string, reason: string, offset: number) {
    super(`${file}: ${reason}, at byte ${offset}`);
    this.file = file;
    this.reason = reason;
    this.offset = offset;
  }
}
