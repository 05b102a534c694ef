// Looks every so often at the state of the devices: gone, back, renamed, down, other addresses. Runs in the main
// thread: asking the system takes a socket, and the thread that reads packets may open none. Knows no packet.

import {
  type Device,
  type DeviceChange,
  deviceChanges,
  type Libpcap,
  listInterfaces,
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
    case "renamed":
      return `interface ${change.device} is called ${change.to} now, capture goes on`;
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
  /** Packets that the interfaces lost since the start. */
  dropped = 0;
  private devices: Device[];
  /** Which interface each of `names` stands for. */
  private readonly indices = new Map<string, number>();
  private readonly all: boolean;
  /** The system no longer tells. */
  private blind = false;

  /** Throws `PcapError` when the system does not tell. */
  constructor(
    private readonly libpcap: Libpcap,
    private readonly names: readonly string[],
    private readonly list: (libpcap: Libpcap) => Device[] = listInterfaces,
  ) {
    this.all = names.includes(ANY);
    this.devices = this.look();
  }

  /** Addresses of the watched devices, `192.0.2.1/24`. */
  addresses(): string[] {
    return this.devices.flatMap((device) =>
      device.addresses.map(({ text, prefixLength }) => `${text}/${prefixLength}`)
    );
  }

  /** What changed since the last call, in sentences. */
  changes(): string[] {
    if (this.blind) return [];
    const before = this.devices;
    try {
      this.devices = this.look();
    } catch (error) {
      if (!(error instanceof PcapError)) throw error;
      // Privileges are given up by now; with some of them goes the right to ask.
      this.blind = true;
      return [`changes of addresses will not be seen: ${error.message}`];
    }
    this.dropped += growth(before, this.devices);
    return deviceChanges(before, this.devices).filter((change) => this.tells(change)).map(describe);
  }

  /** The thread that captures on a device says itself that it is gone, down, or up and back. */
  private tells(change: DeviceChange): boolean {
    if (this.all) return true;
    if (change.kind === "state") return change.from === "no-carrier" || change.to === "no-carrier";
    return change.kind !== "appeared" && change.kind !== "vanished";
  }

  /**
   * The watched ones. As the captures do (`Link.rebind()`), a name stands for the interface that had it
   * as long as that is there, whatever it is called by then; after that for the next of the name.
   */
  private look(): Device[] {
    const found = this.list(this.libpcap);
    if (this.all) return found.filter(({ name }) => name !== ANY);
    return this.names.flatMap((name) => {
      const former = found.find(({ index }) => index === this.indices.get(name));
      const device = former ?? found.find((device) => device.name === name);
      if (device === undefined) return [];
      this.indices.set(name, device.index);
      return [device];
    });
  }
}

/** How much the interfaces' own counters of lost packets grew. */
function growth(before: readonly Device[], after: readonly Device[]): number {
  let sum = 0;
  for (const { index, dropped } of after) {
    const old = before.find((device) => device.index === index);
    if (old?.dropped === undefined || dropped === undefined) continue;
    // A counter that steps back was begun anew.
    sum += dropped >= old.dropped ? dropped - old.dropped : 0;
  }
  return sum;
}
