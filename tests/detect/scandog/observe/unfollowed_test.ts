// What is noted of packets for which a flood leaves no time: which are alike, and which ask nothing.

import assert from "node:assert/strict";
import { Unfollowed } from "../../../../src/detect/scandog/observe/unfollowed.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { BATCH_MAX } from "../../../../src/detect/scandog/table/flood_packets.ts";
import { Field, Kind, RECORD_BYTES } from "../../../../src/record.ts";
import { type Made, recordsOf } from "../../../packetlog/records.ts";

/** The batches that these packets make: class, techniques, packets, and the first and the last port. */
function batches(packets: readonly Made[]): number[][] {
  const unfollowed = new Unfollowed(recordsOf(packets));
  const found: number[][] = [];
  const note = ({ targetClass, techniques, count, ports }: Unfollowed["complete"]) => {
    found.push([targetClass, techniques, count, ports[0], ports[count - 1]]);
  };
  packets.forEach(({ destination }, i) => {
    if (unfollowed.take(i * RECORD_BYTES, destination === undefined ? 1 : 2, true)) {
      note(unfollowed.complete);
    }
  });
  const rest = unfollowed.takeRest();
  if (rest.count > 0) note(rest);
  assert.equal(unfollowed.takeRest().count, 0, "and then there is none");
  return found;
}

const { Syn, Null, Udp, IcmpEcho } = TechniqueBit;

Deno.test("Unfollowed puts packets to one target into one batch, whatever their ports", () => {
  const packets = Array.from({ length: 100 }, (_, i) => ({ port: 1 + i, timeUs: i }));
  assert.deepEqual(batches(packets), [[TargetClass.Tcp, Syn, 100, 1, 100]]);
});

Deno.test("Unfollowed begins a new batch for another target, another technique, after a while, and when one is full", () => {
  assert.deepEqual(batches([{ port: 1 }, { port: 2, destination: "192.0.2.9" }, { port: 3 }]), [
    [TargetClass.Tcp, Syn, 1, 1, 1],
    [TargetClass.Tcp, Syn, 1, 2, 2],
    [TargetClass.Tcp, Syn, 1, 3, 3],
  ]);
  assert.deepEqual(batches([{ port: 1 }, { port: 2, flags: 0 }, { port: 3, kind: Kind.Udp }]), [
    [TargetClass.Tcp, Syn, 1, 1, 1],
    [TargetClass.Tcp, Null, 1, 2, 2],
    [TargetClass.Udp, Udp, 1, 3, 3],
  ]);
  const late = batches([{ timeUs: 0 }, { timeUs: 99_999 }, { timeUs: 100_000 }]);
  assert.deepEqual(late.map(([, , count]) => count), [2, 1]);
  assert.equal(batches([{ timeUs: 5 }, { timeUs: 4 }]).length, 2, "the clock stepped back");
  const full = batches(Array.from({ length: BATCH_MAX + 1 }, () => ({})));
  assert.deepEqual(full.map(([, , count]) => count), [BATCH_MAX, 1]);
});

Deno.test("Unfollowed takes what asks something, and no answer, no error and no ARP", () => {
  const none: Made[] = [
    { flags: 4 },
    { flags: 20 },
    { flags: 18 },
    { kind: Kind.Udp, sourcePort: 53, port: 40_000 },
    { kind: Kind.Icmp, type: 0 },
    { kind: Kind.Icmp, type: 3 },
    { kind: Kind.Icmp, type: 128 },
    { kind: Kind.Icmp6, type: 8 },
    { kind: Kind.Icmp6, type: 129 },
    { kind: Kind.Arp },
  ];
  for (const packet of none) assert.deepEqual(batches([packet]), [], JSON.stringify(packet));
  const asked: [Made, number, number, number][] = [
    [{ kind: Kind.Udp, sourcePort: 53, port: 53 }, TargetClass.Udp, Udp, 53],
    [{ kind: Kind.Icmp, type: 8 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Icmp, type: 15 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Icmp, type: 42 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Icmp, type: 13 }, TargetClass.IcmpTimestamp, TechniqueBit.IcmpTimestamp, 0],
    [{ kind: Kind.Icmp, type: 17 }, TargetClass.IcmpMask, TechniqueBit.IcmpMask, 0],
    [{ kind: Kind.Icmp6, type: 128 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Icmp6, type: 139 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Icmp6, type: 160 }, TargetClass.IcmpEcho, IcmpEcho, 0],
    [{ kind: Kind.Sctp, port: 9 }, TargetClass.Sctp, TechniqueBit.SctpInit, 9],
    [{ kind: Kind.Ip, protocol: 47 }, TargetClass.IpProtocol, TechniqueBit.IpProtocol, 47],
  ];
  for (const [packet, targetClass, techniques, port] of asked) {
    assert.deepEqual(batches([packet]), [[targetClass, techniques, 1, port, port]]);
  }
});

Deno.test("Unfollowed does not lose the batch that grows when it is asked about another packet", () => {
  const records = recordsOf([{ port: 1 }, { port: 2 }, { port: 3 }]);
  const unfollowed = new Unfollowed(records);
  unfollowed.take(0, 1, true);
  assert.equal(unfollowed.isAsking(RECORD_BYTES), true);
  unfollowed.take(2 * RECORD_BYTES, 1, false);
  const { count, ports, sources } = unfollowed.takeRest();
  assert.deepEqual([count, sources, ports[0], ports[1]], [2, 1, 1, 3]);
});

Deno.test("a batch says when its first and its last packet came, by which interface, and how many ports it has", () => {
  for (const kind of [Kind.Tcp, Kind.Udp]) {
    const records = recordsOf([5, 7, 90].map((timeUs) => ({ timeUs, kind, port: 9 })));
    records.u16[Field.Interface >> 1] = 3;
    const unfollowed = new Unfollowed(records);
    for (let i = 0; i < 3; i++) unfollowed.take(i * RECORD_BYTES, 1, false);
    const rest = unfollowed.takeRest();
    assert.deepEqual([rest.fromUs, rest.toUs, rest.interface, rest.portCount], [5, 90, 3, 3]);
    assert.equal(rest.sources, 0);
  }
});
