// What becomes of a TCP attempt by SYN-ACKs, asked for or not.

import { Ack, Rst, Syn } from "../traffic.ts";
import { HOSTS, tell } from "./observed.ts";
import { again, clientSeen, down, shaken, syn, synAck, up } from "./steps.ts";

const { R } = HOSTS;

tell("TCP that is answered", {
  "a SYN-ACK nobody asked for, to one not seen": [
    [down(Syn | Ack, { seq: 5000, ack: 1001 }), 5],
    "Begun | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 0 rank Pending from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "a SYN-ACK nobody asked for, to a host that is seen": [
    [clientSeen, down(Syn | Ack, { seq: 5000, ack: 1001 })],
    "Begun | Unasked:SynAck, FloodingAnswer:syn, Begun of C>S Tcp 5000, Settled:Harmless backscatter of C>S Tcp 5000",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "C>S Tcp 5000 Answered Harmless backscatter syn packets 0 rank Pending from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "a SYN-ACK from a client's port to a service": [
    [down(Syn | Ack, { sport: 40_000, dport: 443, seq: 5000, ack: 1001 })],
    "Begun",
    "S>C Tcp 443 Sent None syn-ack packets 1 rank Pending from 40000 seq 5000 Ambiguous",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "a SYN-ACK from a client's port to a client's": [
    [down(Syn | Ack, { sport: 40_000, dport: 30_000, seq: 5000, ack: 1001 })],
    "Begun",
    "C>S Tcp 40000 Answered None syn packets 0 rank Pending from 30000 seq 1000 peer 5000 Open ReplyOnly Replied",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "a SYN-ACK to a port that its sender tried, of one who is seen": [
    [
      clientSeen,
      down(Syn, { sport: 6000, dport: 40_000, seq: 1 }),
      down(Syn | Ack, { seq: 5000, ack: 1001 }),
    ],
    "Begun | Begun of S>C Tcp 40000 | Unasked:SynAck",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "S>C Tcp 40000 Sent None syn,syn-ack packets 2 rank Pending from 6000 seq 1",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "a SYN-ACK to a port that its sender tried": [
    [down(Syn, { sport: 6000, dport: 40_000, seq: 1 }), down(Syn | Ack, { seq: 5000, ack: 1001 })],
    "Begun | -",
    "S>C Tcp 40000 Sent None syn,syn-ack packets 2 rank Pending from 6000 seq 1",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "unasked SYN-ACKs from one port to low ones": [
    [
      down(Syn | Ack, { sport: 80, dport: 21, seq: 7, ack: 8 }),
      down(Syn | Ack, { sport: 80, dport: 23, seq: 7, ack: 8 }),
      down(Syn | Ack, { sport: 80, dport: 25, seq: 7, ack: 8 }),
    ],
    "Begun | Begun of S>C Tcp 21, Begun of S>C Tcp 23 | Begun of S>C Tcp 25",
    "C>S Tcp 80 Answered None syn packets 0 rank Pending from 21 seq 7 peer 7 Open ReplyOnly Replied",
    "S>C Tcp 21 Sent None syn-ack packets 1 rank Pending from 80 seq 7 Ambiguous",
    "S>C Tcp 23 Sent None syn-ack packets 1 rank Pending from 80 seq 7 Ambiguous",
    "S>C Tcp 25 Sent None syn-ack packets 1 rank Pending from 80 seq 7 Ambiguous",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "unasked SYN-ACKs from one port to low ones, of which the first is reset": [
    [
      down(Syn | Ack, { sport: 80, dport: 21, seq: 7, ack: 8 }),
      up(Rst, { sport: 21, dport: 80, seq: 8 }),
      down(Syn | Ack, { sport: 80, dport: 23, seq: 7, ack: 8 }),
    ],
    "Begun | ResetAnswer:C, Proved:Reset, Settled:HalfOpen | Begun of S>C Tcp 21, Settled:Refused of S>C Tcp 21, Answered:first of S>C Tcp 21, Begun of S>C Tcp 23",
    "C>S Tcp 80 Answered HalfOpen syn packets 0 rank Pending from 21 seq 7 Open Reset ReplyOnly Replied",
    "S>C Tcp 21 Sent Refused syn-ack packets 1 rank Pending from 80 seq 7 Closed Ambiguous",
    "S>C Tcp 23 Sent None syn-ack packets 1 rank Pending from 80 seq 7 Ambiguous",
    "seen C,S, reached C, routed C, ends alone",
  ],
  "an answer that comes again soon": [
    [syn, synAck, 0.49, synAck],
    "Begun | Answered:first | - | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer that comes again later": [
    [syn, synAck, 0.5, synAck],
    "Begun | Answered:first | - | Proved:Absent, Settled:HalfOpen, Answered:again",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer that comes again later where ends are all": [
    [syn, synAck, 0.5, synAck, 4],
    "Begun | Answered:first | - | Proved:Absent, Settled:HalfOpen, Answered:again | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer that comes again later where acknowledgements are seen": [
    [up(Ack, { from: R, seq: 7 }), syn, synAck, 0.5, synAck],
    "Begun | Begun of C>S Tcp 5000 | Answered:first of C>S Tcp 5000 | - | Proved:Absent of C>S Tcp 5000, Answered:again of C>S Tcp 5000",
    "R>S Tcp 5000 Sent None ack packets 1 rank Pending from 40000 seq 7 Ambiguous",
    "C>S Tcp 5000 Answered None syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S,R, reached C,S, routed C,S",
  ],
  "two answers of different numbers": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1001 }), up(Rst, { seq: 1001 }), synAck],
    "Begun | Answered:first | Settled:HalfOpen | - | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "two answers of which one is to another number": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1002 })],
    "Begun | Answered:first | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 1 rank Pending from 40000 seq 1000 peer 6000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "two answers of different numbers, after a handshake": [
    [...shaken, down(Syn | Ack, { seq: 6000, ack: 1001 })],
    "Begun | Answered:first | Proved:Handshake | Settled:HalfOpen",
    "C>S Tcp 5000 Open HalfOpen connect packets 2 rank Pending from 40000 seq 1000 peer 5000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "two answers of different numbers, after a reset": [
    [syn, synAck, up(Rst, { seq: 1001 }), synAck, down(Syn | Ack, { seq: 6000, ack: 1001 })],
    "Begun | Answered:first | ResetAnswer:C, Proved:Reset, Settled:HalfOpen | Answered:again | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "two answers of different numbers, after an odd reset": [
    [
      syn,
      synAck,
      up(Rst, { seq: 1001, window: 9 }),
      synAck,
      down(Syn | Ack, { seq: 6000, ack: 1001 }),
    ],
    "Begun | Answered:first | ResetAnswer:C, Proved:OddReset, Settled:HalfOpen | Answered:again | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "an answer after a refusal": [
    [syn, down(Rst | Ack, { ack: 1001 }), synAck],
    "Begun | Settled:Refused, Answered:first | -",
    "C>S Tcp 5000 Sent Refused syn packets 1 rank Pending from 40000 seq 1000 JustRefused Contradicted",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a refusal after an answer": [
    [syn, synAck, down(Rst | Ack, { ack: 1001 })],
    "Begun | Answered:first | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a reset of another number after an answer": [
    [syn, synAck, down(Rst | Ack, { seq: 5001, ack: 1001 })],
    "Begun | Answered:first | Settled:Empty",
    "C>S Tcp 5000 Answered Empty syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a bare reset after an answer": [
    [syn, synAck, down(Rst, { seq: 5001 })],
    "Begun | Answered:first | Settled:Empty",
    "C>S Tcp 5000 Answered Empty syn packets 1 rank Pending from 40000 seq 1000 peer 5000 Open Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "an answer to another port than the latest": [
    [syn, again, synAck, down(Syn | Ack, { seq: 6000, ack: 2001, dport: 40_001 })],
    "Begun | Reconnected | Answered:first | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 2 rank Pending from 40001 seq 2000 peer 6000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "answers alone, to two ports": [
    [
      synAck,
      down(Syn | Ack, { seq: 6000, ack: 9, dport: 40_001 }),
      down(Syn | Ack, { seq: 6100, ack: 9, dport: 40_002 }),
    ],
    "Begun | Settled:Harmless came-again, Answered:again | Reconnected (alike: none), Answered:again",
    "C>S Tcp 5000 Answered Harmless came-again syn packets 0 rank Pending from 40000 seq 1000 peer 6100 Open ReplyOnly Replied",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "answers alone, once more to one port": [
    [synAck, 0.6, synAck],
    "Begun | - | Proved:Absent, Settled:HalfOpen, Answered:again",
    "C>S Tcp 5000 Answered HalfOpen syn packets 0 rank Pending from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
});
