// `scandog interfaces`: the devices that `watch` can capture on, with their addresses and state.

import { printable } from "../format/printable.ts";
import { type Device, type DeviceState, deviceState, listDevices } from "../pcap/mod.ts";
import { defineCommand } from "../options/command.ts";
import { Exit } from "../failure.ts";
import { choice } from "../options/kinds.ts";
import { withLibpcap } from "./libpcap.ts";
import { LIBPCAP_OPTION } from "../options/libpcap.ts";
import type { Rows } from "../options/row.ts";
import { writeOut } from "./terminal.ts";

/** Linux's name for all interfaces at once; it is no interface itself. */
const ANY = "any";

const OPTIONS = {
  format: {
    kind: choice("FORMAT", ["text", "json"]),
    help: "A line for people, or a line of JSON, for each interface.",
    group: "Output",
    default: "text",
  },
  libpcap: LIBPCAP_OPTION,
} satisfies Rows;

export const INTERFACES = defineCommand({
  name: "interfaces",
  summary: "Lists the capture devices with their addresses and state.",
  notes:
    "Needs no privilege. Devices of libpcap that carry no network packets (Bluetooth, D-Bus and others) are " +
    "left out.",
  examples: [
    ["scandog interfaces", "what watch -i can be given"],
  ],
  options: OPTIONS,
  run({ values }) {
    const devices = withLibpcap(values.libpcap, listDevices).filter(isCapturable);
    const lines = values.format === "json" ? devices.map(jsonLine) : textLines(devices);
    if (lines.length > 0) writeOut(lines.join("\n"));
    return Promise.resolve(Exit.Done);
  },
});

/** Is it a network interface, or all of them? */
export function isCapturable(device: Device): boolean {
  return device.index > 0 || device.name === ANY;
}

const STATE_WORDS: Record<DeviceState, string> = {
  up: "up",
  "no-carrier": "no carrier",
  down: "down",
};

/** Name, state and addresses in columns: `eth0  up          192.0.2.2/24, fd00::2/64`. */
export function textLines(devices: Device[]): string[] {
  const rows = devices.map((device) => [
    printable(device.name),
    STATE_WORDS[deviceState(device)],
    device.name === ANY ? "all interfaces" : addressesOf(device).join(", "),
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map(([name, state, addresses]) =>
    `${name.padEnd(widths[0])}  ${state.padEnd(widths[1])}  ${addresses}`.trimEnd()
  );
}

/** One object; what is not known is absent. */
export function jsonLine(device: Device): string {
  return JSON.stringify({
    name: device.name,
    index: device.index === 0 ? undefined : device.index,
    state: deviceState(device),
    loopback: device.loopback,
    mac: device.hardwareAddress,
    addresses: addressesOf(device),
  });
}

function addressesOf({ addresses }: Device): string[] {
  return addresses.map(({ text, prefixLength }) => `${text}/${prefixLength}`);
}
