// What becomes of pings and of bare IP protocols.

import { Kind, Quirk } from "../../../../src/record.ts";
import { HOSTS, tell } from "./observed.ts";
import { clientSeen, flood, ip, ping, pong, serverSeen } from "./steps.ts";

const { C, S, C6, S6 } = HOSTS;

tell("ICMP and IP", {
  "a ping without an answer": [
    [ping({ seq: 1 }), 5],
    "Begun | Settled:Silent",
    "C>S IcmpEcho Sent Silent icmp-echo packets 1 rank Pending seq 1",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a ping and its answer": [
    [ping({ seq: 1 }), pong({ seq: 1 })],
    "Begun | Settled:Empty, Answered:first",
    "C>S IcmpEcho Sent Empty icmp-echo packets 1 rank Pending seq 1 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a ping captured twice": [
    [ping({ seq: 1 }), ping({ seq: 1 })],
    "Begun | -",
    "C>S IcmpEcho Sent None icmp-echo packets 1 rank Pending seq 1",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a ping of the same number, later": [
    [ping({ seq: 1 }), 0.019, ping({ seq: 1 })],
    "Begun | - | DatagramAgain",
    "C>S IcmpEcho Sent None icmp-echo packets 2 rank Pending seq 1",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "five pings and their answers": [
    [1, 2, 3, 4, 5].flatMap((seq) => [ping({ seq }), pong({ seq })]),
    "Begun | Settled:Empty, Answered:first | DatagramAgain | Answered:again | Reconnected (alike: none), DatagramAgain | Answered:again | Reconnected (alike: none), DatagramAgain | Answered:again | Settled:Used, DatagramAgain | Answered:again",
    "C>S IcmpEcho Sent Used icmp-echo packets 5 rank Pending seq 5 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "five pings without an answer": [
    [1, 2, 3, 4, 5].map((seq) => ping({ seq })),
    "Begun | DatagramAgain | Reconnected (alike: none), DatagramAgain | Reconnected (alike: none), DatagramAgain | Reconnected (alike: none), DatagramAgain",
    "C>S IcmpEcho Sent None icmp-echo packets 5 rank Pending seq 5",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an answer before its ping": [
    [pong({ seq: 1 }), ping({ seq: 1 }), 5],
    "Begun (alike: none), Settled:Empty, Answered:first | DatagramAgain | -",
    "C>S IcmpEcho Sent Empty icmp-echo packets 1 rank Pending seq 1 Open ReplyOnly Replied",
    "seen C,S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an answer long before its ping": [
    [pong({ seq: 1 }), clientSeen, 0.2, ping({ seq: 1 }), 5],
    "Begun (alike: none), Settled:Empty, Answered:first | Begun of C>T Tcp 443 | - | DatagramAgain | Settled:Silent of C>T Tcp 443",
    "C>S IcmpEcho Sent Empty icmp-echo packets 1 rank Pending seq 1 Open ReplyOnly Replied",
    "C>T Tcp 443 Sent Silent syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "an unasked answer to one who is seen, and its ping": [
    [clientSeen, pong({ seq: 1 }), 0.099, ping({ seq: 1 })],
    "Begun | FloodingAnswer:icmp-echo, Begun (alike: none) of C>S IcmpEcho, Settled:Harmless backscatter of C>S IcmpEcho | - | Settled:Empty of C>S IcmpEcho, DatagramAgain of C>S IcmpEcho",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "C>S IcmpEcho Sent Empty backscatter icmp-echo packets 1 rank Pending seq 1 Open Replied",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "an unasked answer to one who is seen, and a later ping": [
    [clientSeen, pong({ seq: 1 }), 0.1, ping({ seq: 1 }), 5],
    "Begun | FloodingAnswer:icmp-echo, Begun (alike: none) of C>S IcmpEcho, Settled:Harmless backscatter of C>S IcmpEcho | - | DatagramAgain of C>S IcmpEcho | Settled:Silent, Settled:Silent of C>S IcmpEcho",
    "C>T Tcp 443 Sent Silent syn packets 1 rank Pending from 50000 seq 1",
    "C>S IcmpEcho Sent Silent backscatter icmp-echo packets 1 rank Pending seq 1",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "answers alone": [
    [pong({ seq: 1 }), pong({ seq: 2 })],
    "Begun (alike: none), Settled:Empty, Answered:first | DatagramAgain, Answered:again",
    "C>S IcmpEcho Sent Empty icmp-echo packets 1 rank Pending Open ReplyOnly Replied",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "unasked answers to one who is seen": [
    [clientSeen, pong({ seq: 1 }), pong({ seq: 2 })],
    "Begun | FloodingAnswer:icmp-echo, Begun (alike: none) of C>S IcmpEcho, Settled:Harmless backscatter of C>S IcmpEcho | DatagramAgain of C>S IcmpEcho, Answered:again of C>S IcmpEcho",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "C>S IcmpEcho Sent Harmless backscatter icmp-echo packets 1 rank Pending Open ReplyOnly Replied",
    "seen C,S, reached C,T, routed C,T, SYNs alone, ends alone",
  ],
  "a ping for the time and one for a mask": [
    [ping({ type: 13 }), pong({ type: 14 }), ping({ type: 17 }), pong({ type: 18 })],
    "Begun (alike: none) | Settled:Empty, Answered:first | Begun (alike: none) of C>S IcmpMask | Settled:Empty of C>S IcmpMask, Answered:first of C>S IcmpMask",
    "C>S IcmpTimestamp Sent Empty icmp-timestamp packets 1 rank Pending Open Replied",
    "C>S IcmpMask Sent Empty icmp-mask packets 1 rank Pending Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a ping in a flood": [
    [flood, ping({ seq: 1 }), ping({ seq: 2 })],
    "- | - | Begun",
    "C>S IcmpEcho Sent None icmp-echo packets 1 rank Pending seq 2",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unasked answer in a flood": [
    [clientSeen, serverSeen, flood, pong({ seq: 1 })],
    "Begun | Begun of S>T Tcp 443 | - | FloodingAnswer:icmp-echo",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "S>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached T, routed T, SYNs alone, ends alone",
  ],
  "a ping of the same number after 20 ms": [
    [ping({ seq: 1 }), 0.018, ping({ seq: 1 }), 0.019, ping({ seq: 1 })],
    "Begun | - | - | - | DatagramAgain",
    "C>S IcmpEcho Sent None icmp-echo packets 2 rank Pending seq 1",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a late answer after silence": [
    [ping({ seq: 1 }), 5, pong({ seq: 1 })],
    "Begun | Settled:Silent | Answered:first",
    "C>S IcmpEcho Sent Silent icmp-echo packets 1 rank Pending seq 1 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a ping over IPv6": [
    [{ kind: Kind.Icmp6, from: C6, to: S6, type: 128 }, {
      kind: Kind.Icmp6,
      from: S6,
      to: C6,
      type: 129,
    }],
    "Begun (alike: none) | Settled:Empty, Answered:first",
    "C6>S6 IcmpEcho Sent Empty icmp-echo packets 1 rank Pending Open Replied",
    "seen C6,S6, reached C6,S6, routed C6,S6, SYNs alone, ends alone",
  ],
  "an ICMP type of no meaning": [
    [ping({ type: 5 }), { kind: Kind.Icmp6, from: C6, to: S6, type: 2 }],
    "- | -",
    "seen C,C6, reached , routed , SYNs alone, ends alone",
  ],
  "a protocol that nobody speaks": [
    [ip(), 5],
    "Begun | Settled:Silent",
    "C>S IpProtocol 47 Sent Silent ip-protocol packets 1 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a protocol that the target speaks": [
    [ip(), ip({ from: S, to: C })],
    "Begun | Settled:Used, Answered:first",
    "C>S IpProtocol 47 Sent Used ip-protocol packets 1 rank Pending Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a protocol, captured twice": [
    [ip(), ip(), ip({ ipId: 10 })],
    "Begun | - | -",
    "C>S IpProtocol 47 Sent None ip-protocol packets 2 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a tunnel of one direction": [
    Array.from({ length: 8 }, (_, i) => ip({ ipId: i })),
    "Begun | - | - | - | - | - | - | Settled:Used",
    "C>S IpProtocol 47 Sent Used ip-protocol packets 8 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a tunnel whose other end is seen": [
    [serverSeen, ...Array.from({ length: 8 }, (_, i) => ip({ ipId: i }))],
    "Begun | Begun of C>S IpProtocol 47 | - | - | - | - | - | - | -",
    "S>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "C>S IpProtocol 47 Sent None ip-protocol packets 8 rank Pending",
    "seen C,S, reached S,T, routed S, SYNs alone, ends alone",
  ],
  "a protocol to oneself": [
    [ip({ to: C }), ip({ to: C, ipId: 10 })],
    "Begun | -",
    "C>C IpProtocol 47 Sent None ip-protocol packets 2 rank Pending",
    "seen C, reached C, routed , SYNs alone, ends alone",
  ],
  "a bare protocol in a flood": [
    [flood, ip(), ip({ ipId: 10 })],
    "- | - | Begun",
    "C>S IpProtocol 47 Sent None ip-protocol packets 1 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a protocol that comes back after it was forgotten": [
    [ip(), 7300, ip({ ipId: 10 })],
    "Begun | Settled:Silent | Begun",
    "C>S IpProtocol 47 Sent None ip-protocol packets 1 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "a protocol that the capture cut off": [
    [ip({ quirks: Quirk.Truncated }), ip({ quirks: Quirk.Truncated | Quirk.BadTransportLength })],
    "- | Begun",
    "C>S IpProtocol 47 Sent None ip-protocol packets 1 rank Pending",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
});
