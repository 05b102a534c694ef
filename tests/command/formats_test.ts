// From an event to what a log holds: no log cuts a line, whatever the format, because the format knew the bound.

import assert from "node:assert/strict";
import { type FormatName, makeFormat } from "../../src/command/formats.ts";
import { LogFile } from "../../src/sink/log_file.ts";
import { localMessage, rfc5424Message } from "../../src/sink/syslog_message.ts";
import { PRIORITIES_DEFAULT, PRIORITY_DEFAULT } from "../../src/sink/syslog_priority.ts";
import { assertLine } from "../format/event_schema.ts";
import { scanEvent } from "../support/events.ts";

/** What rsyslog takes of a message, its header included. */
const RSYSLOG_BYTES = 8192;
const LINE_BYTES = 8000;

/** Every second port, as many sources as one story names: 300 kB of JSON when nothing is left out. */
const LONG = scanEvent({
  action: "scan-end",
  ports: {
    count: 32768,
    list: Array.from({ length: 32768 }, (_, i) => 2 * i).join(),
    open: Array.from({ length: 9000 }, (_, i) => 2 * i).join(),
    closed: 23000,
    silent: 768,
  },
  sources: {
    count: 128,
    list: Array.from({ length: 128 }, (_, i) => `2001:db8:1:2:3:4:5:${(i + 256).toString(16)}`)
      .join(),
    forged: 127,
  },
});

function format(name: FormatName) {
  return makeFormat(name, {
    tz: "UTC",
    observer: "host",
    lineLength: 1000,
    lineBytesMax: LINE_BYTES,
    seed: 1,
    interfaceName: () => "eth0",
    knownScanners: undefined,
  });
}

Deno.test("a log file holds the longest scan as whole JSON with exact counts", async () => {
  const path = await Deno.makeTempFile();
  try {
    const log = new LogFile({ path, queue: 10, lineBytes: LINE_BYTES, notice: assert.fail });
    log.write(format("json")(LONG)!);
    await log.close();
    const text = await Deno.readTextFile(path);
    const { scandog } = assertLine(text.trimEnd());
    assert.deepEqual([scandog.ports.count, scandog.ports.closed, scandog.sources.count], [
      ...[32768, 23000, 128],
    ]);
    assert.equal(scandog.ports.truncated, true);
    assert.ok(text.length > LINE_BYTES - 200, "as much as there is room for");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a syslog message holds the line of every format as it was made, header and all in 8 KiB", () => {
  const head = {
    priorities: PRIORITIES_DEFAULT,
    hostname: "h".repeat(64),
    ident: "scandog",
    processId: 4194304,
    version: "10.10.10",
  };
  for (const name of ["json", "cef", "text", "scanlogd"] as const) {
    const line = format(name)(LONG);
    if (line === undefined) continue;
    const messages = [
      localMessage(PRIORITY_DEFAULT, "scandog", LONG.timeUs, line, LINE_BYTES, () => 0),
      rfc5424Message(head, 2147483647, LONG, line, LINE_BYTES),
    ];
    for (const message of messages) {
      assert.ok(message.length <= RSYSLOG_BYTES, `${name}: ${message.length}`);
      assert.ok(new TextDecoder().decode(message).endsWith(line), name);
    }
  }
});
