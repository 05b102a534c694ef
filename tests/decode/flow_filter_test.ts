// Which segments of a row have no record: those that go on with a flow known to be used, but for the first packet of
// each millisecond.

import assert from "node:assert/strict";
import { Counter } from "../../src/decode/counters.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { FlowFilter } from "../../src/decode/flow_filter.ts";
import { PacketRow, ROW_HEADER_BYTES } from "../../src/decode/row.ts";
import { Hash } from "../../src/keyed_hash.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Kind, Records, TcpFlag } from "../../src/record.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const { Ack, Fin, Psh, Rst, Syn } = TcpFlag;
const SEED = 5, FILE_HEADER_BYTES = 24, CLIENT_PORT = 40_000, SERVER_PORT = 443;
const CLIENT = "198.51.100.7", SERVER = "192.0.2.1";

const request = { source: CLIENT, destination: SERVER, sourcePort: CLIENT_PORT, port: SERVER_PORT };
const answer = { source: SERVER, destination: CLIENT, sourcePort: SERVER_PORT, port: CLIENT_PORT };

interface Sent {
  /** Microseconds. */
  at: number;
  flags?: number;
  source?: string;
  destination?: string;
  sourcePort?: number;
  port?: number;
}

/** The last word of an IPv4 address in a record. */
const word = (address: string) =>
  new Int32Array(Uint8Array.from(address.split(".").map(Number)).buffer)[0];

/** Times at which packets have records, when the flow of `request` is known or not; and how many were counted. */
function left(packets: Sent[], isKnown = true): { times: number[]; counted: number } {
  const filter = new FlowFilter(SEED);
  const flow = new Hash(SEED)
    .flow(word(CLIENT), CLIENT_PORT, word(SERVER), SERVER_PORT, Kind.Tcp);
  if (isKnown) filter.used.add(flow);
  const records = Records.allocate(packets.length);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: SEED, filter });
  const START = 1_790_000_000_000_000;
  const bytes = pcapFile(packets.map(({ at, flags = Ack, ...rest }) => ({
    timeUs: START + at,
    frame: tcpFrame({ ...request, ...rest, flags }),
  })));
  const row = new PacketRow(bytes, 1, 0);
  row.at = FILE_HEADER_BYTES;
  row.limit = bytes.length;
  const used = decoder.decodeRow(row, Infinity, 0, packets.length);
  assert.equal(row.at, bytes.length);
  assert.equal((bytes.length - FILE_HEADER_BYTES) / packets.length, ROW_HEADER_BYTES + 54);
  const times = Array.from({ length: used }, (_, i) => records.timeUs(i * 128) - START);
  assert.equal(decoder.counters[Counter.Packets], packets.length);
  return { times, counted: decoder.counters[Counter.Kind + Kind.Tcp] };
}

Deno.test("segments that go on with a known flow have no record, in both directions, and are counted", () => {
  const flags = [Ack, Ack | Psh, Ack | Fin, Ack | Rst, Rst, Syn | Ack, Ack];
  const first = { at: 0, sourcePort: CLIENT_PORT + 1 };
  const packets = [first, ...flags.map((flags, i) => ({ at: i + 1, flags }))];
  assert.deepEqual(left(packets), { times: [0], counted: 8 });
  assert.deepEqual(left(packets, false), { times: packets.map(({ at }) => at), counted: 8 });
  const answers = packets.slice(1).map((packet) => ({ ...packet, ...answer }));
  assert.deepEqual(left([first, ...answers]).times, [0]);
});

Deno.test("what begins or probes has a record, and so has every other flow", () => {
  const others: Partial<Sent>[] = [
    { flags: Syn },
    { flags: Syn | Rst },
    { flags: Syn | Fin },
    { flags: Syn | Fin | Ack },
    { flags: Syn | Rst | Ack },
    { flags: Fin },
    { flags: Fin | Rst },
    { flags: 0 },
    { flags: Psh },
    { port: SERVER_PORT + 1 },
    { sourcePort: CLIENT_PORT + 1 },
    { source: "198.51.100.8" },
    { destination: "192.0.2.2" },
    { sourcePort: SERVER_PORT, port: CLIENT_PORT },
  ];
  // Each by itself: after a SYN the whole flow has records.
  for (const other of others) {
    const what = JSON.stringify(other);
    assert.deepEqual(
      left([{ at: 0 }, { at: 1, ...other }, { at: 1000 }]).times,
      [0, 1, 1000],
      what,
    );
  }
});

