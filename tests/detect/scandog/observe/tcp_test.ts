// What becomes of a TCP attempt by SYNs, segment by segment.

import { Decision } from "../../../../src/decision.ts";
import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { OptionNibble } from "../../../../src/record.ts";
import { Ack, Rst, Syn } from "../traffic.ts";
import { HOSTS, tell } from "./observed.ts";
import {
  again,
  clientSeen,
  down,
  excused,
  flood,
  MAC_1,
  MAC_2,
  mark,
  scanned,
  scannedBefore,
  serverSeen,
  shaken,
  syn,
  synAck,
  up,
  used,
} from "./steps.ts";

const { T } = HOSTS;

tell("TCP", {
  "a SYN that is not answered": [
    [syn, 3, 2],
    "Begun | - | Settled:Silent",
    "C>S Tcp 5000 Sent Silent syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN with a timestamp": [
    [up(Syn, { seq: 1000, timestamp: 7 }), serverSeen, 5],
    "Begun | Begun of S>T Tcp 443 | Settled:Silent, Settled:Silent of S>T Tcp 443",
    "C>S Tcp 5000 Sent Silent connect packets 1 rank Pending from 40000 seq 1000 Stack MaybeAnswered",
    "S>T Tcp 443 Sent Silent syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached S,T, routed S, SYNs alone, ends alone",
  ],
  "a SYN with Windows' options": [
    [up(Syn, {
      seq: 1000,
      options: [
        OptionNibble.Mss,
        OptionNibble.Nop,
        OptionNibble.WindowScale,
        OptionNibble.Nop,
        OptionNibble.Nop,
        OptionNibble.SackPermitted,
      ],
    })],
    "Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000 Stack",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN by which nmap tells systems apart": [
    [up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 63 })],
    "Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000 OsProbe",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN with the timestamp of such, and another window": [
    [up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 62 })],
    "Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN by which nmap tells systems apart, to a target that is known": [
    [syn, up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 63 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 rank Pending from 40000 seq 1000 OsProbe",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN once more": [
    [syn, syn],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN of another number": [
    [syn, up(Syn, { seq: 1001 })],
    "Begun | Reconnected",
    "C>S Tcp 5000 Sent None syn packets 2 rank Pending from 40000 seq 1001",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN from another port": [
    [syn, up(Syn, { seq: 1000, sport: 40_001, timestamp: 7 })],
    "Begun | Reconnected",
    "C>S Tcp 5000 Sent None syn,connect packets 2 rank Pending from 40001 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a new connection after one left half open": [
    [syn, synAck, 5, again, 5],
    "Begun | Answered:first | Settled:HalfOpen | Reconnected | -",
    "C>S Tcp 5000 Sent HalfOpen syn packets 2 rank Pending from 40001 seq 2000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "the answer to a new connection after a used one, which has a number of its own": [
    [...used, again, down(Syn | Ack, { seq: 7000, ack: 2001, dport: 40_001 })],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | Answered:again",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40001 seq 2000 peer 7000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "two numbers in answer to a new connection after a used one": [
    [
      ...used,
      again,
      down(Syn | Ack, { seq: 7000, ack: 2001, dport: 40_001 }),
      down(Syn | Ack, { seq: 8000, ack: 2001, dport: 40_001 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | Answered:again | -",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40001 seq 2000 peer 7000 Contradicted Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a new connection after a used one": [
    [...used, again],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40001 seq 2000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a new connection to what a scan found open": [
    [...used, mark(Mark.Learned), scannedBefore, again],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 2000",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a new connection after a refusal": [
    [
      syn,
      down(Rst | Ack, { ack: 1001 }),
      again,
      down(Syn | Ack, { seq: 5000, ack: 2001, dport: 40_001 }),
    ],
    "Begun | Settled:Refused, Answered:first | Reconnected | Answered:first",
    "C>S Tcp 5000 Answered Refused syn packets 2 rank Pending from 40001 seq 2000 peer 5000 Open Closed Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a SYN that was answered and reset comes again": [
    [syn, synAck, up(Rst, { seq: 1001 }), syn],
    "Begun | Answered:first | ResetAnswer:C, Proved:Reset, Settled:HalfOpen | SynAgain:C",
    "C>S Tcp 5000 Answered HalfOpen syn packets 2 rank Pending from 40000 seq 1000 Open Reset Replied",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a SYN after an acknowledgement": [
    [up(Ack, { seq: 7 }), syn],
    "Begun | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S",
  ],
  "a SYN after data from before the capture": [
    [up(Ack, { seq: 7, payload: 5 }), syn],
    "Begun | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S",
  ],
  "a SYN after an attempt that counted": [
    [up(Ack, { seq: 7 }), mark(Mark.Counted), syn],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 rank Pending from 40000 seq 1000 Counted",
    "seen C, reached S, routed S",
  ],
  "a SYN after an attempt that waits for a second look": [
    [up(Ack, { seq: 7 }), mark(Mark.Deferred), syn],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 rank Pending from 40000 seq 1000 Deferred",
    "seen C, reached S, routed S",
  ],
  "a SYN after an attempt of a scan": [
    [up(Ack, { seq: 7 }), scanned, syn],
    "Begun | - | Repeated, Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S",
  ],
  "a SYN after an attempt of a scan that has ended": [
    [up(Ack, { seq: 7 }), scannedBefore, syn],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S",
  ],
  "a SYN after backscatter": [
    [syn, excused(Decision.Backscatter), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 2000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN after what expired": [
    [syn, excused(Decision.Expired), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 2000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN after what was there before": [
    [syn, excused(Decision.Midstream), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 2000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN after another excuse": [
    [syn, excused(Decision.CameAgain), again],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent Harmless came-again syn packets 2 rank Pending from 40001 seq 2000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN after an acknowledgement that stayed silent": [
    [up(Ack, { seq: 7 }), 5, syn],
    "Begun | Settled:Silent | Reconnected",
    "C>S Tcp 5000 Sent Silent syn,ack packets 2 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S",
  ],
  "a SYN from behind another router after use": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40001 seq 2000",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a copy of a used connection's SYN from behind another router": [
    [up(Syn, { seq: 1000, mac: MAC_1 }), ...used.slice(1), up(Syn, { seq: 1000, mac: MAC_2 })],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40000 seq 1000 peer 5000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN from behind another router to what was learned": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      mark(Mark.Learned),
      up(Syn, { seq: 1000, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | -",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40000 seq 1000 peer 5000 Open Handshake Replied Learned",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN from behind another router of an attempt of a scan": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      scanned,
      up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | Repeated",
    "C>S Tcp 5000 Open Used connect packets 4 rank Used from 40001 seq 2000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN from behind another router before use": [
    [up(Syn, { seq: 1000, mac: MAC_1 }), synAck, up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 })],
    "Begun | Answered:first | Reconnected",
    "C>S Tcp 5000 Sent None syn packets 2 rank Pending from 40001 seq 2000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a SYN after --remember": [
    [syn, down(Rst | Ack, { ack: 1001 }), 7300, syn],
    "Begun | Settled:Refused, Answered:first | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C,S, reached C,S, routed C,S, ends alone",
  ],
  "a kernel's SYN that is not answered, where other segments are seen": [
    [up(Ack, { from: T, seq: 7 }), up(Syn, { seq: 1000, timestamp: 7 }), 5],
    "Begun | Begun of C>S Tcp 5000 | Settled:Silent, Settled:Silent of C>S Tcp 5000",
    "T>S Tcp 5000 Sent Silent ack packets 1 rank Pending from 40000 seq 7 Ambiguous",
    "C>S Tcp 5000 Sent Silent connect packets 1 rank Pending from 40000 seq 1000 Stack",
    "seen C,T, reached S, routed S",
  ],
  "a SYN to a used target that is forgotten, and its handshake": [
    [...used, 7300, syn, synAck, shaken[2]],
    "Begun | Answered:first | Proved:Handshake | - | flow used, Settled:Used | - | flow forgotten, Begun | Answered:first | Proved:Handshake",
    "C>S Tcp 5000 Open None connect packets 2 rank Pending from 40000 seq 1000 peer 5000 Open Handshake Replied",
    "seen C,S, reached C,S, routed C,S",
  ],
  "a SYN of a source that a flood leaves no time for, and the next one": [
    [flood, syn, syn],
    "- | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a SYN of a source that was there before a flood": [
    [syn, flood, up(Syn, { seq: 1000, dport: 5001 })],
    "Begun | - | Begun of C>S Tcp 5001",
    "C>S Tcp 5000 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "C>S Tcp 5001 Sent None syn packets 1 rank Pending from 40000 seq 1000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unasked SYN-ACK in a flood": [
    [clientSeen, serverSeen, flood, down(Syn | Ack, { seq: 5000, ack: 1001 })],
    "Begun | Begun of S>T Tcp 443 | - | -",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "S>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached T, routed T, SYNs alone, ends alone",
  ],
});
