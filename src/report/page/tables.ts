// The tables of the page: who, whom, who came back, whose addresses were misused.

import { durationText, grouped, plural } from "../../format/figures.ts";
import type { Zone } from "../../format/zone.ts";
import type { ReportInput } from "../input.ts";
import { escaped, painted } from "../picture/svg.ts";
import { portsText, rangesOfPorts } from "../ports.ts";
import type { Scan, SourceRow, Story, TargetRow } from "../story.ts";
import type { ToldStory } from "../told.ts";
import { extentText, proofText } from "../words.ts";
import {
  type Column,
  dataTable,
  hiddenShape,
  paragraph,
  seconds,
  section,
  type TableRow,
} from "./parts.ts";

const SOURCES_MAX = 300;
const TARGETS_MAX = 60;
const VISITS_MAX = 50;
const STORIES_MAX = 50;
/** The most scans that are listed below a source, worst first, so that the page stays small. */
const SCANS_MAX = 6;
const LISTED_SOURCES = 100;
const PORTS_NAMED = 8;

export const SOURCE_COLUMNS: Column[] = [
  { title: "source" },
  { title: "scans", kind: "n" },
  { title: "first", kind: "t" },
  { title: "how" },
  { title: "ports", kind: "n" },
  { title: "hosts", kind: "n" },
  { title: "found open" },
  { title: "address is" },
  { title: "program" },
  { title: "hops", kind: "n" },
];

const DOTS = {
  open: `<use href="#m-open" ${painted("open")}/>`,
  refused: `<use href="#m-lane" ${painted("refused")}/>`,
  silent: `<use href="#m-dash" ${painted("silent")}/>`,
  unknown: `<use href="#m-dash" ${painted("unknown")}/>`,
};

export function sources({ story, zone }: ReportInput): string {
  const { sources } = story;
  if (sources.length === 0) return "";
  const found = sources.filter(({ learned }) => learned === "open").length;
  const filter = found === 0 || found === sources.length ? "" : '<div class="filter">' +
    '<input type="radio" name="show" id="all-sources" checked> ' +
    `<label for="all-sources">all ${grouped(sources.length)}</label>` +
    '<input type="radio" name="show" id="only-found"> ' +
    `<label for="only-found">only those that found something open (${
      grouped(found)
    })</label></div>`;
  const rows = sources.slice(0, SOURCES_MAX)
    .map((row, index) => sourceCells(row, zone, index < LISTED_SOURCES));
  const rest = sources.length > SOURCES_MAX
    ? paragraph(
      `${grouped(sources.length - SOURCES_MAX)} more sources that learned less are left out.`,
    )
    : "";
  const how = paragraph(
    "Worst first. Real: it completed a connection. Answered: it reset ours, as the owner of the " +
      "address does. Perhaps forged: anybody could have sent it.",
  );
  return section(
    "sources",
    "Sources",
    how + filter + dataTable("sources-table", SOURCE_COLUMNS, rows) + rest,
  );
}

function sourceCells(row: SourceRow, zone: Zone, hasList: boolean): TableRow {
  const { source, scans, learned, open, evidence, isZombie, tools, hops, firstUs } = row;
  const notes = [
    row.known !== undefined && `known scanner ${row.known}`,
    row.isOurs && "a monitored address",
    backText(row),
    row.network && `${row.network.sources} sources of ${row.network.prefix}`,
    partners(scans),
  ].filter((text) => typeof text === "string" && text !== "");
  const under = notes.length === 0 ? "" : ` <div class="soft">${escaped(notes.join("; "))}</div>`;
  return {
    id: row.anchor,
    mark: learned === "open" ? "r-open" : undefined,
    cells: [
      `${hiddenShape(DOTS[learned])} ${escaped(source)}${under}${
        hasList ? scanList(scans, zone) : ""
      }`,
      grouped(scans.length),
      seconds(firstUs, zone).slice(5, 16),
      escaped([row.shapes.join(", "), row.techniques.join(", ")].filter(Boolean).join(" ")),
      grouped(row.ports),
      grouped(row.hosts),
      open.length === 0 ? "" : `<b>${escaped(portsText(open, PORTS_NAMED))}</b>`,
      proofText({ evidence, isZombie }),
      escaped(tools.join(", ")),
      hops === undefined ? "" : hops.min === hops.max ? `${hops.min}` : `${hops.min}-${hops.max}`,
    ],
  };
}

function backText({ visits }: SourceRow): string {
  if (visits.length === 0) return "";
  return visits.some(({ match }) => match === "address") ? "came back" : "a neighbour came";
}

function partners(scans: readonly Scan[]): string {
  const most = scans.reduce((most, { sources }) => Math.max(most, sources?.count ?? 0), 0);
  return most > 1 ? `with ${plural(most - 1, "other source")}` : "";
}

function scanList(scans: readonly Scan[], zone: Zone): string {
  if (scans.length < 2) return "";
  const items = scans.slice(0, SCANS_MAX).map((scan) => {
    const { startUs, endUs, learned, openCount } = scan;
    const found = learned === "open" ? `, ${grouped(openCount)} open` : "";
    return `<li>${seconds(startUs, zone)}: ${escaped(extentText(scan))} in ` +
      `${durationText(endUs - startUs)}${found}</li>`;
  });
  if (scans.length > SCANS_MAX) {
    items.push(`<li>and ${grouped(scans.length - SCANS_MAX)} more</li>`);
  }
  return `<details><summary>its ${scans.length} scans</summary><ul>${
    items.join("")
  }</ul></details>`;
}

