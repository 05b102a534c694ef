// The targets of whole lines of packets: standard output, and logs that take one line at a time. Knows lines as
// bytes; nothing of packets.

import type { Sink } from "./sink.ts";

/** What of either standard output is used here. */
interface TakesLines {
  writeLines(bytes: Uint8Array, lines: number): void;
}

/** Standard output. */
export class StdoutTarget {
  constructor(private readonly sink: TakesLines) {}

  write(bytes: Uint8Array, lines: number): void {
    this.sink.writeLines(bytes, lines);
  }
}

/** Logs that take a line at a time: syslog and the journal. */
export class SinkTarget {
  private readonly decoder = new TextDecoder();

  constructor(private readonly sink: Sink) {}

  write(bytes: Uint8Array, _lines: number, timeUs: number): void {
    this.sink.write(this.decoder.decode(bytes.subarray(0, -1)), { action: "packet", timeUs });
  }
}
