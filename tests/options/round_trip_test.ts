// What `--print-config` prints must be readable again: every option of every command, its default, an
// empty list where it may be one, and samples of what people give.

import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { loadCommands } from "../../src/command/commands.ts";
import { kebab, Refusal, type Row } from "../../src/options/row.ts";

/** As given on the command line, for kinds that have no default to try. */
const SAMPLES: Record<string, string[]> = {
  syslog: ["local", "udp://192.0.2.1", "tcp://[2001:db8::1]:601", "tls://collector.test"],
  syslogPriority: ["daemon.notice,scan-start=daemon.alert,packet=local7.debug"],
  home: ["192.0.2.0/24,2001:db8::/32", "192.0.2.1"],
  ignore: ["198.51.100.7"],
  interface: ["eth0", "eth0,lo"],
  flags: ["S", "255", "all"],
  exact: ["SA/S,255/0"],
  protocols: ["tcp", "udp,sctp"],
  udpPorts: ["53,161"],
  speed: ["max", "0.5"],
  tz: ["Asia/Tokyo"],
  logFile: ['/var/log/a "b"\\c.log'],
};

/** The value after it was written to a file and read. */
function readBack(key: string, { kind }: Row, value: unknown): unknown {
  const text = `${kebab(key)} = ${kind.toml(value)}\n`;
  return kind.fromToml(parse(text)[kebab(key)]);
}

Deno.test("what --print-config prints of any option is read as the same value", async () => {
  let values = 0;
  for (const { name, options } of await loadCommands()) {
    for (const [key, row] of Object.entries(options)) {
      if (row.commandLineOnly !== undefined) continue;
      const given = (SAMPLES[key] ?? []).map((text) => row.kind.parse(text));
      const empty = row.kind.isList ? [row.kind.fromToml([])] : [];
      const all = [row.default, ...given, ...empty].filter((value) =>
        value !== undefined && !(value instanceof Refusal)
      );
      for (const value of all) {
        assert.deepEqual(readBack(key, row, value), value, `${name}: ${key}`);
        values++;
      }
      for (const value of given) assert.ok(!(value instanceof Refusal), `${name}: ${key}`);
    }
  }
  assert.ok(values > 100, `${values} values`);
});
