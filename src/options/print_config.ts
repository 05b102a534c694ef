// `--print-config`: the values in effect as a configuration file, each with where it came from. What
// it prints can be used as a file again. Knows no particular option.

import type { Command } from "./command.ts";
import type { ConfigFile } from "./config_file.ts";
import { kebab, type Row } from "./row.ts";
import type { Origin, Settings } from "./settings.ts";

/** The whole text, one line an option. */
export function configText(
  command: Command,
  settings: Settings,
  file: ConfigFile | undefined,
): string {
  const derived = command.derived?.(settings) ?? {};
  const lines = [`# scandog ${command.name}; configuration file: ${file?.path ?? "none"}`];
  for (const [key, row] of Object.entries(command.options)) {
    if (row.commandLineOnly !== undefined) continue;
    const value = key in derived ? derived[key] : settings.values[key];
    lines.push(line(key, row, value, settings.origins[key]));
  }
  return lines.join("\n") + "\n";
}

function line(key: string, row: Row, value: unknown, origin: Origin): string {
  const name = kebab(key);
  if (value === undefined) {
    return row.defaultText === undefined ? `# ${name} =` : `# ${name} = # ${row.defaultText}`;
  }
  return `${name} = ${row.kind.toml(value)} # ${originText(origin)}`;
}

function originText(origin: Origin): string {
  return origin.from === "file" ? `${origin.file}:${origin.line}` : origin.from;
}
