// The value of `--report`: formats and files. Knows how it is written; nothing of what is reported.

import { REPORT_FORMATS, type ReportFormat } from "../verdict/build_report.ts";
import { type Kind, Refusal } from "./row.ts";

/** Where a report goes, and in which form. */
export interface ReportTarget {
  format: ReportFormat;
  file: string;
}

const NAMES = `${REPORT_FORMATS.slice(0, -1).join(", ")} or ${REPORT_FORMATS.at(-1)}`;
const WORDS = `must be ${NAMES}, and a file: --report junit FILE`;

/** A comma is part of a file's name, but where the next report begins after it. */
const BETWEEN = new RegExp(`,(?=(?:${REPORT_FORMATS.join("|")}):)`);

/** `junit FILE`, as two words or with a colon between them; may be given again. */
export const REPORT: Kind<ReportTarget[]> = {
  metavar: "FORMAT:FILE",
  isList: true,
  parse(text) {
    const targets: ReportTarget[] = [];
    for (const part of text.split(BETWEEN)) {
      const colon = part.indexOf(":");
      const format = REPORT_FORMATS.find((format) => format === part.slice(0, Math.max(colon, 0)));
      const file = part.slice(colon + 1);
      if (format === undefined || file === "") return new Refusal(WORDS);
      if (targets.some((target) => target.file === file)) {
        return new Refusal(`names ${JSON.stringify(file)} twice`);
      }
      targets.push({ format, file });
    }
    return targets;
  },
  fromToml: (value) => typeof value === "string" ? REPORT.parse(value) : new Refusal(WORDS),
  toml: (targets) => JSON.stringify(targets.map(({ format, file }) => `${format}:${file}`).join()),
  suggest: () => REPORT_FORMATS,
  goesOn: (text) => REPORT_FORMATS.some((format) => format === text),
};
