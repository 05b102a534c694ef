import assert from "node:assert/strict";
import { formatAddress, parseAddress } from "../../src/address.ts";
import { Decoder, isLinkTypeKnown } from "../../src/decode/decoder.ts";
import { Reason } from "../../src/decode/reason.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Kind, Records } from "../../src/record.ts";
import { forEachPacket } from "../support/run_capture.ts";
import { skipped } from "../support/skip.ts";
import { openCapture, sharedManifest, testdataCaptures } from "./captures.ts";
import { type Decoded, readRecord } from "./harness.ts";
import { configure, dissect, merge, type Row, tsharkMissing } from "./tshark.ts";
import { type Difference, EXCEPTIONS } from "./tshark_exceptions.ts";

/** A field's name, our value, tshark's. */
type Pair = [field: string, ours: string | number, theirs: string];

/** tshark's address in the form of ours. */
function address(text: string): string {
  const bytes = parseAddress(text);
  return bytes === undefined ? text : formatAddress(bytes);
}

/** tshark's hexadecimal number in decimal. */
function number(text: string, mask = 0xffff): string {
  return text === "" ? "" : String(Number(text) & mask);
}

/** Names of layers that can be first in a packet's network layer, or between IPv6 and its transport. */
const NETWORK = ["ip", "ipv6", "arp"];
const EXTENSION = [
  "ipv6.hopopts",
  "ipv6.routing",
  "ipv6.fraghdr",
  "ipv6.dstopts",
  "ah",
  "mipv6",
  "hip",
  "shim6",
];

const TRANSPORT: Record<string, { kind: number; pairs(row: Row, decoded: Decoded): Pair[] }> = {
  tcp: {
    kind: Kind.Tcp,
    pairs: (row, decoded) => [
      ["sourcePort", decoded.sourcePort, row["tcp.srcport"]],
      ["destinationPort", decoded.destinationPort, row["tcp.dstport"]],
      ["tcpFlags", decoded.tcpFlags, number(row["tcp.flags"], 0xff)],
      ["sequence", decoded.sequence, row["tcp.seq_raw"]],
      ["acknowledgement", decoded.acknowledgement, row["tcp.ack_raw"]],
      ["window", decoded.window, row["tcp.window_size_value"]],
      ["urgent", decoded.urgent, row["tcp.urgent_pointer"]],
      ["mss", decoded.mss, row["tcp.options.mss_val"]],
    ],
  },
  udp: {
    kind: Kind.Udp,
    pairs: (row, decoded) => [
      ["sourcePort", decoded.sourcePort, row["udp.srcport"]],
      ["destinationPort", decoded.destinationPort, row["udp.dstport"]],
    ],
  },
  sctp: {
    kind: Kind.Sctp,
    pairs: (row, decoded) => [
      ["sourcePort", decoded.sourcePort, row["sctp.srcport"]],
      ["destinationPort", decoded.destinationPort, row["sctp.dstport"]],
    ],
  },
  icmp: {
    kind: Kind.Icmp,
    pairs: (row, decoded) => [
      ["type", decoded.type, row["icmp.type"]],
      ["code", decoded.code, row["icmp.code"]],
    ],
  },
  icmpv6: {
    kind: Kind.Icmp6,
    pairs: (row, decoded) => [
      ["type", decoded.type, row["icmpv6.type"]],
      ["code", decoded.code, row["icmpv6.code"]],
    ],
  },
};

/** The outermost network layer and the transport directly in it, as tshark names them. */
function layersOf(row: Row): { network?: string; transport?: string } {
  const layers = row["frame.protocols"].split(":");
  // An IPv6 header where IPv4 was announced is listed under both names.
  const at = layers.findIndex((layer) =>
    NETWORK.includes(layer) && (layer !== "ip" || row["ip.src"] !== "")
  );
  if (at < 0) return {};
  const above = layers.slice(at + 1).find((layer) => !EXTENSION.includes(layer));
  return { network: layers[at], transport: above };
}

function networkPairs(network: string, row: Row, decoded: Decoded): Pair[] {
  if (network === "arp") {
    return [
      ["kind", decoded.kind, String(Kind.Arp)],
      ["source", decoded.source, address(row["arp.src.proto_ipv4"])],
      ["destination", decoded.destination, address(row["arp.dst.proto_ipv4"])],
      ["type", decoded.type, row["arp.opcode"]],
    ];
  }
  if (network === "ip") {
    return [
      ["ipVersion", decoded.ipVersion, "4"],
      ["source", decoded.source, row["ip.src"]],
      ["destination", decoded.destination, row["ip.dst"]],
      ["ttl", decoded.ttl, row["ip.ttl"]],
      ["trafficClass", decoded.trafficClass, number(row["ip.dsfield"])],
      ["protocol", decoded.protocol, row["ip.proto"]],
      ["ipId", decoded.ipId, number(row["ip.id"])],
      ["ipLength", decoded.ipLength, row["ip.len"]],
    ];
  }
  const length = row["ipv6.plen"];
  return [
    ["ipVersion", decoded.ipVersion, "6"],
    ["source", decoded.source, address(row["ipv6.src"])],
    ["destination", decoded.destination, address(row["ipv6.dst"])],
    ["ttl", decoded.ttl, row["ipv6.hlim"]],
    ["trafficClass", decoded.trafficClass, number(row["ipv6.tclass"])],
    ["ipLength", decoded.ipLength, length && String(Math.min(40 + Number(length), 65535))],
  ];
}

