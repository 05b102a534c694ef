// What becomes of a TCP attempt by what ends it: RST and FIN, of either side.

import { Ack, Fin, Rst, Syn } from "../traffic.ts";
import { HOSTS, tell } from "./observed.ts";
import {
  clientSeen,
  down,
  MAC_1,
  MAC_2,
  serverSeen,
  shaken,
  syn,
  synAck,
  up,
  used,
} from "./steps.ts";

const { R } = HOSTS;

tell("TCP that ends", {
  "a refusal": [
    [syn, down(Rst | Ack, { ack: 1001 })],
    "Begun | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Closed",
  ],
  "a refusal, twice": [
    [syn, down(Rst | Ack, { ack: 1001 }), down(Rst | Ack, { ack: 1001 })],
    "Begun | Settled:Refused, Answered:first | Answered:again",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Closed",
  ],
  "a refusal by a bare reset": [
    [syn, down(Rst, { seq: 9 })],
    "Begun | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Closed",
  ],
  "a refusal after silence": [
    [syn, 5, down(Rst | Ack, { ack: 1001 })],
    "Begun | Settled:Silent | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Closed",
  ],
  "a refusal to another port": [
    [syn, down(Rst | Ack, { ack: 1001, dport: 40_007 })],
    "Begun | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Closed",
  ],
  "the initiator resets before an answer": [
    [syn, up(Rst, { seq: 1001 })],
    "Begun | Proved:Likely, Settled:HalfOpen",
    "C>S Tcp 5000 Sent HalfOpen syn packets 1 from 40000 seq 1000",
  ],
  "the initiator resets with ACK before an answer": [
    [syn, up(Rst | Ack, { seq: 1001, ack: 9 })],
    "Begun | Settled:HalfOpen",
    "C>S Tcp 5000 Sent HalfOpen syn packets 1 from 40000 seq 1000 GentleReset",
  ],
  "the initiator resets by another number before an answer": [
    [syn, up(Rst, { seq: 1003 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Sent Used syn packets 1 from 40000 seq 1000",
  ],
  "the initiator resets an answer": [
    [syn, synAck, up(Rst, { seq: 1001 })],
    "Begun | Answered:first | ResetAnswer:C, Proved:Reset, Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 Open Reset Replied",
  ],
  "the initiator resets an answer with a window": [
    [syn, synAck, up(Rst, { seq: 1001, window: 1024 })],
    "Begun | Answered:first | ResetAnswer:C, Proved:OddReset, Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 Open Reset Replied OddReset",
  ],
  "the initiator resets an answer from elsewhere on the link": [
    [up(Syn, { seq: 1000, mac: MAC_1 }), synAck, up(Rst, { seq: 1001, mac: MAC_2 })],
    "Begun | Answered:first | ResetAnswer:C, Proved:OddReset, Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 Open Reset Replied OddReset",
  ],
  "the initiator resets an answer by another number": [
    [syn, synAck, up(Rst, { seq: 1000 })],
    "Begun | Answered:first | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "the initiator resets an answer with ACK": [
    [syn, synAck, up(Rst | Ack, { seq: 1001, ack: 5001 })],
    "Begun | Answered:first | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 GentleReset Open Replied",
  ],
  "the initiator resets after a contradiction": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1001 }), up(Rst, { seq: 1001 })],
    "Begun | Answered:first | Settled:HalfOpen | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Contradicted Replied",
  ],
  "the initiator resets what it opened": [
    [...shaken, up(Rst, { seq: 1001 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the initiator resets what it opened, with data": [
    [...shaken, up(Rst, { seq: 1003 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the initiator resets what it opened, with data, where others acknowledge": [
    [up(Ack, { from: R, seq: 7 }), ...shaken, up(Rst, { seq: 1003 })],
    "Begun | Begun of C>S Tcp 5000 | Answered:first of C>S Tcp 5000 | Proved:Handshake of C>S Tcp 5000 | Settled:Empty of C>S Tcp 5000",
    "R>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the initiator resets a used one": [
    [...used, up(Rst, { seq: 1010 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the initiator resets after its FIN": [
    [...shaken, up(Fin | Ack, { seq: 1001, ack: 5001 }), up(Rst, { seq: 1002 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty | -",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the target resets what was opened": [
    [
      ...shaken,
      down(Rst | Ack, { seq: 5001, ack: 1001 }),
      down(Rst | Ack, { seq: 5001, ack: 1001 }),
    ],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty | -",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a reset of an acknowledgement": [
    [up(Ack, { seq: 7, ack: 8 }), down(Rst, { seq: 8 })],
    "Begun | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused ack packets 1 from 40000 seq 7 JustRefused Closed Ambiguous",
  ],
  "who sent an acknowledgement resets": [
    [up(Ack, { seq: 7, ack: 8 }), up(Rst, { seq: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous",
  ],
  "a reset by one with a connection of its own": [
    [
      down(Syn, { sport: 40_000, dport: 5000, seq: 1 }),
      up(Ack, { sport: 5000, dport: 40_000, seq: 7, ack: 8 }),
      down(Rst, { sport: 40_000, dport: 5000, seq: 8 }),
    ],
    "Begun | - | Settled:HalfOpen",
    "S>C Tcp 5000 Sent HalfOpen syn packets 1 from 40000 seq 1 Replied",
  ],
  "a reset from another port than asked": [
    [serverSeen, syn, up(Rst | Ack, { seq: 0, sport: 80 })],
    "Begun | Begun of C>S Tcp 5000 | Unasked:Refusal",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "an unasked refusal": [
    [down(Rst | Ack, { ack: 1001 }), 5],
    "Begun, Settled:Refused | -",
    "C>S Tcp 5000 Sent Refused syn packets 0 from 40000 Closed ReplyOnly Replied",
  ],
  "an unasked reset with a number": [
    [down(Rst | Ack, { seq: 3, ack: 1001 })],
    "-",
  ],
  "an unasked bare reset of a service": [
    [down(Rst, { sport: 80, seq: 9 })],
    "ResetUnasked:S, Begun, Settled:Refused",
    "C>S Tcp 80 Sent Refused ack packets 0 from 40000 Closed ReplyOnly Ambiguous Replied",
  ],
  "an unasked bare reset to a service": [
    [down(Rst, { sport: 40_000, dport: 80, seq: 9 })],
    "ResetUnasked:S, Begun",
    "S>C Tcp 80 Sent None other-tcp packets 1 from 40000 seq 9 Ambiguous",
  ],
  "an unasked bare reset between clients' ports": [
    [down(Rst, { sport: 40_000, dport: 40_001, seq: 9 })],
    "ResetUnasked:S, Begun, Settled:Refused",
    "C>S Tcp 40000 Sent Refused ack packets 0 from 40001 Closed ReplyOnly Ambiguous Replied",
  ],
  "unasked by one who is seen": [
    [
      clientSeen,
      down(Rst | Ack, { sport: 80, ack: 1001 }),
      down(Rst | Ack, { sport: 81, seq: 3, ack: 1001 }),
      down(Rst, { sport: 82, seq: 9 }),
    ],
    "Begun | Unasked:Refusal | - | ResetUnasked:S, Unasked:Reset",
    "C>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
  ],
  "resets from one port to low ones": [
    [
      down(Rst, { sport: 80, dport: 21, seq: 9 }),
      down(Rst, { sport: 80, dport: 23, seq: 9 }),
      down(Rst | Ack, { sport: 80, dport: 25, seq: 9 }),
    ],
    "ResetUnasked:S, Begun, Settled:Refused | Begun of S>C Tcp 23 | Begun of S>C Tcp 25",
    "C>S Tcp 80 Sent Refused ack packets 0 from 21 Closed ReplyOnly Ambiguous Replied",
    "S>C Tcp 23 Sent None other-tcp packets 1 from 80 seq 9 Ambiguous",
    "S>C Tcp 25 Sent None other-tcp packets 1 from 80 seq 9 Ambiguous",
  ],
  "resets from one port to low ones of one who is seen": [
    [
      clientSeen,
      down(Rst, { sport: 80, dport: 21, seq: 9 }),
      down(Rst, { sport: 80, dport: 23, seq: 9 }),
      down(Rst | Ack, { sport: 80, dport: 25, seq: 9 }),
    ],
    "Begun | ResetUnasked:S, Unasked:Reset | ResetUnasked:S, Unasked:Reset, Begun of S>C Tcp 23 | Begun of S>C Tcp 25",
    "C>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "S>C Tcp 23 Sent None other-tcp packets 1 from 80 seq 9 Ambiguous",
    "S>C Tcp 25 Sent None other-tcp packets 1 from 80 seq 9 Ambiguous",
  ],
  "the initiator leaves without a word": [
    [...shaken, up(Fin | Ack, { seq: 1001, ack: 5001 }), down(Fin | Ack, { seq: 5001, ack: 1002 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty | -",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the target leaves first": [
    [...shaken, down(Fin | Ack, { seq: 5001, ack: 1001 }), up(Fin | Ack, { seq: 1001, ack: 5002 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty | -",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "the target leaves before the handshake": [
    [syn, synAck, down(Fin | Ack, { seq: 5001, ack: 1001 })],
    "Begun | Answered:first | Settled:Empty",
    "C>S Tcp 5000 Open Empty connect packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "the target leaves without an answer": [
    [syn, down(Fin | Ack, { seq: 5001, ack: 1001 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a FIN alone with ACK": [
    [up(Fin | Ack, { seq: 7, ack: 8 }), up(Fin | Ack, { seq: 7, ack: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None maimon packets 2 from 40000 seq 7 Ambiguous",
  ],
  "a FIN to who was asked by its sender": [
    [syn, down(Fin | Ack, { dport: 40_009, seq: 7, ack: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a FIN to one who never asked": [
    [
      down(Ack, { sport: 80, seq: 7, ack: 8, payload: 4 }),
      down(Fin | Ack, { sport: 80, dport: 40_009, seq: 7, ack: 8 }),
    ],
    "Begun | -",
    "C>S Tcp 80 Mid None  packets 0 from 40000 ReplyOnly Replied",
  ],
  "a FIN from another port after a SYN": [
    [syn, up(Fin | Ack, { sport: 40_009, seq: 7, ack: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 from 40000 seq 1000",
  ],
  "an acknowledgement, and a FIN of the other end": [
    [up(Ack, { seq: 7, ack: 8 }), down(Fin | Ack, { seq: 8, ack: 8 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Sent Used ack packets 1 from 40000 seq 7 Ambiguous",
  ],
  "the initiator closes with data in its FIN, the answer not seen": [
    [syn, up(Fin | Ack, { seq: 1001, ack: 5001, payload: 1 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Sent Used syn packets 1 from 40000 seq 1000",
  ],
  "the initiator's FIN acknowledges data that was not seen, and a FIN": [
    [syn, shaken[2], up(Fin | Ack, { seq: 1001, ack: 5001 + 602 })],
    "Begun | - | Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 2 from 40000 seq 1000 peer 5000",
  ],
  "the initiator's FIN acknowledges a greeting that was not seen, and a FIN": [
    [syn, shaken[2], up(Fin | Ack, { seq: 1001, ack: 5001 + 601 })],
    "Begun | - | Settled:Empty",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000",
  ],
  "the initiator's FIN acknowledges data, where the target is seen": [
    [...shaken, up(Fin | Ack, { seq: 1001, ack: 5001 + 602 })],
    "Begun | Answered:first | Proved:Handshake | Settled:Empty",
    "C>S Tcp 5000 Open Empty connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
});
