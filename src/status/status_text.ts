// A status for people: who is scanning now, who is near to a threshold, whether anything is lost. Lines for a
// terminal of any width; knows a status, nothing of terminals.

import { byteText, durationText, grouped, plural } from "../format/figures.ts";
import { type Ink, PLAIN } from "../format/ink.ts";
import { printable } from "../format/printable.ts";
import type {
  Counts,
  DeviceStatus,
  FleetStatus,
  NearStatus,
  PublishStatus,
  ScanStatus,
  Status,
} from "./status.ts";

export const ORDERS = ["latest", "ports", "hosts", "source"] as const;
export type Order = typeof ORDERS[number];

export interface StatusTextOptions {
  ink?: Ink;
  /** Lines are cut there; undefined: they are not. */
  width?: number;
  order?: Order;
  /** The most rows of each list. */
  rowsMax?: number;
}

/** Lines without their ends. */
export function statusLines(status: Status, options: StatusTextOptions = {}): string[] {
  const { ink = PLAIN, width = Infinity, order = "latest", rowsMax = 10 } = options;
  const show = (text: string, paint: (text: string) => string = (same) => same) => {
    const line = printable(text);
    return paint(line.length > width ? `${line.slice(0, Math.max(width - 2, 0))}..` : line);
  };
  const head = (text: string) => show(text, ink.strong);
  const lines = [
    head(headText(status)),
    ...status.devices.map((d) => show(deviceText(d), paintOf(d, ink))),
  ];
  const { scans, nearest, alerts, floods, logs, tables } = status;
  if (status.fleet !== undefined) {
    for (const line of fleetLines(status.fleet)) lines.push(show(`  ${line}`));
  } else lines.push(...packetLines(status, show, ink));

  lines.push("", head(scansHead(status)));
  const shown = ordered(scans.underWay, order).slice(0, rowsMax);
  for (const scan of shown) {
    lines.push(show(`  ${scanText(scan)}`, scan.open ? ink.open : undefined));
  }
  const more = scans.underWayCount - shown.length;
  if (more > 0) lines.push(show(`  and ${grouped(more)} more`));

  if (nearest !== undefined) {
    lines.push(
      "",
      head(nearest.length === 0 ? "No source is near to a threshold" : "Nearest to a threshold"),
    );
    for (const near of nearest.slice(0, rowsMax)) lines.push(show(`  ${nearLine(near)}`));
  }
  if (floods.length > 0) {
    lines.push("", head(floodsHead(status)));
    for (const line of floods.slice(-rowsMax)) lines.push(show(`  ${line}`));
  }
  lines.push("", head(alerts.length === 0 ? "No alert yet" : "Last alerts"));
  for (const line of alerts.slice(-rowsMax)) lines.push(show(`  ${line}`));
  if (tables !== undefined && tables.length > 0) {
    lines.push("", head("Tables"));
    for (const { name, used, capacity, evicted } of tables) {
      const full = used === undefined ? "" : `${grouped(used)} of `;
      const gone = evicted === undefined ? "" : `, ${grouped(evicted)} gave way`;
      lines.push(show(`  ${name}: ${full}${grouped(capacity)} entries${gone}`));
    }
  }
  lines.push("", head("Logs"));
  for (const { name, written, waiting, dropped, failures } of logs) {
    lines.push(show(
      `  ${name}: ${grouped(written)} lines written, ${grouped(waiting)} waiting, ` +
        `${grouped(dropped)} lost, ${plural(failures, "failure")}`,
      dropped + failures > 0 ? ink.warn : undefined,
    ));
  }
  if (status.publish !== undefined) {
    const { lost, bounded, server } = status.publish;
    lines.push("", head("Publishing"));
    const paint = server === undefined || lost > 0 ? ink.warn : undefined;
    for (const line of publishLines(status.publish)) lines.push(show(`  ${line}`, paint));
    if (bounded > 0) {
      lines.push(show(`  ${plural(bounded, "outcome")} above the bound of a second`, ink.warn));
    }
  }
  const set = Object.entries(status.configuration);
  lines.push("", head(set.length === 0 ? "Configuration: defaults" : "Configuration"));
  for (const [name, value] of set) lines.push(show(`  ${name} = ${value}`));
  return lines;
}

/** Packets and losses. */
function packetLines(
  { lost, packets }: Status,
  show: (text: string, paint?: (text: string) => string) => string,
  ink: Ink,
): string[] {
  const isLossy = lost.kernel + lost.interface + lost.ring > 0;
  const lines = [
    show(
      `  all: ${grouped(packets.total)} packets (${byteText(packets.bytes)}), ` +
        `${grouped(packets.perSecond)}/s: ${countsText(packets.kinds) || "none"}`,
    ),
    show(
      `  lost: ${grouped(lost.kernel)} in the kernel, ${grouped(lost.interface)} on interfaces, ` +
        `${grouped(lost.ring)} in the ring`,
      isLossy ? ink.warn : ink.soft,
    ),
  ];
  const malformed = countsText(packets.malformed);
  if (malformed !== "") lines.push(show(`  malformed: ${malformed}`, ink.soft));
  return lines;
}

