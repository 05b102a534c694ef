// What is held back of a scan of IP protocols, by itself: keys and answers in, ports and protocols out.

import assert from "node:assert/strict";
import { TargetClass, targetKey } from "../../../../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { ProtocolProbes } from "../../../../src/detect/scandog/scan/protocol_probes.ts";
import { Answer } from "../../../../src/detect/scandog/table/port_map.ts";

const { Ack, Udp: UdpProbe, SctpInit, IcmpEcho, IpProtocol, Syn: SynProbe } = TechniqueBit;
const { Silent, Closed, Open } = Answer;
const TCP_80 = targetKey(TargetClass.Tcp, 80), TCP_81 = targetKey(TargetClass.Tcp, 81);
const UDP = targetKey(TargetClass.Udp, 40_125), SCTP = targetKey(TargetClass.Sctp, 80);
const PING = targetKey(TargetClass.IcmpEcho, 0);

/** What is held back by itself, and what was said of ports and protocols. */
class Held {
  readonly probes = new ProtocolProbes();
  private notes: [port: number, answer: number][] = [];
  private readonly note = (port: number, answer: number) => void this.notes.push([port, answer]);

  holds(key: number, technique: number, answer: number = Silent): boolean {
    return this.probes.holds(key, technique, answer, this.note);
  }

  say(techniques: number, isSix = false): this {
    this.probes.say(techniques, isSix, this.note);
    return this;
  }

  said(): [port: number, answer: number][] {
    return this.notes.splice(0);
  }

  static all(): Held {
    const held = new Held();
    for (
      const [key, technique] of [[TCP_80, Ack], [UDP, UdpProbe], [SCTP, SctpInit], [PING, IcmpEcho]]
    ) {
      held.holds(key, technique);
    }
    return held;
  }
}

Deno.test("ProtocolProbes says the protocols that whole packets stand for: of IPv6 its own ping's", () => {
  for (const [isSix, ping] of [[false, 1], [true, 58]] as const) {
    const held = Held.all();
    const protocols = [6, 17, 132, ping].map((protocol) => [protocol, Silent]);
    // They are held still.
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(held.say(IpProtocol | Ack, isSix).said(), protocols);
    }
    assert.deepEqual(new Held().say(IpProtocol, isSix).said(), []);
  }
});

Deno.test("ProtocolProbes says ports where no protocols are scanned, once, and no port of a ping", () => {
  const held = Held.all();
  assert.ok([TCP_80, UDP, SCTP, PING].every((key) => held.probes.isHolding(key)));
  assert.deepEqual(held.say(Ack).said(), [[80, Silent], [40_125, Silent], [80, Silent]]);
  assert.ok(![TCP_80, UDP, SCTP, PING].some((key) => held.probes.isHolding(key)));
  assert.deepEqual(held.say(Ack).said(), []);
  assert.deepEqual(held.say(IpProtocol).said(), [], "a port that was said is none of a protocol's");
  assert.equal(held.holds(TCP_80, Ack), false);
});

Deno.test("ProtocolProbes holds the only target of a kind, with its best answer; with a second both are ports", () => {
  const held = new Held();
  for (const answer of [Silent, Open, Closed]) assert.ok(held.holds(TCP_80, Ack, answer));
  assert.equal(held.holds(TCP_80, SynProbe), false, "a port's technique");
  assert.equal(held.holds(TCP_80, Ack | SynProbe), false);
  assert.deepEqual(held.said(), []);
  assert.equal(held.holds(TCP_81, Ack), false);
  assert.deepEqual(held.said(), [[80, Open]]);
  assert.equal(held.holds(TCP_80, Ack), false, "from now on");
  assert.deepEqual(held.said(), []);
  assert.ok(held.holds(UDP, UdpProbe), "another kind");
});

Deno.test("ProtocolProbes takes away techniques that only stand for protocols", () => {
  const held = new Held();
  held.holds(TCP_80, Ack);
  held.holds(UDP, UdpProbe);
  held.holds(targetKey(TargetClass.Udp, 53), UdpProbe);
  const all = SynProbe | Ack | UdpProbe | SctpInit;
  assert.equal(held.probes.without(all), all);
  assert.equal(held.probes.without(all | IpProtocol), (all | IpProtocol) & ~Ack);
});
