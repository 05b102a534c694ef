// Failures that are spread over the internet, as a client's dead servers and peers are; a sweep goes
// through networks. Knows pairs and targets; nothing of shapes.

import { FAILURES_PER_USE, PEERS_GONE, PEERS_PER_SITE } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, portOf, TargetClass } from "../probe/classes.ts";
import { Mark } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { isCommon, isWeb } from "../weigh/failures.ts";

const DOMAIN = 53;
const HTTPS = 443;

/**
 * True for a failure of what clients do everywhere. `port`: the pair of the subject and the target key;
 * `onePort`: its attempts all leave from one.
 */
export function isClientsFailure(
  { table, pairs }: Memory,
  slot: number,
  port: number,
  onePort: boolean,
): boolean {
  const kind = classOf(table.key.of(slot));
  const isUsed = pairs.used.of(port) * FAILURES_PER_USE > pairs.failed.of(port);
  if (kind === TargetClass.Udp) return isUsed || isEverywhere(table, slot, onePort);
  if (kind !== TargetClass.Tcp) return false;
  // Of what only the answer was seen nobody knows how it was asked, nor what else came of it.
  if (table.has(slot, Mark.ReplyOnly)) return isUsed || isEverywhere(table, slot, onePort);
  if (table.has(slot, Mark.Stack | Mark.Ambiguous)) {
    const isMuch = !isWeb(portOf(table.key.of(slot))) && pairs.failed.of(port) >= PEERS_GONE;
    return isUsed || (!isMuch && isEverywhere(table, slot, onePort));
  }
  // Old stacks have no timestamps, as tools have none: what its targets serve it speaks for it all the same.
  return isUsed && !onePort && isCommon(portOf(table.key.of(slot)));
}

/** Notes a failed host of its site (IPv6 /48, IPv4 /24), and of its network one that failed at the same port. */
export function noteFailedHost(memory: Memory, slot: number, subject: number): void {
  const { table, pairs, pairsOf } = memory;
  for (const pair of [pairsOf.site(slot, subject), pairsOf.network(slot, subject)]) {
    if (pairs.note(pair, table.targetHash(slot))) pairs.failed.add(pair, 1);
  }
}

/** True while it is the only one of its network at its port, and few others of its site failed. */
export function isFirstOfNetwork(
  { pairs, pairsOf }: Memory,
  slot: number,
  subject: number,
): boolean {
  return pairs.failed.of(pairsOf.network(slot, subject)) <= 1 &&
    pairs.failed.of(pairsOf.site(slot, subject)) < PEERS_PER_SITE;
}

/**
 * True for services that one client uses at hundreds of places: the web over TCP and UDP, names,
 * peers, and what talks between equal ports.
 */
function isEverywhere(table: AttemptTable, slot: number, onePort: boolean): boolean {
  const port = portOf(table.key.of(slot));
  const isTcp = classOf(table.key.of(slot)) === TargetClass.Tcp;
  if (!isTcp && table.sourcePort.of(slot) === port) return true;
  if (onePort) return false;
  return isTcp ? isCommon(port) : port === HTTPS || port === DOMAIN;
}
