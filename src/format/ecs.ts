// What lines of JSON have in common: the fields of the Elastic Common Schema that say what, when and
// who observed it. Knows names and times; no event.

import type { Members } from "./members.ts";
import { rfc3339 } from "./zone.ts";

/** The Elastic Common Schema that the names and values are from. */
export const ECS_VERSION = "8.11.0";

/** The observer: this program and its machine. */
export interface Observer {
  /** Name of this sensor; undefined when not known. */
  observer: string | undefined;
  /** Name of the host that it runs on; undefined when not known. */
  hostname?: string | undefined;
  /** Version of the program. */
  version: string;
}

/** When and what. Times are microseconds since 1970. */
export interface Head {
  kind: "alert" | "event";
  /** Kinds of lines that are alike: `alert`, `event`, `packet`. */
  dataset: string;
  action: string;
  id?: string;
  severity?: number;
  timeUs: number;
  /** When the line was made; absent: `timeUs`. */
  createdUs?: number;
  startUs?: number;
  endUs?: number;
  /** ECS's words for when something begins or ends. */
  type?: "start" | "end";
}

/** What every line begins with, in the contract's order. */
export function head(what: Head): Members {
  const { kind, dataset, action, id, severity, timeUs, createdUs, startUs, endUs, type } = what;
  return {
    "@timestamp": rfc3339(timeUs),
    ecs: { version: ECS_VERSION },
    event: {
      kind,
      category: kind === "alert" ? ["network", "intrusion_detection"] : ["network"],
      type: [type ?? "info"],
      action,
      id,
      severity,
      start: startUs === undefined ? undefined : rfc3339(startUs),
      end: endUs === undefined ? undefined : rfc3339(endUs),
      created: rfc3339(createdUs ?? timeUs),
      module: "scandog",
      dataset: `scandog.${dataset}`,
    },
  };
}

/** `interfaceName`: of the device; undefined when not known. */
export function observer(
  { observer: name, hostname, version }: Observer,
  interfaceName: string | undefined,
): Members {
  return {
    name,
    hostname,
    product: "scandog",
    type: "ids",
    version,
    ingress: interfaceName === undefined ? undefined : { interface: { name: interfaceName } },
  };
}

/** A link-layer address as RFC 7042 and ECS write it: `00-00-5E-00-53-23`. */
export function macText(address: string | undefined): string | undefined {
  return address?.replaceAll(":", "-").toUpperCase();
}
