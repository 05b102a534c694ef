// Probes of IP protocols (nmap -sO), and ordinary tunnels and routing. Knows protocol numbers.

import { TargetClass, targetKey } from "../probe/classes.ts";
import { TechniqueBit } from "../probe/techniques.ts";
import { Outcome } from "../table/attempt_state.ts";
import { isCopy, noteLatest } from "./copies.ts";
import { Protocol } from "./protocol.ts";

/** A tunnel sends on and on; a probe comes once or twice. Where the other end would be seen to answer, it does. */
const TUNNEL_PACKETS = 8;

export class IpProtocols extends Protocol {
  process(base: number): void {
    if (!this.enter(base)) return;
    const { records, packet, attempts, table } = this;
    const key = targetKey(TargetClass.IpProtocol, records.protocol(base));
    // What a host sends to itself is no answer to what it sent before.
    const back = packet.from === packet.to ? -1 : attempts.backward(key);
    if (back >= 0) return attempts.accepted(back, Outcome.Used);
    const own = attempts.current(key);
    if (own < 0) {
      if (!attempts.follow()) return;
      return noteLatest(table, attempts.probe(key, TechniqueBit.IpProtocol), records, base);
    }
    if (isCopy(table, own, records, base)) return;
    noteLatest(table, own, records, base);
    attempts.repeat(own);
    if (table.packets(own) >= TUNNEL_PACKETS && !attempts.packet.isTargetSideSeen()) {
      attempts.settle(own, Outcome.Used);
    }
  }
}
