// A status with something in every part, for tests of its forms.

import type { Status } from "../../src/status/status.ts";

export function sampleStatus(changes: Partial<Status> = {}): Status {
  return {
    program: { version: "0.1.0", pid: 77, profile: "scandog", observer: "host" },
    now: "2026-11-22T02:53:02.000000Z",
    since: "2026-11-22T00:50:02.000000Z",
    devices: [
      {
        name: "eth0",
        received: 123_456,
        dropped: 0,
        isUp: true,
        packetsPerSecond: 1234.4,
      },
      {
        name: 'e"\\th\n1',
        received: 7,
        dropped: 3,
        isUp: false,
        packetsPerSecond: 0,
      },
    ],
    packets: {
      total: 123_000,
      bytes: 9_000_000,
      perSecond: 1234.4,
      kinds: { tcp: 120_000, udp: 3000 },
      malformed: { "IPv4 header cut": 4 },
    },
    lost: { kernel: 3, interface: 2, ring: 1 },
    scans: {
      told: 17,
      foundOpen: 5,
      shapes: { vertical: 12, horizontal: 5 },
      techniques: { syn: 15, udp: 3 },
      underWayCount: 12,
      underWay: [
        {
          scan: 16,
          source: "198.51.100.7",
          destination: "203.0.113.10",
          shape: "vertical",
          techniques: ["syn"],
          start: "2026-11-22T00:53:01.000000Z",
          last: "2026-11-22T00:54:01.000000Z",
          attempts: 130,
          ports: 120,
          hosts: 1,
          open: "22,80",
        },
        {
          scan: 17,
          source: "192.0.2.2",
          destination: "203.0.113.1",
          shape: "horizontal",
          techniques: ["syn", "udp"],
          start: "2026-11-22T00:55:01.000000Z",
          last: "2026-11-22T00:56:01.000000Z",
          ports: 1,
          hosts: 200,
          sources: 3,
        },
      ],
    },
    visits: { address: 1 },
    misuses: { zombie: 2 },
    suppressed: { "scan-start": 44 },
    floods: ["a flood line"],
    floodCount: 3,
    alerts: ["an alert \x1b[31m line"],
    nearest: [{
      source: "192.0.2.77",
      rule: "ports",
      reached: 12,
      enough: 21,
      on: "203.0.113.10",
      attempts: 4,
      last: "2026-11-22T02:52:00.000000Z",
      text: "many ports of one host: weight 12 of 21 on 203.0.113.10 (--scan-weight)",
    }],
    tables: [{ name: "conversations", used: 10, capacity: 1000, evicted: 2 }],
    logs: [{ name: "log file /var/log/a.log", written: 17, waiting: 1, dropped: 2, failures: 3 }],
    delay: {
      detection: { bounds: [0.1, 1], counts: [2, 1, 4], sum: 99.5 },
      line: { bounds: [0.1], counts: [7, 0], sum: 0.25 },
    },
    configuration: { interface: '["eth0"]' },
    ...changes,
  };
}
