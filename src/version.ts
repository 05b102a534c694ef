// The program's version, written once, in deno.json, and the commit it was built from. A leaf.

import project from "../deno.json" with { type: "json" };

/** As in semver.org, such as `0.1.0`. */
export const VERSION: string = project.version;

/** Commit and its day, which git puts in the place of this when it exports one (.gitattributes). */
const STAMP = "$Format:%h %cs$";

/** The commit's day, `2026-11-22`; empty when run from a working tree. */
export const BUILD_DAY = STAMP.startsWith("$") ? "" : STAMP.split(" ")[1];

/** `0.1.0 (0123abc 2026-11-22)`, or `0.1.0` alone when run from a working tree. */
export const BUILD = STAMP.startsWith("$") ? VERSION : `${VERSION} (${STAMP})`;
