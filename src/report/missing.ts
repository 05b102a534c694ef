// What a report may lack, and what its terms prove: the last section, never left out. The same sentences in every
// form.

import { durationText, grouped, plural } from "../format/figures.ts";
import type { ReportInput } from "./input.ts";
import { blindUs } from "./words.ts";

export function missingSentences({ story, made, tried }: ReportInput): string[] {
  const { blind, losses, suppressed, notKept } = story;
  const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
  const held = suppressed.reduce((sum, { count }) => sum + count, 0);
  const withheld = held > 0 ? `${grouped(held)} alerts were` : "Alerts were";
  const sentences = [
    blind.length === 0
      ? "No loss of packets is in the input."
      : `${grouped(lost)} packets were lost in ${plural(blind.length, "interval")}, ` +
        `${durationText(blindUs(blind))} together: what was in them is not here.`,
    suppressed.length > 0 ? `${withheld} held back to keep the log small.` : "",
    notKept > 0 ? `${grouped(notKept)} events beyond what a report keeps are left out.` : "",
    made.foreign > 0
      ? `${plural(made.foreign, "line")} of the input ${
        made.foreign === 1 ? "is" : "are"
      } no event of scandog.`
      : "",
    ...made.faults.map((fault) => `${fault}.`),
    story.isHostsExact || story.scans.length === 0
      ? ""
      : "Lists of hosts in the log end somewhere: numbers of hosts are lower bounds.",
    story.openHosts === undefined
      ? "The log does not tell on which hosts every open port was found."
      : "",
    tried?.hostsLeftOut === true ? "More hosts were probed than the table of targets keeps." : "",
    "A scan that was slower or smaller than the thresholds is not told, nor is one that passed where " +
    "nothing was captured.",
    "An address that answered was on the path of our packets; that its owner meant it is not proven.",
  ];
  return sentences.filter((sentence) => sentence !== "");
}
