// A file system that is soon full. Takes root.

import assert from "node:assert/strict";

/** Runs `use` on a file system of so many bytes. */
export async function onTinyDisk(
  bytes: number,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const run = (command: string, args: string[]) => {
    const { success, stderr } = new Deno.Command(command, { args }).outputSync();
    assert.ok(success, `${command}: ${new TextDecoder().decode(stderr)}`);
  };
  run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", directory]);
  try {
    await use(directory);
  } finally {
    run("umount", ["-l", directory]);
    await Deno.remove(directory);
  }
}
