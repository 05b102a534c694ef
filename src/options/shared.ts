// The options that `watch` and `replay` have in common.

import type { Profile } from "../event.ts";
import { choice, FILE, FLAG, NETWORKS, text, ZONE } from "./kinds.ts";
import { TUNNEL_LIST } from "./inside.ts";
import { PROFILE_NAMES } from "./profiles.ts";
import type { Kind, Row, Rows } from "./row.ts";
import type { Fault, Origin } from "./settings.ts";
import { TUNABLE_OPTIONS } from "./tunables.ts";
import { WEIGHTS } from "./weigh.ts";
import { QUIET, VERBOSE } from "./verbosity.ts";

/** How a line looks. */
export const FORMATS = ["text", "json", "cef", "scanlogd"] as const;

type LineFormat = typeof FORMATS[number];

/**
 * Formats of a command that has not all of them. In a file that serves other commands there may be one that is none
 * of its own: then it is text.
 */
export function formatsAmong<const Name extends LineFormat>(
  own: readonly (Name | "text")[],
): Kind<Name | "text"> {
  const kind = choice("FORMAT", own);
  const isOwn = (name: LineFormat) => own.some((one) => one === name);
  return {
    ...kind,
    fromToml: (value) =>
      FORMATS.some((name) => name === value && !isOwn(name)) ? "text" : kind.fromToml(value),
  };
}

/** The formats of commands that print no alerts. */
export const PLAIN_FORMAT = formatsAmong(["text", "json"]);

const DETECTOR = "Detector";
const OUTPUT = "Output";
const PROGRAM = "Program";

export const SHARED_OPTIONS = {
  profile: {
    kind: choice("PROFILE", PROFILE_NAMES),
    help: "The detector: scandog's own, or an exact copy of scanlogd 2.2.8 or 1.0.",
    group: DETECTOR,
    default: "scandog",
  },
  sensitivity: {
    kind: choice("LEVEL", ["low", "normal", "high"]),
    help: "Sets the scandog profile's thresholds together: low doubles them, high halves them.",
    group: DETECTOR,
    default: "normal",
  },
  home: {
    kind: NETWORKS,
    help:
      "The monitored addresses and networks, separated by commas. They decide which direction a scan has. If " +
      "the capture lacks a probe, an answer of theirs can stand for it.",
    group: DETECTOR,
    defaultText: "all that are seen; directions from this machine's own, or from what a file shows",
  },
  ignore: {
    kind: NETWORKS,
    help: "Sources that are never reported: addresses and networks, separated by commas.",
    group: DETECTOR,
  },
  weigh: {
    kind: WEIGHTS,
    help:
      "Each failed attempt at these targets weighs N instead; with 0 it never counts. For a port or host of " +
      "yours at which everybody fails. PORTS is 80 or 1-100. An IPv6 address before PORTS stands in brackets. " +
      "Several are separated by commas, and the first that fits counts. For the scandog profile.",
    group: DETECTOR,
  },
  knownScanners: {
    kind: FILE,
    help:
      "A list of known scanners, one network and one name a line. Scans by them are told with the name.",
    group: DETECTOR,
  },
  state: {
    kind: FILE,
    help:
      "Keeps in this file (SQLite) which ports scanners found open, so that visits are told after a restart " +
      "too. replay takes this option from the command line only.",
    group: DETECTOR,
  },
  inside: {
    kind: TUNNEL_LIST,
    help:
      "Looks at the packets inside these tunnels instead of at the tunnels: vxlan, geneve, gre, erspan, ipip, " +
      "gtp. Only for the mirror ports of clouds and switches: elsewhere anybody can forge what is in a tunnel.",
    group: "Capture",
    defaultText: "none",
  },
  filter: {
    kind: text("EXPR"),
    help: "Captures only packets that also match this BPF expression: pcap-filter(7).",
    group: "Capture",
  },
  format: {
    kind: choice("FORMAT", FORMATS),
    help: "How a line is written: text for people, json (ECS), cef, or scanlogd's own line.",
    group: OUTPUT,
    defaultText: "text; scanlogd for a scanlogd profile",
  },
  tz: {
    kind: ZONE,
    help:
      "Time zone of printed times, by name or by its rules (CET-1CEST,M3.5.0,M10.5.0/3). JSON always has UTC.",
    group: OUTPUT,
    defaultText: "the system's",
  },
  observer: {
    kind: text("NAME"),
    help: "Name of this sensor in JSON and CEF.",
    group: OUTPUT,
    defaultText: "the host's name, where the program may know it",
  },
  quiet: QUIET,
  verbose: VERBOSE,
  config: {
    kind: FILE,
    help: "Configuration in TOML: every option has a key of the same name. The command line wins.",
    group: PROGRAM,
    defaultText: "~/.config/scandog/scandog.toml (not for root), else /etc/scandog.toml",
    commandLineOnly: "one file cannot name another",
  },
  printConfig: {
    kind: FLAG,
    help: "Prints the configuration in effect, and where each value came from, and exits.",
    group: PROGRAM,
    default: false,
    commandLineOnly: "it would always be printed",
  },
  // Typed as nothing: their values are read by key, through `tunableValues`.
  ...(TUNABLE_OPTIONS as Record<never, Row<number>>),
} satisfies Rows;

/** Where `--state` makes no sense: only one profile remembers for days. */
export function stateFaults(profile: Profile, origin: Origin): Fault[] {
  if (profile === "scandog" || origin.from !== "command line") return [];
  return [{ key: "state", reason: `is for scandog; the profile is ${profile}` }];
}