Deno.test("the first packet of each millisecond since the first has a record", () => {
  const at = [300, 500, 1299, 1300, 1301, 2299, 2300, 9_000, 9_299, 9_300];
  assert.deepEqual(left(at.map((at) => ({ at }))).times, [300, 1300, 2300, 9000, 9300]);
});

Deno.test("where time steps back there is a record for each packet, until it is where it was", () => {
  const at = [0, 1, 20_000, 20_001, 10, 11, 20_002, 20_003];
  assert.deepEqual(left(at.map((at) => ({ at }))).times, [0, 20_000, 10, 11]);
});

Deno.test("after its SYN all segments of a known flow have records: the detector may begin it anew", () => {
  const after = (opening: number) => {
    const flags = [Ack, Ack, opening, Syn | Ack, Ack, Ack | Psh, Ack | Fin, Rst];
    return flags.map((flags, at) => ({ at, flags, ...(at === 3 ? answer : {}) }));
  };
  // A stack takes a SYN for one, whatever else it says.
  for (const opening of [Syn, Syn | Psh, Syn | Fin, Syn | Rst, Syn | Fin | Rst]) {
    assert.deepEqual(left(after(opening)).times, [0, 2, 3, 4, 5, 6, 7], `${opening}`);
  }
  const packets = after(Syn);
  const other = { ...packets[2], sourcePort: CLIENT_PORT + 1 };
  assert.deepEqual(left([packets[0], other, ...packets.slice(4)]).times, [0, 2], "another flow's");
});

/** The frame of a flow by its client's port, and the flow. */
function flowOf(sourcePort: number) {
  const view = new DataView(tcpFrame({ ...request, sourcePort }).buffer);
  const flow = new Hash(SEED)
    .flow(word(CLIENT), sourcePort, word(SERVER), SERVER_PORT, Kind.Tcp);
  return { view, flow };
}

Deno.test("of many flows that are opened anew at once each has records, as far as their places differ", () => {
  const filter = new FlowFilter(SEED), places = new Map<number, DataView>();
  for (let port = 1; places.size < 500; port++) {
    const { view, flow } = flowOf(port);
    if (places.has(flow & 1023)) continue;
    places.set(flow & 1023, view);
    filter.used.add(flow);
  }
  const isUsed = () => [...places.values()].map((view) => filter.isUsed(view, 0, 0));
  assert.deepEqual(new Set(isUsed()), new Set([true]));
  for (const view of places.values()) filter.opens(view, 0);
  assert.deepEqual(new Set(isUsed()), new Set([false]));
});

Deno.test("a flow that was opened before it was known is left out, once it is known", () => {
  const filter = new FlowFilter(SEED), { view, flow } = flowOf(CLIENT_PORT);
  filter.opens(view, 0);
  assert.deepEqual([filter.isOn(), filter.isUsed(view, 0, 0)], [false, false]);
  filter.used.add(flow);
  assert.deepEqual([filter.isOn(), filter.isUsed(view, 0, 0)], [true, true]);
});

Deno.test("a seed of another detector leaves nothing out", () => {
  const filter = new FlowFilter(SEED + 1), own = new FlowFilter(SEED);
  const frame = tcpFrame({ ...request, flags: Ack }), view = new DataView(frame.buffer);
  const flow = new Hash(SEED)
    .flow(word(CLIENT), CLIENT_PORT, word(SERVER), SERVER_PORT, Kind.Tcp);
  for (const one of [filter, own]) {
    one.used.add(flow);
    one.next(0);
  }
  assert.deepEqual([filter.isUsed(view, 0, 0), own.isUsed(view, 0, 0)], [false, true]);
});
