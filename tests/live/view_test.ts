// What a host would answer, `scandog watch` sees: probes made so that a filter, a snapshot length or a
// bound might hide them, sent over a real wire.

import assert from "node:assert/strict";
import { ethernet, ipv4, ipv6, tcp, udp, vlan } from "../decode/build.ts";
import { until } from "../sink/receivers.ts";
import { concat, pcapFile } from "../support/pcap_bytes.ts";
import { exists, skipped } from "../support/skip.ts";
import { SCANNER, TARGET, Target, whyNoTarget } from "./target.ts";

const TCPREPLAY = "/usr/bin/tcpreplay";
const missing = !exists(TCPREPLAY) && "not installed: tcpreplay";
const ignore = skipped("what watch sees of hidden probes", whyNoTarget() || missing);

const PORTS = Array.from({ length: 30 }, (_, i) => 1 + i);

/** A destination options header of `bytes` (a multiple of 8) that hosts pass over, then TCP. */
function behindOptions(bytes: number, segment: Uint8Array): Uint8Array {
  const header = new Uint8Array(bytes);
  header[0] = 6;
  header[1] = bytes / 8 - 1;
  // Options of an unknown type whose first bits say "skip me", as long as they get.
  for (let at = 2; at < bytes;) {
    const length = Math.min(255, bytes - at - 2);
    header[at] = 0x1e;
    header[at + 1] = Math.max(length, 0);
    at += 2 + header[at + 1];
  }
  return concat([header, segment]);
}

/** The frames of one scan to the target's hardware address. */
type Frames = (port: number, hardware: number[]) => Uint8Array;

const HIDDEN: Record<string, { source: string; frame: Frames }> = {
  "behind nine VLAN tags": {
    source: "198.51.100.9",
    frame: (port, hardware) => {
      let payload = ipv4(tcp({ destinationPort: port }), {
        source: "198.51.100.9",
        destination: TARGET,
      });
      let type = 0x0800;
      for (let tags = 0; tags < 9; tags++) {
        payload = vlan(payload, type);
        type = 0x8100;
      }
      return ethernet(payload, type, hardware);
    },
  },
  "behind 240 bytes of IPv6 options": {
    source: "2001:db8::240",
    frame: (port, hardware) =>
      ethernet(
        ipv6(behindOptions(240, tcp({ destinationPort: port })), {
          next: 60,
          source: "2001:db8::240",
        }),
        0x86dd,
        hardware,
      ),
  },
  "behind 1400 bytes of IPv6 options": {
    source: "2001:db8::1400",
    frame: (port, hardware) =>
      ethernet(
        ipv6(behindOptions(1400, tcp({ destinationPort: port })), {
          next: 60,
          source: "2001:db8::1400",
        }),
        0x86dd,
        hardware,
      ),
  },
};

Deno.test({
  name: "watch sees probes that a filter, a snapshot length or a bound might hide",
  ignore,
  async fn(t) {
    await Target.with(async (target) => {
      const watch = await target.startScandog("--format json --user nobody".split(" "));
      const hardware = target.hardwareAddress().split(":").map((byte) => parseInt(byte, 16));
      const told = (source: string) =>
        watch.out.split("\n").slice(0, -1).map((line) => JSON.parse(line))
          .find((event) => event.source?.ip === source && event.event.action === "scan-start");
      for (const [name, { source, frame }] of Object.entries(HIDDEN)) {
        await t.step(name, async () => {
          const file = `${target.folder}/hidden.pcap`;
          const packets = PORTS.map((port, i) => ({
            timeUs: i * 5000,
            frame: frame(port, hardware),
          }));
          await Deno.writeFile(file, pcapFile(packets));
          target.scan([TCPREPLAY, "-q", "-i", "wan1", file]);
          await until(() => told(source) !== undefined, () => `${name}: ${watch.out} ${watch.err}`);
        });
      }
      await t.step("ACKs with one byte of payload", async () => {
        target.scan(["nmap", ..."-n -Pn --send-ip -sA --data-length 1 -p1-60".split(" "), TARGET]);
        await until(() => told(SCANNER) !== undefined, () => watch.out + watch.err);
      });
      await t.step(
        "ACKs with so many bytes of payload that the kernel keeps their headers",
        async () => {
          const source = "198.51.100.8";
          target.scan(["ip", "addr", "add", `${source}/24`, "dev", "wan1"]);
          const words = `-n -Pn --send-ip -sA --data-length 1000 -p1-60 -S ${source} -e wan1`;
          target.scan(["nmap", ...words.split(" "), TARGET]);
          await until(() => told(source) !== undefined, () => watch.out + watch.err);
        },
      );
      assert.equal(await watch.stop(), 0);
    });
  },
});

Deno.test({
  name:
    "watch says that most of a device is not read, or is a mirror, and looks into one with --inside",
  ignore,
  async fn() {
    await Target.with(async (target) => {
      const file = `${target.folder}/frames.pcap`;
      const send = async (frames: Uint8Array[]) => {
        await Deno.writeFile(
          file,
          pcapFile(frames.map((frame, i) => ({ timeUs: i * 5000, frame }))),
        );
        target.scan([TCPREPLAY, "-q", "-i", "wan1", file]);
      };
      const encrypted = ethernet(new Uint8Array(60).fill(0x2c), 0x88e5);
      const scan = PORTS.map((port) => {
        const inner = ipv4(tcp({ destinationPort: port }), {
          source: "10.9.9.9",
          destination: "10.9.9.1",
        });
        const header = Uint8Array.of(8, 0, 0, 0, 0, 0, 7, 0);
        const outer = udp(concat([header, ethernet(inner)]), { destinationPort: 4789 });
        return ethernet(ipv4(outer, { protocol: 17, source: SCANNER, destination: TARGET }));
      });
      const blind = await target.startScandog(["--user", "nobody"]);
      await send(Array(300).fill(encrypted));
      await until(
        () =>
          /interface wan0: \d+ of \d+ frames .*0x88e5 \(MACsec\), encrypted: a scan in/.test(
            blind.err,
          ),
        () => blind.err,
      );
      assert.equal(await blind.stop(), 0);
      const outside = await target.startScandog(["--user", "nobody"]);
      await send([...scan, ...scan, ...scan, ...scan, ...scan]);
      await until(
        () => /interface wan0: \d+ of \d+ frames are VXLAN, .*--inside vxlan/.test(outside.err),
        () => outside.err,
      );
      assert.equal(await outside.stop(), 0);
      const inside = await target.startScandog(
        "--user nobody --inside vxlan --snaplen 128".split(" "),
      );
      await send(scan);
      await until(() => / SCAN 10\.9\.9\.9/.test(inside.out), () => inside.out + inside.err);
      assert.equal(await inside.stop(), 0);
    });
  },
});
