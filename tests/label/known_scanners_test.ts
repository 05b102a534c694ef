import assert from "node:assert/strict";
import { CannotRun } from "../../src/failure.ts";
import { KnownScanners, parseKnownScanners } from "../../src/label/known_scanners.ts";
import { cefLine } from "../../src/format/cef.ts";
import { jsonLine } from "../../src/format/json.ts";
import { textLine } from "../../src/format/text.ts";
import { UTC } from "../../src/format/zone.ts";
import { scanEvent, suppressedEvent, visitEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

const LIST = `# network       name
198.51.100.0/24, Example University, Internet census

198.51.100.7     Example Project
2001:db8:51::/48\tExample over IPv6\r
`;

function known(source: string) {
  const list = new KnownScanners(parseKnownScanners(LIST, "list"));
  const event = list.tag(scanEvent({ source }));
  return "scan" in event ? event.known : undefined;
}

Deno.test("KnownScanners names a source by the narrowest network that holds it", () => {
  assert.deepEqual(known("198.51.100.7"), { name: "Example Project", network: "198.51.100.7/32" });
  assert.deepEqual(known("198.51.100.8"), {
    name: "Example University, Internet census",
    network: "198.51.100.0/24",
  });
  assert.deepEqual(known("2001:db8:51::9"), {
    name: "Example over IPv6",
    network: "2001:db8:51::/48",
  });
  assert.equal(known("198.51.101.7"), undefined);
  assert.equal(known("::c633:6407"), undefined);
});

Deno.test("KnownScanners leaves other events, and the event itself, as they were", () => {
  const list = new KnownScanners(parseKnownScanners(LIST, "list"));
  const suppressed = suppressedEvent();
  assert.equal(list.tag(suppressed), suppressed);
  const event = scanEvent({ source: "198.51.100.7" });
  assert.notEqual(list.tag(event), event);
  assert.equal(event.known, undefined);
});

Deno.test("parseKnownScanners() refuses what it cannot understand, naming file and line", () => {
  const refusals: [string, RegExp][] = [
    ["10.0.0.0/8", /^list:1: must be a network and a name$/],
    ["# x\n\nexample.org name", /^list:3: must begin with an address/],
    ["10.0.0.0/33 name", /^list:1: must begin with an address/],
    ["10.0.0.0/8 a; source is real (handshake)", /^list:1: the name must be/],
    ["10.0.0.0/8 naïve", /^list:1: the name must be/],
    [`10.0.0.0/8 ${"x".repeat(81)}`, /^list:1: the name must be/],
  ];
  for (const [text, message] of refusals) {
    assert.throws(() => parseKnownScanners(text, "list"), (error) => {
      assert.ok(error instanceof CannotRun);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(parseKnownScanners("", "list"), []);
});

Deno.test("every format has the name of a known scanner", () => {
  const event = scanEvent({ known: { name: "Example Project", network: "198.51.100.7/32" } });
  const context = {
    zone: UTC,
    interfaceName: () => undefined,
    observer: undefined,
    version: "0.1.0",
    seed: 1,
  };
  assert.match(textLine(event, context), /; known scanner Example Project; /);
  assert.deepEqual(JSON.parse(jsonLine(event, context)).scandog.known, event.known);
  assert.match(cefLine(event, context), /msg=.*; known scanner Example Project; /);
});

Deno.test("a visit is tagged by its visitor", () => {
  const known = new KnownScanners(parseKnownScanners("10.9.0.77 Somebody", "list"));
  const neighbour = visitEvent({ source: "10.9.0.77", match: "network" });
  assert.deepEqual(known.tag(neighbour), {
    ...neighbour,
    known: { name: "Somebody", network: "10.9.0.77/32" },
  });
  assert.equal((known.tag(visitEvent()) as typeof neighbour).known, undefined);
});

Deno.test("replay --known-scanners tags and hides nothing; a bad list is refused by name", async () => {
  const list = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(list, LIST);
    const capture = inRepository("testdata/cases/hping-syn/capture.pcap");
    const args = ["replay", "--quiet", "--tz", "UTC", capture];
    const plain = await scandog(args);
    const tagged = await scandog([...args, "--known-scanners", list]);
    assert.equal(tagged.status, 0, tagged.err);
    assert.match(tagged.out, /; known scanner Example Project; /);
    assert.equal(tagged.out.replaceAll("; known scanner Example Project", ""), plain.out);
    await Deno.writeTextFile(list, "nonsense");
    const refused = await scandog([...args, "--known-scanners", list]);
    assert.equal(refused.status, 1);
    assert.ok(refused.err.includes(`${list}:1: must be a network and a name`), refused.err);
    const absent = await scandog([...args, "--known-scanners", `${list}-absent`]);
    assert.equal(absent.status, 1);
    assert.match(absent.err, /there is no such file/);
  } finally {
    await Deno.remove(list);
  }
});
