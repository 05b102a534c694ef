// Options of what the program gives up once its devices and logs are open.

import { FILE, FLAG, text } from "./kinds.ts";
import type { Rows } from "./row.ts";

/** The user that root becomes if no user is named. */
export const USER_DEFAULT = "scandog";
const PRIVILEGES = "Privileges";

export const CONFINEMENT_OPTIONS = {
  user: {
    kind: text("USER"),
    help:
      "The user to become after devices are opened, if started as root: NAME, NAME:GROUP or UID:GID. root " +
      "means: stay root.",
    group: PRIVILEGES,
    defaultText: `${USER_DEFAULT}, when started as root`,
  },
  chroot: {
    kind: FILE,
    help: "Makes this directory the root directory. An empty one is best.",
    group: PRIVILEGES,
  },
  landlock: {
    kind: FLAG,
    help: "Restricts access to the files and TCP ports in use, if the kernel has Landlock.",
    group: PRIVILEGES,
    default: true,
  },
} satisfies Rows;
