// The last guard before a line leaves the program. Knows bytes and bounds, no event.
//
// Formatters already keep what an attacker can choose printable; a sink does not rely on it. The
// result is printable ASCII, so one character is one byte, it is valid UTF-8 cut anywhere, and no
// terminal, log file or syslog frame can be led astray by it.

/** Stands at the end of a line that was cut. */
const CUT = "...";

/**
 * `line` with every character outside printable ASCII as `\uXXXX` (two of them beyond U+FFFF), and
 * at most `bytesMax` bytes long (at least 16).
 *
 * `\uXXXX` is what JSON itself allows, so a JSON line stays the same JSON. Quotes and backslashes
 * are left alone for the same reason: nothing that a sink writes is parsed by a shell.
 */
export function escapeLine(line: string, bytesMax: number): string {
  // Cut first, so that a line of a gigabyte costs no more than one of the bound.
  const escaped = line.slice(0, bytesMax + 1).replace(/[^\x20-\x7e]/g, escapeUnit);
  if (escaped.length <= bytesMax) return escaped;
  const kept = escaped.slice(0, bytesMax - CUT.length);
  // Not through the middle of an escape: that would be another text, and in JSON a broken one.
  return kept.replace(/\\(u[0-9a-f]{0,3})?$/, "") + CUT;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A value inside the quotes of RFC 5424 structured data (section 6.3.3): `"`, `\` and `]`. */
export function escapeParameter(value: string, bytesMax: number): string {
  return escapeLine(value, bytesMax).replace(/["\\\]]/g, "\\$&");
}

/**
 * A header field of RFC 5424 (section 6): printable ASCII without spaces, `-` for nothing.
 * Everything else becomes `_`.
 */
export function headerField(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).replace(/[^\x21-\x7e]/g, "_") || "-";
}
