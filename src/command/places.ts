// Where files are read and written while a program is confined. Knows paths; nothing of what is in a file.

import { absolute, folderOf } from "../system/paths.ts";

/** The folder of a file that may be absent. */
export function foldersOf(file: string | undefined): string[] {
  if (file === undefined) return [];
  const folder = file.replace(/[^/]*$/, "");
  return [folder === "" ? "." : folder];
}

/**
 * The folder of a file that is there, and where a link leads to, that of its end too: whoever changes
 * a file by putting another one in its place (editors, sed -i, dpkg) changes what the name stands for,
 * and a rule for the file would go on meaning the old one.
 */
export function placesOf(path: string): string[] {
  try {
    // Nobody puts another device in the place of /dev/null.
    if (!Deno.statSync(path).isFile) return [path];
    return [...new Set([absolute(path), Deno.realPathSync(path)].map(folderOf))];
  } catch {
    return [];
  }
}
