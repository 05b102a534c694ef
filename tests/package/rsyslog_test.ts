// The rsyslog example, read by a real rsyslogd, with lines from our own syslog sink.

import assert from "node:assert/strict";
import { cefLine } from "../../src/format/cef.ts";
import { jsonLine } from "../../src/format/json.ts";
import { textLine } from "../../src/format/text.ts";
import { UTC, withoutDateTime } from "../../src/format/zone.ts";
import { localSyslog } from "../../src/sink/syslog_local.ts";
import { PRIORITIES_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { until } from "../sink/receivers.ts";
import { scanEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { exists, skipped } from "../support/skip.ts";

const PROGRAM = "/usr/sbin/rsyslogd";
const EXAMPLE = inRepository(".github/package/rsyslog.conf");
const CONTEXT = {
  zone: UTC,
  interfaceName: () => "eth0",
  observer: "host",
  version: "0.1.0",
  seed: 1,
};

/** A configuration around the example: one socket in, everything that is left over to another file. */
async function configuration(folder: string): Promise<string> {
  const example = await Deno.readTextFile(EXAMPLE);
  const log = `${folder}/log/scandog.log`;
  return `global(workDirectory="${folder}" maxMessageSize="8k")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${folder}/socket")
${example.replaceAll("/var/log/scandog.log", log)}
action(type="omfile" file="${folder}/others")
`;
}

function contentOf(path: string): string {
  return exists(path) ? Deno.readTextFileSync(path) : "";
}

Deno.test({
  name: "the rsyslog example writes our lines as they are, and only ours, to their file",
  ignore: skipped("rsyslog", exists(PROGRAM) ? false : "there is no rsyslogd (Debian: rsyslog)"),
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/conf`, await configuration(folder));
    const check = await new Deno.Command(PROGRAM, { args: ["-N1", "-f", `${folder}/conf`] })
      .output();
    assert.ok(check.success, new TextDecoder().decode(check.stderr));
    const daemon = new Deno.Command(PROGRAM, {
      args: ["-n", "-f", `${folder}/conf`, "-i", `${folder}/pid`],
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await until(() => exists(`${folder}/socket`), () => "rsyslogd to open its socket");
      const event = scanEvent();
      const lines = [textLine(event, CONTEXT), jsonLine(event, CONTEXT), cefLine(event, CONTEXT)!];
      for (const [ident, said] of [["scandog", lines], ["other", ["not ours"]]] as const) {
        const sink = localSyslog({
          path: `${folder}/socket`,
          priorities: PRIORITIES_DEFAULT,
          ident,
          queue: 10,
          lineBytes: 8000,
          zone: () => 0,
          trim: withoutDateTime,
          notice: () => {},
        });
        for (const line of said) sink.write(line, event);
        await sink.flush();
        await sink.close();
      }
      await until(() => contentOf(`${folder}/others`) !== "", () => "the message of another");
      const [text, json, cef, end] = contentOf(`${folder}/log/scandog.log`).split("\n");
      // rsyslog puts its own clock before messages of this machine, to the second.
      assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000 SCAN /);
      assert.equal(withoutDateTime(text), withoutDateTime(lines[0]));
      assert.deepEqual([json, cef, end], [lines[1], lines[2], ""]);
      assert.match(contentOf(`${folder}/others`), /not ours/);
      assert.doesNotMatch(contentOf(`${folder}/others`), /SCAN/);
    } finally {
      daemon.kill("SIGKILL");
      await daemon.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
