// What `bench-live` sends to a program that watches, as fast as one core can.

import { INTERFACE, SCANNER, TARGET, type Target } from "../live/target.ts";
import { until } from "../sink/receivers.ts";

/** One kind of traffic. */
export interface LiveTraffic {
  words: string;
  /** Before the program starts; the target keeps its address where `addressed`, as a raw socket needs it. */
  prepare(target: Target, addressed: boolean): Promise<void>;
  /** Sends all of it, about so many packets. */
  send(target: Target, packets: number): void;
}

/** What trafgen sends after the link-layer header, in its own words. */
function generated(words: string, packet: string): LiveTraffic {
  return {
    words,
    async prepare(target, addressed) {
      const config = `{ eth(da=${target.hardwareAddress()}), ${packet} }\n`;
      await Deno.writeTextFile(`${target.folder}/packets.cfg`, config);
      // Nobody answers: what is measured is receiving.
      if (!addressed) target.run(["ip", "addr", "flush", "dev", INTERFACE]);
    },
    send(target, packets) {
      const config = `${target.folder}/packets.cfg`;
      const number = ["--num", `${packets}`, "--cpus", "1"];
      target.scan(["trafgen", "--dev", "wan1", "--conf", config, ...number]);
    },
  };
}

const PORT = 8080;
const FILE_BYTES = 2 ** 30;
/** Of what is fetched: the kernel hands segments of up to 64 KiB over the wire, and acknowledgements. */
const BYTES_PER_PACKET = 32_768;

/** A file without content that the target serves, fetched again and again. */
const DOWNLOADS: LiveTraffic = {
  words: "downloads",
  async prepare(target) {
    const path = `${target.folder}/file`;
    await Deno.writeFile(path, new Uint8Array(0));
    await Deno.truncate(path, FILE_BYTES);
    // Once, so that every program finds it in the page cache.
    target.run(["cp", path, "/dev/null"]);
    const server = target.start(
      ["python3", "-u", "-m", "http.server", "-d", target.folder, `${PORT}`],
    );
    await until(() => server.out.includes("Serving"), () => server.err);
  },
  send(target, packets) {
    const times = Math.max(1, Math.round(packets * BYTES_PER_PACKET / FILE_BYTES));
    target.scan(["curl", "-s", "-o", "/dev/null", `http://${TARGET}:${PORT}/file?[1-${times}]`]);
  },
};

export const LIVE_TRAFFIC = {
  syns: generated(
    "SYNs from forged sources",
    `ipv4(saddr=drnd(), daddr=${TARGET}, ttl=64), tcp(sport=drnd(), dport=drnd(), syn)`,
  ),
  segments: generated(
    "small segments of one connection",
    `ipv4(saddr=${SCANNER}, daddr=${TARGET}, ttl=64), ` +
      "tcp(sport=443, dport=40000, ack, seq=dinc(1, 1000000), aseq=1000), fill('x', 1400)",
  ),
  downloads: DOWNLOADS,
} satisfies Record<string, LiveTraffic>;
