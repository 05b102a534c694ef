// Reports when most frames of a file or a device cannot be decoded, and what they are. Has words for kinds of frames;
// the counting is done elsewhere (`decode/unread.ts`).

import { Reason, reasonText } from "../decode/reason.ts";
import { Unread, type UnreadKind } from "../decode/unread.ts";

/** Judged after so many frames: a link that comes up begins with other protocols. */
const FRAMES_MIN = 100;

/** EtherTypes that people meet, in their words. */
const ETHERTYPES: Record<number, string> = {
  0x0842: "wake on LAN",
  0x22ea: "stream reservation",
  0x4305: "B.A.T.M.A.N. mesh",
  0x6003: "DECnet",
  0x8035: "reverse ARP",
  0x809b: "AppleTalk",
  0x8137: "IPX",
  0x8808: "flow control",
  0x8809: "link aggregation",
  0x8863: "PPPoE discovery",
  0x886f: "Windows load balancing",
  0x8870: "jumbo frames",
  0x887b: "HomePlug",
  0x888e: "802.1X",
  0x8892: "PROFINET",
  0x88a2: "ATA over Ethernet",
  0x88a4: "EtherCAT",
  0x88ab: "Powerlink",
  0x88b8: "GOOSE",
  0x88ba: "sampled values",
  0x88cc: "LLDP",
  0x88e1: "HomePlug",
  0x88e3: "media redundancy",
  0x88e5: "MACsec",
  0x88f5: "VLAN registration",
  0x88f7: "precision time",
  0x8902: "connectivity faults",
  0x8906: "Fibre Channel",
  0x8914: "Fibre Channel",
  0x8915: "RDMA",
  0x892f: "redundancy",
  0x9000: "loopback test",
};

/** Of these, the ones that may carry IP where we do not look: the others hide no scan. */
const MAY_HIDE: readonly number[] = [0x4305, 0x8870, 0x88e5, 0x8906, 0x8915];

/** May IP be inside? Whatever is not known may hold it. */
function mayHide({ reason, network }: UnreadKind): boolean {
  if (reason === Reason.OtherArp) return false;
  if (reason !== Reason.OtherLinkProtocol) return true;
  // Below 0 and lengths: LLC, PPP's control, 802.11's management; IP in them would have been found.
  if (network === undefined || network <= 1500) return false;
  return ETHERTYPES[network] === undefined || MAY_HIDE.includes(network);
}

function kindText({ reason, network, linkType }: UnreadKind): string {
  if (reason === Reason.UnknownLinkType) return `link-layer type ${linkType}`;
  const isNamed = reason === Reason.OtherLinkProtocol || reason === Reason.Encrypted;
  if (!isNamed) return reasonText(reason);
  const encrypted = reason === Reason.Encrypted ? ", encrypted" : "";
  if (network === undefined) return `no data frames of link-layer type ${linkType}${encrypted}`;
  if (network <= 1500) return "control protocols (LLC, PPP), such as spanning tree";
  const name = ETHERTYPES[network];
  const hex = `EtherType 0x${network.toString(16).padStart(4, "0")}`;
  return (name === undefined ? hex : `${hex} (${name})`) + encrypted;
}

/** Tunnels by the places of their bits: in words, and as `--inside` calls them. */
const TUNNELS: readonly [words: string, option: string][] = [
  ["VXLAN, as a mirror sends", "vxlan"],
  ["Geneve, as a mirror sends", "geneve"],
  ["GRE, as a mirror sends", "gre"],
  ["ERSPAN, as a mirror sends", "erspan"],
  ["IP in IP", "ipip"],
  ["GTP", "gtp"],
];

/** How much of one file or device is read. Says so once, where it is little. */
export class Sight {
  readonly unread = new Unread();
  private said = false;
  private saidTunnels = false;

  /** `name` begins the sentence; `canLookInside`: tunnels could be looked into. */
  constructor(private readonly name: string, private readonly canLookInside: boolean) {}

  /** There were `frames` so far: a sentence to `say` where most of them were not read. */
  look(frames: number, say: (text: string) => void): void {
    if (frames >= FRAMES_MIN) this.judge(frames, say);
  }

  /** After the last frame: as `look`, after few frames too. Returns a sentence where nothing at all was read. */
  end(frames: number, say: (text: string) => void): string | undefined {
    if (frames === 0 || this.unread.total < frames) {
      this.judge(frames, say);
      return undefined;
    }
    const [{ kind }, ...others] = this.unread.list();
    const what = `${others.length > 0 ? "most of them " : ""}${kindText(kind)}`;
    if (frames === 1) return `${this.name}: its only frame could not be decoded: ${what}`;
    return `${this.name}: none of its ${frames} frames could be decoded: ${what}`;
  }

  private judge(frames: number, say: (text: string) => void): void {
    this.judgeTunnels(frames, say);
    const { unread } = this;
    if (this.said || unread.total * 2 <= frames) return;
    const hidden = unread.list().filter(({ kind }) => mayHide(kind));
    const count = Math.min(hidden.reduce((sum, { count }) => sum + count, 0), unread.total);
    if (count * 2 <= frames) return;
    this.said = true;
    say(
      `${this.name}: ${count} of ${frames} frames (${
        Math.floor(count / frames * 100)
      } %) are not ` +
        `read, most of them ${kindText(hidden[0].kind)}: a scan in them is not seen`,
    );
  }

  /** Most frames carry others: a mirror, whose scans are inside. */
  private judgeTunnels(frames: number, say: (text: string) => void): void {
    const { tunnels } = this.unread;
    const most = tunnels.indexOf(Math.max(...tunnels));
    if (this.saidTunnels || !this.canLookInside || tunnels[most] * 2 <= frames) return;
    this.saidTunnels = true;
    const [words, option] = TUNNELS[most];
    say(
      `${this.name}: ${tunnels[most]} of ${frames} frames are ${words}: ` +
        `--inside ${option} looks at the packets in them`,
    );
  }
}
