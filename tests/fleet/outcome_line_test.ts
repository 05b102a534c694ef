// Outcomes as lines: what goes in comes out, keys keep their order, and what is none is refused with a reason.

import assert from "node:assert/strict";
import { OUTCOMES } from "../../src/account.ts";
import { DECISIONS } from "../../src/decision.ts";
import {
  droppedLine,
  OUTCOME_LINE_CHARACTERS_MAX,
  outcomeLine,
  readOutcomeLine,
} from "../../src/fleet/outcome_line.ts";
import {
  type AttemptOutcome,
  FACTS,
  OPTION_LISTS,
  TARGET_NAMES,
  TECHNIQUES,
} from "../../src/outcome.ts";
import { attemptOutcome } from "../support/outcomes.ts";
import { Random } from "../support/random.ts";

const SENSOR = "web1.example";

const FULL = attemptOutcome({
  source: "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
  destination: "2001:db8:1111:1111:1111:1111:1111:1111",
  target: "protocol",
  port: 65535,
  sourcePort: 65535,
  outcome: "harmless",
  excuse: "came-again",
  witness: "user",
  techniques: [...TECHNIQUES],
  facts: [...FACTS],
  firstUs: Number.MAX_SAFE_INTEGER - 7,
  latestUs: Number.MAX_SAFE_INTEGER,
  settledUs: Number.MAX_SAFE_INTEGER - 1,
  packets: 65535,
  replyBytes: 0xffffffff,
  interface: 65535,
  ttl: 255,
  trafficClass: 255,
  tcpFlags: 255,
  ipVersion: 6,
  window: 65535,
  ipId: 65535,
  size: 65535,
  options: "windows",
  dontFragment: true,
  sequence: 0xffffffff,
  acknowledgement: 0xffffffff,
  signature: 0xffffffff,
  linkSource: 0xffffffff,
  uses: { all: 255, host: 254, port: 253 },
});

Deno.test("outcomeLine() is one line with keys in a fixed order, as the contract has it", () => {
  assert.equal(
    outcomeLine(attemptOutcome(), SENSOR),
    '{"@timestamp":"2026-01-01T00:00:00.001000Z","event":{"kind":"event","action":"attempt",' +
      '"start":"2026-01-01T00:00:00.000000Z","end":"2026-01-01T00:00:00.000000Z"},' +
      '"source":{"ip":"198.51.100.7","port":40000},"destination":{"ip":"203.0.113.10","port":22},' +
      '"observer":{"name":"web1.example","product":"scandog"},"scandog":{"version":1,"attempt":{' +
      '"target":"tcp","outcome":"refused","witness":"target","techniques":["syn"],"facts":["closed"],' +
      '"packets":1,"replyBytes":0,"interface":0,"ttl":50,"trafficClass":0,"tcpFlags":2,"ipVersion":4,' +
      '"window":1024,"ipId":0,"size":0,"sequence":1000,"acknowledgement":0,"signature":77,' +
      '"linkSource":0,"options":"none","dontFragment":false,"uses":{"all":0,"host":0,"port":0}}}}',
  );
});

Deno.test("readOutcomeLine() gives what outcomeLine() took, each name and each number", () => {
  const all: AttemptOutcome[] = [
    attemptOutcome(),
    FULL,
    attemptOutcome({ sourcePort: 0 }),
    attemptOutcome({ target: "ping", port: 0, sourcePort: 0 }),
    ...OUTCOMES.filter((name) => name !== "undecided" && name !== "harmless")
      .map((outcome) => attemptOutcome({ outcome })),
    ...TARGET_NAMES.flatMap((target) => [0, 5].map((port) => attemptOutcome({ target, port }))),
    ...FACTS.map((fact) => attemptOutcome({ facts: [fact] })),
    ...TECHNIQUES.map((technique) => attemptOutcome({ techniques: [technique] })),
    ...OPTION_LISTS.map((options) => attemptOutcome({ options })),
    ...DECISIONS.slice(1).map(({ name: excuse, witness }) =>
      attemptOutcome({ outcome: "harmless", excuse, witness })
    ),
  ];
  for (const outcome of all) {
    const line = outcomeLine(outcome, SENSOR);
    assert.ok(line.length < 3000, `${line.length}`);
    assert.deepEqual(readOutcomeLine(line), { sensor: SENSOR, outcome });
  }
});

Deno.test("readOutcomeLine() gives what droppedLine() took", () => {
  const dropped = { count: 17, fromUs: 1_767_225_600_000_001, toUs: 1_767_225_601_000_000 };
  assert.equal(
    droppedLine(dropped, "ä"),
    '{"@timestamp":"2026-01-01T00:00:01.000000Z","event":{"kind":"event","action":"attempts-dropped",' +
      '"start":"2026-01-01T00:00:00.000001Z","end":"2026-01-01T00:00:01.000000Z"},' +
      '"observer":{"name":"\\u00e4","product":"scandog"},"scandog":{"version":1,"dropped":17}}',
  );
  assert.deepEqual(readOutcomeLine(droppedLine(dropped, "ä")), { sensor: "ä", dropped });
});

