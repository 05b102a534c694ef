// The rooms under src/ and the directions between them: who may import whom, and who must not touch
// the world. What is allowed is written here once, after the design.

import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path/posix";
import project from "../deno.json" with { type: "json" };
import {
  CONSTRUCTOR_PARAMETERS_MAX,
  PART_MAY_IMPORT,
  READS_RECORDS,
} from "./support/detector_parts.ts";
import { inRepository } from "./support/paths.ts";
import { readSource, type SourceFile } from "./support/source_file.ts";

/** Files directly under src/ that every room may import, and that import each other only. */
const LEAVES = [
  "record",
  "tunable",
  "params",
  "address",
  "event",
  "insight",
  "account",
  "decision",
  "failure_class",
  "outcome",
  "detector",
  "failure",
  "cache_lines",
  "keyed_hash",
  "used_flows",
  "version",
  "text_hash",
];

/** What each room may import besides itself; `leaves` stands for all of them. */
const MAY_IMPORT: Record<string, string[]> = {
  leaves: [],
  pcap: [],
  decode: ["leaves"],
  ring: ["leaves"],
  // The thread that takes packets gives its rights up by itself.
  capture: ["pcap", "decode", "ring", "system", "leaves"],
  detect: ["leaves"],
  packetlog: ["leaves"],
  format: ["leaves"],
  // Savefiles are written in the form that pcap/ knows.
  sink: ["pcap", "system", "leaves"],
  system: ["leaves"],
  // Keeps what one detector learned; its sentences count as the formats do.
  state: ["detect", "format", "leaves"],
  // The one place that sees both ends of the path.
  // Devices are looked at from the main thread.
  pipeline: ["capture", "pcap", "decode", "ring", "detect", "packetlog", "leaves"],
  // A list of known scanners is a file that somebody wrote.
  label: ["system", "leaves"],
  verdict: ["format", "leaves"],
  // Outcomes of many sensors to the judging half: a function of what comes in.
  correlate: ["detect", "leaves"],
  // Draws what was told: events as their lines tell them, and addresses.
  report: ["format", "leaves"],
  // What sensors tell each other: outcomes and events, to and from servers and files.
  fleet: ["format", "sink", "system", "leaves"],
  // Tells of a running program; what it tells is given to it.
  status: ["format", "system", "leaves"],
  // A value is understood by the room that uses it: an option asks that room what may be written.
  // Whether a file may be believed depends on who runs this.
  options: [
    "decode",
    "detect",
    "packetlog",
    "format",
    "fleet",
    "sink",
    "system",
    "verdict",
    "leaves",
  ],
  command: [
    "pcap",
    "decode",
    "ring",
    "capture",
    "detect",
    "packetlog",
    "label",
    "format",
    "sink",
    "system",
    "state",
    "pipeline",
    "verdict",
    "report",
    "fleet",
    "status",
    "options",
    "correlate",
    "leaves",
  ],
  main: ["command"],
};

/** Rooms that know neither clocks nor chance nor the system: same input, same output. */
const SILENT = ["leaves", "decode", "ring", "detect", "packetlog", "format", "report", "correlate"];
const FORBIDDEN_IN_SILENCE = [
  "Deno",
  "console",
  "performance",
  "crypto",
  "process",
  "setTimeout",
  "fetch",
  "Date.now",
  "new Date()",
  "Math.random",
];

/**
 * Rooms that may use packages: whoever reads the packet path needs to know no library. capture/ unpacks zstd
 * with one, before there is a packet; fleet/ speaks to servers with another.
 */
const WITH_PACKAGES = ["options", "command", "capture", "fleet"];

/** Rooms whose classes every packet meets. */
const PACKET_PATH = ["decode", "ring", "detect", "packetlog"];

/** These want unrestricted FFI: with them the program could not run in its sandbox. */
const POINTER_APIS = ["Deno.UnsafePointer", "Deno.UnsafePointerView", "Deno.UnsafeCallback"];

const LINES_MAX = 450;

