// Options of what the program gives up once its devices and logs are open.

import { FILE, FLAG, text } from "./kinds.ts";
import type { Rows } from "./row.ts";

/** Whom root becomes when nobody is named. */
export const USER_DEFAULT = "scandog";
const PRIVILEGES = "Privileges";

export const CONFINEMENT_OPTIONS = {
  user: {
    kind: text("USER"),
    help: "Whom to become once devices are open, when started as root: NAME, NAME:GROUP or " +
      "UID:GID. To stay root, say root.",
    group: PRIVILEGES,
    defaultText: `${USER_DEFAULT}, when started as root`,
  },
  chroot: {
    kind: FILE,
    help: "This directory, best an empty one, becomes the root directory.",
    group: PRIVILEGES,
  },
  landlock: {
    kind: FLAG,
    help: "Restricts files and TCP ports to those in use, where the kernel has Landlock.",
    group: PRIVILEGES,
    default: true,
  },
} satisfies Rows;
