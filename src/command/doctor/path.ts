// The self-tests of `scandog doctor`: a scan made of built-in packets goes the whole way from a file
// to a log, and a real one from this machine's loopback device to a detector.

import { SavefileWriter } from "deno-pcap";
import type { DetectorEvent, ScanEvent } from "../../event.ts";
import { defaults, PATH, SINK } from "../../params.ts";
import { runReplay, runWatch } from "../../pipeline.ts";
import { LogFile } from "../../sink/log_file.ts";
import { mayCapture } from "./system.ts";
import type { Finding } from "./finding.ts";
import { makeFormat } from "../formats.ts";
import { permittedLibraries } from "../libpcap.ts";
import { PROFILES } from "../../options/profiles.ts";

/** From a network for documentation (RFC 5737): no such scanner exists. */
const SCANNER = [198, 51, 100, 7];
const TARGET = [192, 0, 2, 1];
const PORTS = 30;
const STEP_US = 10_000;
const FRAME_BYTES = 54;
const SEED = 1;

const LOOPBACK = "lo";
/** Not 127.0.0.1: source and target are two hosts then. */
const LOOPBACK_TARGET = "127.0.0.2";
/** Ports that nobody listens on, most likely; if somebody does, it is one open port. */
const LOOPBACK_PORTS = 30;
const FIRST_PORT = 20_000;
/** A machine that is busy opens a device late, and sees the scan late; one that is not waits for neither. */
const OPEN_MS = 60_000;
const LIVE_MS = 10_000;

type Result = Omit<Finding, "name">;

/** One Ethernet frame with a TCP segment from the scanner (`probe`) or back from the target. */
function frame(port: number, flags: number, probe: boolean): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6], 14);
  bytes.set(probe ? SCANNER : TARGET, 26);
  bytes.set(probe ? TARGET : SCANNER, 30);
  view.setUint16(probe ? 34 : 36, 40_000);
  view.setUint16(probe ? 36 : 34, port);
  view.setUint32(probe ? 38 : 42, 1);
  bytes.set([0x50, flags], 46);
  return bytes;
}

/** A SYN scan of 30 closed ports, as a capture file. */
export function builtInCapture(timeUs: number): Uint8Array {
  const SYN = 2, RST_ACK = 20;
  const buffer = new Uint8Array(PORTS * 2 * (FRAME_BYTES + 16) + 24);
  const writer = new SavefileWriter(buffer, { linkType: 1, snapshotBytes: FRAME_BYTES });
  for (let i = 0; i < PORTS; i++) {
    const at = timeUs + i * STEP_US;
    writer.record(at, 0, FRAME_BYTES, frame(1 + i, SYN, true), 0, FRAME_BYTES);
    writer.record(at + 100, 0, FRAME_BYTES, frame(1 + i, RST_ACK, false), 0, FRAME_BYTES);
  }
  return writer.written();
}

function detector() {
  const profile = PROFILES.scandog;
  return profile.make(profile.defaults("normal"), { home: [], ignore: [], seed: SEED });
}

/** File, worker, ring, decoder, detector, format, log: what comes out must be the scan put in. */
export async function fileTest(): Promise<Result> {
  const folder = Deno.makeTempDirSync({ prefix: "scandog-doctor-" });
  try {
    const capture = `${folder}/built-in.pcap`, log = `${folder}/log`;
    Deno.writeFileSync(capture, builtInCapture(Date.now() * 1000));
    const sink = new LogFile({
      path: log,
      queue: SINK.sinkQueue.default,
      lineBytes: SINK.sinkLineBytes.default,
      notice: () => {},
    });
    const format = makeFormat("json", {
      tz: "UTC",
      observer: "doctor",
      lineLength: 0,
      seed: SEED,
      interfaceName: () => undefined,
      knownScanners: undefined,
    });
    const onEvent = (event: DetectorEvent) => {
      const line = format(event);
      if (line !== undefined) sink.write(line);
    };
    const source = { files: [capture], speed: 0, path: defaults(PATH), seed: SEED };
    const { decoded, faults } = await runReplay(source, await detector(), { onEvent });
    await sink.flush();
    await sink.close();
    if (faults.length > 0) return { state: "fail", text: faults.join("; ") };
    const lines = Deno.readTextFileSync(log).trim().split("\n").filter((line) => line !== "");
    const last = lines.map((line) => JSON.parse(line)).at(-1);
    const found = last?.source?.ip === SCANNER.join(".") && last.scandog.ports.count === PORTS;
    return {
      state: found ? "ok" : "fail",
      text: found
        ? `${decoded.packets} built-in packets raised the expected alert`
        : `${decoded.packets} built-in packets gave ${lines.length} lines, not the scan in them`,
    };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Connects to closed ports of this machine, and waits for that to be seen. */
export async function liveTest(libpcap: string | undefined): Promise<Result> {
  if (!mayCapture()) return { state: "skip", text: "a capture on loopback: not permitted" };
  const stopper = new AbortController();
  const stop = () => stopper.abort();
  let deadline = setTimeout(stop, OPEN_MS);
  let found: ScanEvent | undefined;
  try {
    const { totals, faults } = await runWatch(
      {
        devices: [LOOPBACK],
        profile: "scandog",
        filter: `host ${LOOPBACK_TARGET}`,
        promiscuous: false,
        snapshotBytes: 256,
        libpcap,
        path: defaults(PATH),
        seed: SEED,
        ffi: permittedLibraries(libpcap),
      },
      await detector(),
      {
        onEvent: (event) => {
          if (event.action !== "scan-start" || event.destination !== LOOPBACK_TARGET) return;
          found = event;
          stopper.abort();
        },
        onOpened: async () => {
          await connectToAll();
          clearTimeout(deadline);
          deadline = setTimeout(stop, LIVE_MS);
          return undefined;
        },
        onNotice: () => {},
        onAddresses: () => {},
        onTurn: () => {},
        change: () => undefined,
      },
      stopper.signal,
    );
    if (faults.length > 0) return { state: "fail", text: faults.join("; ") };
    if (found === undefined) {
      return { state: "fail", text: `${totals.decoded.packets} packets on loopback, and no scan` };
    }
    return { state: "ok", text: `a real scan of ${LOOPBACK_TARGET} on loopback was reported` };
  } finally {
    clearTimeout(deadline);
  }
}

async function connectToAll(): Promise<void> {
  for (let i = 0; i < LOOPBACK_PORTS; i++) {
    try {
      const port = FIRST_PORT + i;
      (await Deno.connect({ hostname: LOOPBACK_TARGET, port })).close();
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    }
  }
}
