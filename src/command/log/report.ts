// The detailed report as a format of `scandog log`: finds where the network layer of a frame begins,
// then lets the report tell every field.

import { NetworkFinder } from "../../decode/network_at.ts";
import type { PacketJsonContext } from "../../format/packet_json.ts";
import type { PacketLineContext } from "../../format/packet_line.ts";
import { PacketReport } from "../../format/packet_report.ts";
import type { Zone } from "../../format/zone.ts";
import { Field, type Records } from "../../record.ts";
import type { PacketBytes } from "../../detector.ts";
import type { PacketFormat } from "../../packetlog/outputs.ts";

export interface FormatContext {
  zone: Zone;
  interfaceName: (index: number) => string | undefined;
  /** What JSON has besides. */
  json: Omit<PacketJsonContext, keyof PacketLineContext>;
}

export function makeReport(
  records: Records,
  packets: PacketBytes,
  buffer: Uint8Array,
  { zone, interfaceName }: FormatContext,
): PacketFormat {
  const finder = new NetworkFinder();
  const report = new PacketReport(buffer, zone);
  return {
    write(base, at) {
      const { bytes, start, end, linkType, nanos, wireLength } = packets;
      const index = records.u16[(base + Field.Interface) >> 1];
      return report.write({
        timeUs: records.f64[(base + Field.TimeUs) >> 3],
        nanos,
        interface: interfaceName(index) ?? `#${index}`,
        linkType,
        wireLength,
        // A copy: the ring's memory is shared, and this is not the fast way.
        bytes: bytes.slice(start, end),
        network: finder.find(bytes, start, end, linkType) - start,
      }, at);
    },
  };
}
