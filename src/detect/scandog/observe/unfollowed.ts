// What a packet probes for which a flood leaves no time: no attempt is begun by it. Knows records.

import { Kind, type Records, TcpFlag } from "../../../record.ts";
import { isServicePort, TargetClass, targetKey } from "../probe/classes.ts";
import { tcpTechnique, TechniqueBit } from "../probe/techniques.ts";

/** What is read of it. */
export interface Probe {
  /** Its destination: four words of the records' from here on. */
  at: number;
  key: number;
  techniques: number;
  fromUs: number;
  toUs: number;
  interface: number;
}

/** Types of ICMP that ask something, for version 4 and 6. */
const ECHO = 8, TIMESTAMP = 13, MASK = 17, ECHO_6 = 128;

/** Reads the record at `base` into `probe`; false where it asks nothing: an answer, an error, ARP. */
export function readProbe(records: Records, base: number, probe: Probe): boolean {
  probe.key = keyOf(records, base, probe);
  if (probe.key === 0) return false;
  probe.at = records.destinationAt(base);
  probe.fromUs = probe.toUs = records.timeUs(base);
  probe.interface = records.interface(base);
  return true;
}

/** The key of its target, 0 where it asks nothing; notes its technique. */
function keyOf(records: Records, base: number, probe: Probe): number {
  const port = records.destinationPort(base);
  switch (records.kind(base)) {
    case Kind.Tcp: {
      const flags = records.tcpFlags(base);
      probe.techniques = tcpTechnique(flags);
      const isAnswer = (flags & TcpFlag.Rst) !== 0 || probe.techniques === TechniqueBit.SynAck;
      return isAnswer ? 0 : targetKey(TargetClass.Tcp, port);
    }
    case Kind.Udp:
      probe.techniques = TechniqueBit.Udp;
      if (isServicePort(records.sourcePort(base)) && !isServicePort(port)) return 0;
      return targetKey(TargetClass.Udp, port);
    case Kind.Sctp:
      probe.techniques = TechniqueBit.SctpInit;
      return targetKey(TargetClass.Sctp, port);
    case Kind.Icmp:
    case Kind.Icmp6:
      return pingKey(records.type(base), probe);
    case Kind.Ip:
      probe.techniques = TechniqueBit.IpProtocol;
      return targetKey(TargetClass.IpProtocol, records.protocol(base));
    default:
      return 0;
  }
}

function pingKey(type: number, probe: Probe): number {
  switch (type) {
    case ECHO:
    case ECHO_6:
      probe.techniques = TechniqueBit.IcmpEcho;
      return targetKey(TargetClass.IcmpEcho, 0);
    case TIMESTAMP:
      probe.techniques = TechniqueBit.IcmpTimestamp;
      return targetKey(TargetClass.IcmpTimestamp, 0);
    case MASK:
      probe.techniques = TechniqueBit.IcmpMask;
      return targetKey(TargetClass.IcmpMask, 0);
    default:
      return 0;
  }
}
