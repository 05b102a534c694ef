// Keeps what an attacker can put in a line from being more than a line. Knows no event.

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
