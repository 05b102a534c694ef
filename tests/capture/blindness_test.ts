import assert from "node:assert/strict";
import { Sight } from "../../src/capture/blindness.ts";
import { Reason } from "../../src/decode/reason.ts";
import { Tunnel } from "../../src/decode/tunnel.ts";
import { Unread } from "../../src/decode/unread.ts";
import { Bench } from "../decode/harness.ts";
import { bytes, counting, ethernet, ipv4, tcp, u16 } from "../decode/build.ts";

const ETHERNET = 1;
const { OtherArp, OtherLinkProtocol, Encrypted, LinkCut, UnknownLinkType } = Reason;

/** What a sight says of so many frames, of which some were not read. */
function said(
  frames: number,
  unread: [reason: number, network: number, count: number][],
): string[] {
  const sight = new Sight("x.pcap", false), texts: string[] = [];
  for (const [reason, network, count] of unread) {
    for (let i = 0; i < count; i++) sight.unread.count(reason, network, ETHERNET);
  }
  const blind = sight.end(frames, (text) => texts.push(text));
  return blind === undefined ? texts : [...texts, blind];
}

Deno.test("Sight says of which kind most frames are that are not read, and how many", () => {
  assert.deepEqual(said(100, [[Encrypted, 0x88e5, 70], [OtherLinkProtocol, 0x1234, 10]]), [
    "x.pcap: 80 of 100 frames (80 %) are not read, most of them EtherType 0x88e5 (MACsec), encrypted: " +
    "a scan in them is not seen",
  ]);
  assert.deepEqual(said(3, [[OtherLinkProtocol, 0x1234, 2]]), [
    "x.pcap: 2 of 3 frames (66 %) are not read, most of them EtherType 0x1234: a scan in them is not seen",
  ]);
  assert.match(said(9, [[LinkCut, 0, 5]])[0], /most of them link-layer header cut short:/);
});

Deno.test("Sight says nothing where half is read, nor of protocols that carry no IP", () => {
  assert.deepEqual(said(100, [[OtherLinkProtocol, 0x1234, 50]]), []);
  assert.deepEqual(said(100, [[OtherLinkProtocol, 0x88cc, 60], [OtherLinkProtocol, -1, 30]]), []);
  assert.deepEqual(said(100, [[OtherArp, 0x0806, 60]]), [], "ARP of other networks than IPv4's");
  assert.deepEqual(said(0, []), []);
});

Deno.test("Sight says of a file of which nothing was read that it is so", () => {
  assert.deepEqual(said(1, [[OtherLinkProtocol, 0x88cc, 1]]), [
    "x.pcap: its only frame could not be decoded: EtherType 0x88cc (LLDP)",
  ]);
  assert.deepEqual(said(3, [[OtherLinkProtocol, 38, 2], [LinkCut, 0, 1]]), [
    "x.pcap: none of its 3 frames could be decoded: most of them control protocols (LLC, PPP), such as " +
    "spanning tree",
  ]);
});

Deno.test("Sight says it once, and of a running capture after a hundred frames", () => {
  const texts: string[] = [], say = (text: string) => texts.push(text);
  const sight = new Sight("interface eth0", false);
  for (let frames = 1; frames <= 300; frames++) {
    sight.unread.count(UnknownLinkType, 0, 149);
    sight.look(frames, say);
    assert.equal(texts.length, frames < 100 ? 0 : 1);
  }
  assert.match(texts[0], /^interface eth0: 100 of 100 frames .* link-layer type 149:/);
});

Deno.test("Sight says how to look into what a mirror sends, once, where that can be asked for", () => {
  for (const canLookInside of [true, false]) {
    const texts: string[] = [];
    const sight = new Sight("eth0", canLookInside);
    for (let frames = 1; frames <= 200; frames++) {
      if (frames % 10 !== 0) sight.unread.countTunnel(Tunnel.Erspan);
      sight.unread.countTunnel(frames % 2 === 0 ? Tunnel.Gtp : Tunnel.Vxlan);
      sight.look(frames, (text) => texts.push(text));
    }
    assert.deepEqual(
      texts,
      canLookInside
        ? [
          "eth0: 90 of 100 frames are ERSPAN, as a mirror sends: --inside erspan looks at the packets in them",
        ]
        : [],
    );
  }
});

Deno.test("Sight takes more than half of the frames for a mirror's, and no exact half", () => {
  for (const [carried, count] of [[50, 0], [51, 1]]) {
    const texts: string[] = [];
    const sight = new Sight("eth0", true);
    for (let i = 0; i < carried; i++) sight.unread.countTunnel(Tunnel.Erspan);
    sight.look(100, (text) => texts.push(text));
    assert.equal(texts.length, count, `${carried} of 100`);
  }
});

