// What goes on with an attempt and what begins a new one, and what the packets of it note beside.

import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { tell } from "./observed.ts";
import {
  MAC_1,
  MAC_2,
  mark,
  scanned,
  scannedBefore,
  syn,
  synAck,
  udp,
  udpBack,
  used,
} from "./steps.ts";

tell("an attempt", {
  "a conversation between two machines of the link": [
    [{ ...syn, mac: MAC_1 }, { ...synAck, mac: MAC_2 }, { ...used[2], mac: MAC_1 }, {
      ...used[3],
      mac: MAC_1,
    }, { ...used[4], mac: MAC_2 }],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used",
    "C>S Tcp 5000 Open Used connect packets 3 from 40000 seq 1000 peer 5000 Open Handshake Replied",
    "seen C,S",
  ],
  "a new visit to what was learned, by another number": [
    [udp(), udpBack(), mark(Mark.Learned), udp({ sport: 40_001 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | Begun (alike: none)",
    "C>S Udp 5000 Sent None udp packets 1 from 40001",
    "seen C,S, SYNs alone, ends alone",
  ],
  "what was learned, asked by the same socket": [
    [udp(), udpBack(), mark(Mark.Learned), udp({ ipId: 2 })],
    "Begun (alike: none) | Settled:Used, Answered:first | - | -",
    "C>S Udp 5000 Answered Used udp packets 2 from 40000 Open Replied Learned",
    "seen C,S, SYNs alone, ends alone",
  ],
  "one more packet of an attempt of a scan": [
    [udp(), scanned, udp({ ipId: 2 })],
    "Begun (alike: none) | - | Repeated, DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 from 40000",
    "seen C, SYNs alone, ends alone",
  ],
  "a packet to what a scan that has ended tried": [
    [udp(), scannedBefore, udp({ ipId: 2 })],
    "Begun (alike: none) | - | Begun",
    "C>S Udp 5000 Sent None udp packets 1 from 40000",
    "seen C, SYNs alone, ends alone",
  ],
  "one more packet of what a flood was": [
    [udp(), mark(Mark.Flooded), udp({ ipId: 2 })],
    "Begun (alike: none) | - | Repeated, DatagramAgain",
    "C>S Udp 5000 Sent None udp packets 2 from 40000 Flooded",
    "seen C, SYNs alone, ends alone",
  ],
});
