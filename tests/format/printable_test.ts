import assert from "node:assert/strict";
import { oneLine, printable } from "../../src/format/printable.ts";

Deno.test("printable() leaves printable ASCII and tells everything else apart", () => {
  assert.equal(printable("a b~"), "a b~");
  assert.equal(printable("\\ \n \x1b[31m é 😀"), "\\\\ \\u{a} \\u{1b}[31m \\u{e9} \\u{1f600}");
});

Deno.test("oneLine() keeps letters of any script and nothing that a terminal acts on", () => {
  assert.equal(oneLine("Mitschnitt-für-日本.pcap"), "Mitschnitt-für-日本.pcap");
  assert.equal(oneLine("a\nb\r\x1b[2J\x7f\x9b"), "a\\x0ab\\x0d\\x1b[2J\\x7f\\x9b");
  assert.equal(oneLine("\u202egnp.pcap\u2028"), "\\u202egnp.pcap\\u2028");
});