export function targetColumns({ tried }: ReportInput): Column[] {
  const columns: Column[] = [
    { title: "target" },
    { title: "open" },
    { title: "found by" },
    { title: "sources", kind: "n" },
  ];
  if (tried === undefined) return columns;
  return [...columns, { title: "refused", kind: "n" }, { title: "no answer", kind: "n" }];
}

export function targets(input: ReportInput): string {
  const { story: { targets, hosts, scans }, tried } = input;
  if (targets.length === 0) return "";
  const telling = targets.filter(({ open, visits }) => open.length > 0 || visits > 0);
  if (telling.length === 0) return section("targets", "Targets", paragraph(noneOpen(input)));
  const shown = telling.slice(0, TARGETS_MAX);
  const rows = shown.map((target) => ({
    mark: target.open.length > 0 ? "r-open" : undefined,
    cells: targetCells(target, tried !== undefined),
  }));
  const others = hosts - shown.length;
  const isUnsaid = scans.some(({ learned, openAt }) => learned === "open" && openAt.length === 0);
  const rest = others <= 0 ? "" : paragraph(
    `${plural(others, "more host")} ${others === 1 ? "was" : "were"} probed` +
      (telling.length <= TARGETS_MAX && (tried !== undefined || !isUnsaid)
        ? "; nothing was found open there."
        : "."),
  );
  return section(
    "targets",
    "Targets",
    dataTable("targets-table", targetColumns(input), rows) + rest,
  );
}

const HOSTS_NAMED = 8;

/** Rows of hosts with nothing open say less than a sentence. */
function noneOpen({ story: { targets, hosts, isHostsExact, scans } }: ReportInput): string {
  const named = targets.slice(0, HOSTS_NAMED).map(({ host }) => host).join(", ");
  const more = hosts - Math.min(targets.length, HOSTS_NAMED);
  const count = `${isHostsExact ? "" : "at least "}${plural(hosts, "host")}`;
  const found = scans.some(({ learned }) => learned === "open")
    ? "The log does not tell on which of"
    : scans.every(({ learned }) => learned === "unknown")
    ? "Answers were not looked at; probed were"
    : "Nothing was found open on";
  return `${found} ${count}: ${named}${more > 0 ? ` and ${grouped(more)} more` : ""}.`;
}

const FINDERS_NAMED = 3;

function targetCells(
  { host, open, sources, visits, tries }: TargetRow,
  isTried: boolean,
): string[] {
  const finders = [...new Set(open.flatMap(({ sources }) => sources))];
  const named = finders.slice(0, FINDERS_NAMED).join(", ");
  const more = finders.length > FINDERS_NAMED
    ? ` and ${grouped(finders.length - FINDERS_NAMED)} more`
    : "";
  const used = visits > 0
    ? ` <div class="soft">used after a scan: ${grouped(visits)} times</div>`
    : "";
  const ports = portsText(rangesOfPorts(open.map(({ port }) => port)), 2 * PORTS_NAMED);
  const cells = [
    escaped(host) + used,
    ports === "" ? "" : `<b>${ports}</b>`,
    escaped(named + more),
    grouped(sources),
  ];
  if (!isTried) return cells;
  return [...cells, grouped(tries?.refused ?? 0), grouped(tries?.silent ?? 0)];
}

export const VISIT_COLUMNS: Column[] = [
  { title: "visitor" },
  { title: "when", kind: "t" },
  { title: "used" },
  { title: "found open by" },
  { title: "later by" },
  { title: "visitor is" },
];

export function visits({ story, zone }: ReportInput): string {
  if (story.visits.length === 0) return "";
  const rows = story.visits.slice(0, VISITS_MAX).map((visit) => {
    const { source, timeUs, destination, port, scan, match, foundUs, evidence, known } = visit;
    const whose = match === "address"
      ? "itself"
      : `its neighbour ${scan.source}, perhaps somebody else`;
    const later = foundUs === undefined || foundUs > timeUs ? "" : durationText(timeUs - foundUs);
    return {
      cells: [
        escaped(known === undefined ? source : `${source} (known scanner ${known})`),
        seconds(timeUs, zone),
        escaped(`port ${port} of ${destination}`),
        escaped(whose),
        later,
        proofText({ evidence, isZombie: false }),
      ],
    };
  });
  const rest = story.visits.length - rows.length;
  return section(
    "visits",
    "Who came back",
    dataTable("visits-table", VISIT_COLUMNS, rows) +
      (rest > 0 ? paragraph(`${grouped(rest)} more are left out.`) : ""),
  );
}

export function stories(
  id: string,
  title: string,
  told: readonly ToldStory[],
  words: string,
): string {
  if (told.length === 0) return "";
  const items = told.slice(0, STORIES_MAX).map(({ text }) =>
    `<li><span>${escaped(text)}</span></li>`
  );
  const rest = told.length - items.length;
  return section(
    id,
    title,
    paragraph(words) + `<ul>${items.join("\n")}</ul>` +
      (rest > 0 ? paragraph(`${grouped(rest)} more are left out.`) : ""),
  );
}

export function misuse({ misuse }: Story): string {
  return stories(
    "misuse",
    "Misused addresses",
    misuse,
    "Somebody used these addresses; they are victims, not scanners.",
  );
}

export function floods({ floods }: Story): string {
  return stories("floods", "Floods", floods, "While one goes on, a scan may hide in it.");
}
