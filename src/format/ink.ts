// Colours and emphasis on a terminal. Knows SGR codes; not whether there is a terminal.

/** How words are set off, where that is possible. */
export interface Ink {
  strong(text: string): string;
  soft(text: string): string;
  open(text: string): string;
  visit(text: string): string;
  warn(text: string): string;
}

const SAME = (text: string) => text;
/** For files, pipes and mail. */
export const PLAIN: Ink = { strong: SAME, soft: SAME, open: SAME, visit: SAME, warn: SAME };

function sgr(codes: string): (text: string) => string {
  return (text) => text === "" ? "" : `\x1b[${codes}m${text}\x1b[0m`;
}

/** For terminals: the sixteen colours that every terminal lets its user choose. */
export const COLOURS: Ink = {
  strong: sgr("1"),
  soft: sgr("2"),
  open: sgr("1;33"),
  visit: sgr("1;35"),
  warn: sgr("31"),
};
