// All cases of the lab, by group.

import type { Case } from "../plan.ts";
import { attacks } from "./attacks.ts";
import { borrowed } from "./borrowed.ts";
import { company } from "./company.ts";
import { discovery } from "./discovery.ts";
import { distributed } from "./distributed.ts";
import { evasion } from "./evasion.ts";
import { forged } from "./forged.ts";
import { gateways } from "./gateways.ts";
import { ordinaryClients } from "./ordinary_clients.ts";
import { ordinaryFtp } from "./ordinary_ftp.ts";
import { ordinaryLan } from "./ordinary_lan.ts";
import { ordinaryNet } from "./ordinary_net.ts";
import { ordinaryParts } from "./ordinary_parts.ts";
import { ordinaryWeb } from "./ordinary_web.ts";
import { scansTcp } from "./scans_tcp.ts";
import { scansUdpIcmp } from "./scans_udp_icmp.ts";
import { slow } from "./slow.ts";
import { sweeps } from "./sweeps.ts";
import { tools } from "./tools.ts";
import { views } from "./views.ts";
import { visits } from "./visits.ts";

export const CASE_GROUPS: Case[][] = [
  scansTcp,
  scansUdpIcmp,
  sweeps,
  discovery,
  distributed,
  forged,
  borrowed,
  evasion,
  company,
  tools,
  views,
  gateways,
  slow,
  visits,
  attacks,
  ordinaryWeb,
  ordinaryFtp,
  ordinaryNet,
  ordinaryLan,
  ordinaryClients,
  ordinaryParts,
];
