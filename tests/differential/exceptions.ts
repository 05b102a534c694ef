// Captures on which scandog and the real scanlogd differ, each with the reason. The test holds both
// sides to what is written here: a difference that is gone must leave this list.

import { Random } from "../support/random.ts";
import { ipv4, LINK_LAYERS, tcpSegment } from "./frames.ts";
import type { Version } from "./oracle.ts";
import { Scene } from "./scene.ts";

export interface Exception {
  name: string;
  why: string;
  /**
   * Who feeds scanlogd: `feed` is feed.c here; `shared` is the harness that may lie beside the
   * project, which has some ways of its own.
   */
  harness: "feed" | "shared";
  version: Version;
  file: Uint8Array;
  real: string[];
  scandog: string[];
}

const ETHERNET = LINK_LAYERS["Ethernet"];
const SECOND = 1_000_000;
/** 2026-11-21T22:14:52Z. */
const START_US = 1_795_299_292 * SECOND;

function scene(startUs = START_US): Scene {
  return new Scene(new Random(1), startUs);
}

/** SYNs to so many ports from `first` on, at once. */
function scan(scene: Scene, first: number, count: number): void {
  for (let i = 0; i < count; i++) scene.send({ destinationPort: first + i });
}

function line(ports: string, time: string): string {
  return `10.0.0.2:40000 to 10.0.0.1 ports ${ports}, ..., fSrpauxy, TOS 00, TTL 64 @${time}`;
}

function beyondTheList(): Exception {
  const from = (ports: string, time: string) =>
    `From 10.0.0.2:40000 to 10.0.0.1 ports ${ports}, ..., flags fSrpau, TTL 64, started at ${time}`;
  const at = scene();
  scan(at, 1, 10);
  at.wait(4 * SECOND);
  at.send({ destinationPort: 514 });
  at.wait(4 * SECOND);
  scan(at, 21, 10);
  return {
    name: "a port that equals what lies beyond 1.0's port list",
    why: "After a scan was logged 1.0 reads one element beyond its list of ports (undefined " +
      "behaviour) and finds its flag masks there: SYN twice, 0x0202, is port 514. It takes that port " +
      "for one already seen and does not renew the source. scandog takes it for new, as was meant.",
    harness: "feed",
    version: "1.0",
    file: at.file(ETHERNET),
    real: [
      from("1, 2, 3, 4, 5, 6, 7, 8, 9", "22:14:52"),
      from("21, 22, 23, 24, 25, 26, 27, 28, 29", "22:15:00"),
    ],
    scandog: [from("1, 2, 3, 4, 5, 6, 7, 8, 9", "22:14:52")],
  };
}

function after2038(): Exception {
  const at = scene(0x80000000 * SECOND);
  scan(at, 1, 7);
  return {
    name: "a capture made after 2038-01-19",
    why: "libpcap 1.10 takes the seconds of a pcap file for signed: 2^31 becomes 1901.",
    harness: "feed",
    version: "2.2.8",
    file: at.file(ETHERNET),
    real: [line("1, 2, 3, 4, 5, 6", "20:45:52")],
    scandog: [line("1, 2, 3, 4, 5, 6", "03:14:08")],
  };
}

function microsecondsBeyondASecond(): Exception {
  const at = scene();
  scan(at, 1, 7);
  const file = at.file(ETHERNET);
  const view = new DataView(file.buffer);
  for (let record = 24; record < file.length; record += 16 + view.getUint32(record + 8, true)) {
    view.setUint32(record + 4, 61 * SECOND, true);
  }
  return {
    name: "a packet record with more than a second's microseconds",
    why:
      "scandog adds them to the time. libpcap passes them on, and scanlogd takes the seconds alone.",
    harness: "feed",
    version: "2.2.8",
    file,
    real: [line("1, 2, 3, 4, 5, 6", "22:14:52")],
    scandog: [line("1, 2, 3, 4, 5, 6", "22:15:53")],
  };
}

function otherEtherType(): Exception {
  const at = scene();
  scan(at, 1, 7);
  return {
    name: "frames that are not IP by their EtherType, but look like it",
    why: "The shared harness does not look at the EtherType.",
    harness: "shared",
    version: "2.2.8",
    file: at.file({ linkType: 1, header: [...ETHERNET.header.slice(0, 12), 0x88, 0xb5] }),
    real: [line("1, 2, 3, 4, 5, 6", "22:14:52")],
    scandog: [],
  };
}

function ppp(): Exception {
  const at = scene();
  scan(at, 1, 7);
  return {
    name: "PPP",
    why: "The shared harness takes a link layer that it does not know for none.",
    harness: "shared",
    version: "2.2.8",
    file: at.file({ linkType: 9, header: [0xff, 3, 0, 0x21] }),
    real: [],
    scandog: [line("1, 2, 3, 4, 5, 6", "22:14:52")],
  };
}

/** The two fragments of a SYN to a port. */
function halves(scene: Scene, destinationPort: number): [Uint8Array, Uint8Array] {
  const packet = scene.packet({ destinationPort });
  const data = tcpSegment(packet);
  return [
    ipv4(packet, data.subarray(0, 8), { more: true }),
    ipv4(packet, data.subarray(8), { offset: 8 }),
  ];
}

function unfinishedDatagram(): Exception {
  const at = scene();
  for (let port = 1; port <= 7; port++) {
    const [first, last] = halves(at, port);
    at.raw(first);
    // Of another source, so that they are no part of the scan.
    for (const other of [1, 2]) {
      const packet = at.packet({ source: 0x0a000003, destinationPort: other });
      const data = tcpSegment(packet);
      at.raw(ipv4(packet, data.subarray(0, 8), { more: true }));
      at.raw(ipv4(packet, data.subarray(8), { offset: 8 }));
    }
    at.raw(last);
  }
  return {
    name: "a fragmented datagram during which two others come and go",
    why:
      "The shared harness gives up an unfinished datagram while it has free places: a place that a " +
      "later one has left counts as used more recently.",
    harness: "shared",
    version: "2.2.8",
    file: at.file(ETHERNET),
    real: [],
    scandog: [line("1, 2, 3, 4, 5, 6", "22:14:52")],
  };
}

function cutFragments(): Exception {
  const at = scene();
  for (let port = 1; port <= 7; port++) {
    const [first, last] = halves(at, port);
    at.raw(first);
    at.raw(last.subarray(0, 24), last.length - 24); // all but the flags' byte and on
  }
  return {
    name: "fragments whose TCP flags the capture does not have",
    why: "The shared harness puts zeros where the capture was cut, which is a scan without flags.",
    harness: "shared",
    version: "2.2.8",
    file: at.file(ETHERNET),
    real: [line("1, 2, 3, 4, 5, 6", "22:14:52").replace("fSrpauxy", "fsrpauxy")],
    scandog: [],
  };
}

export const EXCEPTIONS: Exception[] = [
  beyondTheList(),
  after2038(),
  microsecondsBeyondASecond(),
  otherEtherType(),
  ppp(),
  unfinishedDatagram(),
  cutFragments(),
];
