// The files that a replay writes about its verdict: reports, and expectations for next time. They are opened
// before the first packet, so that a wrong path is told at once, and none of them may be an input.

import { CannotRun } from "../../failure.ts";
import { cannotWrite, openOutput } from "../outputs.ts";
import { isSameFile, refuseInputs } from "../same_file.ts";
import type { ReportTarget } from "../../options/report.ts";
import { reportForm } from "../../verdict/build_report.ts";
import { expectationFile } from "../../verdict/expectation.ts";
import type { Told } from "../../verdict/told.ts";

interface Output {
  option: string;
  path: string;
  isAppended: boolean;
  text: (told: Told) => string;
  file: Deno.FsFile;
}

export class VerdictFiles {
  private constructor(private readonly outputs: Output[]) {}

  /**
   * Opens all. `inputs`: files that are read. Throws `CannotRun` for a file that cannot be written, or
   * that is an input or another output.
   */
  static open(
    reports: readonly ReportTarget[],
    writeExpect: string | undefined,
    inputs: readonly string[],
  ): VerdictFiles {
    const wanted: Omit<Output, "file">[] = reports.map(({ format, file }) => (
      { option: "--report", path: file, ...reportForm(format) }
    ));
    if (writeExpect !== undefined) {
      wanted.push({
        option: "--write-expect",
        path: writeExpect,
        isAppended: false,
        text: ({ found, files }) => expectationFile(found, files),
      });
    }
    const outputs: Output[] = [];
    for (const output of wanted) {
      const { option, path } = output;
      refuseInputs([{ option, path }], inputs);
      if (outputs.some((other) => other.path === path || isSameFile(other.path, path))) {
        throw new CannotRun(`${option} ${path}: is written twice; name another file`);
      }
      outputs.push({ ...output, file: openOutput(output) });
    }
    return new VerdictFiles(outputs);
  }

  get paths(): string[] {
    return this.outputs.map(({ path }) => path);
  }

  get count(): number {
    return this.outputs.length;
  }

  /** Throws `CannotRun`. */
  write(told: Told): void {
    for (const { option, path, isAppended, text, file } of this.outputs) {
      try {
        // Not before there is something to put in its place. A pipe or a terminal has no length.
        if (!isAppended && file.statSync().isFile) file.truncateSync(0);
        const bytes = new TextEncoder().encode(text(told));
        for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      } catch (error) {
        throw cannotWrite(option, path, error);
      }
    }
  }
}