/** The line with one member changed or, for undefined, gone. */
function changed(path: string, value: unknown, line = outcomeLine(FULL, SENSOR)): string {
  const whole = JSON.parse(line);
  const names = path.split("."), last = names.pop()!;
  const inner = names.reduce((object, name) => object[name], whole);
  inner[last] = value;
  return JSON.stringify(whole);
}

Deno.test("readOutcomeLine() passes over members that it does not know", () => {
  const line = changed("scandog.attempt.more", { a: [1] });
  assert.deepEqual(readOutcomeLine(line), { sensor: SENSOR, outcome: FULL });
});

Deno.test("readOutcomeLine() refuses whatever is not what it must be, and says where", () => {
  const cases: [string, unknown[], RegExp][] = [
    ["scandog.version", [2, "1", undefined, null], /version/],
    ["observer.name", ["", "a\nb", 5, undefined, "x".repeat(254)], /observer\.name/],
    ["event.start", ["2026-02-30T00:00:00.000000Z", "2026-01-01T00:00:00Z", 5], /event\.start/],
    ["event.end", [undefined, "1969-12-31T23:59:59.000000Z", "now"], /event\.start and/],
    ["@timestamp", [undefined, 0, "2026-01-01T24:00:00.000000Z"], /@timestamp/],
    ["event.action", ["scan-start", undefined, 1], /event\.action/],
    ["source.ip", [undefined, 5], /an address/],
    ["source.ip", ["example.org", "", "1.2.3.4/8"], /an address or a name/],
    ["source.port", [-1, 65536, 1.5, "22", null], /a port/],
    ["destination", [[], null, "x"], /an address/],
    ["scandog.attempt", [[], null, undefined, 7], /scandog\.attempt\./],
    ["scandog.attempt.number", [-1, 65536, "47", null], /a port/],
    ["scandog.attempt.target", ["tls"], /a name/],
    ["scandog.attempt.target", [7, undefined], /scandog\.attempt\.target/],
    ["scandog.attempt.outcome", ["undecided", "used"], /no outcome can/],
    ["scandog.attempt.outcome", ["open", "__proto__"], /a name/],
    ["scandog.attempt.excuse", [undefined, "undecided"], /./],
    ["scandog.attempt.techniques", ["syn", [5], Array(33).fill("syn"), {}], /techniques/],
    ["scandog.attempt.facts", [["true"]], /a name/],
    ["scandog.attempt.ttl", [256, -1, 0.5, "64", null, undefined, 1e300], /ttl/],
    ["scandog.attempt.ipVersion", [5], /no outcome can/],
    ["scandog.attempt.sequence", [2 ** 32, true], /sequence/],
    ["scandog.attempt.dontFragment", [1, undefined], /dontFragment/],
    ["scandog.attempt.uses", [undefined, { all: 256, host: 0, port: 0 }, []], /uses/],
  ];
  for (const [path, values, reason] of cases) {
    for (const value of values) {
      const { refused } = readOutcomeLine(changed(path, value));
      assert.match(refused ?? "taken", reason, `${path}: ${JSON.stringify(value)}`);
    }
  }
  const swapped = changed("event.end", "2026-01-01T00:00:00.000000Z");
  assert.equal(readOutcomeLine(swapped).refused, "no outcome can be like that");
  const drops = droppedLine({ count: 1, fromUs: 1, toUs: 2 }, SENSOR);
  for (const count of [0, -1, 1.5, "1", null, 2 ** 53]) {
    assert.match(readOutcomeLine(changed("scandog.dropped", count, drops)).refused!, /no count/);
  }
});

Deno.test("readOutcomeLine() takes any text without a throw", () => {
  for (const text of ["", "null", "[]", "5", '"x"', "{}", "{", '{"scandog":null}', "\0"]) {
    assert.ok(readOutcomeLine(text).refused, text);
  }
  const long = outcomeLine(attemptOutcome(), SENSOR) + " ".repeat(OUTCOME_LINE_CHARACTERS_MAX);
  assert.match(readOutcomeLine(long).refused!, /more than 4096/);
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const line = outcomeLine(FULL, SENSOR);
  for (let i = 0; i < 5000; i++) {
    const units = [...line];
    for (let k = random.below(3); k >= 0; k--) {
      units[random.below(units.length)] = String.fromCharCode(random.below(128));
    }
    const read = readOutcomeLine(units.join(""));
    if (read.outcome === undefined) continue;
    // What is taken is an outcome, and is written again as one.
    const again = readOutcomeLine(outcomeLine(read.outcome, SENSOR));
    assert.deepEqual(again.outcome, read.outcome, `seed ${seed}`);
  }
});
