import assert from "node:assert/strict";
import { LOGGED_PROTOCOLS, Selection, type SelectionRules } from "../../src/packetlog/selection.ts";
import { Kind, Quirk } from "../../src/record.ts";
import { type Made, recordsOf } from "./records.ts";

const UDP = { kind: Kind.Udp, protocol: 17 };
const ICMP = { kind: Kind.Icmp, protocol: 1 };
const ICMP6 = { kind: Kind.Icmp6, protocol: 58, source: "2001:db8::7" };
const SCTP = { kind: Kind.Sctp, protocol: 132, type: 1 };

/** The protocol under which the packet is logged, or undefined. */
function logged(made: Made, rules: Partial<SelectionRules> = {}): string | undefined {
  const selection = new Selection(recordsOf([made]), {
    protocols: ["tcp", "udp", "icmp"],
    tcp: { mask: 2, exact: [], probes: false },
    ...rules,
  });
  const index = selection.protocolIndex(0);
  return index < 0 ? undefined : LOGGED_PROTOCOLS[index];
}

Deno.test("Selection logs each protocol that is asked for, under its name", () => {
  assert.equal(logged({}), "tcp");
  assert.equal(logged(UDP), "udp");
  assert.equal(logged(ICMP), "icmp");
  assert.equal(logged(ICMP6), "icmp");
  assert.equal(logged(SCTP), undefined);
  assert.equal(logged(SCTP, { protocols: ["sctp"] }), "sctp");
  assert.equal(logged({}, { protocols: ["udp"] }), undefined);
  assert.equal(logged({ kind: Kind.Ip, protocol: 47 }), undefined);
  assert.equal(logged({ kind: Kind.Arp, protocol: 0 }), undefined);
});

Deno.test("Selection has ports, types and chunks for the protocols that have them", () => {
  assert.equal(logged({ ...UDP, port: 53 }, { udpPorts: [53] }), "udp");
  assert.equal(logged({ ...UDP, port: 54 }, { udpPorts: [53] }), undefined);
  assert.equal(logged({ ...ICMP, type: 8 }, { icmpTypes: [8] }), "icmp");
  assert.equal(logged({ ...ICMP, type: 0 }, { icmpTypes: [8] }), undefined);
  assert.equal(logged({ ...ICMP6, type: 128 }, { icmpTypes: [8] }), "icmp");
  assert.equal(logged({ ...ICMP6, type: 135 }, { icmp6Types: [128] }), undefined);
  const sctp = { protocols: ["sctp"], sctpChunks: [1] } satisfies Partial<SelectionRules>;
  assert.equal(logged(SCTP, sctp), "sctp");
  assert.equal(logged({ ...SCTP, type: 0 }, sctp), undefined);
});

Deno.test("Selection lets no IP option hide a packet", () => {
  const options = Quirk.IpOptions | Quirk.RecordRoute | Quirk.LooseSourceRoute | Quirk.IpTimestamp;
  assert.equal(logged({ quirks: options }), "tcp");
  assert.equal(logged({ ...UDP, quirks: options }), "udp");
});

Deno.test("Selection judges a fragmented datagram once, where its header became known", () => {
  const known = Quirk.Fragment | Quirk.FragmentHeader;
  assert.equal(logged({ quirks: known }), "tcp");
  assert.equal(logged({ quirks: known, flags: 16 }), undefined);
  assert.equal(logged({ quirks: Quirk.Fragment | Quirk.FragmentWhole }), undefined);
  const later = { kind: Kind.Ip, protocol: 6, flags: 0, quirks: Quirk.Fragment };
  assert.equal(logged(later), undefined, "its flags are not known: it is not NULL");
  assert.equal(logged(later, { tcp: { mask: 255, exact: [], probes: false } }), "tcp");
  assert.equal(logged({ ...later, protocol: 17 }), "udp");
  assert.equal(logged({ ...later, protocol: 17 }, { udpPorts: [53] }), undefined);
});
