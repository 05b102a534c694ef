// FTP: a control connection, and beside it a data connection for each file, to ports that the control
// connection agreed on (RFC 959 section 5.2). Knows attempts and subjects. Data connections of
// empty files, cut off ones, and those that a firewall keeps out look like a connect scan of high ports.

import { FTP_EMPTY_MAX, FTP_LOST_MAX, FTP_LOST_PER_PACKET } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isPrivileged, portOf, TargetClass, targetKey } from "../probe/classes.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";

/** Where control connections go: FTP, FTP over TLS, and where it is put when 21 is taken. */
const CONTROL_KEYS: readonly number[] = [21, 990, 2121].map((port) =>
  targetKey(TargetClass.Tcp, port)
);
/** Where active FTP's data connections come from. */
const DATA_PORT = 20;

/** True for what passive FTP and its kin connect to. */
function isDataPort({ table }: Memory, slot: number): boolean {
  const key = table.key.of(slot);
  return classOf(key) === TargetClass.Tcp && !isPrivileged(portOf(key));
}

/**
 * True for an accepted attempt that goes with another connection between the same two hosts: a data
 * connection is empty when the file is. `host`: the pair of the subject and the host. Where no control connection was
 * seen, a few: some hosts, and what stands before them, accept on all ports.
 */
export function isEmptyFile(memory: Memory, slot: number, subject: number, host: number): boolean {
  const { pairs, subjects } = memory;
  if (!isDataPort(memory, slot)) return false;
  if (hasControl(memory, slot)) return true;
  return (isFromDataPort(memory, slot) || pairs.used.of(host) > 0) &&
    subjects.lostData.of(subject) < FTP_EMPTY_MAX;
}

/** True from the port of active FTP, which anybody may send from. */
function isFromDataPort({ table }: Memory, slot: number): boolean {
  return table.sourcePort.of(slot) === DATA_PORT;
}

/** One of the empty files that the subject may have is used up, if no control connection was seen. */
export function noteEmptyFile(memory: Memory, slot: number, subject: number): void {
  if (!hasControl(memory, slot)) memory.subjects.lostData.add(subject, 1);
}

/**
 * True for a data connection that a firewall did not let through, beside its control connection: for
 * some of them (`Subjects.lostData`), because who keeps a control connection may scan as well. Only where the client itself
 * says which port (active FTP) may it refuse.
 */
export function isLostData(memory: Memory, slot: number, subject: number): boolean {
  const { table, subjects } = memory;
  if (!isDataPort(memory, slot)) return false;
  if (!table.has(slot, Mark.Stack) || table.has(slot, Mark.Ambiguous)) return false;
  const isActive = isFromDataPort(memory, slot);
  if (!isActive && table.outcome(slot) !== Outcome.Silent) return false;
  // The server makes those of active FTP, as many as it is asked for: there are no logins of its own. And where
  // nothing but SYNs is seen, they look lost and are not.
  const most = isActive || table.has(slot, Mark.MaybeAnswered)
    ? FTP_LOST_MAX
    : Math.min(FTP_LOST_MAX, FTP_LOST_PER_PACKET * packetsOfControl(memory, slot));
  return subjects.lostData.of(subject) < most && hasControl(memory, slot);
}

/** True for a connection that was used to a port that a control connection beside it agreed on. */
export function isFtpFile(memory: Memory, slot: number): boolean {
  return isDataPort(memory, slot) && hasControl(memory, slot);
}

/** True when the two hosts of an attempt have a control connection, whoever began it. */
function hasControl(memory: Memory, slot: number): boolean {
  return controlsOf(memory, slot).some((control) => isControl(memory, control, slot));
}

/** Packets on the control connections of the two hosts of an attempt, as far as they were counted. */
function packetsOfControl(memory: Memory, slot: number): number {
  return controlsOf(memory, slot)
    .reduce((sum, control) => sum + memory.table.packets(control), 0);
}

/** Attempts at ports of FTP between the two hosts of an attempt, whoever made them: slots. */
function controlsOf({ table }: Memory, slot: number): number[] {
  const source = table.sourceAt(slot), target = table.targetAt(slot);
  return CONTROL_KEYS.flatMap((key) => [
    table.seek(table.words, source, target, key),
    table.seek(table.words, target, source, key),
  ]).filter((control) => control >= 0);
}

/**
 * Open or used by what the server itself sent, or tried where nothing but SYNs is seen; not one that the
 * client alone has spoken on, nor, where the other attempt (`slot`) was seen, one that the server alone has.
 */
function isControl({ table }: Memory, control: number, slot: number): boolean {
  if (table.packets(control) === 0 && table.packets(slot) > 0) return false;
  switch (table.outcome(control)) {
    case Outcome.Used:
      return true;
    case Outcome.None:
    case Outcome.Harmless:
      return table.has(control, Mark.Open | Mark.Replied) || table.stage(control) === Stage.Open;
    case Outcome.Silent:
      return table.has(control, Mark.MaybeAnswered);
    default:
      return false;
  }
}
