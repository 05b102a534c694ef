// What becomes of datagrams: answers, copies, streams, and what only looks like an answer.

import { HOSTS, tell } from "./observed.ts";
import { clientSeen, flood, udp, udpBack } from "./steps.ts";

const { C, T } = HOSTS;

tell("UDP", {
  "a datagram without an answer": [
    [udp(), 3.9, 1],
    "Begun (alike: none) | - | Settled:Silent",
    "C>S Udp 5000 Sent Silent udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a datagram and its answer": [
    [udp(), udpBack(), 5],
    "Begun (alike: none) | Settled:Used, Answered:first | -",
    "C>S Udp 5000 Answered Used udp packets 1 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a datagram and two answers": [
    [udp(), udpBack(), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 1 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a datagram, its copy, and another": [
    [udp({ ipId: 7 }), udp({ ipId: 7 }), udp({ ipId: 8 })],
    "Begun | - | DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an answer to another port": [
    [udp(), udpBack({ dport: 40_001 })],
    "Begun (alike: none) | Begun (alike: none) of S>C Udp 40001",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "S>C Udp 40001 Sent None udp packets 1 rank Pending from 5000 ReplyLike",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer to an earlier port": [
    [udp(), udp({ sport: 40_001 }), udpBack()],
    "Begun (alike: none) | DatagramAgain | Settled:Used, Answered:first",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a question, an answer, and the same question": [
    [udp(), udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a question, an answer, another question and its answer": [
    [udp(), udpBack(), udp({ payload: 50 }), udpBack(), udp({ payload: 51 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | flow used, Answered:again | -",
    "C>S Udp 5000 Again Used udp packets 2 rank Used from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer, and the same question of the next round": [
    [udp(), 5, udpBack(), 0.001, udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | - | flow used, Answered:again",
    "C>S Udp 5000 Again Used udp packets 2 rank Used from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer, and the same question a little sooner": [
    [udp(), 4.9, udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a stream": [
    [udp(), udpBack(), ...Array.from({ length: 16 }, (_, i) => udp({ ipId: i + 1 }))],
    "Begun (alike: none) | Settled:Used, Answered:first | - | - | - | - | - | - | - | - | - | - | - | - | - | - | - | -",
    "C>S Udp 5000 Open Used udp packets 17 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a question to a group, and an answer": [
    [udp({ to: "224.0.0.251", dport: 5353, sport: 5353 }), udpBack({ sport: 5353, dport: 5353 })],
    "- | Begun (alike: none)",
    "S>C Udp 5353 Sent None udp packets 1 rank Pending from 5353",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an answer of another host than was asked": [
    [udp({ dport: 53 }), udp({ from: T, to: C, sport: 53, dport: 40_000 })],
    "Begun (alike: none) | Begun (alike: none) of T>C Udp 40000",
    "C>S Udp 53 Sent None udp packets 1 rank Pending from 40000",
    "T>C Udp 40000 Sent None udp packets 1 rank Pending from 53 ReplyLike",
    "seen C,T, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer to the later of two ports": [
    [udp(), udp({ sport: 40_001 }), udpBack({ dport: 40_001 })],
    "Begun (alike: none) | DatagramAgain | Settled:Used, Answered:first",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "who asked each other at one port go on": [
    [
      udpBack({ sport: 9, dport: 500 }),
      udp({ sport: 500, dport: 500 }),
      udpBack({ sport: 500, dport: 500 }),
    ],
    "Begun (alike: none) | Begun (alike: none) of C>S Udp 500 | DatagramAgain",
    "S>C Udp 500 Sent None udp packets 2 rank Pending from 9",
    "C>S Udp 500 Sent None udp packets 1 rank Pending from 500",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "one more datagram to who asks others from that port": [
    [udpBack({ to: T }), udp(), udp({ ipId: 2 })],
    "AnswerOf:Udp 5000, Begun (alike: none) | Begun (alike: none) of C>S Udp 5000 | DatagramAgain of C>S Udp 5000",
    "S>T Udp 40000 Sent None udp packets 1 rank Pending from 5000 ReplyLike",
    "C>S Udp 5000 Sent None udp packets 2 rank Pending from 40000",
    "seen C,S, reached S,T, routed S, SYNs alone, ends alone",
  ],
  "an answer, and the same question after five seconds": [
    [udp(), 4.998, udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | flow used, Answered:again",
    "C>S Udp 5000 Again Used udp packets 2 rank Used from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answer, and the same question a millisecond sooner": [
    [udp(), 4.997, udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a datagram that a flood leaves no time for, and the next one": [
    [flood, udp(), udp({ ipId: 2 })],
    "- | - | Begun",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a stream that is asked no more often": [
    [udp(), udpBack(), ...Array.from({ length: 15 }, (_, i) => udp({ ipId: i + 1 })), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | - | - | - | - | - | - | - | - | - | - | - | - | - | - | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 16 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an answered datagram, more of both, and a segment of the used flow": [
    [udp(), udpBack(), udp({ payload: 50 }), udpBack(), udp({ payload: 51 }), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | - | flow used, Answered:again | - | -",
    "C>S Udp 5000 Again Used udp packets 2 rank Used from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a question to a group for a lease": [
    [udp({ to: "255.255.255.255", sport: 68, dport: 67 }), udpBack({ sport: 67, dport: 68 })],
    "- | AnswerOf:Udp 67, Begun (alike: none)",
    "S>C Udp 68 Sent None udp packets 1 rank Pending from 67 ReplyLike",
    "seen S, reached C, routed C, leases of S, SYNs alone, ends alone",
  ],
  "what looks like an answer": [
    [udpBack({ sport: 53 }), 5],
    "AnswerOf:Udp 53, Begun (alike: none) | Settled:Silent",
    "S>C Udp 40000 Sent Silent udp packets 1 rank Pending from 53 ReplyLike",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "what looks like an answer, to one who is seen": [
    [clientSeen, udpBack({ sport: 53 })],
    "Begun | FloodingAnswer:udp, Begun (alike: none) of S>C Udp 40000",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "S>C Udp 40000 Sent None udp packets 1 rank Pending from 53 ReplyLike",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "what is too short for an answer of DNS": [
    [udpBack({ sport: 53, payload: 11 })],
    "Begun (alike: none)",
    "S>C Udp 40000 Sent None udp packets 1 rank Pending from 53",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "what is long enough for one": [
    [udpBack({ sport: 53, payload: 12 })],
    "AnswerOf:Udp 53, Begun (alike: none)",
    "S>C Udp 40000 Sent None udp packets 1 rank Pending from 53 ReplyLike",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "SIP from its own port": [
    [udp({ sport: 5060, dport: 5060 })],
    "Begun (alike: none)",
    "C>S Udp 5060 Sent None udp packets 1 rank Pending from 5060",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "NTP between servers": [
    [udp({ sport: 123, dport: 123 })],
    "AnswerOf:Udp 123, Begun (alike: none)",
    "C>S Udp 123 Sent None udp packets 1 rank Pending from 123 ReplyLike",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a lease": [
    [udp({ sport: 67, dport: 68, payload: 300 })],
    "AnswerOf:Udp 67, Begun (alike: none)",
    "C>S Udp 68 Sent None udp packets 1 rank Pending from 67 ReplyLike",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a lease that was asked for": [
    [udp({ sport: 68, dport: 67 }), udpBack({ sport: 67, dport: 68 })],
    "Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 67 Answered Used udp packets 1 rank Pending from 68 Open Replied",
    "seen C,S, reached C,S, routed C,S, leases of S, SYNs alone, ends alone",
  ],
  "a lease that nobody asked for": [
    [udpBack({ sport: 67, dport: 68 })],
    "AnswerOf:Udp 67, Begun (alike: none)",
    "S>C Udp 68 Sent None udp packets 1 rank Pending from 67 ReplyLike",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "towards a lower port, answered": [
    [udp({ dport: 53 }), udpBack({ sport: 53 })],
    "Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 53 Answered Used udp packets 1 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "towards a higher port, answered": [
    [udp({ sport: 53, dport: 40_000 }), udpBack({ sport: 40_000, dport: 53 })],
    "AnswerOf:Udp 53, Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 40000 Answered Used udp packets 1 rank Pending from 53 Open ReplyLike Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "between equal ports, answered": [
    [udp({ sport: 500, dport: 500 }), udpBack({ sport: 500, dport: 500 })],
    "Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 500 Answered Used udp packets 1 rank Pending from 500 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
});