/** Where the decoder and tshark differ; nothing where tshark has no network layer with addresses. */
function compare(reason: number, decoded: Decoded | undefined, row: Row): Difference[] | undefined {
  const { network, transport } = layersOf(row);
  const source = row["ip.src"] || row["ipv6.src"] || row["arp.src.proto_ipv4"];
  if (network === undefined || source === "") return undefined;
  if (decoded === undefined) return [{ field: "record", ours: "", theirs: source, reason, row }];
  const pairs = networkPairs(network, row, decoded);
  const upper = TRANSPORT[transport ?? ""];
  // Behind a fragment's first bytes tshark finds no transport, where the decoder may have the whole.
  if (upper !== undefined) {
    pairs.push(["kind", decoded.kind, String(upper.kind)]);
    if (decoded.kind === upper.kind) pairs.push(...upper.pairs(row, decoded));
  }
  return pairs
    .filter(([, ours, theirs]) => theirs !== "" && String(ours) !== theirs)
    .map(([field, ours, theirs]) => ({ field, ours, theirs, reason, decoded, row }));
}

/** Compares every packet of a capture; returns how many tshark knows too. */
function compareCapture(
  file: string,
  rows: Row[],
  onDifference: (difference: Difference, where: string) => void,
): number {
  const records = Records.allocate(1);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
  let frame = 0, compared = 0;
  const fault = forEachPacket(file, openCapture(file), (packet) => {
    const { bytes, start, end, wireLength, timeUs, linkType } = packet;
    const row = rows[frame++];
    const reason = decoder.decode(
      bytes,
      start,
      end,
      wireLength,
      timeUs,
      linkType,
      packet.interface,
      0,
    );
    const decoded = reason === Reason.None ? readRecord(records) : undefined;
    const differences = compare(reason, decoded, row);
    if (differences === undefined) return;
    compared++;
    for (const difference of differences) onDifference(difference, `frame ${row["frame.number"]}`);
  });
  assert.equal(fault, undefined);
  assert.equal(frame, rows.length, "as many packets as tshark");
  return compared;
}

function expectAgreement(captures: string[], exceptionsUsed: boolean): void {
  const folder = Deno.makeTempDirSync({ prefix: "scandog-tshark-" });
  try {
    configure(folder);
    const { files, refused } = merge(captures, folder);
    const used = new Map(EXCEPTIONS.map(({ name }) => [name, 0]));
    const unexplained: string[] = [];
    let compared = 0;
    for (const file of files) {
      compared += compareCapture(file, dissect(file, folder), (difference, where) => {
        const exception = EXCEPTIONS.find(({ explains }) => explains(difference));
        if (exception !== undefined) used.set(exception.name, used.get(exception.name)! + 1);
        else {
          const { field, ours, theirs, reason, row } = difference;
          unexplained.push(
            `${where}: ${field}: ours ${ours}, tshark's ${theirs}; reason ${reason}, ` +
              `quirks ${difference.decoded?.quirks.toString(16)}, ${row["frame.protocols"]}`,
          );
        }
      });
    }
    console.log(`${compared} packets compared; not read by Wireshark: ${refused.length} captures`);
    for (const [name, count] of used) if (count > 0) console.log(`  ${count} × ${name}`);
    assert.deepEqual(unexplained.slice(0, 20), []);
    assert.ok(compared > 0);
    if (!exceptionsUsed) return;
    const idle = [...used].filter(([, count]) => count === 0).map(([name]) => name);
    assert.deepEqual(idle, [], "exceptions that no packet needs");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const noTshark = tsharkMissing();
const shared = sharedManifest()
  .filter(({ linkTypes }) => linkTypes.length > 0 && linkTypes.every(isLinkTypeKnown))
  .map(({ path }) => path);

Deno.test({
  name: "the decoder agrees with tshark on every packet of the project's captures",
  ignore: skipped("agreement with tshark on testdata", noTshark),
  fn: () => expectAgreement(testdataCaptures(), false),
});

Deno.test({
  name: "the decoder agrees with tshark on every packet of the public captures",
  ignore: skipped(
    "agreement with tshark on the public captures",
    noTshark || (shared.length === 0 && "no captures beside the repository (SCANDOG_SHARED)"),
  ),
  fn: () => expectAgreement(shared, true),
});
