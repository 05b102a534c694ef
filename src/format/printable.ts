// Escapes text that an attacker can choose, so that it stays within its line. Knows no event.

/** Controls, line and paragraph separators, and what turns the direction of text around. */
const UNRULY = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * The text on one line, for messages that name files: letters of any script stay, what a terminal
 * would act on becomes `\xHH` or `\uHHHH`.
 */
export function oneLine(text: string): string {
  return text.replace(UNRULY, (unit) => {
    const hex = unit.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex}`;
  });
}

/**
 * The text in printable ASCII on one line: every other character (controls, newlines, escape
 * sequences, anything a terminal might act on or draw as something else) as `\u{hex}`, and a
 * backslash doubled, so that the original can be told.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x5b\x5d-\x7e]/gu, (character) => {
    if (character === "\\") return "\\\\";
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}
