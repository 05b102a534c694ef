// Names of files, as POSIX has them (IEEE 1003.1, 4.16). node:path would say the same; with Deno 2.9 it loads so much of
// Node that a start takes 5 ms longer.

/** The path from the root on, without `.`, `..` and slashes that mean nothing. Links are not followed. */
export function absolute(path: string): string {
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder that a path names something in: `.` of a name alone, `/` of the root itself. */
export function folderOf(path: string): string {
  const named = path.replace(/(?<!^)\/+$/, "");
  const slash = named.lastIndexOf("/");
  if (slash < 0) return ".";
  return named.slice(0, slash).replace(/\/+$/, "") || "/";
}
