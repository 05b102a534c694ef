// Packets of public captures, ours against libpcap's (tcpdump) and tshark's. Samples of the
// captures; SCANDOG_ALL_CAPTURES=1 takes them all (twenty minutes).

import assert from "node:assert/strict";
import { CAPTURES, type Entry, readCapture, readManifest } from "../pcap/support/corpus.ts";
import { type Packet, readAll } from "../pcap/support/read_all.ts";
import { Random } from "../support/random.ts";
import { exists, skipped } from "../support/skip.ts";

const TCPDUMP = "/usr/bin/tcpdump";
const TCPDUMP_SAMPLE = 300;
const TSHARK = "/usr/bin/tshark";
const TSHARK_SAMPLE = 60;
const LINKTYPE_SUNATM = 123;
const SUNATM_HEADER_BYTES = 4;

/** What libpcap does not do and this reader does: interfaces that differ, or none at all. */
const BEYOND_LIBPCAP = new RegExp(
  "an interface has a (type|snapshot length) \\d+ different from|has no Interface Description Blocks|" +
    "unknown data link type 3145728",
);

/** Captures where tcpdump is not the measure, and why. */
const TCPDUMP_EXCEPTIONS: Record<string, string> = {
  "tcpdump/tests/bgp_vpn_rt-oobr.pcap":
    "libpcap takes the zeros that it ends in for packets of no bytes",
  "tcpdump/tests/time_2106_overflow.pcapng": "what tcpdump writes has 32 bits of seconds",
  "tcpdump/tests/time_2107.pcapng": "the same",
  "tcpdump/tests/timestamp_invalid_nano.pcap": "libpcap holds a fraction of 2^31 ns as negative",
};

/** Captures where tshark is not the measure, and why. */
const TSHARK_EXCEPTIONS: Record<string, string> = {
  "tcpdump/tests/bgp_vpn_rt-oobr.pcap":
    "tshark takes the zeros that it ends in for packets of no bytes",
  "libpcap/tests/pcap-invalid-version-2.pcap": "libpcap does not read version 2.5, tshark does",
  "ndpi/tests/cfgs/default/pcap/fuzz-2021-06-07-c6c72a0a56.pcap":
    "tshark 4.0 holds a fraction of 2^31 ns and more, and a length of 2^31, in signed numbers",
  "suricata-verify/tests/bug-6875-01/fuzz.pcap": "the same",
  "tcpdump/tests/atm-oam-loopback-print-overrun.pcap": "the same",
  "tcpdump/tests/rx_serviceid_oobr.pcap": "the same",
  "tcpdump/tests/timestamp_invalid_micro.pcap": "the same",
  "tcpdump/tests/timestamp_invalid_nano.pcap": "the same",
};

/** Folders whose custom blocks tshark shows as packets without a time. */
const CUSTOM_BLOCK = /^pcapng-testgen\/.*\/test(017|018|102|202)\.pcapng$/;

interface Frame {
  /** Nanoseconds since 1970; 0 when the file has no time for it. */
  time: bigint;
  captured: number;
  wire: number;
  interface: number;
}

const manifest = readManifest();
/** Skips a test that needs the captures and `program`. */
function without(program: string): boolean {
  const reason = manifest === null
    ? "../shared/captures is not there"
    : !exists(program) && `${program} is not installed`;
  return skipped("packets of public captures", reason);
}

function pick(all: Entry[], count: number): Entry[] {
  if (Deno.env.get("SCANDOG_ALL_CAPTURES") === "1") return all;
  const seed = Number(Deno.env.get("SCANDOG_SEED") ?? Date.now() & 0x7fffffff);
  console.log(`seed ${seed} (SCANDOG_SEED)`);
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.pick(all));
}

/** What libpcap made of a capture: its packets written anew by tcpdump, or why there are none. */
async function libpcapPackets(file: string): Promise<Packet[] | string> {
  // As root tcpdump would change to a user who may not read the captures.
  const stay = Deno.uid() === 0 ? ["-Z", "root"] : [];
  const { code, stdout, stderr } = await new Deno.Command(TCPDUMP, {
    args: [...stay, "-r", file, "-w", "-"],
    cwd: CAPTURES,
  }).output();
  return code === 0 ? readAll(stdout).packets : new TextDecoder().decode(stderr);
}

