// The order of several files: by the time of their first packets, where all of them can be looked into.

import assert from "node:assert/strict";
import { fileOrder } from "../../src/capture/file_order.ts";
import { pcapFile, tcpFrame } from "../support/pcap_bytes.ts";

const at = (timeUs: number) => pcapFile([{ timeUs, frame: tcpFrame({ port: 1 }) }]);
const FILES: Record<string, Uint8Array> = {
  "late": at(1_790_000_003e6),
  "early": at(1_790_000_001e6),
  "empty": pcapFile([]),
  "none": new TextEncoder().encode("no capture"),
};

/** Names in their order, with `*` where it is that of time. */
function order(names: readonly string[]): string {
  const folder = Deno.makeTempDirSync();
  try {
    for (const name in FILES) Deno.writeFileSync(`${folder}/${name}`, FILES[name]);
    const paths = names.map((name) => name.startsWith("-") ? name : `${folder}/${name}`);
    const { turns, isByTime } = fileOrder(paths, false);
    for (const { name, index } of turns) assert.equal(name, paths[index]);
    return turns.map(({ index }) => names[index]).join(" ") + (isByTime ? " *" : "");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("fileOrder() goes by the time of first packets, and takes what has none first, as given", () => {
  assert.equal(order(["late", "early"]), "early late *");
  assert.equal(order(["early", "late"]), "early late *");
  assert.equal(order(["late", "none", "early", "empty"]), "none empty early late *");
  assert.equal(order(["late", "not there", "early"]), "not there early late *");
});

Deno.test("fileOrder() leaves one file alone, and all as given where one cannot be looked into", () => {
  assert.equal(order(["late"]), "late");
  assert.equal(order(["late", "-", "early"]), "late - early");
  const folder = order(["late", "../", "early"]);
  assert.equal(folder, "late ../ early");
});
