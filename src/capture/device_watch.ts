// Looks every so often at what became of the devices: gone, back, down, other addresses. Runs in
// the worker between batches; knows no packet.

import {
  type Device,
  type DeviceChange,
  deviceChanges,
  type Libpcap,
  listInterfaces,
  type LiveCapture,
  PcapError,
} from "../pcap/mod.ts";

/** The name that captures on all devices. */
const ANY = "any";

/** A sentence for people. */
function describe(change: DeviceChange): string {
  switch (change.kind) {
    case "appeared":
      return `interface ${change.device} appeared`;
    case "vanished":
      return `interface ${change.device} disappeared`;
    case "state":
      return `interface ${change.device} is ${change.to}, was ${change.from}`;
    case "address-added":
      return `address ${change.address} was added to ${change.device}`;
    case "address-removed":
      return `address ${change.address} was removed from ${change.device}`;
  }
}

/** Follows the devices under watch; all of them when one is `any`. */
export class DeviceWatch {
  private devices: Device[];
  private readonly all: boolean;
  /** The system no longer tells. */
  private blind = false;

  constructor(
    private readonly libpcap: Libpcap,
    private readonly captures: readonly LiveCapture[],
  ) {
    this.all = captures.some((capture) => capture.device === ANY);
    this.devices = this.look();
  }

  /** Addresses of the watched devices, `192.0.2.1/24`. */
  addresses(): string[] {
    return this.devices.flatMap((device) =>
      device.addresses.map(({ text, prefixLength }) => `${text}/${prefixLength}`)
    );
  }

  /** What changed since the last call, in sentences. Takes up devices that are back. */
  changes(): string[] {
    const found: string[] = [];
    try {
      const before = this.devices;
      if (!this.blind) this.devices = this.look();
      found.push(...deviceChanges(before, this.devices).map(describe));
    } catch (error) {
      if (!(error instanceof PcapError)) throw error;
      // Privileges are given up by now; with some of them goes the right to ask.
      this.blind = true;
      found.push(`changes of addresses will not be seen: ${error.message}`);
    }
    for (const capture of this.captures) {
      if (capture.condition.kind === "gone" && capture.reattach()) {
        found.push(`interface ${capture.device} is back, capture goes on`);
      }
    }
    return found;
  }

  private look(): Device[] {
    const watched = new Set(this.captures.map((capture) => capture.device));
    return listInterfaces(this.libpcap)
      .filter(({ name }) => this.all ? name !== ANY : watched.has(name));
  }
}
