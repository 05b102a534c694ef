import assert from "node:assert/strict";
import {
  localMessage,
  type MessageHead,
  rfc5424Message,
  SEQUENCE_MAX,
} from "../../src/sink/syslog_message.ts";
import {
  FACILITY_NAMES,
  LEVEL_NAMES,
  parsePriorities,
  parsePriority,
  PRIORITIES_DEFAULT,
  prioritiesText,
  PRIORITY_DEFAULT,
  priorityNumber,
  priorityOf,
} from "../../src/sink/syslog_priority.ts";
import type { SinkEvent } from "../../src/sink/sink.ts";
import { lossEvent, scanEvent, TIME_US } from "../support/events.ts";

const HEAD: MessageHead = {
  priorities: PRIORITIES_DEFAULT,
  hostname: "gate.example",
  ident: "scandog",
  processId: 123,
  version: "0.1.0",
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("localMessage() writes what syslog(3) writes, by the zone's clocks", () => {
  const timeUs = Date.UTC(2026, 1, 2, 22, 35, 6) * 1000;
  const india = () => 5.5 * 3600;
  const message = localMessage(PRIORITY_DEFAULT, "scanlogd", timeUs, "a line", 100, india);
  assert.equal(text(message), "<25>Feb  3 04:05:06 scanlogd: a line");
});

Deno.test("localMessage() cannot be broken out of by a line, an ident or a time", () => {
  for (const timeUs of [NaN, -1, Infinity, 1e300, 0]) {
    const message = text(
      localMessage(PRIORITY_DEFAULT, "x\n<0>y", timeUs, "a\n<0>b", 100, () => 0),
    );
    assert.match(message, /^<25>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} x_<0>y: a\\u000a<0>b$/);
  }
});

Deno.test("rfc5424Message() writes header, structured data and text", () => {
  assert.equal(
    text(rfc5424Message(HEAD, 7, scanEvent(), "a line", 100)),
    "<25>1 2026-11-21T22:14:52.123456Z gate.example scandog 123 scan-start " +
      '[origin software="scandog" swVersion="0.1.0"][meta sequenceId="7"] a line',
  );
  assert.match(text(rfc5424Message(HEAD, 1, lossEvent(), "x", 100)), / 123 capture-loss \[/);
});

Deno.test("rfc5424Message() says nothing of an unknown host and an impossible time", () => {
  for (const timeUs of [NaN, -1, Infinity, 1e300]) {
    const event = scanEvent({ timeUs });
    const message = text(rfc5424Message({ ...HEAD, hostname: "" }, 1, event, "x", 100));
    assert.match(message, /^<25>1 - - scandog /, `${timeUs}`);
  }
});

Deno.test("rfc5424Message() keeps microseconds of any time it can write", () => {
  for (
    const [timeUs, expected] of [
      [0, "1970-01-01T00:00:00.000000Z"],
      [TIME_US + 1, "2026-11-21T22:14:52.123457Z"],
      [Number.MAX_SAFE_INTEGER, "2255-06-05T23:47:34.740991Z"],
    ] as const
  ) {
    const message = text(rfc5424Message(HEAD, 1, scanEvent({ timeUs }), "x", 100));
    assert.equal(message.split(" ")[1], expected);
  }
});

Deno.test("rfc5424Message() keeps a hostile version inside its quotes", () => {
  const message = text(rfc5424Message({ ...HEAD, version: '"] x' }, 1, scanEvent(), "y", 100));
  assert.ok(message.includes('swVersion="\\"\\] x"]'), message);
});

Deno.test("parsePriority() knows every facility and level, and nothing else", () => {
  assert.equal(FACILITY_NAMES.length, 20);
  assert.equal(LEVEL_NAMES.length, 8);
  assert.deepEqual(parsePriority("daemon.alert"), PRIORITY_DEFAULT);
  assert.deepEqual(parsePriority("daemon"), PRIORITY_DEFAULT);
  assert.equal(priorityNumber(parsePriority("local7.debug")!), 191);
  assert.equal(priorityNumber(parsePriority("kern.emerg")!), 0);
  for (
    const wrong of ["", ".", "daemon.", "x.alert", "daemon.loud", "daemon.alert.x", "toString"]
  ) {
    assert.equal(parsePriority(wrong), undefined, wrong);
  }
  assert.equal(SEQUENCE_MAX, 2 ** 31 - 1);
});

Deno.test("parsePriorities() takes one for all and others for kinds of events, and writes them back", () => {
  const text = "local0.notice,scan-start=daemon.alert,packet=user.debug";
  const priorities = parsePriorities(
    "daemon.alert,scan-start=daemon,local0.notice,packet=user.debug",
  )!;
  assert.equal(prioritiesText(priorities), text);
  assert.deepEqual(parsePriorities(text), priorities);
  const number = (event: SinkEvent) => priorityNumber(priorityOf(priorities, event));
  assert.equal(number(scanEvent()), 3 * 8 + 1);
  assert.equal(number(scanEvent({ action: "scan-end" })), 16 * 8 + 5);
  assert.equal(number({ action: "packet", timeUs: 0 }), 1 * 8 + 7);
  const only = parsePriorities("scan-end=daemon.info")!;
  assert.deepEqual(priorityOf(only, lossEvent()), PRIORITY_DEFAULT);
  for (
    const wrong of [
      ...["", ",", "x=daemon.alert", "scan-end=", "=daemon.alert", "scan-end=daemon.loud"],
      ...["scan-end=daemon=alert", "toString=daemon.alert", "daemon.alert,", "scan-end"],
    ]
  ) {
    assert.equal(parsePriorities(wrong), undefined, wrong);
  }
});

Deno.test("rfc5424Message() has the priority of what it tells of", () => {
  const head = { ...HEAD, priorities: parsePriorities("scan-end=local7.info")! };
  const start = (action: "scan-start" | "scan-end") =>
    text(rfc5424Message(head, 1, scanEvent({ action }), "x", 100)).split(">")[0];
  assert.deepEqual([start("scan-start"), start("scan-end")], ["<25", "<190"]);
});
