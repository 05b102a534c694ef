// A file of metrics for node_exporter's textfile collector: replaced whole, so that no reader sees half
// of one. Knows files; not what is in them.

import { reasonNotWritten } from "../failure.ts";

/** Beside the file, in the same folder: only there a rename replaces it at once. */
const SUFFIX = ".new";
/** node_exporter runs as somebody else. */
const MODE = 0o644;

export class MetricsFile {
  private isTold = false;

  /** `notice` is told once when it cannot be written, and once when it can again. */
  constructor(readonly path: string, private readonly notice: (text: string) => void) {}

  write(text: string): void {
    try {
      Deno.writeTextFileSync(this.path + SUFFIX, text, { mode: MODE });
      // Whatever the umask: another user's program collects it.
      Deno.chmodSync(this.path + SUFFIX, MODE);
      Deno.renameSync(this.path + SUFFIX, this.path);
      if (this.isTold) this.notice(`metrics file ${this.path}: can be written again`);
      this.isTold = false;
    } catch (error) {
      if (this.isTold) return;
      this.isTold = true;
      this.notice(`metrics file ${this.path}: cannot be written: ${reasonNotWritten(error)}`);
    }
  }
}
