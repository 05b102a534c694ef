import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { inRepository } from "../support/paths.ts";
import { scandog, scandogCommand } from "../support/scandog.ts";

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
const VISIT = inRepository("testdata/cases/visit-by-neighbour/capture.pcap");
const HOME = ["--home", "203.0.113.0/24"];

async function folder(): Promise<string> {
  return await Deno.makeTempDir({ prefix: "scandog-report-" });
}

async function logOf(...files: string[]): Promise<string> {
  const { out } = await scandog([
    "replay",
    "--format",
    "json",
    "--observer",
    "s1",
    ...HOME,
    ...files,
  ]);
  return out;
}

Deno.test("report of a capture is a text, and a page where it goes to a file", async () => {
  const dir = await folder();
  const text = await scandog(["report", CAPTURE]);
  assert.deepEqual([text.status, text.err], [0, ""]);
  assert.match(
    text.out,
    /^198\.51\.100\.7 scanned 120 ports of 203\.0\.113\.10 with nmap and found 1 open\.\n/,
  );
  const page = await scandog(["report", CAPTURE, "-o", `${dir}/a.html`]);
  assert.equal(page.status, 0, page.err);
  assert.match(page.err, /a\.html: 1 scan, [\d.]+ kB\n$/);
  const html = await Deno.readTextFile(`${dir}/a.html`);
  assert.match(html, /^<!doctype html>/);
  assert.match(html, /120 attempts that belong to scans/);
  // Name, size and digest of what was read.
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", await Deno.readFile(CAPTURE)),
  );
  assert.ok(html.includes([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")));
  assert.doesNotMatch(html, /testdata/, "no path");
  assert.equal((await scandog(["report", CAPTURE, "-o", "-"])).out, html);
  await scandog(["report", CAPTURE, "-o", `${dir}/a.md`]);
  assert.match(await Deno.readTextFile(`${dir}/a.md`), /^## 198\.51\.100\.7 scanned/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report is the same bytes in every zone, language and folder", async () => {
  const dir = await folder();
  await Deno.copyFile(CAPTURE, `${dir}/capture.pcap.gz`);
  const here = await scandog(["report", "--format", "html", CAPTURE]);
  const there = await scandog(["report", "--format", "html", "capture.pcap.gz"], {
    cwd: dir,
    env: { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  });
  assert.equal(here.out, there.out);
  assert.ok(here.out.length > 10_000);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report of a log tells what the report of its captures tells", async () => {
  const dir = await folder();
  const log = await logOf(CAPTURE, VISIT);
  await Deno.writeTextFile(`${dir}/events.jsonl`, log);
  await Deno.writeFile(`${dir}/events.jsonl.gz`, gzipSync(log));
  const first = (text: string) => text.split("\n\n")[0].split("\n2026")[0];
  const captures = await scandog(["report", ...HOME, CAPTURE, VISIT]);
  const plain = await scandog(["report", `${dir}/events.jsonl`]);
  const zipped = await scandog(["report", `${dir}/events.jsonl.gz`]);
  const piped = await scandog(["report", "--input", "log", "-"], {
    stdin: new TextEncoder().encode(log),
  });
  assert.match(first(captures.out), /^\d scans from \d sources? in .*used|came/s);
  for (const { status, out, err } of [plain, zipped, piped]) {
    assert.deepEqual([status, err], [0, ""]);
    assert.equal(first(out), first(captures.out));
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report reads rotated logs: several gzip members, cut lines, other programs' lines", async () => {
  const dir = await folder();
  const lines = (await logOf(CAPTURE)).trim().split("\n");
  const end = lines.at(-1)!;
  const members = [gzipSync(`not ours\n${end.slice(40)}\n`), gzipSync(`${end}\n{"a":1}`)];
  await Deno.writeFile(
    `${dir}/b.gz`,
    new Uint8Array(await new Blob(members.map((bytes) => new Uint8Array(bytes))).arrayBuffer()),
  );
  const { status, out } = await scandog(["report", `${dir}/b.gz`]);
  assert.equal(status, 0);
  assert.match(out, /^198\.51\.100\.7 scanned 120 ports/);
  assert.match(out, /3 lines of the input are no event of scandog\./);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report --since and --until leave out what was not in between", async () => {
  const only = async (...words: string[]) => {
    const { out } = await scandog(["report", CAPTURE, ...words]);
    return out.split("\n")[0];
  };
  // The scan is from 00:53:01 to 00:53:13.
  assert.match(await only("--since", "2026-11-22 00:53:05"), /scanned/);
  assert.match(await only("--since", "2026-11-22 00:54"), /^No scan/);
  assert.match(await only("--until", "2026-11-22 00:53:00"), /^No scan/);
  assert.match(await only("--until", "2026-11-22 01:53:00", "--tz", "Europe/Berlin"), /^No scan/);
  const reversed = await scandog(["report", CAPTURE, "--since", "today", "--until", "yesterday"]);
  assert.deepEqual([reversed.status, reversed.err.split("\n")[0]], [
    2,
    "scandog: --since must be before --until",
  ]);
  const wrong = await scandog(["report", CAPTURE, "--since", "soon"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /--since must be a time such as /);
});

Deno.test("report says what is wrong with its files, and leaves them as they are", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/text.log`, "22:14:52 SCAN 10.9.0.2 -> 10.9.0.1\n");
  await Deno.writeTextFile(`${dir}/quiet.jsonl`, "");
  await Deno.copyFile(CAPTURE, `${dir}/capture.pcap.gz`);
  const run = async (...words: string[]) => {
    const { status, err } = await scandog(["report", ...words], { cwd: dir });
    return [status, err];
  };
  assert.deepEqual(await run("text.log"), [
    1,
    "scandog: text.log: neither a capture nor a log of events: a report reads the lines of --format json\n",
  ]);
  assert.deepEqual((await run("quiet.jsonl"))[0], 0);
  const [mixed, mixedText] = await run("quiet.jsonl", "capture.pcap.gz");
  assert.equal(mixed, 2);
  assert.match(`${mixedText}`, /is a capture and quiet\.jsonl a log of events/);
  assert.equal((await run("absent.pcap"))[0], 1);
  const [same, sameText] = await run("capture.pcap.gz", "-o", "./capture.pcap.gz");
  assert.equal(same, 1);
  assert.match(
    `${sameText}`,
    /--output \.\/capture\.pcap\.gz: is also read; write to another file/,
  );
  assert.deepEqual(await Deno.readFile(`${dir}/capture.pcap.gz`), await Deno.readFile(CAPTURE));
  const [nowhere, nowhereText] = await run("capture.pcap.gz", "-o", "no/such/folder.html");
  assert.equal(nowhere, 1);
  assert.match(`${nowhereText}`, /no\/such\/folder\.html: there is no such folder; make it first/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report reads a pipe by name from its first byte, as what --input says", async () => {
  const dir = await folder();
  const pipe = `${dir}/pipe`;
  assert.ok(new Deno.Command("mkfifo", { args: [pipe] }).outputSync().success);
  // Longer than what would be looked at to tell a log from a capture.
  const log = (await logOf(VISIT)) + "{}\n".repeat(50_000);
  const through = async (bytes: Uint8Array, ...args: string[]) => {
    const report = scandog(["report", ...HOME, ...args, pipe]);
    await Deno.writeFile(pipe, bytes, { create: false }).catch((error) => {
      // Who sees that it is no capture reads no further.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    });
    return await report;
  };
  const capture = await through(await Deno.readFile(VISIT));
  const first = (text: string) => text.split("\n")[0];
  assert.equal(capture.status, 0, capture.err);
  assert.equal(first(capture.out), first((await scandog(["report", ...HOME, VISIT])).out));
  const events = await through(new TextEncoder().encode(log), "--input", "log");
  assert.deepEqual([events.status, first(events.out)], [0, first(capture.out)]);
  const taken = await through(new TextEncoder().encode(log));
  assert.equal(taken.status, 1);
  assert.match(taken.err, /JSON, which holds no packets.*\nscandog: [^\n]*--input log[^\n]*\n$/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report of what holds no event of scandog says so, and ends with 1", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a.log`, '{"a":1}\n{"b":2}\n');
  const none = await scandog(["report", `${dir}/a.log`]);
  assert.equal(none.status, 1);
  assert.match(none.err, /^scandog: none of the 2 lines is an event of scandog: [^\n]*\n$/);
  // A day on which nothing was told.
  await Deno.writeTextFile(`${dir}/a.log`, "");
  assert.deepEqual((await scandog(["report", `${dir}/a.log`])).status, 0);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("report of a log that goes on ends at SIGTERM with what came before", async () => {
  const args = ["report", "--input", "log", "-"];
  const child = scandogCommand(args, { stdin: new Uint8Array(0) }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode((await logOf(VISIT)) + "\n".repeat(1 << 18)));
  child.kill("SIGTERM");
  const { code, stdout } = await child.output();
  assert.equal(code, 0);
  const first = (text: string) => text.split("\n")[0];
  assert.equal(
    first(new TextDecoder().decode(stdout)),
    first((await scandog(["report", ...HOME, VISIT])).out),
  );
  await writer.close().catch(() => {});
});

Deno.test("report of a capture that is cut tells what came before, says so, and ends with 1", async () => {
  const dir = await folder();
  const whole = await Deno.readFile(VISIT);
  await Deno.writeFile(`${dir}/cut.pcap`, whole.subarray(0, whole.length - 7));
  const { status, out, err } = await scandog(["report", `${dir}/cut.pcap`]);
  assert.equal(status, 1);
  assert.match(out, /scanned/);
  assert.match(err, /cut\.pcap/);
  assert.match(out, /What may be missing\n(.*\n)*.*cut\.pcap/);
  await Deno.remove(dir, { recursive: true });
});
