// Attacks on a running `scandog watch`: real nmap and made-up frames over a wire between two namespaces.

import assert from "node:assert/strict";
import { until } from "../sink/receivers.ts";
import { exists, skipped } from "../support/skip.ts";
import { type Running, SCANNER, TARGET, Target, whyNoTarget } from "../live/target.ts";
import { settle } from "./cases.ts";
import { Tcp } from "./conversation.ts";
import { Wire } from "./wire.ts";

const TCPREPLAY = "/usr/bin/tcpreplay";
const missing = !exists(TCPREPLAY) && "not installed: tcpreplay";
const ignore = skipped("attacks on a running watch", whyNoTarget() || missing);

interface Line {
  event: { action: string; type: string[] };
  source?: { ip: string; mac?: string };
  destination?: { ip: string; port?: number };
  scandog: {
    scan?: string;
    ports?: { count: number };
    sources?: { list: string[] };
    flood?: { story: string; sources: number };
  };
}

function lines(watch: Running): Line[] {
  return watch.out.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

function scans(watch: Running, action: string, source: string): Line[] {
  return lines(watch).filter((line) => line.event.action === action && line.source?.ip === source);
}

/** Plays frames from the scanner's side; they are sent to the target's own hardware address. */
async function play(target: Target, wire: Wire, isBroadcast = false): Promise<void> {
  const hardware = target.hardwareAddress().split(":").map((byte) => parseInt(byte, 16));
  if (!isBroadcast) { for (const { bytes } of wire.frames) bytes.set(hardware); }
  const file = `${target.folder}/attack.pcap`;
  await Deno.writeFile(file, wire.pcap());
  target.scan([TCPREPLAY, "-q", "-i", "wan1", file]);
}

/** What `attack` gives back holds when watching is over. */
function live(
  name: string,
  options: string,
  attack: (target: Target, watch: Running) => Promise<void | (() => void)>,
): void {
  Deno.test({
    name: `live: ${name}`,
    ignore,
    async fn() {
      const wrong: string[] = [];
      await Target.with(async (target) => {
        const watch = await target.startScandog(
          `--format json --user nobody ${options}`.split(" "),
        );
        const note = (error: unknown) => {
          if (!(error instanceof assert.AssertionError)) throw error;
          wrong.push(error.message.split("\n")[0].slice(0, 200));
        };
        const after = await attack(target, watch).catch(note);
        assert.equal(await watch.stop(), 0);
        try {
          after?.();
        } catch (error) {
          note(error);
        }
      });
      settle(`live: ${name}`, wrong, 1);
    },
  });
}

/** Another host than those of the attacks. */
const MARK = "198.51.100.200";

/** A scan by another host: once it is told, all that came before it has been taken and judged. */
async function mark(target: Target, watch: Running): Promise<void> {
  target.scan(["ip", "addr", "add", `${MARK}/24`, "dev", "wan1"]);
  target.scan([..."nmap -n -Pn --send-ip -sS -p1-100 -e wan1 -S".split(" "), MARK, TARGET]);
  await until(() => scans(watch, "scan-start", MARK).length > 0, () => `a last scan: ${watch.out}`);
}

live("a scan in frames to everybody", "--promiscuous", async (target, watch) => {
  const wire = new Wire({ broadcast: true, stepUs: 5000 });
  for (let dport = 1; dport <= 40; dport++) {
    new Tcp(wire, { from: "198.51.100.77", to: TARGET, sport: 50123, dport, look: "nmap" }).syn();
  }
  await play(target, wire, true);
  const found = () => scans(watch, "scan-start", "198.51.100.77");
  await until(() => found().length > 0, () => `a scan in frames to everybody: ${watch.out}`);
  assert.equal(found().length, 1);
});

live(
  "a flood of forged NULL scans hides no scan of 150 ports",
  "--end-silence 600",
  async (target, watch) => {
    const wire = new Wire({ stepUs: 200 });
    for (let i = 0; i < 400; i++) {
      const from = `${11 + i % 180}.${i >> 3}.7.${1 + i % 200}`;
      for (const dport of [21, 22, 23]) {
        wire.tcp({ from, to: TARGET, sport: 40000, dport, flags: 0, seq: 1 });
      }
    }
    await play(target, wire);
    target.scan("nmap -n -Pn --send-ip -sS -p1-150".split(" ").concat(TARGET));
    await mark(target, watch);
    return () => {
      const ends = scans(watch, "scan-end", SCANNER);
      assert.deepEqual(ends.map(({ scandog }) => scandog.ports?.count), [150]);
      const started = lines(watch).filter(({ event }) => event.action === "scan-start").length;
      assert.ok(started <= 200, `${started} scans told`);
    };
  },
);

live(
  "a flood is told while it goes on, with its rate, and is over at the latest when watching is",
  "--end-silence 5",
  async (target, watch) => {
    const wire = new Wire({ stepUs: 100 });
    for (let i = 0; i < 20_000; i++) {
      const from = `${11 + i % 180}.${i >> 8}.${i & 255}.${1 + i % 200}`;
      wire.tcp({ from, to: TARGET, sport: 1024 + i, dport: 80, flags: 2, seq: i });
    }
    await play(target, wire);
    const floods = () => lines(watch).filter(({ event }) => event.action === "flood");
    await until(() => floods().length > 0, () => `a flood: ${watch.out}`);
    const [begin] = floods();
    assert.deepEqual(begin.event.type, ["start"]);
    assert.equal(begin.destination?.ip, TARGET);
    assert.equal(begin.destination?.port, 80);
    return () => {
      const [, end, ...more] = floods();
      assert.deepEqual([end?.event.type, more], [["end"], []]);
      assert.ok(end.scandog.flood!.sources > 15_000, `${end.scandog.flood!.sources} sources`);
      assert.equal(end.scandog.flood!.story, begin.scandog.flood!.story);
      assert.deepEqual(lines(watch).filter(({ event }) => event.action === "scan-start"), []);
    };
  },
);

live("who comes back is told again, with a new id", "--end-silence 5", async (target, watch) => {
  for (let run = 1; run <= 2; run++) {
    target.scan("nmap -n -Pn --send-ip -sS -p1-100".split(" ").concat(TARGET));
    await until(
      () => scans(watch, "scan-end", SCANNER).length >= run,
      () => `the end of scan ${run}: ${scans(watch, "scan-end", SCANNER).length} told`,
    );
  }
  const ids = scans(watch, "scan-end", SCANNER).map(({ scandog }) => scandog.scan);
  // More than two, where nmap had to wait so long for the machine.
  assert.equal(new Set(ids).size, ids.length);
});

live(
  "decoys of one machine are said with its link address",
  // Nobody has the decoys' addresses, so that their probes are not answered.
  "--end-silence 600 --answer-wait 1",
  async (target, watch) => {
    const decoys = ["198.51.100.101", "198.51.100.102", "198.51.100.103"];
    const nmap = `nmap -n -Pn -sS -D ${decoys.join()} -p1-60`.split(" ");
    target.scan(nmap.concat(TARGET));
    const own = JSON.parse(target.scan(["ip", "-j", "link", "show", "wan1"]))[0].address;
    // It is told seconds after its last packet, when the decoys have been waited for.
    await until(() => lines(watch).length > 0, () => `a scan with decoys: ${watch.err}`);
    return () => {
      const ends = lines(watch).filter(({ event }) => event.action === "scan-end");
      assert.deepEqual(ends.map(({ source }) => source?.ip), [SCANNER]);
      assert.deepEqual(
        [...ends[0].scandog.sources?.list ?? []].sort(),
        [SCANNER, ...decoys].sort(),
      );
      assert.equal(ends[0].source?.mac, own.toUpperCase().replaceAll(":", "-"));
    };
  },
);
