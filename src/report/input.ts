// Everything that a report is made of, whatever its form. Plain data.

import { plural } from "../format/figures.ts";
import type { Zone } from "../format/zone.ts";
import type { Story } from "./story.ts";
import type { Tried } from "./tried.ts";

/** A file that was read. */
export interface ReadFile {
  /** Without its folder, so that a report is the same wherever it is made. */
  name: string;
  /** Absent for standard input, as is the digest. */
  bytes?: number;
  sha256?: string;
}

/** How a report came about. */
export interface Made {
  version: string;
  /** Options that are not their defaults. */
  options: { name: string; value: string }[];
  files: ReadFile[];
  from: "captures" | "log";
  /** Captures: packets read. Log: lines read. */
  amount: number;
  /** Lines that are no events of scandog. */
  foreign: number;
  /** Files that were not read to their end; packets that could not be decoded: a sentence each. */
  faults: string[];
}

export interface ReportInput {
  story: Story;
  /** Absent for a log. */
  tried?: Tried;
  made: Made;
  zone: Zone;
  /** As people read it: `UTC`, `Europe/Berlin`. */
  zoneName: string;
}

/** What was read, in a few words. */
export function amountText({ made }: ReportInput): string {
  const { from, amount } = made;
  return from === "captures" ? plural(amount, "packet") : `${plural(amount, "line")} of a log`;
}

const FILES_NAMED = 2;

/** The files by name where they are few, else how many. */
export function filesText({ made: { files, from } }: ReportInput): string {
  const names = files.map(({ name }) => name);
  if (names.length <= FILES_NAMED) return names.join(" and ");
  return plural(names.length, from === "captures" ? "capture" : "log");
}
