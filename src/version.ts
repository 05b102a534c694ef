// The program's version, written once, in deno.json. A leaf.

import project from "../deno.json" with { type: "json" };

/** As in semver.org, such as `0.1.0`. */
export const VERSION: string = project.version;
