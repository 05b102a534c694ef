// The packet logger's selections against the equivalent filters of libpcap (and so of tcpdump),
// packet by packet over the public captures. Where the two differ there must be a reason.

import assert from "node:assert/strict";
import { Decoder, isLinkTypeKnown } from "../../src/decode/decoder.ts";
import { Reason } from "../../src/decode/reason.ts";
import { flagTable } from "../../src/packetlog/flag_table.ts";
import { Selection, type SelectionRules } from "../../src/packetlog/selection.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Filter, Libpcap, PcapError } from "../../src/pcap/mod.ts";
import { Field, Kind, Quirk, Records } from "../../src/record.ts";
import { skippedWithoutLibpcap } from "../pcap/live/installed.ts";
import { readCapture, readManifest } from "../pcap/support/corpus.ts";
import { skipped } from "../support/skip.ts";

/** A selection, and the filter that says the same. libpcap's `tcp[13]` is of IPv4 only. */
interface Pair {
  name: string;
  rules: SelectionRules;
  filter: string;
}

const NOTHING = { mask: 0, exact: [], probes: false };

function tcpPair(name: string, condition: (flags: string) => string, tcp = {}): Pair {
  const filter = `(ip proto 6 and (${condition("tcp[13]")})) or ` +
    `(ip6[6] = 6 and ip6 and (${condition("ip6[53]")}))`;
  return { name, rules: { protocols: ["tcp"], tcp: { ...NOTHING, ...tcp } }, filter };
}

const masks = [1, 2, 3, 4, 8, 16, 32, 43, 63, 64, 192];
const PAIRS: Pair[] = [
  ...masks.map((mask) =>
    tcpPair(`-f ${mask}`, (flags) => `${flags} & ${mask} != 0 or ${flags} & 0x3f = 0`, { mask })
  ),
  tcpPair("--exact SA/S", (flags) => `${flags} & 18 = 2 or ${flags} & 0x3f = 0`, {
    exact: [{ mask: 18, value: 2 }],
  }),
  tcpPair(
    "--probes",
    (flags) =>
      `${flags} & 0x13 = 2 or ${flags} & 0x13 = 1 or ${flags} & 0x13 = 3 or ` +
      `${flags} & 0x29 = 0x29 or ${flags} & 0x3f = 0`,
    { probes: true },
  ),
  { name: "-p udp", rules: { protocols: ["udp"], tcp: NOTHING }, filter: "udp" },
  { name: "-p icmp", rules: { protocols: ["icmp"], tcp: NOTHING }, filter: "icmp or icmp6" },
  { name: "-p sctp", rules: { protocols: ["sctp"], tcp: NOTHING }, filter: "sctp" },
];

/** Where libpcap looks at other bytes than the decoder does. */
const OTHER_VIEW: readonly [quirk: number, why: string][] = [
  [Quirk.Vlan, "behind a VLAN tag, where a filter looks only with `vlan and`"],
  [
    Quirk.Fragment,
    "a fragment: libpcap reads ports and flags of first ones, ours as soon as known",
  ],
  [Quirk.Truncated, "the header was cut: a filter that reads past the end selects nothing"],
  [Quirk.ExtensionHeaders, "behind IPv6 extension headers, which BPF cannot follow"],
  [Quirk.BadIpLength, "the IP header contradicts itself"],
];

/** Frames in which IP lies deeper than libpcap's `ip` looks. */
const ETHERTYPES_DEEPER: readonly number[] = [
  ...[0x8864, 0x8847, 0x8848, 0x8909, 0x8926, 0x893f, 0xdada, 0xd28b],
  ...[0x88e5, 0x88e7, 0x8903, 0x22f3, 0x894f, 0x6558, 0x880b],
];
const PLAIN_LINK_TYPES: readonly number[] = [1, 101, 113, 0, 108];

Deno.test({
  name: "Selection has the packets that libpcap's equivalent filter has, in every public capture",
  ignore: skipped("public captures", readManifest() === null && "there is no ../shared/captures") ||
    skippedWithoutLibpcap("filters"),
  fn() {
    const libpcap = new Libpcap();
    const records = Records.allocate(1);
    const selections = PAIRS.map(({ rules }) => new Selection(records, rules));
    const filters = new Map<number, Filter[]>();
    const differing = new Map<string, number>();
    let compared = 0, agreed = 0;
    for (const { file } of readManifest()!) {
      const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
      readCapture(file, (reader) => {
        const { bytes, start, end, wireLength, timeUs, linkType } = reader;
        if (!PLAIN_LINK_TYPES.includes(linkType) || !isLinkTypeKnown(linkType)) return;
        if (!filters.has(linkType)) filters.set(linkType, compileAll(libpcap, linkType));
        const reason = decoder.decode(bytes, start, end, wireLength, timeUs, linkType, 0, 0);
        const frame = bytes.slice(start, end);
        filters.get(linkType)!.forEach((filter, i) => {
          const ours = reason === Reason.None && selections[i].protocolIndex(0) >= 0;
          const theirs = filter.matches(frame, wireLength);
          compared++;
          if (ours === theirs) agreed++;
          else {
            const why = reasonOf(records, frame, linkType, reason);
            assert.ok(why !== undefined, `${file}: ${PAIRS[i].name}: ours ${ours}, ${hex(frame)}`);
            differing.set(why, (differing.get(why) ?? 0) + 1);
          }
        });
      });
    }
    for (const list of filters.values()) for (const filter of list) filter.close();
    console.log(`${compared} comparisons, ${agreed} agree; the others:`);
    for (const [why, count] of differing) console.log(`  ${count} ${why}`);
    assert.ok(compared > 100_000 && agreed / compared > 0.95, `${agreed} of ${compared}`);
  },
});

Deno.test("flagTable() and the filters here mean the same probes", () => {
  const table = flagTable({ mask: 0, exact: [], probes: true });
  table.forEach((logged, flags) => {
    const low = flags & 0x13;
    const byFilter = [1, 2, 3].includes(low) || (flags & 0x29) === 0x29 || (flags & 0x3f) === 0;
    assert.equal(logged === 1, byFilter, `${flags}`);
  });
});

function compileAll(libpcap: Libpcap, linkType: number): Filter[] {
  try {
    return PAIRS.map(({ filter }) => new Filter(libpcap, filter, linkType));
  } catch (error) {
    if (error instanceof PcapError) return [];
    throw error;
  }
}

/** Why libpcap may see this packet otherwise; undefined when there is no reason. */
function reasonOf(
  { bytes, u32 }: Records,
  frame: Uint8Array,
  linkType: number,
  reason: number,
): string | undefined {
  if (reason !== Reason.None) return "a frame that the decoder refuses as damaged";
  if (linkType === 1 && frame.length >= 14) {
    const type = frame[12] << 8 | frame[13];
    if (ETHERTYPES_DEEPER.includes(type)) return "in PPPoE or MPLS, where a filter does not look";
    if (type === 0x86dd && frame[20] === 44) return "in an atomic IPv6 fragment (RFC 6946)";
    if (type <= 1500) return "in LLC, where a filter does not look";
  }
  const quirks = u32[Field.Quirks >> 2];
  const seen = OTHER_VIEW.find(([quirk]) => (quirks & quirk) !== 0);
  if (seen !== undefined) return seen[1];
  if (bytes[Field.Kind] === Kind.Ip) return "a transport header shorter than its ports or flags";
  return undefined;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 100), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
