import assert from "node:assert/strict";
import { allOf, programOf } from "../../../src/pcap/live/bpf.ts";
import { Filter, Libpcap, PcapError } from "../../../src/pcap/mod.ts";
import { tcpFrame } from "../../support/pcap_bytes.ts";
import { skippedWithoutLibpcap } from "./installed.ts";

const ignore = skippedWithoutLibpcap("filters");
const ETHERNET = 1;
const RAW = 101;

Deno.test({ name: "Filter selects by header and by the length on the wire", ignore }, () => {
  const libpcap = new Libpcap();
  using filter = new Filter(libpcap, "tcp dst port 22 and greater 100", ETHERNET);
  const frame = tcpFrame({ port: 22 }) as Uint8Array<ArrayBuffer>;
  assert.equal(filter.matches(frame), false);
  assert.equal(filter.matches(frame, 100), true);
  assert.equal(filter.matches(tcpFrame({ port: 23 }) as Uint8Array<ArrayBuffer>, 100), false);
});

Deno.test({ name: "Filter translates LINKTYPE_ values, raw IP among them", ignore }, () => {
  const libpcap = new Libpcap();
  using filter = new Filter(libpcap, "ip and icmp", RAW);
  const packet = new Uint8Array(20);
  packet.set([0x45, 0, 0, 20]);
  packet[9] = 1;
  assert.equal(filter.matches(packet), true);
});

Deno.test(
  { name: "Filter gives libpcap's words and the expression for one that is bad", ignore },
  () => {
    const libpcap = new Libpcap();
    for (
      const [expression, words] of [["tcp prt 5", /syntax error/], ["port 65536", /illegal port/]]
    ) {
      assert.throws(
        () => new Filter(libpcap, expression as string, ETHERNET),
        (error: PcapError) =>
          error.kind === "filter" && error.subject === expression &&
          error.message.includes(`"${expression}"`) && (words as RegExp).test(error.message),
      );
    }
    assert.throws(() => new Filter(libpcap, "tcp\0 or udp", ETHERNET), /must not contain a NUL/);
  },
);

Deno.test({ name: "Filter cannot be used after close(), and may be closed twice", ignore }, () => {
  const filter = new Filter(new Libpcap(), "", ETHERNET);
  filter.close();
  filter.close();
  assert.throws(() => filter.matches(new Uint8Array(60)), TypeError);
});

Deno.test({
  name: "allOf() selects what every program selects, `vlan` in one notwithstanding",
  ignore,
}, () => {
  const libpcap = new Libpcap();
  const expressions = ["not vlan 7", "tcp or udp", "dst port 22", ""];
  const filters = expressions.map((expression) => new Filter(libpcap, expression, ETHERNET));
  const joined = programOf(libpcap, allOf(filters.map((filter) => filter.program())));
  const select = (frame: Uint8Array) => {
    const header = new DataView(new ArrayBuffer(24));
    header.setUint32(16, frame.length, true);
    header.setUint32(20, frame.length, true);
    return libpcap.pcap.pcap_offline_filter(
      joined,
      new Uint8Array(header.buffer),
      frame as Uint8Array<ArrayBuffer>,
    ) !== 0;
  };
  const udp = tcpFrame({ port: 22 });
  udp[23] = 17;
  const arp = tcpFrame({ port: 22 });
  arp[13] = 6;
  assert.deepEqual([tcpFrame({ port: 22 }), udp, tcpFrame({ port: 23 }), arp].map(select), [
    true,
    true,
    false,
    false,
  ]);
  // Joined in words, the offsets behind `vlan` are those of a tagged frame.
  using words = new Filter(libpcap, "not vlan 7 and (tcp or udp) and dst port 22", ETHERNET);
  assert.equal(words.matches(tcpFrame({ port: 22 }) as Uint8Array<ArrayBuffer>), false);
});

Deno.test("allOf() leaves a single program as it is and lengthens no jump of the others", () => {
  const accept = [6, 0, 0, 0, 0xff, 0xff, 0, 0], reject = [6, 0, 0, 0, 0, 0, 0, 0];
  const program = new Uint8Array([...accept, ...reject]);
  assert.deepEqual(allOf([program]), program);
  // The first return jumps over the rejection that follows it, to the second program.
  assert.deepEqual(
    allOf([program, program]),
    new Uint8Array([5, 0, 0, 0, 1, 0, 0, 0, ...reject, ...accept, ...reject]),
  );
});
