// The checks of `scandog doctor` that look at this machine: libraries, rights, kernel, clock. They
// change nothing.

import { deviceState, Libpcap, listDevices } from "deno-pcap";
import { CAP_NET_RAW, capabilityNames } from "../../system/capabilities.ts";
import { kernelFeatures } from "../../system/features.ts";
import { userAddLine } from "../../system/users.ts";
import { BUILD } from "../../version.ts";
import { defaultConfigs } from "../../options/config_file.ts";
import { userToBecome } from "../confinement.ts";
import { CONFINEMENT_OPTIONS } from "../../options/confinement.ts";
import { zoneOf } from "../zones.ts";
import type { Check } from "./finding.ts";
import { CannotRun } from "../../failure.ts";
import type { ValuesOf } from "../../options/row.ts";

/** No clock that is right shows a time before this program was written. */
const WRITTEN_MS = Date.UTC(2025, 0, 1);

export interface SystemValues extends ValuesOf<typeof CONFINEMENT_OPTIONS> {
  interface: string[];
  libpcap?: string;
  config?: string;
}

/** Can packets be taken here? */
export function captureChecks(values: SystemValues): Check[] {
  return [
    { name: "libpcap", look: () => libpcap(values) },
    { name: "capture", look: capture },
    { name: "devices", look: () => devices(values) },
  ];
}

/** In the order of their lines; `more` in their middle. */
export function systemChecks(values: SystemValues, more: readonly Check[]): Check[] {
  return [
    { name: "scandog", look: program },
    { name: "config", look: () => config(values) },
    ...more,
    { name: "user", look: () => user(values) },
    { name: "kernel", look: kernel },
    { name: "clock", look: clock },
  ];
}

function program() {
  const { os, arch } = Deno.build;
  return { state: "ok" as const, text: `${BUILD}, Deno ${Deno.version.deno}, ${os} ${arch}` };
}

/** That it can be read and makes sense was seen before any command could run. */
function config({ config }: SystemValues) {
  if (config !== undefined) return { state: "ok" as const, text: config };
  const configs = defaultConfigs();
  for (const text of configs) {
    try {
      Deno.statSync(text);
      return { state: "ok" as const, text };
    } catch {
      continue;
    }
  }
  return { state: "ok" as const, text: `no ${configs.join(", no ")}: the defaults are in effect` };
}

function libpcap({ libpcap }: SystemValues) {
  const opened = new Libpcap({ path: libpcap });
  return { state: "ok" as const, text: `${opened.version}, ${opened.paths.pcap}` };
}

/** May devices be opened? */
export function mayCapture(): boolean {
  return Deno.build.os === "linux" && kernelFeatures().mayCapture;
}

function capture() {
  if (Deno.build.os !== "linux") {
    return { state: "skip" as const, text: "only Linux tells without trying" };
  }
  const { uid, mayCapture, capabilities, noNewPrivs } = kernelFeatures();
  const who = uid === 0 ? "root" : `uid ${uid}`;
  const held = uid === 0 ? "" : ` with ${capabilityNames(capabilities) || "no capability"}`;
  if (mayCapture) return { state: "ok" as const, text: `permitted: ${who}${held}` };
  if ((capabilities & CAP_NET_RAW) !== 0n) {
    return {
      state: "fail" as const,
      text: `not permitted: ${who} has cap_net_raw, but not over this network`,
      remedy:
        "a user namespace has rights over networks of its own only: start outside of it, or " +
        "with a network of its own",
    };
  }
  const root = "start as root (it is given up; in a container with --cap-add NET_RAW";
  const unit = "in a systemd unit AmbientCapabilities=CAP_NET_RAW";
  if (noNewPrivs && uid !== 0) {
    return {
      state: "fail" as const,
      text:
        `not permitted: ${who}${held}; no_new_privs is set, so capabilities of files do nothing`,
      remedy: `${root},SETUID,SETGID), or ${unit}, or permit gaining privileges`,
    };
  }
  return {
    state: "fail" as const,
    text: `not permitted: ${who}${held}`,
    remedy: `${root}), or \`setcap cap_net_raw+p ${Deno.execPath()}\`, or ${unit}`,
  };
}

function devices({ interface: names, libpcap }: SystemValues) {
  const known = listDevices(new Libpcap({ path: libpcap }));
  const missing = names.filter((name) => !known.some((device) => device.name === name));
  if (missing.length > 0) {
    return {
      state: "fail" as const,
      text: `there is no ${missing.join(", ")}`,
      remedy: "`scandog interfaces` lists those there are",
    };
  }
  const chosen = known.filter(({ name }) => names.includes(name));
  const states = chosen.map((device) => `${device.name} ${deviceState(device)}`).join(", ");
  return chosen.every((device) => deviceState(device) === "up")
    ? { state: "ok" as const, text: states }
    : { state: "warn" as const, text: states, remedy: "nothing is seen on a device that is down" };
}

function user(values: SystemValues) {
  const root = kernelFeatures().uid === 0;
  try {
    const found = userToBecome(values);
    if (found === undefined) return { state: "ok" as const, text: "not root, so nobody to become" };
    const text = `becomes ${found.name} (uid ${found.uid}, gid ${found.gid})`;
    return found.uid === 0
      ? { state: "warn" as const, text: "stays root, as told", remedy: userAddLine("scandog") }
      : { state: "ok" as const, text };
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return { state: root ? "fail" as const : "warn" as const, text: error.message };
  }
}

function kernel() {
  const { seccomp, landlock, libc } = kernelFeatures();
  const text = `seccomp ${seccomp ? "yes" : "no"}, Landlock ${landlock || "no"}, ${libc}`;
  if (!seccomp) {
    return {
      state: "fail" as const,
      text,
      remedy: "watch does not run without system call filters (CONFIG_SECCOMP_FILTER)",
    };
  }
  return landlock > 0 ? { state: "ok" as const, text } : {
    state: "warn" as const,
    text,
    remedy: "files are not restricted; Linux 5.13 and later can",
  };
}

function clock() {
  const now = Date.now();
  const text = `${new Date(now).toISOString()}, here UTC${
    offsetText(zoneOf(undefined)(now * 1000) / 60)
  }`;
  return now >= WRITTEN_MS ? { state: "ok" as const, text } : {
    state: "fail" as const,
    text,
    remedy: "set the clock: alerts would carry wrong times",
  };
}

/** `+02:00`. */
function offsetText(minutes: number): string {
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}
