// A line of text in colours, for a terminal: the eye is led to who, what and open. Knows how such a
// line is made up; changes none of its letters.

import type { Ink } from "./ink.ts";

/** Time, first word, who, the rest. */
const PARTS = /^(\S+ \S+) ([A-Z-]+) (\S+)(.*)$/;
/** What was found open, up to the next part. */
const OPEN = /(; )(open [^;]*?)(?=, [\d,]+ (?:closed|silent)|;|$)/;

/** The line as it is, with colours around some of its words. */
export function paintedLine(line: string, ink: Ink): string {
  const found = PARTS.exec(line);
  if (found === null) return line;
  const [, time, word, who, rest] = found;
  const isBad = word === "VISIT" || word === "LOSS";
  const told = rest.replace(OPEN, (_, before, open) => before + ink.open(open));
  return `${ink.soft(time)} ${isBad ? ink.visit(word) : ink.strong(word)} ${
    ink.strong(who)
  }${told}`;
}
