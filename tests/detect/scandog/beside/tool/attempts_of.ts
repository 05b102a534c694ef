// Attempts as the rules about tools see them, without a detector: every first packet to a target is
// one, whatever becomes of it. Lets a test ask what ordinary traffic would be taken for.

import { Decoder } from "../../../../../src/decode/decoder.ts";
import { Reason } from "../../../../../src/decode/reason.ts";
import { TargetClass, targetKey } from "../../../../../src/detect/scandog/probe/classes.ts";
import type { AttemptTable } from "../../../../../src/detect/scandog/table/attempt_table.ts";
import { formOf, lookOf, wireOf } from "../../../../../src/detect/scandog/observe/probe_form.ts";
import { defaults, PATH } from "../../../../../src/params.ts";
import { Field, Kind, Records, TcpFlag } from "../../../../../src/record.ts";
import { captureBytes, forEachPacket } from "../../../../support/run_capture.ts";

/** Takes the record at `base` into the table, as the first packet of an attempt. Gives its slot. */
export function fill(
  table: AttemptTable,
  records: Records,
  base: number,
  key: number,
): number {
  const { i32, u16, f64 } = records;
  const word = (field: number) => (base + field) >> 2;
  // The hash is a count, so that no two entries share a place.
  const slot = table.take(
    table.placeFor(table.size),
    i32,
    word(Field.Source),
    word(Field.Destination),
    key,
    table.size,
    0,
    f64[base >> 3],
  );
  table.sourcePort.set(slot, u16[(base + Field.SourcePort) >> 1]);
  table.sequence.set(slot, i32[word(Field.Sequence)]);
  table.acknowledgement.set(slot, i32[word(Field.Acknowledgement)]);
  table.setPackets(slot, 1, 0);
  table.look.set(slot, lookOf(records, base));
  table.wire.set(slot, wireOf(records, base));
  table.form.set(slot, formOf(records, base));
  return slot;
}

/** What the packet would be an attempt at; 0 for one that begins nothing. */
function keyOf({ bytes, u16 }: Records): number {
  const port = u16[Field.DestinationPort >> 1];
  switch (bytes[Field.Kind]) {
    case Kind.Tcp:
      if ((bytes[Field.TcpFlags] & (TcpFlag.Syn | TcpFlag.Ack)) !== TcpFlag.Syn) return 0;
      return targetKey(TargetClass.Tcp, port);
    case Kind.Udp:
      return targetKey(TargetClass.Udp, port);
    case Kind.Icmp:
      return bytes[Field.Type] === 8 ? targetKey(TargetClass.IcmpEcho, 0) : 0;
    default:
      return 0;
  }
}

/** Slots of the attempts in a capture, by source. */
export function attemptsOf(file: string, table: AttemptTable): Map<string, number[]> {
  const records = Records.allocate(1);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
  const seen = new Set<string>();
  const sources = new Map<string, number[]>();
  forEachPacket(file, captureBytes(file), (reader) => {
    const { bytes, start, end, wireLength, timeUs, linkType } = reader;
    const reason = decoder.decode(
      bytes,
      start,
      end,
      wireLength,
      timeUs,
      linkType,
      reader.interface,
      0,
    );
    if (reason !== Reason.None || table.size === table.capacity) return;
    const key = keyOf(records);
    const hosts = records.bytes.subarray(Field.Source, Field.Source + 32).join();
    if (key === 0 || seen.has(`${hosts}/${key}`)) return;
    seen.add(`${hosts}/${key}`);
    const slot = fill(table, records, 0, key);
    const source = records.bytes.subarray(Field.Source, Field.Source + 16).join();
    sources.set(source, [...sources.get(source) ?? [], slot]);
  });
  return sources;
}
