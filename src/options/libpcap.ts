// The option of all commands that use libpcap.

import { FILE } from "./kinds.ts";
import type { Row } from "./row.ts";

export const LIBPCAP_OPTION = {
  kind: FILE,
  help: "The libpcap to use, an absolute path. The program must be permitted to open it.",
  group: "Capture path",
  defaultText: "the system's",
} satisfies Row<string>;
