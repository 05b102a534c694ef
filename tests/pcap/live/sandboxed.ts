// Run by libpcap_test.ts as a process and as a worker, each with as few permissions as there can be:
// does what needs no device and tells what came of it.

import { Filter, Libpcap, listDevices } from "../../../src/pcap/mod.ts";

const libpcap = new Libpcap();
using filter = new Filter(libpcap, "ip[0] = 0x45", 101);

/** What Deno says to those who want to read native memory themselves. */
const pointers = [
  () => Deno.UnsafePointer.create(1n),
  () => Deno.UnsafePointer.of(new Uint8Array(1)),
  () => new Deno.UnsafeCallback({ parameters: [], result: "void" }, () => {}).close(),
].map((use) => {
  try {
    use();
    return "allowed";
  } catch (error) {
    return (error as Error).name;
  }
});

const said = {
  version: libpcap.version,
  paths: libpcap.paths,
  devices: listDevices(libpcap),
  filter: [filter.matches(new Uint8Array([0x45])), filter.matches(new Uint8Array([0x46]))],
  pointers,
};
// Only a worker has someone to post to.
const { postMessage } = globalThis as { postMessage?: (message: unknown) => void };
if (postMessage === undefined) console.log(JSON.stringify(said));
else postMessage(said);
