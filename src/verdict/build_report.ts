// `--report`: the verdict on a replay in forms that build servers show. Knows what a report tells, and which forms
// there are; nothing of how the verdict was reached.

import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { sarif } from "./sarif.ts";
import type { Told } from "./told.ts";

interface Form {
  /** The whole text. */
  text: (told: Told) => string;
  /** Is what was in the file kept? A summary of GitHub's is of all steps of a job. */
  isAppended: boolean;
}

const FORMS = {
  junit: { text: junit, isAppended: false },
  sarif: { text: sarif, isAppended: false },
  markdown: { text: markdown, isAppended: true },
} satisfies Record<string, Form>;

export type ReportFormat = keyof typeof FORMS;

export const REPORT_FORMATS = Object.keys(FORMS) as ReportFormat[];

/** How a report of that name is made. */
export function reportForm(format: ReportFormat): Form {
  return FORMS[format];
}
