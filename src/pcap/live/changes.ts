// The differences between two lists of devices: for a program that runs while interfaces and addresses come and go.
// Pure.

import type { Device } from "./device.ts";

/** `no-carrier`: set up, but its link does not work. */
export type DeviceState = "up" | "no-carrier" | "down";

export type DeviceChange =
  | { kind: "appeared" | "vanished"; device: string }
  | { kind: "renamed"; device: string; to: string }
  | { kind: "state"; device: string; from: DeviceState; to: DeviceState }
  | { kind: "address-added" | "address-removed"; device: string; address: string };

export function deviceState(device: Device): DeviceState {
  return !device.up ? "down" : device.running ? "up" : "no-carrier";
}

/**
 * The changes from `before` to `after`, device by device in the order of `after`, vanished ones
 * last. A device that appeared is followed by its addresses; one that vanished takes them with it
 * unsaid. A device of the same name with another index is another one: it vanished and appeared.
 * One of the same index (other than 0) with another name was renamed, and goes on as what it was.
 * An address is the text with its prefix length, `10.0.0.1/24`.
 */
export function deviceChanges(before: Device[], after: Device[]): DeviceChange[] {
  const changes: DeviceChange[] = [];
  for (const device of after) {
    const name = device.name;
    const old = before.find((other) => isSame(other, device));
    if (old !== undefined && old.name !== name) {
      changes.push({ kind: "renamed", device: old.name, to: name });
    }
    if (old === undefined) {
      // Not if the other one of this name is there under a new name.
      const former = before.find((other) => other.name === name);
      if (former !== undefined && !after.some((other) => isSame(former, other))) {
        changes.push({ kind: "vanished", device: name });
      }
      changes.push({ kind: "appeared", device: name });
    } else {
      const from = deviceState(old);
      const to = deviceState(device);
      if (from !== to) changes.push({ kind: "state", device: name, from, to });
    }
    const had = addressesOf(old);
    const has = addressesOf(device);
    for (const address of had) {
      if (!has.includes(address)) changes.push({ kind: "address-removed", device: name, address });
    }
    for (const address of has) {
      if (!had.includes(address)) changes.push({ kind: "address-added", device: name, address });
    }
  }
  for (const device of before) {
    const { name } = device;
    if (!after.some((other) => other.name === name || isSame(device, other))) {
      changes.push({ kind: "vanished", device: name });
    }
  }
  return changes;
}

function isSame(one: Device, other: Device): boolean {
  return one.index === other.index && (one.index !== 0 || one.name === other.name);
}

function addressesOf(device: Device | undefined): string[] {
  return device?.addresses.map(({ text, prefixLength }) => `${text}/${prefixLength}`) ?? [];
}