Deno.test({
  name: "CaptureReader gives the packets that libpcap gives, byte for byte",
  ignore: without(TCPDUMP),
  fn: async () => {
    assert.ok(manifest !== null);
    for (const { file } of pick(manifest, TCPDUMP_SAMPLE)) {
      if (file in TCPDUMP_EXCEPTIONS) continue;
      const theirs = await libpcapPackets(file);
      const ours: Packet[] = [];
      const error = readCapture(file, (reader) => {
        const { timeUs, wireLength, linkType, bytes, start, end } = reader;
        // tcpdump writes microseconds and has no interfaces.
        const packet = { timeUs, nanos: 0, wireLength, linkType, interface: 0 };
        ours.push({ ...packet, bytes: bytes.slice(start, end) });
      });
      if (typeof theirs !== "string") {
        assert.equal(error, null, file);
        assert.deepEqual(ours, theirs, file);
      } else if (error === null) {
        assert.match(theirs, BEYOND_LIBPCAP, file);
      }
    }
  },
});

async function tsharkFrames(file: string): Promise<Frame[] | string> {
  const fields = ["frame.time_epoch", "frame.cap_len", "frame.len", "frame.interface_id"];
  // Only frames are looked at, so no protocol is taken apart.
  const off = ["eth", "ip", "ipv6", "wlan"].flatMap((name) => ["--disable-protocol", name]);
  const { code, stdout, stderr } = await new Deno.Command(TSHARK, {
    args: ["-n", ...off, "-r", file, "-T", "fields", ...fields.flatMap((name) => ["-e", name])],
    cwd: CAPTURES,
  }).output();
  if (code !== 0) return new TextDecoder().decode(stderr);
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [time, captured, wire, index] = line.split("\t");
    const [seconds, nanos] = time === "" ? ["0", "0"] : time.split(".");
    return {
      // A fraction of more than a second is printed with ten digits.
      time: BigInt(seconds) * 1000000000n + BigInt(nanos),
      captured: Number(captured),
      wire: Number(wire),
      interface: Number(index),
    };
  });
}

/** The snapshot length in a pcap file's header; packets are cut to it, as libpcap does. */
function snapshotBytes(file: string): number {
  using input = Deno.openSync(`${CAPTURES}/${file}`);
  const view = new DataView(new ArrayBuffer(24));
  input.readSync(new Uint8Array(view.buffer));
  if (view.getUint32(0) === 0x0a0d0d0a) return Infinity;
  const field = view.getUint32(16, view.getUint8(0) !== 0xa1);
  return field === 0 || field > 0x7fffffff ? Infinity : field;
}

Deno.test({
  name: "CaptureReader agrees with tshark on every frame of public captures",
  ignore: without(TSHARK),
  fn: async () => {
    assert.ok(manifest !== null);
    for (const { file } of pick(manifest, TSHARK_SAMPLE)) {
      if (file in TSHARK_EXCEPTIONS || CUSTOM_BLOCK.test(file)) continue;
      const theirs = await tsharkFrames(file);
      if (typeof theirs === "string") {
        // Link types and versions that tshark does not know; the count is held by corpus_test.ts.
        assert.match(theirs, /doesn't support|appears to be damaged/, file);
        continue;
      }
      const most = snapshotBytes(file);
      let count = 0;
      const error = readCapture(file, (reader) => {
        const frame = theirs[count++];
        const where = `${file}, packet ${count}`;
        assert.ok(frame !== undefined, where);
        // tshark does not count SunATM's own header.
        const header = reader.linkType === LINKTYPE_SUNATM ? SUNATM_HEADER_BYTES : 0;
        assert.deepEqual({
          time: BigInt(reader.timeUs) * 1000n + BigInt(reader.nanos),
          captured: reader.end - reader.start,
          wire: reader.wireLength,
          interface: reader.interface,
        }, {
          time: frame.time,
          captured: Math.min(frame.captured + header, most),
          wire: frame.wire + header,
          interface: frame.interface,
        }, where);
      });
      assert.equal(error, null, file);
      assert.equal(count, theirs.length, file);
    }
  },
});
