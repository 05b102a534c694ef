// Which link-layer types of a file can be decoded, and the message for those that cannot.

import { isLinkTypeKnown } from "../decode/decoder.ts";

export { isLinkTypeKnown };

/** A file can claim any number of types; so many of them are named. */
const NAMED_MAX = 8;

/** LINKTYPE_USER0 to 15: whoever captured knows what is in them. */
const USER_FIRST = 147;
const USER_LAST = 162;

/** Types that people meet, and that carry no IP that we could read. */
const NAMES: Record<number, string> = {
  6: "token ring",
  187: "Bluetooth",
  189: "USB",
  190: "CAN",
  195: "IEEE 802.15.4",
  197: "Endace ERF",
  201: "Bluetooth",
  215: "IEEE 802.15.4",
  220: "USB",
  227: "CAN",
  230: "IEEE 802.15.4",
  247: "InfiniBand",
  249: "USB",
  251: "Bluetooth LE",
  252: "Wireshark's own",
  253: "netlink",
  272: "Bluetooth LE",
  283: "IEEE 802.15.4",
};

/** `link-layer type 195 (IEEE 802.15.4)`. */
export function linkTypeText(linkType: number): string {
  return `link-layer type ${named(linkType)}`;
}

function isForUsers(linkType: number): boolean {
  return linkType >= USER_FIRST && linkType <= USER_LAST;
}

function named(linkType: number): string {
  const name = isForUsers(linkType) ? `USER${linkType - USER_FIRST}` : NAMES[linkType];
  return name === undefined ? `${linkType}` : `${linkType} (${name})`;
}

/** The link types met in one file. */
export class LinkTypes {
  /** The last type that was admitted; -1 before any. Compared per packet, so that `admit` is rare. */
  current = -1;
  private refused = 0;
  private readonly unknown = new Set<number>();

  constructor(private readonly file: string) {}

  /** True when packets of this type can be decoded; otherwise counts the packet as refused. */
  admit(linkType: number): boolean {
    if (isLinkTypeKnown(linkType)) {
      this.current = linkType;
      return true;
    }
    this.refused++;
    this.unknown.add(linkType);
    return false;
  }

  /** One sentence when packets were refused. */
  fault(): string | undefined {
    if (this.refused === 0) return undefined;
    const types = [...this.unknown].sort((a, b) => a - b);
    const list = types.slice(0, NAMED_MAX).map(named).join(", ");
    const more = types.length > NAMED_MAX ? ` and ${types.length - NAMED_MAX} more` : "";
    const packets = this.refused === 1 ? "1 packet" : `${this.refused} packets`;
    const remedy = types.every(isForUsers)
      ? "types for private use say nothing of what is in them: if it is Ethernet, write the file anew " +
        "with `editcap -T ether`"
      : "capture on an Ethernet, cooked, raw IP, PPP, loopback or 802.11 interface";
    return `${this.file}: ${packets} of link-layer type ${list}${more} cannot be decoded; ${remedy}`;
  }
}
