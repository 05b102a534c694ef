import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import {
  type Device,
  type DeviceAddress,
  deviceChanges,
  deviceState,
  Libpcap,
  listDevices,
  listInterfaces,
} from "../../../src/pcap/mod.ts";
import { skippedWithoutLibpcap } from "./installed.ts";

const ignore = skippedWithoutLibpcap("the devices of this machine");

function device(name: string, state: "up" | "no-carrier" | "down", ...addresses: string[]): Device {
  return {
    name,
    index: [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0),
    addresses: addresses.map((text) => ({ text, bytes: new Uint8Array(4), prefixLength: 24 })),
    loopback: false,
    up: state !== "down",
    running: state === "up",
  };
}

Deno.test(
  { name: "listDevices() tells the same addresses, masks and flags as the system", ignore },
  () => {
    const devices = listDevices(new Libpcap());
    const system = Object.entries(networkInterfaces());
    assert.ok(system.length > 0);
    for (const [name, entries] of system) {
      const found = devices.find((device) => device.name === name);
      assert.ok(found !== undefined, name);
      assert.equal(found.up, true);
      assert.ok(found.index > 0);
      for (const { address, cidr, internal, mac } of entries!) {
        const mine: DeviceAddress | undefined = found.addresses.find(({ text }) =>
          text === address
        );
        assert.ok(mine !== undefined, `${name} ${address}`);
        assert.equal(`${mine.text}/${mine.prefixLength}`, cidr);
        assert.equal(mine.bytes.length, address.includes(":") ? 16 : 4);
        assert.equal(found.loopback, internal);
        if (mac !== "00:00:00:00:00:00") assert.equal(found.hardwareAddress, mac);
      }
    }
  },
);

Deno.test({
  name: "listDevices() tells of `any` on Linux",
  ignore: ignore || Deno.build.os !== "linux",
}, () => {
  const any = listDevices(new Libpcap()).find(({ name }) => name === "any");
  assert.deepEqual([any?.index, any?.up, any?.running, any?.addresses], [0, true, true, []]);
  assert.ok(any?.description);
});

Deno.test({ name: "listInterfaces() tells what listDevices() tells of interfaces", ignore }, () => {
  const libpcap = new Libpcap();
  const byName = (one: Device, other: Device) => one.name < other.name ? -1 : 1;
  const devices = listDevices(libpcap).filter(({ index }) => index > 0);
  const interfaces = listInterfaces(libpcap);
  // What interfaces lost is asked for by those who look again and again.
  const plain = interfaces.map(({ dropped: _, ...device }) => device);
  assert.deepEqual(plain.sort(byName), devices.sort(byName));
  if (Deno.build.os === "linux") {
    assert.ok(interfaces.every(({ dropped = -1 }) => Number.isInteger(dropped) && dropped >= 0));
  }
});

Deno.test("deviceState() tells no carrier from down", () => {
  for (const state of ["up", "no-carrier", "down"] as const) {
    assert.equal(deviceState(device("eth0", state)), state);
  }
});

Deno.test("deviceChanges() is empty when nothing changed, in whatever order", () => {
  const one = device("eth0", "up", "10.0.0.1"), two = device("eth1", "down");
  assert.deepEqual(deviceChanges([one, two], [two, one]), []);
});

Deno.test("deviceChanges() tells devices, states and addresses that come and go", () => {
  const before = [
    device("eth0", "up", "10.0.0.1", "10.0.0.2"),
    device("ppp0", "up", "10.8.0.1"),
    device("eth1", "no-carrier"),
  ];
  const after = [
    device("tun0", "up", "10.9.0.1"),
    device("eth0", "down", "10.0.0.2", "10.0.0.3"),
    device("eth1", "up"),
  ];
  assert.deepEqual(deviceChanges(before, after), [
    { kind: "appeared", device: "tun0" },
    { kind: "address-added", device: "tun0", address: "10.9.0.1/24" },
    { kind: "state", device: "eth0", from: "up", to: "down" },
    { kind: "address-removed", device: "eth0", address: "10.0.0.1/24" },
    { kind: "address-added", device: "eth0", address: "10.0.0.3/24" },
    { kind: "state", device: "eth1", from: "no-carrier", to: "up" },
    { kind: "vanished", device: "ppp0" },
  ]);
});

Deno.test("deviceChanges() tells a device that was replaced by one of the same name", () => {
  const old = device("eth0", "up", "10.0.0.1");
  assert.deepEqual(deviceChanges([old], [{ ...old, index: 2 }]), [
    { kind: "vanished", device: "eth0" },
    { kind: "appeared", device: "eth0" },
    { kind: "address-added", device: "eth0", address: "10.0.0.1/24" },
  ]);
});

Deno.test("deviceChanges() tells that a device is called otherwise now, and follows it", () => {
  const old = device("eth0", "up", "10.0.0.1"), other = device("eth1", "up");
  const renamed = { ...device("lan0", "down", "10.0.0.1"), index: old.index };
  assert.deepEqual(deviceChanges([old], [renamed]), [
    { kind: "renamed", device: "eth0", to: "lan0" },
    { kind: "state", device: "lan0", from: "up", to: "down" },
  ]);
  // A new one may take the name over, and two may change names.
  assert.deepEqual(
    deviceChanges([old], [{ ...renamed, up: true, running: true }, {
      ...device("eth0", "up"),
      index: 7,
    }]),
    [
      { kind: "renamed", device: "eth0", to: "lan0" },
      { kind: "appeared", device: "eth0" },
    ],
  );
  assert.deepEqual(
    deviceChanges([old, other], [
      { ...old, name: "eth1" },
      { ...other, name: "eth0" },
    ]),
    [
      { kind: "renamed", device: "eth0", to: "eth1" },
      { kind: "renamed", device: "eth1", to: "eth0" },
    ],
  );
});
