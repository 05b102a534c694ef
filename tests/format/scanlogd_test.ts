import assert from "node:assert/strict";
import type { DetectorEvent, Profile, ScanEvent } from "../../src/event.ts";
import { namedZone } from "../../src/format/named_zone.ts";
import { formatScanlogd } from "../../src/format/scanlogd.ts";
import { UTC } from "../../src/format/zone.ts";
import { Kind, TcpFlag } from "../../src/record.ts";

const SCAN: ScanEvent = {
  action: "scan-start",
  scan: 1,
  profile: "scanlogd-2",
  timeUs: 1_795_299_293_000_000,
  startUs: 1_795_299_292_999_999, // 2026-11-21T22:14:52.999999Z
  endUs: 1_795_299_293_000_000,
  interface: 0,
  ipVersion: 4,
  kind: Kind.Tcp,
  source: "10.9.0.2",
  sourcePort: 55179,
  destination: "10.9.0.1",
  destinationVaries: false,
  portsSeen: [21, 22, 80],
  ports: { count: 4, list: "21-22,80,443" },
  hosts: { count: 1, list: "10.9.0.1" },
  flagsEver: TcpFlag.Syn,
  flagsAlways: TcpFlag.Syn,
  trafficClass: 0,
  ttl: 64,
  ttlRange: { min: 64, max: 64 },
  techniques: ["syn"],
};

function line(change: Partial<ScanEvent>, lineLength = 65535): string | undefined {
  return formatScanlogd({ ...SCAN, ...change }, { zone: UTC, lineLength });
}

const VARIED: Partial<ScanEvent> = {
  sourcePort: undefined,
  destinationVaries: true,
  trafficClass: undefined,
  ttl: undefined,
  flagsEver: TcpFlag.Syn | TcpFlag.Ack | TcpFlag.Ece,
};

Deno.test("formatScanlogd() writes version 2's line", () => {
  assert.equal(
    line({}),
    "10.9.0.2:55179 to 10.9.0.1 ports 21, 22, 80, ..., fSrpauxy, TOS 00, TTL 64 @22:14:52",
  );
  assert.equal(
    line(VARIED),
    "10.9.0.2 to 10.9.0.1 and others, ports 21, 22, 80, ..., fSrp?u?y @22:14:52",
  );
  assert.match(line({ trafficClass: 0xa8, ttl: 0, sourcePort: 0 })!, /:0 to .*, TOS a8, TTL 0 @/);
});

Deno.test("formatScanlogd() writes version 1's line", () => {
  const version1 = { profile: "scanlogd-1" } as const;
  assert.equal(
    line(version1),
    "From 10.9.0.2:55179 to 10.9.0.1 ports 21, 22, 80, ..., flags fSrpau, TTL 64, started at 22:14:52",
  );
  assert.equal(
    line({ ...VARIED, ...version1 }),
    "From 10.9.0.2 to ports 21, 22, 80, ..., flags fSrp?u, started at 22:14:52",
  );
  assert.match(line({ ...version1, destination: "0.0.0.0" })!, / to ports /);
});

Deno.test("formatScanlogd() announces silence in the version's words, on one line", () => {
  const words = (profile: Profile) => {
    const event: DetectorEvent = {
      action: "alerts-suppressed",
      profile,
      timeUs: 0,
      startUs: 0,
      endUs: 0,
      count: 0,
      of: "scan-start",
    };
    return formatScanlogd(event, { zone: UTC, lineLength: 120 });
  };
  assert.equal(words("scanlogd-1"), "More possible port scans follow.");
  assert.equal(words("scanlogd-2"), "More possible port scans follow");
  assert.equal(words("scandog"), "More possible port scans follow");
});

Deno.test("formatScanlogd() has no words for a scan's progress and end, and for lost packets", () => {
  assert.equal(line({ action: "scan-update" }), undefined);
  assert.equal(line({ action: "scan-end" }), undefined);
  const loss: DetectorEvent = {
    action: "capture-loss",
    profile: "scandog",
    timeUs: 0,
    startUs: 0,
    endUs: 0,
    kernel: 1,
    interface: 0,
    ring: 0,
    tables: 0,
  };
  assert.equal(formatScanlogd(loss, { zone: UTC, lineLength: 120 }), undefined);
});

Deno.test("formatScanlogd() leaves ports off the end until the line fits, but never the first", () => {
  const whole = line({})!;
  assert.equal(line({}, whole.length), whole);
  assert.equal(
    line({}, whole.length - 1),
    "10.9.0.2:55179 to 10.9.0.1 ports 21, 22, ..., fSrpauxy, TOS 00, TTL 64 @22:14:52",
  );
  const least = "10.9.0.2:55179 to 10.9.0.1 ports 21, ..., fSrpauxy, TOS 00, TTL 64 @22:14:52";
  assert.equal(line({}, least.length + 3), least);
  assert.equal(line({}, 20), least);
});

Deno.test("formatScanlogd() prints IPv6 sources in brackets, and no ports or flags where there are none", () => {
  const scandog = { profile: "scandog" } as const;
  assert.equal(
    line({ ...scandog, source: "2001:db8::2", destination: "2001:db8::1" }),
    "[2001:db8::2]:55179 to 2001:db8::1 ports 21, 22, 80, ..., fSrpauxy, TOS 00, TTL 64 @22:14:52",
  );
  const echo = {
    ...scandog,
    kind: Kind.Icmp,
    sourcePort: undefined,
    portsSeen: [],
    flagsEver: undefined,
    flagsAlways: undefined,
  };
  assert.equal(line(echo), "10.9.0.2 to 10.9.0.1, TOS 00, TTL 64 @22:14:52");
  assert.equal(
    line({ ...echo, destinationVaries: true, ttl: undefined }),
    "10.9.0.2 to 10.9.0.1 and others, TOS 00 @22:14:52",
  );
});

Deno.test("formatScanlogd() prints the time of the zone's clocks", () => {
  const at = (seconds: number, name: string) =>
    formatScanlogd({ ...SCAN, startUs: seconds * 1e6 }, {
      zone: namedZone(name),
      lineLength: 120,
    })!.slice(-8);
  const autumn = Date.parse("2026-10-25T01:00:00Z") / 1000; // clocks go back
  assert.equal(at(autumn - 1, "Europe/Berlin"), "02:59:59");
  assert.equal(at(autumn, "Europe/Berlin"), "02:00:00");
  assert.equal(at(autumn, "Asia/Kathmandu"), "06:45:00");
});
