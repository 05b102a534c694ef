// Every public capture there is, against what its manifest says of it.

import assert from "node:assert/strict";
import { skipped } from "../support/skip.ts";
import { readCapture, readManifest } from "./support/corpus.ts";

/** Captures that are damaged, or of a version nobody reads, and what is said of them. */
const DAMAGED: Record<string, string> = {
  "libpcap/tests/pcap-invalid-version-1.pcap":
    "pcap version 1.4 is not known (2.0 to 2.4 are), at byte 4",
  // tshark reads this one; libpcap does not.
  "libpcap/tests/pcap-invalid-version-2.pcap":
    "pcap version 2.5 is not known (2.0 to 2.4 are), at byte 4",
  "libpcap/tests/pcapng-invalid-vers-1.pcapng":
    "pcapng version 0.1 is not known (1.0 and 1.2 are), at byte 0",
  "libpcap/tests/pcapng-invalid-vers-2.pcapng":
    "pcapng version 1.1 is not known (1.0 and 1.2 are), at byte 0",
  "libpcap/tests/shb-option-too-long.pcapng":
    "block of 52 bytes says at its end that it has 808464432, at byte 0",
};

/** A capture that was made by chance ends in zeros, which tshark takes for packets of no bytes. */
const ENDS_IN_ZEROS: Record<string, [packets: number, damage: string]> = {
  "tcpdump/tests/bgp_vpn_rt-oobr.pcap": [
    24,
    "zeros from here on: the file was not written to its end, what is missing is lost, at byte 663",
  ],
};

/** Packets of captures whose link type tshark does not know, so that the manifest has none. */
const UNKNOWN_TO_TSHARK: Record<string, number> = {
  "libpcap/tests/filter/brcm-tag-stp.pcap": 4,
  "libpcap/tests/filter/brcm-tag.pcap": 15,
  "tcpdump/tests/brcm-tag-prepend.pcap": 15,
  "tcpdump/tests/brcm-tag.pcap": 23,
  "tcpdump/tests/dsa-high-vid.pcap": 4,
  "tcpdump/tests/dsa.pcap": 8,
  "tcpdump/tests/edsa-high-vid.pcap": 4,
  "tcpdump/tests/edsa.pcap": 10,
  "tcpdump/tests/frf16_magic_ie-oobr.pcap": 1,
  "tcpdump/tests/hoobr_juniper3.pcap": 1,
  "tcpdump/tests/juniper_es_oobr.pcap": 1,
  "tcpdump/tests/juniper_monitor_invalid_cookie_length.pcap": 1,
  "tcpdump/tests/kday6.pcap": 1,
  "tcpdump/tests/vtp_asan-2.pcap": 1,
  "tcpdump/tests/vtp_asan-3.pcap": 1,
  "tcpdump/tests/vtp_asan.pcap": 5,
};

/** Custom blocks, which tshark counts as packets, of the captures that have any. */
const CUSTOM_BLOCKS: Record<string, number> = {
  "pcapng-testgen/output_be/advanced/test102.pcapng": 3,
  "pcapng-testgen/output_be/basic/test017.pcapng": 4,
  "pcapng-testgen/output_be/basic/test018.pcapng": 4,
  "pcapng-testgen/output_be/difficult/test202.pcapng": 3,
  "pcapng-testgen/output_le/advanced/test102.pcapng": 3,
  "pcapng-testgen/output_le/basic/test017.pcapng": 4,
  "pcapng-testgen/output_le/basic/test018.pcapng": 4,
  "pcapng-testgen/output_le/difficult/test202.pcapng": 3,
};

const manifest = readManifest();
const ignore = skipped("public captures", manifest === null && "../shared/captures is not there");

Deno.test({
  name: "CaptureReader finds the packets and link types of every public capture",
  ignore,
  fn: () => {
    assert.ok(manifest !== null);
    for (const { file, packets, linktype } of manifest) {
      let count = 0;
      const seen = new Set<number>();
      const error = readCapture(file, (reader) => {
        count++;
        seen.add(reader.linkType);
      });
      const [given, zeros] = ENDS_IN_ZEROS[file] ?? [];
      const damage = DAMAGED[file] ?? zeros;
      assert.equal(error?.message, damage && `${file}: ${damage}`, file);
      if (damage !== undefined) {
        assert.equal(count, given ?? 0, file);
        continue;
      }
      const want = UNKNOWN_TO_TSHARK[file] ?? packets - (CUSTOM_BLOCKS[file] ?? 0);
      assert.equal(count, want, file);
      // The manifest lists the interfaces, of which some have no packet.
      for (const linkType of seen) assert.ok(linktype.includes(linkType), `${file}: ${linkType}`);
    }
  },
});
