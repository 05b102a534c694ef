// Every link type that occurs in the public captures: either its frames are decoded, or it is listed here
// with the reason why not. Of those tshark reads IP in two frames: one of 6LoWPAN, and one of a single byte.

import assert from "node:assert/strict";
import { Decoder } from "../../src/decode/decoder.ts";
import { Reason } from "../../src/decode/reason.ts";
import { defaults, PATH } from "../../src/params.ts";
import { Records } from "../../src/record.ts";
import { forEachPacket } from "../support/run_capture.ts";
import { skipped } from "../support/skip.ts";
import { openCapture, sharedCaptures } from "./captures.ts";

/** Link types without a decoded frame, and why that is right. */
const WITHOUT_IP: Record<number, string> = {
  50: "PPP that is known, in frames made by chance: their protocol numbers are of nothing",
  100: "LLC over ATM that is known, in a frame that is damaged on purpose",
  106: "classical IP over ATM that is known, in a frame of one byte",
  123: "SunATM that is known: operation and maintenance cells, damaged on purpose",
  132: "Juniper's encryption interface, damaged on purpose: its header depends on the kind of card",
  137: "Juniper's ATM, damaged on purpose: its header depends on the kind of card",
  140: "MTP2, telephony's signalling",
  160: "for private use: what is in it is not written in the file",
  164: "Juniper's monitoring card, damaged on purpose: its header depends on the kind of card",
  165: "BACnet over serial lines",
  182:
    "multilink frame relay: bundles of fragments, put together again elsewhere; damaged on purpose",
  195:
    "IEEE 802.15.4: ZigBee, and IPv6 with compressed headers (6LoWPAN), which one packet alone does not tell",
  230: "IEEE 802.15.4 without its check: ZigBee",
  231: "D-Bus messages",
  271: "sockets between virtual machines",
};

const captures = sharedCaptures();

Deno.test({
  name: "every link type of the public captures is decoded, or listed with the reason",
  ignore: skipped("link types of the public captures", captures.length === 0 && "no captures"),
  fn: () => {
    const frames = new Map<number, number>(), decoded = new Map<number, number>();
    const records = Records.allocate(1);
    for (const file of captures) {
      const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
      forEachPacket(file, openCapture(file), (packet) => {
        const { bytes, start, end, wireLength, timeUs, linkType } = packet;
        const reason = decoder.decode(bytes, start, end, wireLength, timeUs, linkType, 0, 0);
        frames.set(linkType, (frames.get(linkType) ?? 0) + 1);
        if (reason === Reason.None) decoded.set(linkType, (decoded.get(linkType) ?? 0) + 1);
      });
    }
    const types = [...frames.keys()].sort((a, b) => a - b);
    for (const type of types) {
      console.log(`link type ${type}: ${decoded.get(type) ?? 0} of ${frames.get(type)} decoded`);
    }
    const without = types.filter((type) => !decoded.has(type));
    assert.deepEqual(without.map(String), Object.keys(WITHOUT_IP));
  },
});
