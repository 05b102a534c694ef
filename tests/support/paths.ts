// Where things are in the repository, whatever the current directory is.

import { fileURLToPath } from "node:url";

/** The repository's root, as a URL that ends in a slash. */
export const ROOT = new URL("../../", import.meta.url);

/** A path in the repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}
