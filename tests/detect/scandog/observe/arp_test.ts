// What becomes of requests for neighbours, by ARP and by neighbour discovery.

import { Decision } from "../../../../src/decision.ts";
import { Kind, Quirk } from "../../../../src/record.ts";
import { HOSTS, type Step, tell } from "./observed.ts";
import { arp, excused, flood, neighbour, serverSeen } from "./steps.ts";

const { C, C6 } = HOSTS;

tell("neighbours", {
  "a neighbour asked for": [
    [arp(), 5],
    "claim of C, Begun (alike: none) | Settled:Silent",
    "C>198.51.100.8 Arp Sent Silent arp packets 1 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a neighbour asked for late": [
    [2, arp(), 5],
    "- | claim of C, Begun (alike: none) | Settled:Silent",
    "C>198.51.100.8 Arp Sent Silent arp packets 1 rank Pending",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a neighbour that answers": [
    [arp(), { kind: Kind.Arp, from: "198.51.100.8", to: C, type: 2 }],
    "claim of C, Begun (alike: none) | claim of 198.51.100.8, Settled:Used",
    "C>198.51.100.8 Arp Sent Used arp packets 1 rank Pending Open Replied AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "an answer that nobody asked for": [
    [{ kind: Kind.Arp, from: "198.51.100.8", to: C, type: 2 }],
    "claim of 198.51.100.8",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a probe, an announcement, and another operation": [
    [arp({ from: "0.0.0.0" }), arp({ to: C }), arp({ type: 3 })],
    "- | - | claim of C",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a neighbour that is there": [
    [{ ...serverSeen, from: "198.51.100.8" }, arp()],
    "Begun | claim of C, Begun (alike: none) of C>198.51.100.8 Arp",
    "198.51.100.8>T Tcp 443 Sent None syn packets 1 rank Pending from 50000 seq 1",
    "C>198.51.100.8 Arp Sent None arp packets 1 rank Pending AtEdge IsThere",
    "seen , reached T, routed T, SYNs alone, ends alone",
  ],
  "a neighbour that speaks": [
    [arp({ from: "198.51.100.8", to: "198.51.100.9" }), arp()],
    "claim of 198.51.100.8, Begun (alike: none) | claim of C, Begun (alike: none) of C>198.51.100.8 Arp",
    "198.51.100.8>198.51.100.9 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.8 Arp Sent None arp packets 1 rank Pending AtEdge IsThere",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "asked again as by a kernel": [
    [arp(), 0.999, arp(), 0.999, arp()],
    "claim of C, Begun (alike: none) | - | claim of C | - | claim of C",
    "C>198.51.100.8 Arp Sent None arp packets 3 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "asked again at once": [
    [arp(), arp(), 0.017, arp(), 0.001, arp()],
    "claim of C, Begun (alike: none) | claim of C | - | claim of C | - | claim of C",
    "C>198.51.100.8 Arp Sent None arp packets 4 rank Pending AtEdge ToolsPace",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "asked again at a tool's pace": [
    [arp(), 0.3, arp(), 5],
    "claim of C, Begun (alike: none) | - | claim of C | Settled:Silent",
    "C>198.51.100.8 Arp Sent Silent arp packets 2 rank Pending AtEdge ToolsPace",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "asked again at a tool's pace after it was excused": [
    [arp(), excused(Decision.ArpPace), 0.3, arp(), 5],
    "claim of C, Begun (alike: none) | - | - | claim of C | Settled:Silent",
    "C>198.51.100.8 Arp Sent Silent arp packets 2 rank Pending AtEdge ToolsPace",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "asked again at a tool's pace after another excuse": [
    [arp(), excused(Decision.ArpRouter), 0.3, arp(), 5],
    "claim of C, Begun (alike: none) | - | - | claim of C | -",
    "C>198.51.100.8 Arp Sent Harmless arp-router arp packets 2 rank Pending AtEdge ToolsPace",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a row of neighbours, and one that answers": [
    [...Array.from({ length: 7 }, (_, i) => arp({ to: `198.51.100.${20 + i}` })), {
      kind: Kind.Arp,
      from: "198.51.100.26",
      to: C,
      type: 2,
    }, { kind: Kind.Arp, from: "198.51.100.25", to: C, type: 2 }],
    "claim of C, Begun (alike: none) | claim of C, Begun (alike: none) of C>198.51.100.21 Arp | claim of C, Begun (alike: none) of C>198.51.100.22 Arp | claim of C, Begun (alike: none) of C>198.51.100.23 Arp | claim of C, Begun (alike: none) of C>198.51.100.24 Arp | claim of C, Begun (alike: none) of C>198.51.100.25 Arp | claim of C, Begun (alike: none) of C>198.51.100.26 Arp | claim of 198.51.100.26, Settled:Empty of C>198.51.100.26 Arp | claim of 198.51.100.25, Settled:Used of C>198.51.100.25 Arp",
    "C>198.51.100.20 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.21 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.22 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.23 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.24 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.25 Arp Sent Used arp packets 1 rank Pending Open Replied AtEdge",
    "C>198.51.100.26 Arp Sent Empty arp packets 1 rank Pending Open Replied InOrder AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a row of neighbours by one that has patience": [
    [
      arp({ to: "198.51.100.20" }),
      0.999,
      arp({ to: "198.51.100.20" }),
      ...Array.from({ length: 6 }, (_, i) => arp({ to: `198.51.100.${21 + i}` })),
      { kind: Kind.Arp, from: "198.51.100.26", to: C, type: 2 },
    ],
    "claim of C, Begun (alike: none) | - | claim of C | claim of C, Begun (alike: none) of C>198.51.100.21 Arp | claim of C, Begun (alike: none) of C>198.51.100.22 Arp | claim of C, Begun (alike: none) of C>198.51.100.23 Arp | claim of C, Begun (alike: none) of C>198.51.100.24 Arp | claim of C, Begun (alike: none) of C>198.51.100.25 Arp | claim of C, Begun (alike: none) of C>198.51.100.26 Arp | claim of 198.51.100.26, Settled:Used of C>198.51.100.26 Arp",
    "C>198.51.100.20 Arp Sent None arp packets 2 rank Pending AtEdge",
    "C>198.51.100.21 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.22 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.23 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.24 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.25 Arp Sent None arp packets 1 rank Pending AtEdge",
    "C>198.51.100.26 Arp Sent Used arp packets 1 rank Pending Open Replied InOrder AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a slow asker": [
    [
      arp(),
      ...Array.from({ length: 6 }, (_, i) => [4, arp({ to: `198.51.100.${90 + 7 * i}` })])
        .flat() as Step[],
    ],
    "claim of C, Begun (alike: none) | Settled:Silent | claim of C, Begun (alike: none) of C>198.51.100.90 Arp | Settled:Silent of C>198.51.100.90 Arp | claim of C, Begun (alike: none) of C>198.51.100.97 Arp | Settled:Silent of C>198.51.100.97 Arp | claim of C, Begun (alike: none) of C>198.51.100.104 Arp | Settled:Silent of C>198.51.100.104 Arp | claim of C, Begun (alike: none) of C>198.51.100.111 Arp | Settled:Silent of C>198.51.100.111 Arp | claim of C, Begun (alike: none) of C>198.51.100.118 Arp | Settled:Silent of C>198.51.100.118 Arp | claim of C, Begun (alike: none) of C>198.51.100.125 Arp",
    "C>198.51.100.8 Arp Sent Silent arp packets 1 rank Pending AtEdge",
    "C>198.51.100.90 Arp Sent Silent arp packets 1 rank Pending Unhurried",
    "C>198.51.100.97 Arp Sent Silent arp packets 1 rank Pending Unhurried",
    "C>198.51.100.104 Arp Sent Silent arp packets 1 rank Pending Unhurried",
    "C>198.51.100.111 Arp Sent Silent arp packets 1 rank Pending Unhurried",
    "C>198.51.100.118 Arp Sent Silent arp packets 1 rank Pending Unhurried",
    "C>198.51.100.125 Arp Sent None arp packets 1 rank Pending Unhurried",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a request for a neighbour in a flood": [
    [flood, arp(), arp()],
    "- | claim of C | claim of C, Begun (alike: none)",
    "C>198.51.100.8 Arp Sent None arp packets 1 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation in a flood": [
    [flood, neighbour(), neighbour()],
    "- | claim of C6 | claim of C6, Begun (alike: none)",
    "C6>2001:db8:1::8 Arp Sent None arp packets 0 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a neighbour that is there, after silence": [
    [arp(), 5, { kind: Kind.Arp, from: "198.51.100.8", to: C, type: 2 }],
    "claim of C, Begun (alike: none) | Settled:Silent | claim of 198.51.100.8, Settled:Used",
    "C>198.51.100.8 Arp Sent Used arp packets 1 rank Pending Open Replied AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation": [
    [neighbour(), 5],
    "claim of C6, Begun (alike: none) | Settled:Silent",
    "C6>2001:db8:1::8 Arp Sent Silent arp packets 0 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation that is answered": [
    [neighbour(), {
      kind: Kind.Icmp6,
      from: "2001:db8:1::8",
      to: C6,
      type: 136,
      ttl: 255,
      neighbour: { from: C6, to: "2001:db8:1::8" },
    }],
    "claim of C6, Begun (alike: none) | claim of 2001:db8:1::8, Settled:Used",
    "C6>2001:db8:1::8 Arp Sent Used arp packets 0 rank Pending Open Replied AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation to the neighbour itself": [
    [neighbour({ to: "2001:db8:1::8" })],
    "claim of C6",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation to the neighbour itself, in a frame to all": [
    [neighbour({ to: "2001:db8:1::8", quirks: Quirk.LinkMulticast })],
    "claim of C6, Begun (alike: none)",
    "C6>2001:db8:1::8 Arp Sent None arp packets 0 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation without a sender": [
    [neighbour({ from: "::", neighbour: { from: "::", to: C6 } })],
    "-",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a router asked for by an address of which the first word alone is not zero": [
    [neighbour({ from: "2001:db8::", type: 133, neighbour: undefined })],
    "claim of 2001:db8::",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a router asked for by an address of which the second word alone is not zero": [
    [neighbour({ from: "0:0:1::", type: 133, neighbour: undefined })],
    "claim of 0:0:1::",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a router asked for by an address of which the third word alone is not zero": [
    [neighbour({ from: "::1:0:0", type: 133, neighbour: undefined })],
    "claim of ::1:0:0",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a router asked for by an address of which the last word alone is not zero": [
    [neighbour({ from: "::5", type: 133, neighbour: undefined })],
    "claim of ::5",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation twice": [
    [neighbour(), 0.3, neighbour()],
    "claim of C6, Begun (alike: none) | - | claim of C6",
    "C6>2001:db8:1::8 Arp Sent None arp packets 1 rank Pending AtEdge ToolsPace",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a solicitation that was cut off": [
    [neighbour({ neighbour: undefined })],
    "claim of C6",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
  "a router shows itself, and asks": [
    [neighbour({ type: 134, neighbour: undefined }), neighbour()],
    "claim of C6 | claim of C6, Begun (alike: none)",
    "C6>2001:db8:1::8 Arp Sent None arp packets 0 rank Pending AtEdge",
    "seen , reached , routed , SYNs alone, ends alone",
  ],
});
