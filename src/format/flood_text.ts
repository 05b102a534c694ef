// A flood in words for people: who is flooded, with what, how many packets and how fast. Knows the event only.

import type { FloodEvent } from "../event.ts";
import { durationText, grouped, plural } from "./figures.ts";
import { cutList } from "./lists.ts";

/** With so many times more packets than sources, some sources have come again. */
const AGAIN_SHARE = 1.5;

/** What follows the first word of the line, in parts; `listMax`: longest list. */
export function floodText(event: FloodEvent, listMax: number): string[] {
  const { ports, hosts, packets, sources, startUs, endUs } = event;
  const verb = event.phase === "begin" ? "is" : "was";
  const parts = [
    `${targetText(event)} ${verb} flooded by ${packetsText(event)}: ` +
    `${plural(packets, "packet")} from ${plural(sources, "source")} in ` +
    `${durationText(endUs - startUs)}, ${rateText(event)}`,
    ports.count > 1 && counted(ports.count, "port", ports.list, listMax),
    event.network !== undefined && counted(hosts.count, "host", hosts.list, listMax),
    event.answers
      ? "the sources are forged, or were asked in its name"
      : packets > AGAIN_SHARE * sources
      ? "none of the sources did anything else: likely forged"
      : "each source tried once and no more: likely forged",
  ];
  return parts.filter((part) => part !== false);
}

function packetsText({ techniques, answers }: FloodEvent): string {
  const names = techniques.join("+");
  return answers ? `answers to ${names} that it did not send` : names;
}

function targetText({ destination, network, ports }: FloodEvent): string {
  const target = network ?? destination;
  if (ports.count !== 1) return target;
  return target.includes(":") || network !== undefined
    ? `${target} port ${ports.list}`
    : `${target}:${ports.list}`;
}

function rateText({ rate: { mean, peak } }: FloodEvent): string {
  const most = peak > mean ? `, at most ${grouped(peak)}` : "";
  return `${grouped(mean)} a second${most}`;
}

function counted(count: number, noun: string, list: string, listMax: number): string {
  const short = cutList(list, listMax);
  return `to ${plural(count, noun)}${short === "" ? "" : ` ${short}`}`;
}
