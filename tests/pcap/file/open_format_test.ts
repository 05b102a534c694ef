import assert from "node:assert/strict";
import { concat } from "../../support/pcap_bytes.ts";
import { countUp, enhanced, interfaceBlock, pcapHeader, section } from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

const told = (file: Uint8Array) => {
  const { packets, error } = readAll(file);
  assert.equal(packets.length, 0);
  return error?.message;
};

Deno.test("openFormat() says that a file is empty, or too short to be told", () => {
  assert.equal(told(countUp(0)), "test.pcap: the file is empty, capture again, at byte 0");
  for (const bytes of [1, 2, 3]) {
    assert.equal(
      told(pcapHeader().subarray(0, bytes)),
      `test.pcap: a file of ${bytes} bytes is no capture, capture again, at byte 0`,
    );
  }
});

Deno.test("openFormat() says that a file is cut in its header", () => {
  for (
    const header of [pcapHeader(), pcapHeader({ little: false }), pcapHeader({ magic: 0xa1b23c4d })]
  ) {
    for (let bytes = 4; bytes < 24; bytes++) {
      assert.equal(
        told(header.subarray(0, bytes)),
        `test.pcap: pcap file cut in its header, ${bytes} of 24 bytes there, capture again, ` +
          `at byte ${bytes}`,
      );
    }
    assert.equal(readAll(header).error, null, "a capture without packets is whole");
  }
  for (let bytes = 4; bytes < 24; bytes++) {
    assert.equal(
      told(section().subarray(0, bytes)),
      `test.pcap: pcapng file cut in its header, ${bytes} of 28 bytes there, capture again, ` +
        `at byte ${bytes}`,
    );
  }
});

Deno.test("openFormat() says what a file is that is no capture, and how to make one of it", () => {
  const files: [number[], string][] = [
    [[0x1f, 0x8b, 8], "gzip data inside gzip data: decompress it first with `gunzip -c`"],
    [[0x28, 0xb5, 0x2f, 0xfd], "zstd data: decompress it first with `zstd -dc`"],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz data: decompress it first with `xz -dc`"],
    [[0x7b, 0x22, 0x40, 0x74], "JSON, which holds no packets"],
    [[0x73, 0x6e, 0x6f, 0x6f, 0x70, 0], "a snoop capture: convert it with `editcap -F pcap`"],
    [[0x1c, 0, 1, 0xac], "an Ixia hardware capture: convert it with `editcap -F pcap`"],
    [
      [0x4d, 0x3c, 0x2b, 0xa1],
      "a Navtel capture, which libpcap does not read either: write it anew as pcap",
    ],
  ];
  for (const [first, what] of files) {
    for (const length of [8, 100]) {
      const file = new Uint8Array(length);
      file.set(first);
      assert.equal(told(file), `test.pcap: not a pcap or pcapng file but ${what}, at byte 0`);
    }
  }
  assert.equal(
    told(new TextEncoder().encode("#!/bin/sh\nexit 0\n")),
    "test.pcap: not a capture file: pcap or pcapng is needed, or gzip or zstd of these; " +
      "this begins with 23212f62696e2f73, at byte 0",
  );
});

Deno.test("openFormat() does not take a damaged magic for another", () => {
  const good = concat([section(), interfaceBlock(1), enhanced(0, 1n, countUp(4))]);
  for (const file of [pcapHeader(), good]) {
    for (let bit = 0; bit < 32; bit++) {
      const bad = file.slice();
      bad[bit >> 3] ^= 1 << (bit & 7);
      assert.match(told(bad) ?? "", /^test\.pcap: not a /, `bit ${bit}`);
    }
  }
});
