import assert from "node:assert/strict";
import { metricsText } from "../../src/status/metrics.ts";
import { statusLines } from "../../src/status/status_text.ts";
import { exists, skipped } from "../support/skip.ts";
import { sampleStatus } from "./sample.ts";

const PROMTOOL = "/usr/bin/promtool";

Deno.test("metricsText() has counters, gauges and cumulative histograms", () => {
  const text = metricsText(sampleStatus());
  const value = (series: string) =>
    text.split("\n").find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);
  assert.equal(value('scandog_packets_total{kind="tcp"}'), "120000");
  assert.equal(value('scandog_scans_total{shape="vertical"}'), "12");
  assert.equal(value("scandog_scans_active"), "12");
  // The first one of a sort is an increase only where there was a 0 before.
  assert.equal(value('scandog_scans_total{shape="decoy"}'), "0");
  assert.equal(value('scandog_scan_techniques_total{technique="xmas"}'), "0");
  assert.equal(value('scandog_misuses_total{kind="decoy"}'), "0");
  assert.equal(value('scandog_lost_packets_total{place="ring"}'), "1");
  assert.equal(value('scandog_device_up{device="eth0"}'), "1");
  assert.equal(value('scandog_device_up{device="e\\"\\\\th\\n1"}'), "0");
  assert.equal(value('scandog_detection_delay_seconds_bucket{le="0.1"}'), "2");
  assert.equal(value('scandog_detection_delay_seconds_bucket{le="1"}'), "3");
  assert.equal(value('scandog_detection_delay_seconds_bucket{le="+Inf"}'), "7");
  assert.equal(value("scandog_detection_delay_seconds_count"), "7");
  assert.equal(value("scandog_publish_connected"), "1");
  assert.equal(value("scandog_publish_records_total"), "34000");
  assert.equal(value("scandog_publish_lost_records_total"), "3");
  assert.equal(
    value("scandog_publish_last_ack_timestamp_seconds"),
    `${Date.parse("2026-11-22T02:53:01Z") / 1000}`,
  );
  assert.equal(value("scandog_start_time_seconds"), `${Date.parse("2026-11-22T00:50:02Z") / 1000}`);
});

Deno.test("metricsText() has no label with an address in it", () => {
  const text = metricsText(sampleStatus());
  for (const address of ["198.51.100.7", "203.0.113.10", "192.0.2.77"]) {
    assert.ok(!text.includes(address), address);
  }
});

Deno.test({
  name: "promtool finds nothing to complain of in the metrics",
  ignore: skipped("promtool", !exists(PROMTOOL) && "prometheus is not installed"),
  async fn() {
    for (
      const status of [sampleStatus(), sampleStatus({ tables: undefined, logs: [], devices: [] })]
    ) {
      const child = new Deno.Command(PROMTOOL, {
        args: ["check", "metrics"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(metricsText(status)));
      await writer.close();
      const { code, stdout, stderr } = await child.output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.deepEqual([code, said], [0, ""]);
    }
  },
});

Deno.test("statusLines() says who scans, who is near, what is lost, on lines of the width", () => {
  const text = statusLines(sampleStatus()).join("\n");
  assert.match(
    text,
    /^scandog 0\.1\.0 on host: profile scandog, process 77, watching for 2 h 3 min/,
  );
  assert.match(text, /eth0: 1,234 packets\/s, 123,456 received, 0 lost/);
  assert.match(text, /DOWN, 0 packets\/s, 7 received, 3 lost/);
  assert.match(
    text,
    /12 scans under way, as last told; 17 told, 5 found something open, 1 visit after a scan/,
  );
  assert.match(text, /198\.51\.100\.7 -> 203\.0\.113\.10; vertical syn, 120 ports; open 22,80/);
  assert.match(text, /192\.0\.2\.2 and 2 more -> 203\.0\.113\.1 and 199 more/);
  assert.match(text, /and 10 more/);
  assert.match(text, /192\.0\.2\.77: many ports of one host: weight 12 of 21 on 203\.0\.113\.10/);
  assert.match(text, /conversations: 10 of 1,000 entries, 2 gave way/);
  assert.match(
    text,
    /log file \/var\/log\/a\.log: 17 lines written, 1 waiting, 2 lost, 3 failures/,
  );
  assert.match(
    text,
    /publishing to nats:.*: connected to nats:\/\/192\.0\.2\.9:4222; last acknowledgement 2026-11-22 02:53:01/,
  );
  assert.match(text, /1,200 messages with 34,000 records acknowledged, 5 sent again, 2 waiting/);
  assert.match(
    text,
    /3 records lost\n {2}last error: the server acknowledges nothing\n {2}77 outcomes above/,
  );
  const { server: _server, lastAck: _lastAck, ...gone } = sampleStatus().publish!;
  const without = statusLines(sampleStatus({ publish: gone })).join("\n");
  assert.match(without, /not connected; last acknowledgement never/);
  // What was captured cannot act on the terminal.
  assert.match(text, /an alert \\u\{1b\}\[31m line/);
  for (const line of statusLines(sampleStatus(), { width: 40 })) assert.ok(line.length <= 40, line);
});

Deno.test("statusLines() says nothing of ports where hosts were looked for", () => {
  const status = sampleStatus();
  status.scans.underWay[0] = { ...status.scans.underWay[0], techniques: ["icmp-echo"], ports: 0 };
  const line = statusLines(status).find((text) => text.includes("198.51.100.7 ->"))!;
  assert.match(line, /-> 203\.0\.113\.10; vertical icmp-echo; \d\d:\d\d:\d\d to /);
});

Deno.test("statusLines() sorts scans as asked", () => {
  const first = (order: "latest" | "ports" | "hosts" | "source") =>
    statusLines(sampleStatus(), { order }).find((line) => line.includes(" -> "))!.trim().split(
      " ",
    )[0];
  assert.equal(first("latest"), "198.51.100.7");
  assert.equal(first("ports"), "198.51.100.7");
  assert.equal(first("hosts"), "192.0.2.2");
  assert.equal(first("source"), "192.0.2.2");
});
