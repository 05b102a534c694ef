// Which interfaces a watch follows, and what it says of them.

import assert from "node:assert/strict";
import { DeviceWatch } from "../../src/capture/device_watch.ts";
import { type Device, type Libpcap, PcapError } from "../../src/pcap/mod.ts";

function device(name: string, index: number, changes: Partial<Device> = {}): Device {
  const text = `10.0.0.${index}`;
  const addresses = [{ text, bytes: new Uint8Array(4), prefixLength: 24 }];
  return { name, index, addresses, loopback: false, up: true, running: true, ...changes };
}

/** A watch of these names, and the system as the test has it. */
function watchOf(names: string[], ...devices: Device[]) {
  const system = { devices, fails: false };
  const watch = new DeviceWatch({} as Libpcap, names, () => {
    if (system.fails) throw new PcapError("failed", "interfaces", "refused");
    return system.devices;
  });
  return { watch, system };
}

Deno.test("DeviceWatch follows an interface that is renamed, and says so once", () => {
  const { watch, system } = watchOf(["eth0"], device("eth0", 2), device("eth1", 3));
  system.devices = [device("lan0", 2), device("eth1", 3)];
  assert.deepEqual(watch.changes(), ["interface eth0 is called lan0 now, capture goes on"]);
  assert.deepEqual(watch.changes(), []);
  assert.deepEqual(watch.addresses(), ["10.0.0.2/24"]);
  // Another one takes the name over: the capture is still on the first.
  system.devices = [device("lan0", 2), device("eth0", 4)];
  assert.deepEqual(watch.changes(), []);
  assert.deepEqual(watch.addresses(), ["10.0.0.2/24"]);
  // Once that is gone, the name is what is looked for.
  system.devices = [device("eth0", 4)];
  watch.changes();
  assert.deepEqual(watch.addresses(), ["10.0.0.4/24"]);
});

Deno.test("DeviceWatch leaves down, gone and back to the thread that captures, but for any", () => {
  const down = { up: false, running: false };
  for (const [name, expected] of [["eth0", 0], ["any", 1]] as const) {
    const { watch, system } = watchOf([name], device("eth0", 2));
    for (const devices of [[device("eth0", 2, down)], [], [device("eth0", 5)]]) {
      system.devices = devices;
      const said = watch.changes().filter((text) => text.startsWith("interface"));
      assert.equal(said.length, expected, `${name}: ${said}`);
    }
    system.devices = [device("eth0", 5, { running: false })];
    assert.deepEqual(watch.changes(), ["interface eth0 is no-carrier, was up"]);
  }
});

Deno.test("DeviceWatch sums what interfaces lost, over counters that begin anew", () => {
  const { watch, system } = watchOf(["any"], device("eth0", 2, { dropped: 100 }), device("lo", 1));
  for (const [dropped, sum] of [[100, 0], [107, 7], [2, 7], [3, 8]]) {
    system.devices = [device("eth0", 2, { dropped }), device("lo", 1)];
    watch.changes();
    assert.equal(watch.dropped, sum);
  }
});

Deno.test("DeviceWatch says once that the system tells no more, and keeps what it knew", () => {
  const { watch, system } = watchOf(["eth0"], device("eth0", 2));
  system.fails = true;
  assert.deepEqual(watch.changes(), ["changes of addresses will not be seen: refused"]);
  assert.deepEqual(watch.changes(), []);
  assert.deepEqual(watch.addresses(), ["10.0.0.2/24"]);
});
