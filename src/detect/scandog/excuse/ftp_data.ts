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

export class FtpData {
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** True for what passive FTP and its kin connect to. */
  isDataPort(slot: number): boolean {
    const key = this.memory.table.key.of(slot);
    return classOf(key) === TargetClass.Tcp && !isPrivileged(portOf(key));
  }

  /**
   * True for an accepted attempt that goes with another connection between the same two hosts: a data
   * connection is empty when the file is. `host`: the pair of the subject and the host. Where no control connection was
   * seen, a few: some hosts, and what stands before them, accept on all ports.
   */
  isEmptyFile(slot: number, subject: number, host: number): boolean {
    const { pairs, subjects } = this.memory;
    if (!this.isDataPort(slot)) return false;
    if (this.hasControl(slot)) return true;
    return (this.isActive(slot) || pairs.used.of(host) > 0) &&
      subjects.lostData.of(subject) < FTP_EMPTY_MAX;
  }

  /** True from the port of active FTP, which anybody may send from. */
  private isActive(slot: number): boolean {
    return this.memory.table.sourcePort.of(slot) === DATA_PORT;
  }

  /** One of the empty files that the subject may have is used up, if no control connection was seen. */
  noteEmpty(slot: number, subject: number): void {
    if (!this.hasControl(slot)) this.memory.subjects.lostData.add(subject, 1);
  }

  /**
   * True for a data connection that a firewall did not let through, beside its control connection: for
   * some of them, because who keeps a control connection may scan as well. Only where the client itself
   * says which port (active FTP) may it refuse.
   */
  isLost(slot: number, subject: number): boolean {
    const { table, subjects } = this.memory;
    if (!this.isDataPort(slot)) return false;
    if (!table.has(slot, Mark.Stack) || table.has(slot, Mark.Ambiguous)) return false;
    const isActive = this.isActive(slot);
    if (!isActive && table.outcome(slot) !== Outcome.Silent) return false;
    // The server makes those of active FTP, as many as it is asked for: there are no logins of its own. And where
    // nothing but SYNs is seen, they look lost and are not.
    const most = isActive || table.has(slot, Mark.MaybeAnswered)
      ? FTP_LOST_MAX
      : Math.min(FTP_LOST_MAX, FTP_LOST_PER_PACKET * this.packetsOfControl(slot));
    return subjects.lostData.of(subject) < most && this.hasControl(slot);
  }

  /** One of the lost data connections that the subject may have is used up. */
  noteLost(subject: number): void {
    this.memory.subjects.lostData.add(subject, 1);
  }

  /** True for a connection that was used to a port that a control connection beside it agreed on. */
  isFile(slot: number): boolean {
    return this.isDataPort(slot) && this.hasControl(slot);
  }

  /** True when the two hosts of an attempt have a control connection, whoever began it. */
  private hasControl(slot: number): boolean {
    return CONTROL_KEYS.some((key) =>
      this.isControl(this.forward(slot, key), slot) ||
      this.isControl(this.backward(slot, key), slot)
    );
  }

  /** Packets on the control connections of the two hosts of an attempt, as far as they were counted. */
  private packetsOfControl(slot: number): number {
    const packets = (control: number) => control < 0 ? 0 : this.memory.table.packets(control);
    return CONTROL_KEYS.reduce(
      (sum, key) => sum + packets(this.forward(slot, key)) + packets(this.backward(slot, key)),
      0,
    );
  }

  /** The attempt of the source of another at the same host, or -1; and of that host at the source. */
  private forward(slot: number, key: number): number {
    const { table } = this.memory;
    return table.seek(table.words, table.sourceAt(slot), table.targetAt(slot), key);
  }

  private backward(slot: number, key: number): number {
    const { table } = this.memory;
    return table.seek(table.words, table.targetAt(slot), table.sourceAt(slot), key);
  }

  /**
   * Open or used by what the server itself sent, or tried where nothing but SYNs is seen; not one that the
   * client alone has spoken on, nor, where the other attempt (`slot`) was seen, one that the server alone has.
   */
  private isControl(control: number, slot: number): boolean {
    const { table } = this.memory;
    if (control < 0 || (table.packets(control) === 0 && table.packets(slot) > 0)) return false;
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
}
