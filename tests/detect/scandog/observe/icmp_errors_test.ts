// What ICMP errors say of the packets that they quote.

import { Kind } from "../../../../src/record.ts";
import { HOSTS, tell } from "./observed.ts";
import {
  clientSeen,
  error,
  error6,
  flood,
  ip,
  ping,
  quoting,
  serverSeen,
  syn,
  udp,
  udpBack,
} from "./steps.ts";

const { C, S, T, R, C6, S6, R6 } = HOSTS;

tell("ICMP errors", {
  "an unreachable port": [
    [udp(), error(3, 3)],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable host, by a router": [
    [udp(), error(3, 1, { from: R })],
    "Begun (alike: none) | Settled:Refused",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable port, by a router": [
    [udp(), error(3, 3, { from: R })],
    "Begun (alike: none) | Settled:Refused",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable host, by itself": [
    [udp(), error(3, 1)],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable port, after the answer": [
    [udp(), udpBack(), error(3, 3)],
    "Begun (alike: none) | Settled:Used, Answered:first | -",
    "C>S Udp 5000 Answered Used udp packets 1 rank Pending from 40000 Open Replied",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable port, twice": [
    [udp(), error(3, 3), error(3, 3)],
    "Begun (alike: none) | Settled:Refused, Answered:first | Answered:again",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a parameter problem": [
    [udp(), error(12, 0)],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a packet that expired": [
    [udp(), error(11, 0, { from: R })],
    "Begun (alike: none) | Settled:Harmless expired",
    "C>S Udp 5000 Sent Harmless expired udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "a packet that expired at its target": [
    [udp(), error(11, 0)],
    "Begun (alike: none) | Settled:Harmless expired",
    "C>S Udp 5000 Sent Harmless expired udp packets 1 rank Pending from 40000",
    "seen C,S, reached S, routed S, SYNs alone, ends alone",
  ],
  "what expired after it was refused": [
    [udp(), error(3, 3), error(11, 0, { from: R })],
    "Begun (alike: none) | Settled:Refused, Answered:first | -",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S,R, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "what expired of another": [
    [udp(), error(11, 0, { from: R, to: T })],
    "Begun (alike: none) | -",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "what its own sender says": [
    [udp(), error(11, 0, { from: C })],
    "Begun (alike: none) | FloodingAnswer:udp",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an error to another than it quotes": [
    [udp(), error(3, 3, { to: T }), error(3, 3, { to: T, from: R })],
    "Begun (alike: none) | - | -",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,S,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an error that quotes nothing": [
    [udp(), error(3, 3, { inner: undefined })],
    "Begun (alike: none) | FloodingAnswer:ip-protocol",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,S, reached S, routed S, SYNs alone, ends alone",
  ],
  "an error by the sender": [
    [udp(), error(3, 3, { from: C })],
    "Begun (alike: none) | FloodingAnswer:udp",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C, reached S, routed S, SYNs alone, ends alone",
  ],
  "an error of one who scans itself": [
    [
      udp({ to: C }),
      error(3, 3, {
        from: C,
        to: C,
        inner: { from: C, to: C, protocol: 17, sport: 40_000, dport: 5000 },
      }),
    ],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>C Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C, reached C, routed , SYNs alone, ends alone",
  ],
  "a protocol that is not there": [
    [ip(), error(3, 2, { inner: quoting(47, 0, 0) })],
    "Begun | Settled:Refused, Answered:first",
    "C>S IpProtocol 47 Sent Refused ip-protocol packets 1 rank Pending Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a protocol that is not there, of a port": [
    [udp(), error(3, 2)],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable ping": [
    [ping(), error(3, 1, { from: R, inner: quoting(1, 0, 0) })],
    "Begun (alike: none) | Settled:Refused",
    "C>S IcmpEcho Sent Refused icmp-echo packets 1 rank Pending",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable ping for the time": [
    [ping({ type: 13 }), error(3, 1, { from: R, inner: quoting(1, 0, 0) })],
    "Begun (alike: none) | Settled:Refused",
    "C>S IcmpTimestamp Sent Refused icmp-timestamp packets 1 rank Pending",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable ping for a mask": [
    [ping({ type: 17 }), error(3, 1, { from: R, inner: quoting(1, 0, 0) })],
    "Begun (alike: none) | Settled:Refused",
    "C>S IcmpMask Sent Refused icmp-mask packets 1 rank Pending",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable bare protocol": [
    [ip(), error(3, 1, { from: R, inner: quoting(47, 0, 0) })],
    "Begun | Settled:Refused",
    "C>S IpProtocol 47 Sent Refused ip-protocol packets 1 rank Pending",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an unreachable TCP port": [
    [syn, error(3, 13, { inner: quoting(6) })],
    "Begun | Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 1 rank Pending from 40000 seq 1000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable SCTP port": [
    [
      { kind: Kind.Sctp, from: C, to: S, sport: 40_000, dport: 5000, type: 1 },
      error(3, 3, { inner: quoting(132) }),
    ],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Sctp 5000 Sent Refused sctp-init packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an unreachable UDP-Lite port": [
    [udp(), error(3, 3, { inner: quoting(136) })],
    "Begun (alike: none) | Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "an error without ports": [
    [udp(), { ...error(3, 3), quirks: 0, inner: undefined }],
    "Begun (alike: none) | FloodingAnswer:ip-protocol",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,S, reached S, routed S, SYNs alone, ends alone",
  ],
  "a port unreachable where its protocol was probed too": [
    [ip({ protocol: 17 }), udp(), error(3, 3)],
    "Begun | Begun (alike: none) of C>S Udp 5000 | Settled:Refused of C>S Udp 5000, Answered:first of C>S Udp 5000",
    "C>S IpProtocol 17 Sent None ip-protocol packets 1 rank Pending",
    "C>S Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a protocol unreachable where a port of it was probed too": [
    [ip({ protocol: 17 }), udp(), error(3, 2)],
    "Begun | Begun (alike: none) of C>S Udp 5000 | Settled:Refused, Answered:first",
    "C>S IpProtocol 17 Sent Refused ip-protocol packets 1 rank Pending Closed",
    "C>S Udp 5000 Sent None udp packets 1 rank Pending from 40000",
    "seen C,S, reached C,S, routed C,S, SYNs alone, ends alone",
  ],
  "a datagram that expired where its protocol was probed too": [
    [ip({ protocol: 17 }), udp(), error(11, 0, { from: R })],
    "Begun | Begun (alike: none) of C>S Udp 5000 | Settled:Harmless expired of C>S Udp 5000",
    "C>S IpProtocol 17 Sent None ip-protocol packets 1 rank Pending",
    "C>S Udp 5000 Sent Harmless expired udp packets 1 rank Pending from 40000",
    "seen C,R, reached S, routed S, SYNs alone, ends alone",
  ],
  "an error of a datagram that was not seen": [
    [error(3, 3)],
    "Begun, Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error of a datagram that was not seen, of one who is": [
    [clientSeen, error(3, 3)],
    "Begun | FloodingAnswer:udp, UnaskedError:C",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached T, routed T, SYNs alone, ends alone",
  ],
  "an error of an answer that was not seen": [
    [error(3, 3, { inner: quoting(17, 53, 40_000) })],
    "-",
    "seen S, reached , routed , SYNs alone, ends alone",
  ],
  "an error of a traceroute that was not seen": [
    [error(3, 3, { innerTtl: 1, inner: quoting(17, 40_000, 33_434) })],
    "-",
    "seen S, reached , routed , SYNs alone, ends alone",
  ],
  "an error of a far datagram that was not seen": [
    [error(3, 3, { innerTtl: 31, inner: quoting(17, 40_000, 33_434) })],
    "Begun, Settled:Refused, Answered:first",
    "C>S Udp 33434 Sent Refused udp packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error of a near TCP probe that was not seen": [
    [error(3, 3, { innerTtl: 1, inner: quoting(6, 40_000, 33_434) })],
    "Begun (alike: none), Settled:Refused, Answered:first",
    "C>S Tcp 33434 Sent Refused syn packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error of a near datagram to a service that was not seen": [
    [error(3, 3, { innerTtl: 1 })],
    "Begun, Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an unasked error in a flood": [
    [clientSeen, serverSeen, flood, error(3, 3)],
    "Begun | Begun of S>T Tcp 443 | - | -",
    "C>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "S>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "seen C,S, reached T, routed T, SYNs alone, ends alone",
  ],
  "an error of a datagram at the edge of a traceroute's reach that was not seen": [
    [error(3, 3, { innerTtl: 30, inner: quoting(17, 40_000, 33_434) })],
    "-",
    "seen S, reached , routed , SYNs alone, ends alone",
  ],
  "an error of a near datagram below a client's ports that was not seen": [
    [error(3, 3, { innerTtl: 1, inner: quoting(17, 40_000, 32_767) })],
    "Begun, Settled:Refused, Answered:first",
    "C>S Udp 32767 Sent Refused udp packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error of a near datagram to a client's first port that was not seen": [
    [error(3, 3, { innerTtl: 1, inner: quoting(17, 40_000, 32_768) })],
    "-",
    "seen S, reached , routed , SYNs alone, ends alone",
  ],
  "a protocol that is not there, of a probe that was not seen": [
    [error(3, 2, { inner: quoting(47, 0, 0) })],
    "Begun, Settled:Refused, Answered:first",
    "C>S IpProtocol 47 Sent Refused ip-protocol packets 0 rank Pending Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "a protocol that is not there, of a port that was not seen": [
    [error(3, 2)],
    "Begun, Settled:Refused, Answered:first",
    "C>S Udp 5000 Sent Refused udp packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error quoting a port of TCP that was not seen": [
    [error(3, 3, { inner: quoting(6) })],
    "Begun (alike: none), Settled:Refused, Answered:first",
    "C>S Tcp 5000 Sent Refused syn packets 0 rank Pending from 40000 Closed ReplyOnly",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an error quoting a ping that was not seen": [
    [error(3, 1, { from: R, inner: quoting(1, 0, 0) })],
    "Begun (alike: none), Settled:Refused",
    "C>S IcmpEcho Sent Refused icmp-echo packets 0 rank Pending ReplyOnly",
    "seen R, reached C, routed C, SYNs alone, ends alone",
  ],
  "an asker refuses the answer": [
    [
      udp({ from: S, to: C, sport: 40_000, dport: 53 }),
      error(3, 3, { inner: quoting(17, 53, 40_000) }),
    ],
    "Begun (alike: none) | Proved:Likely",
    "S>C Udp 53 Sent None udp packets 1 rank Pending from 40000 Unwanted",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an asker's router knows no way": [
    [
      udp({ from: S, to: C, sport: 40_000, dport: 53 }),
      error(3, 1, { from: R, inner: quoting(17, 53, 40_000) }),
    ],
    "Begun (alike: none) | Proved:Absent",
    "S>C Udp 53 Sent None udp packets 1 rank Pending from 40000",
    "seen S,R, reached C, routed C, SYNs alone, ends alone",
  ],
  "an asker is said not to be there by itself": [
    [
      udp({ from: S, to: C, sport: 40_000, dport: 53 }),
      error(3, 1, { inner: quoting(17, 53, 40_000) }),
    ],
    "Begun (alike: none) | -",
    "S>C Udp 53 Sent None udp packets 1 rank Pending from 40000",
    "seen S, reached C, routed C, SYNs alone, ends alone",
  ],
  "an unreachable port over IPv6": [
    [udp({ from: C6, to: S6 }), error6(1, 4)],
    "Begun | Settled:Refused, Answered:first",
    "C6>S6 Udp 5000 Sent Refused udp packets 1 rank Pending from 40000 Closed",
    "seen C6,S6, reached C6,S6, routed C6,S6, SYNs alone, ends alone",
  ],
  "an unreachable host over IPv6": [
    [udp({ from: C6, to: S6 }), error6(1, 3, { from: R6 })],
    "Begun | Settled:Refused",
    "C6>S6 Udp 5000 Sent Refused udp packets 1 rank Pending from 40000",
    "seen C6,R6, reached S6, routed S6, SYNs alone, ends alone",
  ],
  "an unknown next header": [
    [
      ip({ from: C6, to: S6 }),
      error6(4, 1, { inner: { from: C6, to: S6, protocol: 47, sport: 0, dport: 0 } }),
    ],
    "Begun | Settled:Refused, Answered:first",
    "C6>S6 IpProtocol 47 Sent Refused ip-protocol packets 1 rank Pending Closed",
    "seen C6,S6, reached C6,S6, routed C6,S6, SYNs alone, ends alone",
  ],
  "another parameter problem over IPv6": [
    [
      ip({ from: C6, to: S6 }),
      error6(4, 0, { inner: { from: C6, to: S6, protocol: 47, sport: 0, dport: 0 } }),
    ],
    "Begun | -",
    "C6>S6 IpProtocol 47 Sent None ip-protocol packets 1 rank Pending",
    "seen C6,S6, reached S6, routed S6, SYNs alone, ends alone",
  ],
  "what expired over IPv6": [
    [udp({ from: C6, to: S6 }), error6(3, 0, { from: R6 })],
    "Begun | Settled:Harmless expired",
    "C6>S6 Udp 5000 Sent Harmless expired udp packets 1 rank Pending from 40000",
    "seen C6,R6, reached S6, routed S6, SYNs alone, ends alone",
  ],
  "an unreachable ping over IPv6": [
    [
      { kind: Kind.Icmp6, from: C6, to: S6, type: 128 },
      error6(1, 3, { from: R6, inner: { from: C6, to: S6, protocol: 58, sport: 0, dport: 0 } }),
    ],
    "Begun (alike: none) | Settled:Refused",
    "C6>S6 IcmpEcho Sent Refused icmp-echo packets 1 rank Pending",
    "seen C6,R6, reached S6, routed S6, SYNs alone, ends alone",
  ],
});
