// What goes on with an attempt and what begins a new one, and what the packets of it note beside.

import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { HOSTS, tell } from "./observed.ts";
import {
  MAC_1,
  MAC_2,
  mark,
  scanned,
  scannedBefore,
  sentOn,
  syn,
  synAck,
  udp,
  udpBack,
  used,
} from "./steps.ts";

const { T, R } = HOSTS;

tell("an attempt", {
  "a conversation between two machines of the link": [
    [{ ...syn, mac: MAC_1 }, { ...synAck, mac: MAC_2 }, { ...used[2], mac: MAC_1 }, {
      ...used[3],
      mac: MAC_1,
    }, { ...used[4], mac: MAC_2 }],
    "Begun | Answered:first | Proved:Handshake | - | conversation of C, conversation of S, flow used, Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 3 rank Used from 40000 seq 1000 peer 5000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a new visit to what was learned, by another number": [
    [udp(), udpBack(), mark(Mark.Learned), udp({ sport: 40_001 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | Begun (alike: none)",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40001",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "what was learned, asked by the same socket": [
    [udp(), udpBack(), mark(Mark.Learned), udp({ ipId: 2 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | -",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied Learned",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "one more packet of an attempt of a scan": [
    [udp(), scanned, udp({ ipId: 2 })],
    "Begun (alike: none) | - | Repeated, DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a packet to what a scan that has ended tried": [
    [udp(), scannedBefore, udp({ ipId: 2 })],
    "Begun (alike: none) | - | Begun",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "one more packet of what a flood was": [
    [udp(), mark(Mark.Flooded), udp({ ipId: 2 })],
    "Begun (alike: none) | - | Repeated, DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 rank Pending from 40000 Flooded",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a new connection to what was learned in a scan that goes on": [
    [udp(), udpBack(), mark(Mark.Learned), scanned, udp({ sport: 40_001 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | - | Repeated",
    "C>S Udp 5000 Answered Used udp packets 2 rank Pending from 40000 Open Replied Learned",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a used connection's SYN once more where it was learned": [
    [...used, mark(Mark.Learned), syn],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | -",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40000 seq 1000 peer 5000 Open Handshake Replied Learned",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN of another number to what was learned": [
    [...used, mark(Mark.Learned), { ...syn, seq: 1001 }],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | flow forgotten, Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1001",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN from another port to what was learned": [
    [...used, mark(Mark.Learned), { ...syn, sport: 40_001 }],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 1000",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a datagram that was sent on follows its first one": [
    [udp(), udp({ from: R }), sentOn, udp({ from: R, ipId: 2 })],
    "Begun (alike: none) | Begun (alike: none) of R>S Udp 5000 | - | DatagramAgain of R>S Udp 5000",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "R>S Udp 5000 Sent Harmless sent-on udp packets 2 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "a datagram of who sent one on follows none": [
    [udp(), udp({ from: R }), sentOn, 0.02, udp({ from: R, ipId: 2 })],
    "Begun (alike: none) | Begun (alike: none) of R>S Udp 5000 | - | - | Begun of R>S Udp 5000",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "R>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "a datagram of who sent one on follows one to another host": [
    [udp({ to: T }), udp({ from: R }), sentOn, udp({ from: R, ipId: 2 })],
    "Begun (alike: none) | Begun (alike: none) of R>S Udp 5000 | - | Begun of R>S Udp 5000",
    "C>T Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "R>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,R, reached S,T, routed S,T, SYNs alone, ends alone",
  ],
  "a datagram of who sent one on follows one to another port": [
    [udp({ dport: 5001 }), udp({ from: R }), sentOn, udp({ from: R, ipId: 2 })],
    "Begun (alike: none) | Begun (alike: none) of R>S Udp 5000 | - | Begun of R>S Udp 5000",
    "C>S Udp 5001 Sent None udp packets 1 rank Pending from 40000",
    "R>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "a datagram that was sent on, then answered": [
    [udp(), udp({ from: R }), sentOn, udpBack({ to: R })],
    "Begun (alike: none) | Begun (alike: none) of R>S Udp 5000 | - | Settled:Used of R>S Udp 5000, Answered:first of R>S Udp 5000",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "R>S Udp 5000 Answered Used sent-on udp packets 1 rank Pending from 40000 Open Replied",
    "seen C,S,R, reached S,R, routed S,R, SYNs alone, ends alone",
  ],
  "an attempt that rested as long as is remembered": [
    [udp(), 7199.999, udp({ ipId: 2 })],
    "Begun (alike: none) | Settled:Silent | DatagramAgain",
    "C>S Udp 5000 Sent Silent udp packets 2 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an attempt that rested longer than is remembered": [
    [udp(), 7200, udp({ ipId: 2 })],
    "Begun (alike: none) | Settled:Silent | Begun",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
});
