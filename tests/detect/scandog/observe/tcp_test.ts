// What becomes of a TCP attempt by SYNs and their answers, segment by segment.

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
  MAC_1,
  MAC_2,
  mark,
  scanned,
  scannedBefore,
  serverSeen,
  syn,
  synAck,
  up,
  used,
} from "./steps.ts";

const { R } = HOSTS;

tell("TCP", {
  "a SYN that is not answered": [
    [syn, 3, 2],
    "Begun | - | Settled:Silent",
    "C>S Tcp 5000 Sent Silent syn packets 1 from 40000 seq 1000",
  ],
  "a SYN with a timestamp": [
    [up(Syn, { seq: 1000, timestamp: 7 }), serverSeen, 5],
    "Begun | Begun of S>T Tcp 443 | Settled:Silent, Settled:Silent of S>T Tcp 443",
    "C>S Tcp 5000 Sent Silent connect packets 1 from 40000 seq 1000 Stack MaybeAnswered",
    "S>T Tcp 443 Sent Silent syn packets 1 from 50000 seq 1",
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
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000 Stack",
  ],
  "a SYN by which nmap tells systems apart": [
    [up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 63 })],
    "Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000 OsProbe",
  ],
  "a SYN with the timestamp of such, and another window": [
    [up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 62 })],
    "Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a SYN by which nmap tells systems apart, to a target that is known": [
    [syn, up(Syn, { seq: 1000, timestamp: 0xffffffff, window: 63 })],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 from 40000 seq 1000 OsProbe",
  ],
  "a SYN once more": [
    [syn, syn],
    "Begun | -",
    "C>S Tcp 5000 Sent None syn packets 2 from 40000 seq 1000",
  ],
  "a SYN of another number": [
    [syn, up(Syn, { seq: 1001 })],
    "Begun | Reconnected",
    "C>S Tcp 5000 Sent None syn packets 2 from 40000 seq 1001",
  ],
  "a SYN from another port": [
    [syn, up(Syn, { seq: 1000, sport: 40_001, timestamp: 7 })],
    "Begun | Reconnected",
    "C>S Tcp 5000 Sent None syn,connect packets 2 from 40001 seq 1000",
  ],
  "a new connection after one left half open": [
    [syn, synAck, 5, again, 5],
    "Begun | Answered:first | Settled:HalfOpen | Reconnected | -",
    "C>S Tcp 5000 Sent HalfOpen syn packets 2 from 40001 seq 2000 Open Replied",
  ],
  "a new connection after a used one": [
    [...used, again],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 4 from 40001 seq 2000 peer 5000 Open Handshake Replied",
  ],
  "a new connection to what a scan found open": [
    [...used, mark(Mark.Learned), scannedBefore, again],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | - | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40001 seq 2000",
  ],
  "a new connection after a refusal": [
    [
      syn,
      down(Rst | Ack, { ack: 1001 }),
      again,
      down(Syn | Ack, { seq: 5000, ack: 2001, dport: 40_001 }),
    ],
    "Begun | Settled:Refused, Answered:first | Reconnected | Answered:first",
    "C>S Tcp 5000 Answered Refused syn packets 2 from 40001 seq 2000 peer 5000 Open Closed Replied",
  ],
  "a SYN that was answered and reset comes again": [
    [syn, synAck, up(Rst, { seq: 1001 }), syn],
    "Begun | Answered:first | ResetAnswer:C, Proved:Reset, Settled:HalfOpen | SynAgain:C",
    "C>S Tcp 5000 Answered HalfOpen syn packets 2 from 40000 seq 1000 Open Reset Replied",
  ],
  "a SYN after an acknowledgement": [
    [up(Ack, { seq: 7 }), syn],
    "Begun | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a SYN after data from before the capture": [
    [up(Ack, { seq: 7, payload: 5 }), syn],
    "Begun | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a SYN after an attempt that counted": [
    [up(Ack, { seq: 7 }), mark(Mark.Counted), syn],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 from 40000 seq 1000 Counted",
  ],
  "a SYN after an attempt that waits for a second look": [
    [up(Ack, { seq: 7 }), mark(Mark.Deferred), syn],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 from 40000 seq 1000 Deferred",
  ],
  "a SYN after an attempt of a scan": [
    [up(Ack, { seq: 7 }), scanned, syn],
    "Begun | - | Repeated, Reconnected",
    "C>S Tcp 5000 Sent None syn,ack packets 2 from 40000 seq 1000",
  ],
  "a SYN after an attempt of a scan that has ended": [
    [up(Ack, { seq: 7 }), scannedBefore, syn],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a SYN after backscatter": [
    [syn, excused(Decision.Backscatter), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40001 seq 2000",
  ],
  "a SYN after what expired": [
    [syn, excused(Decision.Expired), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40001 seq 2000",
  ],
  "a SYN after what was there before": [
    [syn, excused(Decision.Midstream), again],
    "Begun | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40001 seq 2000",
  ],
  "a SYN after another excuse": [
    [syn, excused(Decision.CameAgain), again],
    "Begun | - | Reconnected",
    "C>S Tcp 5000 Sent Harmless came-again syn packets 2 from 40001 seq 2000",
  ],
  "a SYN after an acknowledgement that stayed silent": [
    [up(Ack, { seq: 7 }), 5, syn],
    "Begun | Settled:Silent | Reconnected",
    "C>S Tcp 5000 Sent Silent syn,ack packets 2 from 40000 seq 1000",
  ],
  "a SYN from behind another router after use": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40001 seq 2000",
  ],
  "a copy of a used connection's SYN from behind another router": [
    [up(Syn, { seq: 1000, mac: MAC_1 }), ...used.slice(1), up(Syn, { seq: 1000, mac: MAC_2 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | -",
    "C>S Tcp 5000 Open Used connect packets 4 from 40000 seq 1000 peer 5000 Open Handshake Replied",
  ],
  "a SYN from behind another router to what was learned": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      mark(Mark.Learned),
      up(Syn, { seq: 1000, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | - | -",
    "C>S Tcp 5000 Open Used connect packets 4 from 40000 seq 1000 peer 5000 Open Handshake Replied Learned",
  ],
  "a SYN from behind another router of an attempt of a scan": [
    [
      up(Syn, { seq: 1000, mac: MAC_1 }),
      ...used.slice(1),
      scanned,
      up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 }),
    ],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | - | Repeated",
    "C>S Tcp 5000 Open Used connect packets 4 from 40001 seq 2000 peer 5000 Open Handshake Replied",
  ],
  "a SYN from behind another router before use": [
    [up(Syn, { seq: 1000, mac: MAC_1 }), synAck, up(Syn, { seq: 2000, sport: 40_001, mac: MAC_2 })],
    "Begun | Answered:first | Reconnected",
    "C>S Tcp 5000 Sent None syn packets 2 from 40001 seq 2000 Open Replied",
  ],
  "a SYN after --remember": [
    [syn, down(Rst | Ack, { ack: 1001 }), 7300, syn],
    "Begun | Settled:Refused, Answered:first | - | Begun",
    "C>S Tcp 5000 Sent None syn packets 1 from 40000 seq 1000",
  ],
  "a SYN-ACK nobody asked for, to one not seen": [
    [down(Syn | Ack, { seq: 5000, ack: 1001 }), 5],
    "Begun | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 0 from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
  ],
  "a SYN-ACK nobody asked for, to a host that is seen": [
    [clientSeen, down(Syn | Ack, { seq: 5000, ack: 1001 })],
    "Begun | Unasked:SynAck, Begun of C>S Tcp 5000, Settled:Harmless backscatter of C>S Tcp 5000",
    "C>T Tcp 443 Sent None syn packets 1 from 50000 seq 1",
    "C>S Tcp 5000 Answered Harmless backscatter syn packets 0 from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
  ],
  "a SYN-ACK from a client's port to a service": [
    [down(Syn | Ack, { sport: 40_000, dport: 443, seq: 5000, ack: 1001 })],
    "Begun",
    "S>C Tcp 443 Sent None syn-ack packets 1 from 40000 seq 5000 Ambiguous",
  ],
  "a SYN-ACK from a client's port to a client's": [
    [down(Syn | Ack, { sport: 40_000, dport: 30_000, seq: 5000, ack: 1001 })],
    "Begun",
    "C>S Tcp 40000 Answered None syn packets 0 from 30000 seq 1000 peer 5000 Open ReplyOnly Replied",
  ],
  "a SYN-ACK to a port that its sender tried": [
    [down(Syn, { sport: 6000, dport: 40_000, seq: 1 }), down(Syn | Ack, { seq: 5000, ack: 1001 })],
    "Begun | -",
    "S>C Tcp 40000 Sent None syn,syn-ack packets 2 from 6000 seq 1",
  ],
  "unasked SYN-ACKs from one port to low ones": [
    [
      down(Syn | Ack, { sport: 80, dport: 21, seq: 7, ack: 8 }),
      down(Syn | Ack, { sport: 80, dport: 23, seq: 7, ack: 8 }),
      down(Syn | Ack, { sport: 80, dport: 25, seq: 7, ack: 8 }),
    ],
    "Begun | Begun of S>C Tcp 21, Begun of S>C Tcp 23 | Begun of S>C Tcp 25",
    "C>S Tcp 80 Answered None syn packets 0 from 21 seq 7 peer 7 Open ReplyOnly Replied",
    "S>C Tcp 21 Sent None syn-ack packets 1 from 80 seq 7 Ambiguous",
    "S>C Tcp 23 Sent None syn-ack packets 1 from 80 seq 7 Ambiguous",
    "S>C Tcp 25 Sent None syn-ack packets 1 from 80 seq 7 Ambiguous",
  ],
  "unasked SYN-ACKs from one port to low ones, of which the first is reset": [
    [
      down(Syn | Ack, { sport: 80, dport: 21, seq: 7, ack: 8 }),
      up(Rst, { sport: 21, dport: 80, seq: 8 }),
      down(Syn | Ack, { sport: 80, dport: 23, seq: 7, ack: 8 }),
    ],
    "Begun | ResetAnswer:C, Proved:Reset, Settled:HalfOpen | Begun of S>C Tcp 21, Settled:Refused of S>C Tcp 21, Answered:first of S>C Tcp 21, Begun of S>C Tcp 23",
    "C>S Tcp 80 Answered HalfOpen syn packets 0 from 21 seq 7 Open Reset ReplyOnly Replied",
    "S>C Tcp 21 Sent Refused syn-ack packets 1 from 80 seq 7 Closed Ambiguous",
    "S>C Tcp 23 Sent None syn-ack packets 1 from 80 seq 7 Ambiguous",
  ],
  "an answer that comes again soon": [
    [syn, synAck, 0.49, synAck],
    "Begun | Answered:first | - | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "an answer that comes again later": [
    [syn, synAck, 0.5, synAck],
    "Begun | Answered:first | - | Proved:Absent, Settled:HalfOpen, Answered:again",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "an answer that comes again later where ends are all": [
    [syn, synAck, 0.5, synAck, 4],
    "Begun | Answered:first | - | Proved:Absent, Settled:HalfOpen, Answered:again | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "an answer that comes again later where acknowledgements are seen": [
    [up(Ack, { from: R, seq: 7 }), syn, synAck, 0.5, synAck],
    "Begun | Begun of C>S Tcp 5000 | Answered:first of C>S Tcp 5000 | - | Proved:Absent of C>S Tcp 5000, Answered:again of C>S Tcp 5000",
    "R>S Tcp 5000 Sent None ack packets 1 from 40000 seq 7 Ambiguous",
    "C>S Tcp 5000 Answered None syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "two answers of different numbers": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1001 }), up(Rst, { seq: 1001 }), synAck],
    "Begun | Answered:first | Settled:HalfOpen | - | -",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Contradicted Replied",
  ],
  "two answers of which one is to another number": [
    [syn, synAck, down(Syn | Ack, { seq: 6000, ack: 1002 })],
    "Begun | Answered:first | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 1 from 40000 seq 1000 peer 6000 Open Replied",
  ],
  "an answer after a refusal": [
    [syn, down(Rst | Ack, { ack: 1001 }), synAck],
    "Begun | Settled:Refused, Answered:first | -",
    "C>S Tcp 5000 Sent Refused syn packets 1 from 40000 seq 1000 JustRefused Contradicted",
  ],
  "a refusal after an answer": [
    [syn, synAck, down(Rst | Ack, { ack: 1001 })],
    "Begun | Answered:first | Settled:HalfOpen",
    "C>S Tcp 5000 Answered HalfOpen syn packets 1 from 40000 seq 1000 peer 5000 Contradicted Replied",
  ],
  "a reset of another number after an answer": [
    [syn, synAck, down(Rst | Ack, { seq: 5001, ack: 1001 })],
    "Begun | Answered:first | Settled:Empty",
    "C>S Tcp 5000 Answered Empty syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "a bare reset after an answer": [
    [syn, synAck, down(Rst, { seq: 5001 })],
    "Begun | Answered:first | Settled:Empty",
    "C>S Tcp 5000 Answered Empty syn packets 1 from 40000 seq 1000 peer 5000 Open Replied",
  ],
  "an answer to another port than the latest": [
    [syn, again, synAck, down(Syn | Ack, { seq: 6000, ack: 2001, dport: 40_001 })],
    "Begun | Reconnected | Answered:first | Answered:again",
    "C>S Tcp 5000 Answered None syn packets 2 from 40001 seq 2000 peer 6000 Open Replied",
  ],
  "answers alone, to two ports": [
    [
      synAck,
      down(Syn | Ack, { seq: 6000, ack: 9, dport: 40_001 }),
      down(Syn | Ack, { seq: 6100, ack: 9, dport: 40_002 }),
    ],
    "Begun | Settled:Harmless came-again, Answered:again | Reconnected (alike: none), Answered:again",
    "C>S Tcp 5000 Answered Harmless came-again syn packets 0 from 40000 seq 1000 peer 6100 Open ReplyOnly Replied",
  ],
  "answers alone, once more to one port": [
    [synAck, 0.6, synAck],
    "Begun | - | Proved:Absent, Settled:HalfOpen, Answered:again",
    "C>S Tcp 5000 Answered HalfOpen syn packets 0 from 40000 seq 1000 peer 5000 Open ReplyOnly Replied",
  ],
  "an answer to a used connection's second SYN": [
    [...used, again, down(Syn | Ack, { seq: 6000, ack: 2001, dport: 40_001 })],
    "Begun | Answered:first | Proved:Handshake | - | Settled:Used | - | -",
    "C>S Tcp 5000 Open Used connect packets 4 from 40001 seq 2000 peer 5000 Contradicted Replied",
  ],
});
