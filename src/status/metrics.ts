// A status in Prometheus' text format (version 0.0.4). Labels are out of known few: kinds, shapes,
// techniques, devices, logs. Never an address: an attacker could make as many series as he likes.

import { type MisuseEvent, REFUSALS, type Shape } from "../event.ts";
import { TECHNIQUES } from "../outcome.ts";
import type { Counts, HistogramStatus, PublishStatus, Status } from "./status.ts";

/** Known from the start, so that the first of each is an increase. */
const SHAPES: Record<Shape, 0> = { vertical: 0, horizontal: 0, block: 0, distributed: 0, decoy: 0 };
const MISUSES: Record<MisuseEvent["kind"], 0> = { zombie: 0, decoy: 0, "flood-backscatter": 0 };
const NO_TECHNIQUES: Counts = Object.fromEntries(TECHNIQUES.map((name) => [name, 0]));
const NOTHING_REFUSED: Counts = Object.fromEntries(REFUSALS.map((why) => [why, 0]));
const SUPPRESSED: Counts = { "scan-start": 0, "scan-visit": 0, "address-misused": 0, flood: 0 };

type Labels = Record<string, string>;
type Sample = [labels: Labels, value: number];

/** All metrics, each with its help and its type. */
export function metricsText(status: Status): string {
  const lines: string[] = [];
  const family = (type: string, name: string, help: string, samples: readonly Sample[]) => {
    if (samples.length === 0) return;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}${labelText(labels)} ${value}`);
  };
  const counter = (name: string, help: string, samples: readonly Sample[]) =>
    family("counter", name, help, samples);
  const gauge = (name: string, help: string, samples: readonly Sample[]) =>
    family("gauge", name, help, samples);

  const { program: { version, profile }, packets, lost, devices, scans, logs, tables } = status;
  gauge("scandog_build_info", "The running program.", [[{ version, profile }, 1]]);
  gauge("scandog_start_time_seconds", "When it began to watch.", [[
    {},
    Date.parse(status.since) / 1000,
  ]]);
  counter("scandog_packets_total", "Packets decoded, by kind.", by("kind", packets.kinds));
  counter("scandog_packet_bytes_total", "Bytes of decoded packets on the wire.", [[
    {},
    packets.bytes,
  ]]);
  counter(
    "scandog_malformed_packets_total",
    "Packets that were damaged or lied, by reason.",
    by("reason", packets.malformed),
  );
  const perDevice = (value: (device: Status["devices"][number]) => number): Sample[] =>
    devices.map((device) => [{ device: device.name }, value(device)]);
  gauge(
    "scandog_device_up",
    "1 while packets can be captured there.",
    perDevice(({ isUp }) => isUp ? 1 : 0),
  );
  counter(
    "scandog_device_packets_total",
    "Packets that passed the kernel's filter.",
    perDevice(({ received }) => received),
  );
  counter(
    "scandog_device_dropped_packets_total",
    "Packets that the kernel lost there.",
    perDevice(({ dropped }) => dropped),
  );
  counter("scandog_lost_packets_total", "Packets lost before the detector saw them, by place.", [
    [{ place: "kernel" }, lost.kernel],
    [{ place: "interface" }, lost.interface],
    [{ place: "ring" }, lost.ring],
  ]);
  counter(
    "scandog_scans_total",
    "Scans told, by shape.",
    by("shape", { ...SHAPES, ...scans.shapes }),
  );
  counter(
    "scandog_scan_techniques_total",
    "Techniques of told scans; one scan may have several.",
    by("technique", { ...NO_TECHNIQUES, ...scans.techniques }),
  );
  counter("scandog_scans_found_open_total", "Scans that found a port open.", [[
    {},
    scans.foundOpen,
  ]]);
  gauge("scandog_scans_active", "Told scans that have not ended.", [[{}, scans.underWayCount]]);
  counter("scandog_visits_total", "Uses of what a scan had found open.", [
    [{ match: "address" }, status.visits.address ?? 0],
    [{ match: "network" }, status.visits.network ?? 0],
  ]);
  counter(
    "scandog_misuses_total",
    "Events about misused addresses.",
    by("kind", { ...MISUSES, ...status.misuses }),
  );
  counter("scandog_floods_total", "Floods told.", [[{}, status.floodsTold]]);
  gauge("scandog_floods_active", "Told floods that are not over.", [[{}, status.floodsUnderWay]]);
  counter(
    "scandog_suppressed_alerts_total",
    "Alerts that were found but not said, by what they are.",
    by("of", { ...SUPPRESSED, ...status.suppressed }),
  );
  counter(
    "scandog_log_lines_total",
    "Lines by log, and what became of them.",
    logs.flatMap(
      ({ name, written, dropped }): Sample[] => [
        [{ sink: name, result: "written" }, written],
        [{ sink: name, result: "dropped" }, dropped],
      ],
    ),
  );
  gauge(
    "scandog_log_lines_waiting",
    "Lines that wait to be written.",
    logs.map(({ name, waiting }): Sample => [{ sink: name }, waiting]),
  );
  counter(
    "scandog_log_failures_total",
    "Times a log could not be written to.",
    logs.map(({ name, failures }): Sample => [{ sink: name }, failures]),
  );
  const { publish } = status;
  if (publish !== undefined) lines.push(...publishMetrics(publish));
  const perTable = (
    value: (table: NonNullable<Status["tables"]>[number]) => number | undefined,
  ): Sample[] =>
    (tables ?? []).flatMap((table): Sample[] => {
      const count = value(table);
      return count === undefined ? [] : [[{ table: table.name }, count]];
    });
  gauge("scandog_table_entries", "Entries of the detector's tables.", perTable(({ used }) => used));
  gauge(
    "scandog_table_capacity",
    "Entries that they have room for.",
    perTable(({ capacity }) => capacity),
  );
  counter(
    "scandog_table_evictions_total",
    "Entries that had to give way.",
    perTable(({ evicted }) => evicted),
  );
  const { fleet } = status;
  if (fleet !== undefined) {
    const { outcomes, sensors, refused } = fleet;
    counter("scandog_fleet_outcomes_total", "Outcomes of sensors that were judged.", [[
      {},
      outcomes.taken,
    ]]);
    counter("scandog_fleet_late_outcomes_total", "Those that came too late for their place.", [[
      {},
      outcomes.late,
    ]]);
    gauge("scandog_fleet_waiting_outcomes", "Outcomes that wait for their turn.", [[
      {},
      outcomes.waiting,
    ]]);
    gauge("scandog_fleet_sensors", "Sensors that were heard, by how they are.", [
      [{ state: "heard" }, sensors.heard - sensors.silent],
      [{ state: "silent" }, sensors.silent],
    ]);
    counter(
      "scandog_fleet_refused_total",
      "What sensors sent and was not taken, by why.",
      by("why", { ...NOTHING_REFUSED, ...refused }),
    );
    gauge(
      "scandog_fleet_behind_seconds",
      "How far the judging is behind now.",
      fleet.behindSeconds === undefined ? [] : [[{}, fleet.behindSeconds]],
    );
    gauge(
      "scandog_fleet_unread_messages",
      "Messages of the stream that are not read yet.",
      fleet.unread === undefined ? [] : [[{}, fleet.unread]],
    );
    counter(
      "scandog_fleet_alerts_total",
      "Alerts, by what became of them: stored first by this correlator, told by another, or given up.",
      fleet.alerts === undefined ? [] : [
        [{ result: "stored" }, fleet.alerts.stored],
        [{ result: "told-elsewhere" }, fleet.alerts.toldElsewhere],
        [{ result: "lost" }, fleet.alerts.lost],
      ],
    );
    counter(
      "scandog_fleet_missed_messages_total",
      "Messages of the stream that were gone before they were read.",
      fleet.missed === undefined ? [] : [[{}, fleet.missed]],
    );
    gauge(
      "scandog_fleet_connected",
      "1 while the server is connected.",
      fleet.isConnected === undefined ? [] : [[{}, fleet.isConnected ? 1 : 0]],
    );
  }
  lines.push(
    ...histogram(
      "scandog_detection_delay_seconds",
      "From a scan's first probe to its alert.",
      status.delay.detection,
    ),
    ...histogram(
      "scandog_alert_lag_seconds",
      "From the packet that caused an alert to the alert.",
      status.delay.line,
    ),
  );
  return `${lines.join("\n")}\n`;
}

/** Metrics of the publisher. All are there from the start, so that the first loss is an increase. */
function publishMetrics(publish: PublishStatus): string[] {
  const { acknowledged, records, resent, lost, bounded, waiting, waitingBytes, lastAck } = publish;
  const rows: [type: string, name: string, help: string, value: number][] = [
    ["gauge", "connected", "1 while a server takes us.", publish.server === undefined ? 0 : 1],
    ["counter", "messages_total", "Messages that a server acknowledged.", acknowledged],
    ["counter", "records_total", "Outcomes and events in these messages.", records],
    ["counter", "resent_total", "Messages sent more than once.", resent],
    ["counter", "lost_records_total", "Outcomes and events that were lost.", lost],
    ["counter", "bounded_outcomes_total", "Outcomes above the bound of a second.", bounded],
    ["gauge", "waiting_messages", "Messages that no server has acknowledged.", waiting],
    ["gauge", "waiting_bytes", "Bytes of these messages.", waitingBytes],
    [
      "gauge",
      "last_ack_timestamp_seconds",
      "When a server last acknowledged something; 0: never.",
      lastAck === undefined ? 0 : Date.parse(lastAck) / 1000,
    ],
  ];
  return rows.flatMap(([type, suffix, help, value]) => {
    const name = `scandog_publish_${suffix}`;
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`];
  });
}

function by(label: string, counts: Counts): Sample[] {
  return Object.entries(counts).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, count]) => [{ [label]: name }, count]);
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapedLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function histogram(name: string, help: string, { bounds, counts, sum }: HistogramStatus): string[] {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  let below = 0;
  bounds.forEach((bound, i) => {
    below += counts[i];
    lines.push(`${name}_bucket{le="${bound}"} ${below}`);
  });
  below += counts[bounds.length];
  lines.push(`${name}_bucket{le="+Inf"} ${below}`, `${name}_sum ${sum}`, `${name}_count ${below}`);
  return lines;
}
