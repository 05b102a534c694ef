// What a replay says where it saw little or nothing: a scan inside a file that is read as nothing must not
// pass for none.

import assert from "node:assert/strict";
import { bytes, counting, ethernet, ipv4, udp } from "../decode/build.ts";
import { concat, pcapFile, tcpFrame } from "../support/pcap_bytes.ts";
import { scandog } from "../support/scandog.ts";

const START_US = Date.parse("2026-11-21T22:14:52Z") * 1000;
const NOTHING = ["--config", "/dev/null", "--fail-on-scan"];

function file(frames: Uint8Array[], linkType = 1): Uint8Array {
  return pcapFile(frames.map((frame, i) => ({ timeUs: START_US + i * 1000, frame })), linkType);
}

const SCAN = Array.from({ length: 8 }, (_, i) => tcpFrame({ source: "10.0.0.1", port: 20 + i }));
const ENCRYPTED = ethernet(bytes(0x2c, 0, 0, 0, 0, 1, counting(60)), 0x88e5);
const LLDP = ethernet(counting(60), 0x88cc);

/** Writes the files and replays them by these names. */
async function replay(files: Record<string, Uint8Array>, ...args: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/${name}`, content);
    }
    const names = Object.keys(files).map((name) => `${folder}/${name}`);
    const { status, out, err } = await scandog(["replay", ...names, ...NOTHING, ...args]);
    return { status, out, err: err.replaceAll(`${folder}/`, "") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("replay of nothing that it can decode exits with 1 and says what it was, also with --quiet", async () => {
  for (const quiet of [[], ["--quiet"]]) {
    const { status, out, err } = await replay(
      { "a.pcap": file(Array(9).fill(ENCRYPTED)) },
      ...quiet,
    );
    assert.match(
      err,
      /^scandog: a\.pcap: none of its 9 frames could be decoded: EtherType 0x88e5 \(MACsec\), encrypted$/m,
    );
    assert.deepEqual([status, out], [1, ""]);
  }
  const scans = await replay({ "a.pcap": file(Array(9).fill(LLDP)), "b.pcap": file([LLDP]) });
  assert.match(scans.err, /^scandog: a\.pcap: none of its 9 frames/m);
  assert.match(scans.err, /^scandog: b\.pcap: its only frame/m);
  assert.equal(scans.status, 1);
});

Deno.test("replay says of a file among others, and of most of a file, that it is not read", async () => {
  const found = await replay({ "a.pcap": file([LLDP, LLDP]), "b.pcap": file(SCAN) });
  assert.match(found.err, /^scandog: a\.pcap: none of its 2 frames could be decoded: .*LLDP/m);
  assert.equal(found.status, 3);
  const most = await replay({ "a.pcap": file([SCAN[0], ...Array(9).fill(ENCRYPTED)]) });
  assert.match(
    most.err,
    /^scandog: a\.pcap: 9 of 10 frames \(90 %\) are not read, most of them .*MACsec.*: a scan in them is not seen$/m,
  );
  assert.equal(most.status, 0);
  const other = await replay({ "a.pcap": file([SCAN[0], ...Array(9).fill(LLDP)]) });
  assert.doesNotMatch(other.err, /not read/);
});

Deno.test("replay --inside finds the scan in a mirror, without it a line says how to", async () => {
  const vxlan = SCAN.map((frame) =>
    ethernet(
      ipv4(udp(bytes(8, 0, 0, 0, 0, 0, 7, 0, frame), { destinationPort: 4789 }), { protocol: 17 }),
    )
  );
  const without = await replay({ "a.pcap": file(vxlan) });
  assert.match(
    without.err,
    /^scandog: a\.pcap: 8 of 8 frames are VXLAN, .*: --inside vxlan looks at/m,
  );
  assert.deepEqual([without.out, without.status], ["", 0]);
  for (
    const words of [["--inside", "vxlan"], ["--inside", "gre,vxlan"], [
      "--profile",
      "scanlogd-2",
      "--inside",
      "vxlan",
    ]]
  ) {
    const { out, err, status } = await replay({ "a.pcap": file(vxlan) }, ...words);
    assert.match(out, /10\.0\.0\.1/, words.join(" "));
    assert.doesNotMatch(err, /--inside/);
    assert.equal(status, 3);
  }
  const wrong = await replay({ "a.pcap": file(vxlan) }, "--inside", "vxlan,vlan");
  assert.equal(wrong.status, 2);
  assert.match(
    wrong.err,
    /--inside must be of vxlan, geneve, gre, erspan, ipip, gtp, separated by commas/,
  );
});

Deno.test("replay of a file without packets is none of its business", async () => {
  const { status, err } = await replay({ "a.pcap": file([]) });
  assert.equal(status, 0);
  assert.doesNotMatch(err, /decoded/);
});

Deno.test("replay finds the scan before the zeros that a file ends in, says so, and exits with 1", async () => {
  const { status, out, err } = await replay({
    "a.pcap": concat([file(SCAN), new Uint8Array(4096)]),
  });
  assert.match(out, / SCAN 10\.0\.0\.1/);
  assert.match(err, /^scandog: a\.pcap: zeros from here on: .* at byte 584$/m);
  assert.equal(status, 1);
});

Deno.test("replay counts packets that the capture cut before their ports", async () => {
  const cut = file(SCAN.map((frame) => frame.subarray(0, 40)));
  for (let at = 24; at < cut.length; at += 56) cut[at + 12] = 54;
  const { err } = await replay({ "a.pcap": cut });
  assert.match(
    err,
    /^scandog: 8 packets cut by the capture before the end of the header with the ports: /m,
  );
});

Deno.test("replay reads packets above the file's snapshot length, and the classic profiles as libpcap does", async () => {
  const content = file(SCAN);
  content[16] = 30;
  content[17] = content[18] = 0;
  assert.match((await replay({ "a.pcap": content })).out, / SCAN 10\.0\.0\.1/);
  const classic = await replay({ "a.pcap": content }, "--profile", "scanlogd-2");
  assert.deepEqual([classic.out, classic.status], ["", 1]);
  assert.match(classic.err, /none of its 8 frames could be decoded: IP header cut short/);
});
