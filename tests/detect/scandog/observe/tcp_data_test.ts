// What becomes of a TCP attempt by segments that go on with a connection, or seem to, and by flags of no connection.

import { Ack, Fin, Psh, Rst, Syn, Urg } from "../traffic.ts";
import { tell } from "./observed.ts";
import { clientSeen, down, serverSeen, shaken, syn, synAck, up, used } from "./steps.ts";

tell("TCP that goes on", {
  "a connection that is used": [
    used,
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a handshake": [
    [...shaken, 5],
    "Begun | Answered:first | Proved:Handshake | -",
    "C>S Tcp 5000 Open None connect packets 2 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a handshake by a wrong number": [
    [syn, synAck, up(Ack, { seq: 1001, ack: 5002 })],
    "Begun | Answered:first | -",
    "C>S Tcp 5000 Answered None syn packets 2 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "a handshake after a contradiction": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1001 }), shaken[2]],
    "Begun | Answered:first | Settled:HalfOpen | -",
    "C>S Tcp 5000 Open HalfOpen connect packets 2 from 40000 seq 1000 peer 5000 Contradicted Replied",
  ],
  "a handshake of which the answer is not seen": [
    [syn, shaken[2], up(Ack, { seq: 1001, ack: 5001, payload: 5 })],
    "Begun | - | Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000",
  ],
  "a handshake of which the answer is not seen though the target is": [
    [serverSeen, syn, shaken[2], up(Ack, { seq: 1001, ack: 5001, payload: 5 })],
    "Begun | Begun of C>S Tcp 5000 | - | -",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Sent None syn packets 3 from 40000 seq 1000",
  ],
  "data without an answer, where the target is seen after": [
    [syn, shaken[2], serverSeen, up(Ack, { seq: 1001, ack: 5001, payload: 5 })],
    "Begun | - | Begun of S>T Tcp 443 | -",
    "C>S Tcp 5000 Open None connect packets 3 from 40000 seq 1000 peer 5000",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
  ],
  "an answer that nobody acknowledged, and data": [
    [syn, synAck, down(Ack, { seq: 5001, ack: 1001, payload: 30 })],
    "Begun | Answered:first | -",
    "C>S Tcp 5000 Open None connect packets 1 from 40000 seq 1000 peer 5000 bytes 30 Open Replied",
  ],
  "an answer that nobody acknowledged, and the target takes data": [
    [syn, synAck, down(Ack, { seq: 5001, ack: 1003 })],
    "Begun | Answered:first | Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "a greeting in parts": [
    [
      ...shaken,
      down(Ack, { seq: 5001, ack: 1001, payload: 300 }),
      down(Ack, { seq: 5301, ack: 1001, payload: 300 }),
      down(Ack, { seq: 5601, ack: 1001, payload: 1 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | - | Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 2 from 40000 seq 1000 peer 5000 bytes 601 Open Handshake Replied",
  ],
  "the target acknowledges without having answered": [
    [syn, down(Ack, { seq: 5001, ack: 1001, payload: 700 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000 Replied",
  ],
  "the client of a used connection goes on": [
    [...used, up(Ack, { seq: 1010, ack: 5001 }), down(Ack, { seq: 5001, ack: 1010 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | - | -",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a used connection, and data of another port of its client": [
    [...used, up(Ack, { sport: 40_009, seq: 7, ack: 8, payload: 3 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a used connection, and the target's data to another port": [
    [...used, down(Ack, { dport: 40_009, seq: 7, ack: 8, payload: 3 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a probed target, and data from another port": [
    [syn, up(Ack, { sport: 40_009, seq: 7, ack: 8, payload: 3 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Sent Used syn packets 1 from 40000 seq 1000",
  ],
  "a probed target that is seen, and data from another port": [
    [serverSeen, syn, up(Ack, { sport: 40_009, seq: 7, ack: 8, payload: 3 })],
    "Begun | Begun of C>S Tcp 5000 | -",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a probed target, and an acknowledgement from another port": [
    [syn, up(Ack, { sport: 40_009, seq: 7, ack: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 from 40000 seq 1000",
  ],
  "an open target's greeting in another connection": [
    [syn, synAck, down(Ack, { dport: 40_009, seq: 7, ack: 8, payload: 600 })],
    "Begun | Answered:first | -",
    "C>S Tcp 5000 Answered None syn packets 1 from 40000 seq 1000 peer 5000 bytes 600 Open Replied",
  ],
  "an open target's data in another connection": [
    [syn, synAck, down(Ack, { dport: 40_009, seq: 7, ack: 8, payload: 601 })],
    "Begun | Answered:first | Settled:Used",
    "C>S Tcp 5000 Answered Used syn packets 1 from 40000 seq 1000 peer 5000 bytes 601 Open Replied",
  ],
  "an open target's acknowledgement in another connection": [
    [syn, synAck, down(Ack, { dport: 40_009, seq: 7, ack: 8 })],
    "Begun | Answered:first | -",
    "C>S Tcp 5000 Answered None syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "a silent target's data in another connection": [
    [syn, down(Ack, { dport: 40_009, seq: 7, ack: 8, payload: 601 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "an acknowledgement alone": [
    [up(Ack, { seq: 7, ack: 8 })],
    "Begun",
    "C>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous",
  ],
  "a kernel's acknowledgement alone": [
    [up(Ack, { seq: 7, ack: 8, timestamp: 9 })],
    "Begun",
    "C>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous Stack",
  ],
  "an acknowledgement that looks like an answer": [
    [down(Ack, { sport: 80, seq: 7, ack: 8 })],
    "Begun",
    "S>C Tcp 40000 Sent None ack packets 1 from 80 seq 7 Ambiguous ReplyLike",
  ],
  "an acknowledgement captured twice": [
    [up(Ack, { seq: 7, ack: 8 }), up(Ack, { seq: 7, ack: 8 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous",
  ],
  "an acknowledgement that comes again after 20 ms": [
    [up(Ack, { seq: 7, ack: 8 }), 0.019, up(Ack, { seq: 7, ack: 8 })],
    "Begun | - | -",
    "C>S Tcp 5000 Sent None ack packets 2 from 40000 seq 7 Ambiguous",
  ],
  "two acknowledgements of different numbers": [
    [up(Ack, { seq: 7, ack: 8 }), up(Ack, { seq: 7, ack: 9 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None ack packets 2 from 40000 seq 7 Ambiguous",
  ],
  "four acknowledgements": [
    [
      up(Ack, { seq: 7, ack: 8 }),
      up(Ack, { seq: 8, ack: 8 }),
      up(Ack, { seq: 9, ack: 8 }),
      up(Ack, { seq: 10, ack: 8 }),
    ],
    "Begun | - | - | Settled:Harmless mid-stream",
    "C>S Tcp 5000 Sent Harmless mid-stream ack packets 4 from 40000 seq 7 Ambiguous",
  ],
  "four acknowledgements to one that is seen": [
    [
      serverSeen,
      up(Ack, { seq: 7, ack: 8 }),
      up(Ack, { seq: 8, ack: 8 }),
      up(Ack, { seq: 9, ack: 8 }),
      up(Ack, { seq: 10, ack: 8 }),
    ],
    "Begun | Begun of C>S Tcp 5000 | - | - | -",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Sent None ack packets 4 from 40000 seq 7 Ambiguous",
  ],
  "an acknowledgement, and then data": [
    [
      up(Ack, { seq: 7, ack: 8 }),
      up(Ack, { seq: 7, ack: 8, payload: 4 }),
      up(Ack, { seq: 8, ack: 8, payload: 4 }),
    ],
    "Begun | - | Settled:Used",
    "C>S Tcp 5000 Sent Used ack packets 2 from 40000 seq 7 Ambiguous",
  ],
  "an acknowledgement that is answered": [
    [up(Ack, { seq: 7, ack: 8 }), down(Ack, { seq: 8, ack: 9 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Sent Used ack packets 1 from 40000 seq 7 Ambiguous Replied",
  ],
  "an acknowledgement that is answered by data": [
    [
      up(Ack, { seq: 7, ack: 8 }),
      down(Ack, { seq: 8, ack: 9, payload: 3 }),
      up(Ack, { seq: 8, ack: 11 }),
    ],
    "Begun | Settled:Used | -",
    "C>S Tcp 5000 Sent Used ack packets 1 from 40000 seq 7 Ambiguous Replied",
  ],
  "acknowledgements from two ports": [
    [up(Ack, { seq: 7, ack: 8 }), up(Ack, { seq: 7, ack: 8, sport: 40_001 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None ack packets 2 from 40000 seq 7 Ambiguous",
  ],
  "an acknowledgement and a FIN from two ports": [
    [up(Ack, { seq: 7, ack: 8 }), up(Fin | Ack, { seq: 7, ack: 8, sport: 40_001 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None maimon,ack packets 2 from 40000 seq 7 Ambiguous",
  ],
  "data alone": [
    [up(Ack, { seq: 7, ack: 8, payload: 4 }), 5],
    "Begun | Settled:Harmless mid-stream",
    "C>S Tcp 5000 Mid Harmless mid-stream ack packets 1 from 40000 seq 7",
  ],
  "data alone to one that is seen": [
    [serverSeen, up(Ack, { seq: 7, ack: 8, payload: 4 }), 5],
    "Begun | Begun of C>S Tcp 5000 | Settled:Silent, Settled:Silent of C>S Tcp 5000",
    "S>T Tcp 443 Sent Silent syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Mid Silent ack packets 1 from 40000 seq 7 Ambiguous",
  ],
  "data twice, with one acknowledgement": [
    [up(Ack, { seq: 7, ack: 8, payload: 4 }), up(Ack, { seq: 11, ack: 8, payload: 0 })],
    "Begun | -",
    "C>S Tcp 5000 Mid None ack packets 2 from 40000 seq 7",
  ],
  "data, and another acknowledgement": [
    [up(Ack, { seq: 7, ack: 8, payload: 4 }), up(Ack, { seq: 11, ack: 9 })],
    "Begun | Settled:Used",
    "C>S Tcp 5000 Mid Used ack packets 2 from 40000 seq 7",
  ],
  "data that is refused": [
    [serverSeen, up(Ack, { seq: 7, ack: 8, payload: 4 }), down(Rst, { seq: 8 })],
    "Begun | Begun of C>S Tcp 5000 | Settled:Refused of C>S Tcp 5000, Answered:first of C>S Tcp 5000",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Mid Refused ack packets 1 from 40000 seq 7 JustRefused Closed Ambiguous",
  ],
  "data that is acknowledged": [
    [serverSeen, up(Ack, { seq: 7, ack: 8, payload: 4 }), down(Ack, { seq: 8, ack: 11 })],
    "Begun | Begun of C>S Tcp 5000 | Settled:Used of C>S Tcp 5000",
    "S>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Mid Used ack packets 1 from 40000 seq 7 Replied",
  ],
  "data of a service": [
    [down(Ack, { sport: 80, seq: 7, ack: 8, payload: 4 }), up(Ack, { dport: 80, seq: 8, ack: 11 })],
    "Begun | Settled:Used, UnseenUsed",
    "C>S Tcp 80 Mid Used  packets 1 from 40000 ReplyOnly Replied",
  ],
  "data of a service where its client was asked": [
    [
      down(Ack, { sport: 80, seq: 7, ack: 8, payload: 4 }),
      down(Ack, { sport: 80, dport: 40_001, seq: 7, ack: 8, payload: 4 }),
    ],
    "Begun | -",
    "C>S Tcp 80 Mid None  packets 0 from 40000 ReplyOnly Replied",
  ],
  "data of a service to two ports of one that is seen": [
    [
      clientSeen,
      down(Ack, { sport: 80, seq: 7, ack: 8, payload: 4 }),
      down(Ack, { sport: 80, dport: 40_001, seq: 7, ack: 8, payload: 4 }),
      5,
    ],
    "Begun | Begun of C>S Tcp 80 | Begun of S>C Tcp 40001 | Settled:Silent, Settled:Silent of S>C Tcp 40001",
    "C>T Tcp 443 Sent Silent syn packets 1 from 50000 seq 1",
    "C>S Tcp 80 Mid None  packets 0 from 40000 ReplyOnly Replied",
    "S>C Tcp 40001 Sent Silent ack packets 1 from 80 seq 7 Ambiguous ReplyLike",
  ],
  "no flags, and flags of all kinds": [
    [up(0), up(Fin), up(Fin | Psh | Urg), up(Fin), up(Syn | Fin)],
    "Begun (alike: none), Exotic:null | - | Exotic:xmas | - | Exotic:other-tcp",
    "C>S Tcp 5000 Sent None fin,null,xmas,other-tcp packets 5 from 40000",
  ],
  "no flags in a used connection": [
    [...used, up(0)],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 4 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "no flags beside a used connection": [
    [...used, up(0, { sport: 40_009 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | Exotic:null",
    "C>S Tcp 5000 Open Used connect,null packets 4 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a FIN alone": [
    [up(Fin), 5],
    "Begun (alike: none) | Settled:Silent",
    "C>S Tcp 5000 Sent Silent fin packets 1 from 40000",
  ],
});
