// Which link-layer types of a file can be decoded, and what to say of those that cannot.

import { isLinkTypeKnown } from "../decode/decoder.ts";

/** A file can claim any number of types; so many of them are named. */
const NAMED_MAX = 8;

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
    const types = [...this.unknown].sort((a, b) => a - b).slice(0, NAMED_MAX).join(", ");
    const more = this.unknown.size > NAMED_MAX ? ` and ${this.unknown.size - NAMED_MAX} more` : "";
    const packets = this.refused === 1 ? "1 packet" : `${this.refused} packets`;
    return `${this.file}: ${packets} of link-layer type ${types}${more} cannot be decoded; ` +
      "capture on an Ethernet, cooked, raw IP, PPP, loopback or 802.11 interface";
  }
}
