// All cases of the lab, by group.

import { ordinaryFtp } from "./ordinary_ftp.ts";
import { ordinaryWeb } from "./ordinary_web.ts";
import { scansTcp } from "./scans_tcp.ts";
import type { Case } from "../plan.ts";

export const CASE_GROUPS: Case[][] = [scansTcp, ordinaryWeb, ordinaryFtp];
