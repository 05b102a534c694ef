// How much a command writes to standard error. Options of all commands.

import { FLAG } from "./kinds.ts";
import type { Row } from "./row.ts";

const GROUP = "Program";

export const QUIET = {
  kind: FLAG,
  help: "Nothing on standard error but errors.",
  group: GROUP,
  short: "q",
  default: false,
} satisfies Row<boolean>;

export const VERBOSE = {
  kind: FLAG,
  help: "More on standard error.",
  group: GROUP,
  short: "v",
  default: false,
} satisfies Row<boolean>;
