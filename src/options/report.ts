// The value of `--report`: a format and a file. Knows how it is written; nothing of what is reported.

import { REPORT_FORMATS, type ReportFormat } from "../verdict/build_report.ts";
import { type Kind, Refusal } from "./row.ts";

/** Where a report goes, and in which form. */
export interface ReportTarget {
  format: ReportFormat;
  file: string;
}

const WORDS = "must be junit or sarif, and a file: --report junit FILE";

/** `junit FILE`, as two words or with a colon between them. */
export const REPORT: Kind<ReportTarget> = {
  metavar: "FORMAT:FILE",
  parse(text) {
    const colon = text.indexOf(":");
    const format = REPORT_FORMATS.find((format) => format === text.slice(0, Math.max(colon, 0)));
    const file = text.slice(colon + 1);
    return format === undefined || file === "" ? new Refusal(WORDS) : { format, file };
  },
  fromToml: (value) => typeof value === "string" ? REPORT.parse(value) : new Refusal(WORDS),
  toml: ({ format, file }) => JSON.stringify(`${format}:${file}`),
  goesOn: (text) => REPORT_FORMATS.some((format) => format === text),
};
