// One packet more for each probe of a TCP scan, that its source alone sends: none of them makes an attempt
// used, part of an older connection, or an answer.

import { TcpFlag } from "../../src/record.ts";
import { ping, type Tcp } from "./conversation.ts";
import type { Wire } from "./wire.ts";

const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;

export interface Extra {
  send: (c: Tcp, wire: Wire) => void;
  /** It is a probe of another technique as well: what else is told of its ports is not asked. */
  isProbe?: boolean;
}

/** One packet more for each port. */
export const EXTRAS: Record<string, Extra> = {
  "a reset of the next number": { send: (c) => c.up(Rst, { ack: 0 }) },
  "a reset of a later number": { send: (c) => c.up(Rst, { seq: (c.seq + 100) >>> 0, ack: 0 }) },
  "a reset that acknowledges": { send: (c) => c.up(Rst | Ack, { ack: 12345 }) },
  "a FIN": { send: (c) => c.up(Fin, { seq: (c.seq + 30) >>> 0 }), isProbe: true },
  "a FIN that acknowledges": { send: (c) => c.up(Fin | Ack, { ack: 999 }), isProbe: true },
  "data without a handshake": { send: (c) => c.up(Psh | Ack, { payload: 40 }), isProbe: true },
  "data without an acknowledgement": {
    send: (c) => c.up(Psh, { payload: 40, ack: 0 }),
    isProbe: true,
  },
  "a bare acknowledgement": { send: (c) => c.up(Ack), isProbe: true },
  "a bare acknowledgement with a timestamp": {
    send: (c) => c.up(Ack, { timestamp: 0x51000 + c.wire.frames.length }),
    isProbe: true,
  },
  "a window update": { send: (c) => c.up(Ack, { window: 501, ack: 5 }), isProbe: true },
  "a keep-alive": {
    send: (c) => c.up(Ack, { seq: (c.seq - 1) >>> 0, payload: 1 }),
    isProbe: true,
  },
  "urgent data": { send: (c) => c.up(Psh | Ack | Urg, { payload: 9 }), isProbe: true },
  "the SYN twice": { send: (c) => c.synAgain() },
  // Which of the two the target acknowledges is not asked here.
  "a SYN of another number": {
    send: (c) => c.up(Syn, { seq: c.wire.chance.next(), ack: 0 }),
    isProbe: true,
  },
  "a SYN with a timestamp": { send: (c) => c.synAgain({ look: "linux", timestamp: 77 }) },
  "a SYN that dies on the way": { send: (c) => c.synAgain({ ttl: 2 }) },
  "a SYN with a wrong checksum": { send: (c) => c.synAgain({ hasBadChecksum: true }) },
  "data with a wrong checksum": {
    send: (c) => c.up(Psh | Ack, { payload: 40, hasBadChecksum: true }),
    isProbe: true,
  },
  "a ping": { send: (c, wire) => ping(wire, c.ends) },
  "a datagram to the same port": {
    send: (c, wire) => wire.udp({ ...c.ends, payload: 20 }),
    isProbe: true,
  },
  "an error about a packet that nobody sent": {
    send: (c, wire) => {
      const { from, to, sport, dport } = c.ends;
      const quoted = wire.tcpPacket({ from: to, to: from, sport: dport, dport: sport, flags: Ack });
      const [type, code] = from.includes(":") ? [1, 4] : [3, 3];
      wire.error(from, quoted, type, code, to);
    },
  },
  "an expiry that it makes up itself": {
    send: (c, wire) => {
      const probe = wire.tcpPacket({ ...c.ends, flags: Syn, seq: c.first });
      wire.expired(c.ends.from, probe, c.ends.to);
    },
  },
  "a SYN-ACK": { send: (c) => c.up(Syn | Ack, { ack: 7 }), isProbe: true },
};
