// What becomes of datagrams: answers, copies, streams, and what only looks like an answer.

import { HOSTS, tell } from "./observed.ts";
import { clientSeen, udp, udpBack } from "./steps.ts";

const { C, T } = HOSTS;

tell("UDP", {
  "a datagram without an answer": [
    [udp(), 3.9, 1],
    "Begun (alike: none) | - | Settled:Silent",
    "C>S Udp 5000 Sent Silent udp packets 1 from 40000",
  ],
  "a datagram and its answer": [
    [udp(), udpBack(), 5],
    "Begun (alike: none) | Settled:Used, Answered:first | -",
    "C>S Udp 5000 Answered Used udp packets 1 from 40000 Open Replied",
  ],
  "a datagram and two answers": [
    [udp(), udpBack(), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 1 from 40000 Open Replied",
  ],
  "a datagram, its copy, and another": [
    [udp({ ipId: 7 }), udp({ ipId: 7 }), udp({ ipId: 8 })],
    "Begun | - | DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 from 40000",
  ],
  "an answer to another port": [
    [udp(), udpBack({ dport: 40_001 })],
    "Begun (alike: none) | Begun (alike: none) of S>C Udp 40001",
    "C>S Udp 5000 Sent None udp packets 1 from 40000",
    "S>C Udp 40001 Sent None udp packets 1 from 5000 ReplyLike",
  ],
  "an answer to an earlier port": [
    [udp(), udp({ sport: 40_001 }), udpBack()],
    "Begun (alike: none) | DatagramAgain | Settled:Used, Answered:first",
    "C>S Udp 5000 Answered Used udp packets 2 from 40000 Open Replied",
  ],
  "a question, an answer, and the same question": [
    [udp(), udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Used, Answered:first | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 2 from 40000 Open Replied",
  ],
  "a question, an answer, another question and its answer": [
    [udp(), udpBack(), udp({ payload: 50 }), udpBack(), udp({ payload: 51 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | Answered:again | -",
    "C>S Udp 5000 Again Used udp packets 2 from 40000 Open Replied",
  ],
  "an answer, and the same question of the next round": [
    [udp(), 5, udpBack(), 0.001, udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | - | Answered:again",
    "C>S Udp 5000 Again Used udp packets 2 from 40000 Open Replied",
  ],
  "an answer, and the same question a little sooner": [
    [udp(), 4.9, udpBack(), udp({ ipId: 3 }), udpBack()],
    "Begun (alike: none) | Settled:Silent | Settled:Used, Answered:first | - | Answered:again",
    "C>S Udp 5000 Answered Used udp packets 2 from 40000 Open Replied",
  ],
  "a stream": [
    [udp(), udpBack(), ...Array.from({ length: 16 }, (_, i) => udp({ ipId: i + 1 }))],
    "Begun (alike: none) | Settled:Used, Answered:first | - | - | - | - | - | - | - | - | - | - | - | - | - | - | - | -",
    "C>S Udp 5000 Open Used udp packets 17 from 40000 Open Replied",
  ],
  "a question to a group, and an answer": [
    [udp({ to: "224.0.0.251", dport: 5353, sport: 5353 }), udpBack({ sport: 5353, dport: 5353 })],
    "- | Begun (alike: none)",
    "S>C Udp 5353 Sent None udp packets 1 from 5353",
  ],
  "an answer of another host than was asked": [
    [udp({ dport: 53 }), udp({ from: T, to: C, sport: 53, dport: 40_000 })],
    "Begun (alike: none) | Begun (alike: none) of T>C Udp 40000",
    "C>S Udp 53 Sent None udp packets 1 from 40000",
    "T>C Udp 40000 Sent None udp packets 1 from 53 ReplyLike",
  ],
  "what looks like an answer": [
    [udpBack({ sport: 53 }), 5],
    "AnswerOf:Udp 53, Begun (alike: none) | Settled:Silent",
    "S>C Udp 40000 Sent Silent udp packets 1 from 53 ReplyLike",
  ],
  "what looks like an answer, to one who is seen": [
    [clientSeen, udpBack({ sport: 53 })],
    "Begun | Begun (alike: none) of S>C Udp 40000",
    "C>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "S>C Udp 40000 Sent None udp packets 1 from 53 ReplyLike",
  ],
  "what is too short for an answer of DNS": [
    [udpBack({ sport: 53, payload: 11 })],
    "Begun (alike: none)",
    "S>C Udp 40000 Sent None udp packets 1 from 53",
  ],
  "what is long enough for one": [
    [udpBack({ sport: 53, payload: 12 })],
    "AnswerOf:Udp 53, Begun (alike: none)",
    "S>C Udp 40000 Sent None udp packets 1 from 53 ReplyLike",
  ],
  "SIP from its own port": [
    [udp({ sport: 5060, dport: 5060 })],
    "Begun (alike: none)",
    "C>S Udp 5060 Sent None udp packets 1 from 5060",
  ],
  "NTP between servers": [
    [udp({ sport: 123, dport: 123 })],
    "AnswerOf:Udp 123, Begun (alike: none)",
    "C>S Udp 123 Sent None udp packets 1 from 123 ReplyLike",
  ],
  "a lease": [
    [udp({ sport: 67, dport: 68, payload: 300 })],
    "AnswerOf:Udp 67, Begun (alike: none)",
    "C>S Udp 68 Sent None udp packets 1 from 67 ReplyLike",
  ],
  "towards a lower port, answered": [
    [udp({ dport: 53 }), udpBack({ sport: 53 })],
    "Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 53 Answered Used udp packets 1 from 40000 Open Replied",
  ],
  "towards a higher port, answered": [
    [udp({ sport: 53, dport: 40_000 }), udpBack({ sport: 40_000, dport: 53 })],
    "AnswerOf:Udp 53, Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 40000 Answered Used udp packets 1 from 53 Open ReplyLike Replied",
  ],
  "between equal ports, answered": [
    [udp({ sport: 500, dport: 500 }), udpBack({ sport: 500, dport: 500 })],
    "Begun (alike: none) | Settled:Used, Answered:first",
    "C>S Udp 500 Answered Used udp packets 1 from 500 Open Replied",
  ],
});
