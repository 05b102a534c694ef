// How protocols are probed that no scanner sends bare (nmap -sO): TCP, UDP, SCTP and ping as whole
// packets, each always to the same port. In a scan of IP protocols they stand for the protocol, not for
// the port. Knows target keys and techniques; nothing of packets.
//
// A port is held back here while it is the only one of its kind; with the second both are ports.

import { classOf, portOf, TargetClass } from "../probe/classes.ts";
import { TechniqueBit } from "../probe/techniques.ts";

/** The technique of each kind that is held back, and the protocol that it stands for. */
const TECHNIQUES = [
  TechniqueBit.Ack,
  TechniqueBit.Udp,
  TechniqueBit.SctpInit,
  TechniqueBit.IcmpEcho,
] as const;
const PROTOCOLS_4 = [6, 17, 132, 1] as const;
const PROTOCOLS_6 = [6, 17, 132, 58] as const;
const KINDS = TECHNIQUES.length;
/** Instead of a target key: none was probed; several were, or its port was said. */
const NONE = 0;
const OVER = -1;

/** What becomes of a port (or of a protocol) that was held back. */
export type Note = (port: number, answer: number) => void;

export class ProtocolProbes {
  // By kind. Arrays, for a scan is made more often than it is asked: typed ones cost ten times as much to make.
  private readonly keys = TECHNIQUES.map(() => NONE);
  private readonly answers = TECHNIQUES.map(() => 0);

  /** True when a target is held back, with the best of its answers; `technique`: all of its bits. */
  holds(key: number, technique: number, answer: number, note: Note): boolean {
    const kind = TECHNIQUES.indexOf(technique as typeof TECHNIQUES[number]);
    if (kind < 0 || this.keys[kind] === OVER) return false;
    if (this.keys[kind] === NONE) this.keys[kind] = key;
    if (this.keys[kind] !== key) {
      this.release(kind, note);
      return false;
    }
    if (answer > this.answers[kind]) this.answers[kind] = answer;
    return true;
  }

  /** True for the only target of its kind so far. */
  isHolding(key: number): boolean {
    return this.keys.includes(key);
  }

  /**
   * Says what is held back before an event: of a scan of protocols their numbers, else ports, which are
   * not held any longer.
   */
  say(techniques: number, isSix: boolean, note: Note): void {
    const isOfProtocols = (techniques & TechniqueBit.IpProtocol) !== 0;
    const protocols = isSix ? PROTOCOLS_6 : PROTOCOLS_4;
    for (let kind = 0; kind < KINDS; kind++) {
      if (this.keys[kind] === NONE || this.keys[kind] === OVER) continue;
      if (isOfProtocols) note(protocols[kind], this.answers[kind]);
      else this.release(kind, note);
    }
  }

  private release(kind: number, note: Note): void {
    const key = this.keys[kind];
    // A ping has no port.
    if (classOf(key) !== TargetClass.IcmpEcho) note(portOf(key), this.answers[kind]);
    this.keys[kind] = OVER;
  }

  /** The techniques of a scan without those that only stand for protocols. */
  without(techniques: number): number {
    if ((techniques & TechniqueBit.IpProtocol) === 0) return techniques;
    for (let kind = 0; kind < KINDS; kind++) {
      if (this.keys[kind] !== NONE && this.keys[kind] !== OVER) techniques &= ~TECHNIQUES[kind];
    }
    return techniques;
  }
}
