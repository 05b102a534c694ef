// Attempts as the rules about tools see them, without a detector: every first packet to a target is
// one, whatever becomes of it. Lets a test ask what ordinary traffic would be taken for.

import { Decoder } from "../../../../src/decode/decoder.ts";
import { Reason } from "../../../../src/decode/reason.ts";
import { TargetClass, targetKey } from "../../../../src/detect/scandog/classes.ts";
import { Conversations, More, Word } from "../../../../src/detect/scandog/conversations.ts";
import { lookOf } from "../../../../src/detect/scandog/scan.ts";
import { formOf, wireOf } from "../../../../src/detect/scandog/tool/wire.ts";
import { defaults, PATH } from "../../../../src/params.ts";
import { Field, Kind, Records, TcpFlag } from "../../../../src/record.ts";
import { captureBytes, forEachPacket } from "../../../support/run_capture.ts";

/** Takes the record at `base` into `slot` of the table, as the first packet of an attempt. */
export function fill(
  table: Conversations,
  slot: number,
  records: Records,
  base: number,
  key: number,
): void {
  const { i32, u16, bytes, f64 } = records;
  const word = (field: number) => (base + field) >> 2;
  table.take(
    slot,
    i32,
    word(Field.Source),
    word(Field.Destination),
    key,
    slot + 1,
    0,
    f64[base >> 3],
  );
  table.set(slot, Word.SourcePort, u16[(base + Field.SourcePort) >> 1]);
  table.set(slot, Word.Sequence, i32[word(Field.Sequence)]);
  table.setMore(slot, More.Acknowledgement, i32[word(Field.Acknowledgement)]);
  table.setMore(slot, More.Packets, 1);
  table.setMore(slot, More.Look, lookOf(bytes, base));
  table.setMore(slot, More.Wire, wireOf(records, base));
  table.setMore(slot, More.Form, formOf(records, base));
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
export function attemptsOf(file: string, table: Conversations): Map<string, number[]> {
  const records = Records.allocate(1);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
  const seen = new Set<string>();
  const sources = new Map<string, number[]>();
  let slot = 0;
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
    if (reason !== Reason.None || slot === table.capacity) return;
    const key = keyOf(records);
    const hosts = records.bytes.subarray(Field.Source, Field.Source + 32).join();
    if (key === 0 || seen.has(`${hosts}/${key}`)) return;
    seen.add(`${hosts}/${key}`);
    fill(table, slot, records, 0, key);
    const source = records.bytes.subarray(Field.Source, Field.Source + 16).join();
    sources.set(source, [...sources.get(source) ?? [], slot++]);
  });
  return sources;
}