/** Sensors, outcomes, and how far the judging is behind. */
function fleetLines(fleet: FleetStatus): string[] {
  const {
    from,
    behindSeconds,
    partitions,
    unread,
    isConnected,
    alerts,
    missed,
    outcomes,
    sensors,
    refused,
  } = fleet;
  const lines = [
    `from ${from}` + (partitions === undefined ? "" : `, partitions ${partitions.join(",")}`) +
    (isConnected === false ? "; NOT CONNECTED" : "") +
    (unread === undefined ? "" : `; ${grouped(unread)} messages not read yet`) +
    (missed ? `, ${grouped(missed)} gone before they were read` : "") +
    (behindSeconds === undefined ? "" : `; ${durationText(behindSeconds * 1e6)} behind`),
    `${plural(outcomes.taken, "outcome")} judged, ${grouped(outcomes.late)} too late for their ` +
    `place, ${grouped(outcomes.waiting)} waiting`,
    `${plural(sensors.heard, "sensor")} heard, ${grouped(sensors.silent)} silent` +
    (sensors.silentNames.length === 0 ? "" : `: ${sensors.silentNames.join(", ")}`) +
    (sensors.unheard === 0 ? "" : `; ${grouped(sensors.unheard)} messages of further ones`),
  ];
  if (sensors.clocks.length > 0) {
    const clocks = sensors.clocks.map(({ name, aheadSeconds }) =>
      `${name} ${durationText(Math.abs(aheadSeconds) * 1e6)} ${
        aheadSeconds > 0 ? "ahead" : "behind"
      }`
    );
    lines.push(`clocks that differ: ${clocks.join(", ")}`);
  }
  if (alerts !== undefined) {
    lines.push(
      `alerts: ${grouped(alerts.stored)} stored, ${
        grouped(alerts.toldElsewhere)
      } told elsewhere, ` +
        `${grouped(alerts.waiting)} waiting, ${grouped(alerts.lost)} lost`,
    );
  }
  const counts = countsText(refused);
  if (counts !== "") {
    const names = sensors.troubled.map(({ name, refused }) => `${name} ${grouped(refused)}`);
    lines.push(`not taken: ${counts}; of ${names.join(", ")}`);
  }
  return lines;
}

function publishLines(publish: PublishStatus): string[] {
  const { name, server, acknowledged, records, resent, lost, waiting, waitingBytes } = publish;
  const { lastAck, lastError } = publish;
  const where = server === undefined ? "not connected" : `connected to ${server}`;
  return [
    `${name}: ${where}; last acknowledgement ${lastAck === undefined ? "never" : clock(lastAck)}`,
    `${plural(acknowledged, "message")} with ${plural(records, "record")} acknowledged, ` +
    `${grouped(resent)} sent again, ${grouped(waiting)} waiting (${byteText(waitingBytes)}), ` +
    `${plural(lost, "record")} lost`,
    ...lastError === undefined ? [] : [`last error: ${lastError}`],
  ];
}

function headText({ program, now, since, fleet }: Status): string {
  const { version, profile, pid, observer } = program;
  const uptimeUs = (Date.parse(now) - Date.parse(since)) * 1000;
  return `scandog ${version}${
    observer === undefined ? "" : ` on ${observer}`
  }: profile ${profile}, ` +
    `process ${pid}, ${fleet === undefined ? "watching" : "correlating"} for ${
      durationText(uptimeUs)
    } (since ${clock(since)} UTC)`;
}

/** RFC 3339 to `2026-11-22 00:53:01`. */
function clock(text: string): string {
  return text.slice(0, 19).replace("T", " ");
}

function paintOf({ isUp, dropped }: DeviceStatus, ink: Ink) {
  return !isUp || dropped > 0 ? ink.warn : undefined;
}

function deviceText(device: DeviceStatus): string {
  const { name, received, packetsPerSecond, dropped, isUp } = device;
  return `  ${name}: ${isUp ? "" : "DOWN, "}${grouped(packetsPerSecond)} packets/s, ` +
    `${grouped(received)} received, ${grouped(dropped)} lost`;
}

function countsText(counts: Counts): string {
  return Object.entries(counts).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${grouped(count)}`).join(", ");
}

function scansHead({ scans, visits }: Status): string {
  const { told, foundOpen, underWayCount } = scans;
  const back = (visits.address ?? 0) + (visits.network ?? 0);
  const count = underWayCount === 0 ? "No scan" : plural(underWayCount, "scan");
  return `${count} under way, as last told; ${grouped(told)} told, ${
    grouped(foundOpen)
  } found something open` +
    (back > 0 ? `, ${plural(back, "visit")} after a scan` : "");
}

function ordered(scans: readonly ScanStatus[], order: Order): ScanStatus[] {
  switch (order) {
    case "ports":
      return scans.toSorted((a, b) => b.ports - a.ports);
    case "hosts":
      return scans.toSorted((a, b) => b.hosts - a.hosts);
    case "source":
      return scans.toSorted((a, b) => a.source < b.source ? -1 : 1);
    default:
      return [...scans];
  }
}

function scanText(scan: ScanStatus): string {
  const { source, destination, sources, hosts, ports, shape, techniques, open, start, last } = scan;
  const others = sources !== undefined && sources > 1 ? ` and ${grouped(sources - 1)} more` : "";
  const targets = hosts > 1 ? ` and ${grouped(hosts - 1)} more` : "";
  const manner = [shape, techniques.join("+")].filter(Boolean).join(" ");
  // Who looks for hosts has no ports to find open.
  const found = ports === 0
    ? [manner]
    : [`${manner}, ${plural(ports, "port")}`, open ? `open ${open}` : "nothing open"];
  const parts = [
    `${source}${others} -> ${destination}${targets}`,
    ...found,
    `${clock(start).slice(11)} to ${clock(last).slice(11)}`,
  ];
  return parts.join("; ");
}

function nearLine({ source, text, attempts, last }: NearStatus): string {
  return `${source}: ${text}; ${plural(attempts, "attempt")}, last ${clock(last).slice(11)}`;
}

function floodsHead({ floodsUnderWay, floodCount }: Status): string {
  const now = floodsUnderWay === 0 ? "" : `${plural(floodsUnderWay, "flood")} under way; `;
  return `${now}${plural(floodCount, "line")} about floods, the latest:`;
}
