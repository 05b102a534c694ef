// What makes probes of several sources the same probe. Knows attempts and hashes; what follows from it is for
// `LookAlikes` to say.
//
// A tool that forges sources sends each probe once for each of them, back to back, with everything else the
// same: ports, sequence number, and mostly the IP identification.

import type { Hash } from "../../../keyed_hash.ts";
import { classOf, isEphemeral, portOf, TargetClass } from "../probe/classes.ts";
import { payloadIn, versionIn } from "../probe/form.ts";
import type { AttemptTable } from "./attempt_table.ts";
import type { Tables } from "./tables.ts";

/** Instead of a number, where there is none. */
const UNNUMBERED = 1;

/**
 * Hash of what copies of a probe agree in, of the attempt that it belongs to and with these numbers; 0 where nothing
 * would tell them from chance.
 */
export function copiesOf(
  { table, hash }: Tables,
  slot: number,
  sequence: number,
  ipId: number,
  acknowledgement: number,
): number {
  const kind = classOf(table.key.of(slot));
  // nmap numbers bare headers anew for each decoy; nothing but scans of protocols has them.
  if (kind === TargetClass.IpProtocol && payloadIn(table.form.of(slot)) === 0) {
    return agreement(table, hash, slot, UNNUMBERED);
  }
  // The number of a SYN is one of four thousand million; who forges sources may number their packets apart.
  const id = kind === TargetClass.Tcp && sequence !== 0 ? 0 : ipId;
  // Over IPv6 an ACK probe has no other number than its acknowledgement, nor has the start of an SCTP association.
  if ((sequence | id | acknowledgement) !== 0) {
    return agreement(table, hash, slot, hash.triple(sequence, id, acknowledgement));
  }
  // Only the ports would agree, and those of two NTP clients do too.
  const isTold = versionIn(table.look.of(slot)) === 6 && isChosen(table, slot);
  return isTold ? agreement(table, hash, slot, UNNUMBERED) : 0;
}

/**
 * The same of an answer: answers to copies go to the same port of several hosts, from one, with one number. `number`:
 * of a segment. ICMP errors (undefined) have none, but nobody else asks for a protocol alone, and few from the same
 * port.
 */
export function copiesOfReply({ table, hash }: Tables, slot: number, number?: number): number {
  const isTold = number !== undefined ||
    classOf(table.key.of(slot)) === TargetClass.IpProtocol || isChosen(table, slot);
  return isTold && number !== 0 ? agreement(table, hash, slot, number ?? UNNUMBERED) : 0;
}

/**
 * True for a datagram from a port that its sender was given or chose: one of thousands. Two NTP clients
 * agree in both ports. Over IPv6 datagrams have no number.
 */
function isChosen(table: AttemptTable, slot: number): boolean {
  const key = table.key.of(slot), port = table.sourcePort.of(slot);
  return classOf(key) === TargetClass.Udp && isEphemeral(port) && port !== portOf(key);
}

/** What copies agree in: the target, both ports, and a number. Never 0. */
function agreement(table: AttemptTable, hash: Hash, slot: number, number: number): number {
  const ports = hash.triple(
    table.targetHash(slot),
    table.key.of(slot),
    table.sourcePort.of(slot),
  );
  return hash.pair(ports, number) || 1;
}