Deno.test("Unread keeps what is frequent, whatever else comes between", () => {
  const unread = new Unread();
  for (let i = 0; i < 10_000; i++) {
    unread.count(OtherLinkProtocol, i % 3 === 0 ? 0x88e5 : 0x2000 + i, ETHERNET);
  }
  assert.equal(unread.total, 10_000);
  assert.equal(unread.list()[0].kind.network, 0x88e5);
});

Deno.test("the decoder counts what it does not read by reason, EtherType and link type", () => {
  const unread = new Unread();
  const bench = new Bench({}, unread);
  const macsec = ethernet(bytes(0x0c, 0, 0, 0, 0, 1, counting(40)), 0x88e5);
  const frames: [Uint8Array, number, object][] = [
    [macsec, ETHERNET, { reason: Encrypted, network: 0x88e5 }],
    [ethernet(counting(40), 0x1234), ETHERNET, { reason: OtherLinkProtocol, network: 0x1234 }],
    [ethernet(counting(40), 38), ETHERNET, { reason: OtherLinkProtocol, network: 38 }],
    [bytes(0x80, 0, counting(40)), 105, { reason: OtherLinkProtocol, linkType: 105 }],
    [bytes(0x08, 0x41, counting(40)), 105, { reason: Encrypted, linkType: 105 }],
    [counting(40), 147, { reason: UnknownLinkType, linkType: 147 }],
    [counting(9), ETHERNET, { reason: LinkCut, linkType: ETHERNET }],
    [bytes(u16(0xc021), counting(9)), 9, { reason: OtherLinkProtocol, network: -4 }],
  ];
  for (const [frame, linkType] of frames) bench.decode(frame, { linkType });
  bench.record(ethernet(ipv4(tcp())));
  const kinds = unread.list().map(({ kind }) => JSON.stringify(kind)).sort();
  assert.deepEqual(kinds, frames.map(([, , kind]) => JSON.stringify(kind)).sort());
});

Deno.test("Sight names EtherTypes as the IEEE's registry has them, and knows which may carry IP", () => {
  const named: [type: number, words: string, mayHide?: true][] = [
    [0x0842, "wake on LAN"],
    [0x22ea, "stream reservation"],
    [0x4305, "B.A.T.M.A.N. mesh", true],
    [0x6003, "DECnet"],
    [0x8035, "reverse ARP"],
    [0x809b, "AppleTalk"],
    [0x8137, "IPX"],
    [0x8808, "flow control"],
    [0x8809, "link aggregation"],
    [0x8863, "PPPoE discovery"],
    [0x886f, "Windows load balancing"],
    [0x8870, "jumbo frames", true],
    [0x887b, "HomePlug"],
    [0x888e, "802.1X"],
    [0x8892, "PROFINET"],
    [0x88a2, "ATA over Ethernet"],
    [0x88a4, "EtherCAT"],
    [0x88ab, "Powerlink"],
    [0x88b8, "GOOSE"],
    [0x88ba, "sampled values"],
    [0x88cc, "LLDP"],
    [0x88e1, "HomePlug"],
    [0x88e3, "media redundancy"],
    [0x88e5, "MACsec", true],
    [0x88f5, "VLAN registration"],
    [0x88f7, "precision time"],
    [0x8902, "connectivity faults"],
    [0x8906, "Fibre Channel", true],
    [0x8914, "Fibre Channel"],
    [0x8915, "RDMA", true],
    [0x892f, "redundancy"],
    [0x9000, "loopback test"],
  ];
  for (const [type, words, mayHide = false] of named) {
    const hex = `EtherType 0x${type.toString(16).padStart(4, "0")} (${words})`;
    assert.deepEqual(said(1, [[OtherLinkProtocol, type, 1]]), [
      `x.pcap: its only frame could not be decoded: ${hex}`,
    ]);
    assert.equal(said(4, [[OtherLinkProtocol, type, 3]]).length, mayHide ? 1 : 0, hex);
  }
});

Deno.test("Sight speaks once more than half is not read, of other kinds of unread frames too", () => {
  for (const [unread, count] of [[50, 0], [51, 1]]) {
    assert.equal(said(100, [[OtherLinkProtocol, 0x1234, unread]]).length, count, `${unread}`);
  }
  // 1501 is the least that is no length.
  assert.equal(said(4, [[OtherLinkProtocol, 1500, 3]]).length, 0);
  assert.equal(said(4, [[OtherLinkProtocol, 1501, 3]]).length, 1);
});
