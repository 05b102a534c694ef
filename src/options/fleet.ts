// The options by which a sensor writes or publishes outcomes: a file, or a NATS server. Used by `watch` and `replay`.

import { type NatsServer, parseServers, serverText } from "../fleet/nats_server.ts";
import { isSensorName } from "../fleet/sensor_name.ts";
import { FLEET } from "../params.ts";
import { FILE, list, number } from "./kinds.ts";
import { type Kind, Refusal, type Row, type Rows, type ValuesOf } from "./row.ts";
import type { Fault, Settings } from "./settings.ts";

const GROUP = "Fleet";

/** Servers of one cluster, in the order in which they are tried. */
export const NATS_SERVERS: Kind<NatsServer[]> = list(
  "URL",
  (texts) => {
    const servers = parseServers(texts);
    return typeof servers === "string" ? new Refusal(`must be ${servers}`) : servers;
  },
  (servers) => servers.map(serverText),
);

/** The numbers of `FLEET` as options. */
const NUMBERS = Object.fromEntries(
  Object.entries(FLEET).map(([key, { min, max, default: value, reason, unit }]) => {
    const kind = number("N", { min, max }), defaultText = `${value} ${unit}`;
    return [key, { kind, help: reason, group: GROUP, default: value, defaultText }];
  }),
) as unknown as Record<keyof typeof FLEET, Row<number> & { default: number }>;

/** Where a server is, and who we are to it. */
export const PUBLISH_OPTIONS = {
  publish: {
    kind: NATS_SERVERS,
    help:
      "Publishes outcomes of attempts, and events, to NATS JetStream for scandog correlate: nats://HOST:PORT " +
      "or tls://HOST:PORT. Several servers of one cluster are separated by commas. replay takes this option " +
      "from the command line only.",
    group: GROUP,
  },
  publishCredentials: {
    kind: FILE,
    help:
      "For --publish: a file with an nkey seed (SU...), with the credentials that nsc makes, or with " +
      "USER:PASSWORD. It is read before root is given up.",
    group: GROUP,
  },
  publishCa: {
    kind: FILE,
    help:
      "For --publish tls://: certificates (PEM) that may have signed the server's, besides the " +
      "well-known ones.",
    group: GROUP,
  },
  publishSpool: {
    kind: FILE,
    help:
      "For --publish: keeps in this file what no server has acknowledged, at most --publish-queue, so that it " +
      "survives a restart.",
    group: GROUP,
  },
} satisfies Rows;

export const FLEET_OPTIONS = {
  outcomes: {
    kind: FILE,
    help:
      "Appends a line of JSON to this file for each attempt that failed, for scandog correlate. SIGHUP reopens " +
      "it. replay takes this option from the command line only.",
    group: GROUP,
  },
  ...PUBLISH_OPTIONS,
  ...NUMBERS,
} satisfies Rows;

export type FleetValues = ValuesOf<typeof FLEET_OPTIONS>;

type FleetSettings = Pick<Settings<typeof FLEET_OPTIONS>, "origins"> & {
  values: FleetValues & { profile: string; observer?: string };
};

/** What is wrong with the values together. */
export function fleetFaults({ values, origins }: FleetSettings): Fault[] {
  const { outcomes, publish, profile, observer } = values;
  const found: Fault[] = [];
  if (outcomes === "-") {
    found.push({ key: "outcomes", reason: "must be a file: standard output has the alerts" });
  }
  for (const key of ["outcomes", "publish"] as const) {
    if (values[key] === undefined || profile === "scandog") continue;
    const reason = `is for scandog: the profile ${profile} knows of no outcomes`;
    found.push({ key, reason });
  }
  const isTls = publish?.some(({ tls }) => tls) ?? false;
  for (const key of ["publishCredentials", "publishCa", "publishSpool"] as const) {
    const isOfUse = key === "publishCa" ? isTls : publish !== undefined;
    if (isOfUse || values[key] === undefined || origins[key].from !== "command line") continue;
    found.push({ key, reason: `is for --publish ${key === "publishCa" ? "tls" : "nats"}://...` });
  }
  const isNamed = outcomes !== undefined || publish !== undefined;
  if (isNamed && observer !== undefined && !isSensorName(observer)) {
    found.push({ reason: "--observer names this sensor to others: one line of at most 253 bytes" });
  }
  return found;
}

/** Without what a configuration file says, which is the running daemon's: for a replay by hand. */
export function ofCommandLine(
  values: FleetValues,
  origins: Settings<typeof FLEET_OPTIONS>["origins"],
): Pick<FleetValues, "outcomes" | "publish"> {
  const given = <T>(key: "outcomes" | "publish", value: T) =>
    origins[key].from === "command line" ? value : undefined;
  return {
    outcomes: given("outcomes", values.outcomes),
    publish: given("publish", values.publish),
  };
}