function list(folder: string): string[] {
  return [...Deno.readDirSync(inRepository(folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return list(path);
    return name.endsWith(".ts") ? [path] : [];
  }).sort();
}

function read(path: string): SourceFile {
  return readSource(path, Deno.readTextFileSync(inRepository(path)));
}

const SOURCES = ["main.ts", ...list("src")].map(read);
const TESTS = list("tests");

/** The room of a path: a folder under src/, a file directly under it, or `leaves`. */
function roomOf(path: string): string {
  const [top, name] = path.replace(/^src\//, "").split("/");
  const room = name === undefined ? top.replace(/\.ts$/, "") : top;
  return LEAVES.includes(room) ? "leaves" : room;
}

/** The path that a specifier leads to, or the specifier itself when it is a package. */
function resolve(from: string, specifier: string): string {
  const mapped = (project.imports as Record<string, string>)[specifier];
  if (mapped?.startsWith("./")) return normalize(mapped);
  return specifier.startsWith(".") ? join(dirname(from), specifier) : specifier;
}

/** Every import: from which file to which path or package. */
const EDGES = SOURCES.flatMap(({ path, imports }) =>
  imports.map((specifier) => ({ from: path, to: resolve(path, specifier) }))
);

/** Edges to our own modules, and edges to packages. */
const INNER = EDGES.filter(({ to }) => /^(src\/|main\.ts$)/.test(to));
const OUTER = EDGES.filter(({ to }) => !INNER.some((edge) => edge.to === to));

Deno.test("every file under src is in a room that the design knows", () => {
  assert.ok(SOURCES.length > 30);
  for (const { path } of SOURCES) assert.ok(roomOf(path) in MAY_IMPORT, path);
});

Deno.test("a room imports only what it may", () => {
  assert.ok(INNER.length > SOURCES.length);
  const forbidden = INNER.filter(({ from, to }) => {
    const room = roomOf(from);
    return roomOf(to) !== room && !MAY_IMPORT[room].includes(roomOf(to));
  });
  assert.deepEqual(forbidden, []);
});

Deno.test("no file needs itself by way of others, not even for a type", () => {
  const needs = Map.groupBy(INNER, ({ from }) => from);
  const begun = new Set<string>(), done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (done.has(path)) return;
    if (begun.has(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    else {
      begun.add(path);
      for (const { to } of needs.get(path) ?? []) visit(to, [...way, path]);
    }
    done.add(path);
  };
  for (const { path } of SOURCES) visit(path, []);
  assert.deepEqual(circles, []);
});

Deno.test("detectors do not import each other", () => {
  const detector = (path: string) => /^src\/detect\/([^/]+)\//.exec(path)?.[1];
  const forbidden = INNER.filter(({ from, to }) => {
    const [own, other] = [detector(from), detector(to)];
    // What is directly in src/detect/ serves all of them, and knows none.
    return other !== undefined && from.startsWith("src/detect/") && own !== other;
  });
  assert.deepEqual(forbidden, []);
});

const DETECTOR = "src/detect/scandog/";
const OF_DETECTOR = SOURCES.filter(({ path }) => path.startsWith(DETECTOR));

/** A part of the detector: a folder, or a file directly in its room. */
function partOf(path: string): string {
  return path.slice(DETECTOR.length).split("/")[0].replace(/\.ts$/, "");
}

Deno.test("a part of the detector imports only what it may, and may import only what it does", () => {
  const edges = INNER.filter(({ from, to }) => from.startsWith(DETECTOR) && to.startsWith(DETECTOR))
    .filter(({ from, to }) => partOf(from) !== partOf(to));
  assert.ok(edges.length > 200, `${edges.length}`);
  for (const { path } of OF_DETECTOR) assert.ok(partOf(path) in PART_MAY_IMPORT, path);
  const forbidden = edges.filter(({ from, to }) =>
    !PART_MAY_IMPORT[partOf(from)].includes(partOf(to))
  );
  assert.deepEqual(forbidden, []);
  for (const [part, others] of Object.entries(PART_MAY_IMPORT)) {
    const used = new Set(
      edges.filter(({ from }) => partOf(from) === part).map(({ to }) => partOf(to)),
    );
    assert.deepEqual(others.filter((other) => !used.has(other)), [], `${part} has no need of`);
  }
});

Deno.test("the judging half of the detector knows no records", () => {
  const isReader = (path: string) =>
    READS_RECORDS.some((reader) => path.startsWith(DETECTOR + reader));
  const readers = OF_DETECTOR.filter(({ text }) =>
    /import [^;]*\bRecords\b[^;]*record\.ts"/.test(text)
  );
  assert.ok(readers.length > 10);
  assert.deepEqual(readers.filter(({ path }) => !isReader(path)).map(({ path }) => path), []);
});

Deno.test("in the detector constructors take few parts, and questions change nothing", () => {
  for (const { path, constructorParameters, actingQuestions } of OF_DETECTOR) {
    assert.ok(Math.max(0, ...constructorParameters) <= CONSTRUCTOR_PARAMETERS_MAX, path);
    assert.deepEqual(actingQuestions, [], path);
  }
});

Deno.test("the places of words in the detector's tables are known where they are kept only", () => {
  const users = OF_DETECTOR.filter(({ text }) => /import [^;]*\bWord\b[^;]*;/.test(text));
  assert.deepEqual(users.map(({ path }) => path), [`${DETECTOR}table/attempt_table.ts`]);
});

Deno.test("packages are pinned in the import map, and few rooms have them", () => {
  const names = Object.keys(project.imports);
  for (const { from, to } of OUTER) {
    if (to === "deno.json") continue;
    const mapped = names.some((name) => to === name || to.startsWith(`${name}/`));
    assert.ok(to.startsWith("node:") || mapped, `${from} imports ${to}`);
    assert.ok(
      to.startsWith("node:") || WITH_PACKAGES.includes(roomOf(from)),
      `${from} imports ${to}`,
    );
    assert.ok(!SILENT.includes(roomOf(from)), `${from} imports ${to}`);
  }
  for (const [name, target] of Object.entries(project.imports)) {
    assert.match(target, /^(\.\/|npm:.*@\d+\.\d+\.\d+(-[a-z0-9.]+)?$)/, name);
  }
});

Deno.test("silent rooms touch neither clock nor chance nor the system", () => {
  const forbidden = SOURCES.filter(({ path }) => SILENT.includes(roomOf(path))).flatMap(
    ({ path, globals }) =>
      FORBIDDEN_IN_SILENCE.filter((name) => globals.has(name)).map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(forbidden, []);
});

Deno.test("no file dereferences a native pointer", () => {
  for (const { path, globals } of SOURCES) {
    for (const name of POINTER_APIS) assert.ok(!globals.has(name), `${path}: ${name}`);
  }
});

Deno.test("fields of classes on the packet path are never undefined (ADR 22)", () => {
  const path = SOURCES.filter(({ path }) => PACKET_PATH.includes(roomOf(path)));
  assert.ok(path.flatMap(({ declaredFields }) => declaredFields).length > 300);
  for (const { path: file, text, emptyFields, declaredFields } of path) {
    assert.deepEqual(emptyFields, [], file);
    // The compiler does not look whether a declared field is ever made.
    for (const name of declaredFields) {
      assert.match(text, new RegExp(`this\\.${name}\\s*=[^=]`), file);
    }
  }
});

Deno.test("main.ts only starts the command", () => {
  assert.deepEqual(INNER.filter(({ from }) => from === "main.ts").map(({ to }) => to), [
    "src/command/start.ts",
  ]);
});

Deno.test("every file says first what it is for, has a snake_case name and is short", () => {
  const all = [...SOURCES, ...TESTS.map((path) => ({ path, text: readText(path) }))];
  for (const { path, text } of all) {
    assert.match(path, /^([a-z0-9_]+\/)*[a-z0-9_]+\.ts$/);
    const lines = text.split("\n").length;
    assert.ok(lines <= LINES_MAX, `${path} has ${lines} lines`);
    if (path.startsWith("src/")) assert.match(text, /^\/\/ \S/, `${path} has no header`);
  }
});

Deno.test("every decision record has its file's number and a status, and links to records there are", () => {
  const files = [...Deno.readDirSync(inRepository(".github/adr"))].map(({ name }) => name);
  const numbers = new Set(files.map((name) => Number(name.slice(0, 4))));
  assert.equal(numbers.size, files.length, "each number once");
  assert.equal(Math.max(...numbers), files.length, "no number is left out");
  for (const name of files) {
    assert.match(name, /^[0-9]{4}-[a-z0-9-]+\.md$/);
    const text = readText(`.github/adr/${name}`);
    const [, number, status] = /^# (\d+)\. .+\n\nStatus: (.+)\n\n/.exec(text) ?? [];
    assert.equal(Number(number), Number(name.slice(0, 4)), `${name}: its number in the title`);
    assert.match(
      status,
      /^(accepted|superseded by \[)/,
      `${name}: Status: accepted, or superseded by`,
    );
    for (const [, other] of text.matchAll(/\]\((\d{4}-[^)]*)\)/g)) {
      assert.ok(files.includes(other), `${name} links to ${other}`);
    }
  }
});

Deno.test("tests mirror src: every room has tests of its own", () => {
  const rooms = new Set(SOURCES.map(({ path }) => roomOf(path)));
  // What has nothing to test by itself: one constant, two lines, types only.
  for (const room of ["leaves", "main"]) rooms.delete(room);
  const untested = [
    "event",
    "account",
    "insight",
    "detector",
    "failure",
    "cache_lines",
    "version",
    "decision",
    "failure_class",
  ];
  for (const room of [...rooms, ...LEAVES.filter((leaf) => !untested.includes(leaf))]) {
    const own = TESTS.filter((path) =>
      path === `tests/${room}_test.ts` ||
      path.startsWith(`tests/${room}/`) && path.endsWith("_test.ts")
    );
    assert.ok(own.length > 0, `tests/${room}/ has no test`);
  }
});

Deno.test("readSource() tells fields that begin undefined from those that do not", () => {
  const { emptyFields, declaredFields } = readSource(
    "a.ts",
    `class A { a; private b: number; c = 1; static d: number; declare readonly e: string; #f;
     constructor(readonly g: number, private h = 2, i = 3) {} }`,
  );
  assert.deepEqual(emptyFields.sort(), ["a", "b", "f", "g", "h"]);
  assert.deepEqual(declaredFields, ["e"]);
});

Deno.test("readSource() counts parameters, and sees what a question changes, in whatever is within it", () => {
  const { constructorParameters, actingQuestions } = readSource(
    "a.ts",
    `class A { constructor(a: number, private b = 2) {}
     isX() { this.a = 1; const w = this.w; w[3] |= 2; let i = 0; i++; this.n++; x.noteIt(); }
     has(a) { return () => this.m.setIt(a); } goOn() { this.a = 3; } issue() { this.b = 3; } }
     function canBe(a: { b: number }) { a.b = 3; return a.settled; }`,
  );
  assert.deepEqual(constructorParameters, [2]);
  assert.deepEqual(actingQuestions, [
    "isX: this.a",
    "isX: w.",
    "isX: this.n",
    "isX: x.noteIt",
    "has: m.setIt",
    "canBe: a.b",
  ]);
});

Deno.test("readSource() sees imports and globals of every form, and none in comments", () => {
  const { imports, globals } = readSource(
    "a.ts",
    `import type { A } from "./a.ts"; export * from "./b.ts"; export { c } from "./c.ts";
     const d = await import("./d.ts"); new Worker(new URL("./e.ts", import.meta.url));
     // import "./f.ts"; Deno.exit()
     const text = "console.log()"; Date.now(); new Date(0); new Deno.UnsafePointerView(p);`,
  );
  assert.deepEqual(imports.sort(), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts"]);
  assert.deepEqual([...globals].sort(), ["Date.now", "Deno", "Deno.UnsafePointerView"]);
});

function readText(path: string): string {
  return Deno.readTextFileSync(inRepository(path));
}
