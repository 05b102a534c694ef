import assert from "node:assert/strict";
import type { PacketBytes } from "../../src/detector.ts";
import {
  LineOutput,
  type LineTarget,
  type PacketFormat,
  PacketOutputs,
  type RawTarget,
} from "../../src/packetlog/outputs.ts";
import { LOGGED_PROTOCOLS } from "../../src/packetlog/selection.ts";
import { Field, RECORD_BYTES, type Records } from "../../src/record.ts";
import { recordsOf } from "./records.ts";

/** What was written to it, a string each time. */
class Log implements LineTarget {
  readonly written: string[] = [];
  readonly firstUs: number[] = [];
  closed = 0;
  reopened = 0;

  constructor(
    readonly turnsUs?: (firstUs: number) => number,
    readonly roomBytes?: () => number,
  ) {}

  write(bytes: Uint8Array, lines: number, firstUs: number): void {
    const text = new TextDecoder().decode(bytes);
    assert.equal(text.split("\n").length - 1, lines);
    this.written.push(text);
    this.firstUs.push(firstUs);
  }

  reopen(): void {
    this.reopened++;
  }

  close(): void {
    this.closed++;
  }

  get text(): string {
    return this.written.join("");
  }
}

class Savefile implements RawTarget {
  packets = 0;
  readonly calls: string[] = [];
  open = (linkType: number) => void this.calls.push(`open ${linkType}`);
  packet = () => void this.packets++;
  flush = () => {};
  lost = () => 3;
  reopen = () => void this.calls.push("reopen");
  close = () => void this.calls.push("close");
}

/** The destination port and a newline. */
function portFormat(records: Records) {
  return (buffer: Uint8Array): PacketFormat => ({
    write(base, at) {
      const text = `${records.u16[(base + Field.DestinationPort) >> 1]}\n`;
      return at + new TextEncoder().encodeInto(text, buffer.subarray(at)).written;
    },
  });
}

const TCP = LOGGED_PROTOCOLS.indexOf("tcp"), UDP = LOGGED_PROTOCOLS.indexOf("udp");
const PACKETS = {} as PacketBytes;

/** Logs packets of these times, ports and protocols, all in one batch. */
function log(outputs: PacketOutputs, packets: [timeUs: number, port: number, protocol: number][]) {
  const records = recordsOf(packets.map(([timeUs, port]) => ({ timeUs, port })));
  const taker = outputs.taker(records, PACKETS, portFormat(records), () => {});
  packets.forEach(([, , protocol], i) => taker.packet(i * RECORD_BYTES, protocol));
  taker.batchEnd();
}

Deno.test("PacketOutputs keeps common lines in the order of packets, beside a log of each protocol", () => {
  const [common, tcp, udp] = [new Log(), new Log(), new Log()];
  const outputs = new PacketOutputs({
    tcp: { lines: new LineOutput([tcp], 100, false) },
    udp: { lines: new LineOutput([udp], 100, false) },
  }, new LineOutput([common], 100, false));
  log(outputs, [[1, 80, TCP], [2, 53, UDP], [3, 81, TCP], [4, 54, UDP]]);
  assert.deepEqual([common.text, tcp.text, udp.text], ["80\n53\n81\n54\n", "80\n81\n", "53\n54\n"]);
  outputs.line("SUPPRESSED", 5);
  assert.deepEqual([common, tcp, udp].map(({ text }) => text.match(/SUPPRESSED/g)?.length), [
    1,
    1,
    1,
  ]);
});

Deno.test("PacketOutputs opens, reopens and closes what protocols share once", () => {
  const lines = new Log(), raw = new Savefile();
  const outputs = new PacketOutputs(
    { tcp: { raw }, udp: { raw } },
    new LineOutput([lines], 100, false),
  );
  outputs.openRaw([1, 113]);
  log(outputs, [[1, 80, TCP], [2, 53, UDP]]);
  outputs.reopen();
  outputs.close();
  assert.deepEqual([lines.reopened, lines.closed, raw.packets], [1, 1, 2]);
  assert.deepEqual(raw.calls, ["open 1", "open 113", "open 1", "reopen", "close"]);
});

Deno.test("PacketOutputs sums up what its logs could not write, each log once", () => {
  const raw = new Savefile();
  const full = Object.assign(new Log(), { lost: () => 40 });
  const outputs = new PacketOutputs(
    { tcp: { raw, lines: new LineOutput([full], 100, false) }, udp: { raw } },
    new LineOutput([new Log()], 100, false),
  );
  assert.equal(outputs.lost(), 43);
});

Deno.test("LineOutput hands lines over apart where one of its targets rotates", () => {
  const often = new Log((firstUs) => firstUs + 10), never = new Log();
  const outputs = new PacketOutputs({ tcp: {} }, new LineOutput([never, often], 100, false));
  log(outputs, [[0, 1, TCP], [9, 2, TCP], [10, 3, TCP], [25, 4, TCP], [26, 5, TCP]]);
  assert.deepEqual(often.written, ["1\n2\n", "3\n", "4\n5\n"]);
  assert.deepEqual(often.firstUs, [0, 10, 25]);
  assert.equal(never.text, "1\n2\n3\n4\n5\n");
});

Deno.test("LineOutput hands a line over apart from those that leave no room for it", () => {
  let room = 5;
  const small: Log = new Log(undefined, () => room), large = new Log();
  const outputs = new PacketOutputs({ tcp: {} }, new LineOutput([large, small], 100, false));
  log(outputs, [[0, 10, TCP], [1, 1, TCP], [2, 200, TCP], [3, 2, TCP]]);
  assert.deepEqual(small.written, ["10\n1\n", "200\n", "2\n"]);
  assert.deepEqual(small.firstUs, [0, 2, 3]);
  assert.equal(large.text, "10\n1\n200\n2\n");
  // A line for which there is no room at all goes by itself.
  room = 1;
  log(outputs, [[4, 10, TCP], [5, 20, TCP]]);
  assert.deepEqual(small.written.slice(3), ["10\n", "20\n"]);
});

Deno.test("LineOutput hands over every line by itself where that is asked for, with its time", () => {
  const target = new Log();
  log(new PacketOutputs({ tcp: {} }, new LineOutput([target], 100, true)), [[7, 1, TCP], [
    8,
    2,
    TCP,
  ]]);
  assert.deepEqual([target.written, target.firstUs], [["1\n", "2\n"], [7, 8]]);
});

Deno.test("LineOutput never begins a line that may not fit its buffer", () => {
  const target = new Log();
  const lines = new LineOutput([target], 1 << 17, false);
  log(new PacketOutputs({ tcp: {} }, lines), [[1, 1, TCP], [2, 2, TCP], [3, 3, TCP]]);
  assert.ok(target.written.length >= 1 && target.text === "1\n2\n3\n");
  const format = { write: (_: number, at: number) => at + (1 << 17) };
  for (let i = 0; i < 5; i++) {
    lines.buffer.fill(0x20);
    for (let at = (1 << 17) - 1; at < lines.buffer.length; at += 1 << 17) lines.buffer[at] = 10;
    lines.packet(format, 0, i);
  }
  lines.flush();
  assert.equal(target.written.slice(-3).map(({ length }) => length >> 17).join(), "2,2,1");
});
