// Command lines that are wrong, and what is said of each: that alone, naming the object, in no words of the
// runtime's, with the exit status of its kind.

import assert from "node:assert/strict";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

/** Words, exit status, and each line of standard error (those of `SEE` may follow). */
const TABLE: [words: string[], status: number, lines: RegExp[]][] = [
  [["nonesuch"], 2, [/^there is no command "nonesuch"$/]],
  [["repaly"], 2, [/^there is no command "repaly": did you mean replay\?$/]],
  [["--nonesuch"], 2, [/^there is no option --nonesuch before a command$/]],
  [["help", "nonesuch"], 2, [/^there is no command "nonesuch"$/]],
  [["completions"], 2, [/^no SHELL is given: bash, zsh, fish, nu or pwsh$/]],
  [["completions", "csh"], 2, [/^Unsupported shell "csh"/]],
  [["replay"], 2, [/^no FILE is given$/]],
  [["replay", ""], 2, [/^FILE must be something, got ""$/]],
  [["replay", "--fial-on-scan", "x"], 2, [
    /^there is no option --fial-on-scan: did you mean --fail-on-scan\?$/,
  ]],
  [["replay", "-x", "x"], 2, [/^there is no option -x$/]],
  [["replay", "--journald", "-i", "x"], 2, [
    /^there is no option --journald; it is one of watch, correlate, log, and doctor$/,
    /^there is no option -i; it is one of watch, log, and doctor$/,
  ]],
  [["replay", "--expect"], 2, [/^--expect needs a value: FILE$/, /^no FILE is given$/]],
  [["replay", "-q", "-v", "x"], 2, [/^--quiet and --verbose contradict$/]],
  [["replay", "--quiet=yes", "x"], 2, [/^--quiet takes no value$/]],
  [["replay", "--tz", "UTC", "--tz", "UTC", "x"], 2, [/^--tz is given twice$/]],
  [["replay", "--tz", "Mars/Base", "x"], 2, [
    /^--tz must be a time zone such as .*, got "Mars\/Base"$/,
  ]],
  [["replay", "--format", "xml", "x"], 2, [
    /^--format must be one of text, json, cef, scanlogd, got "xml"$/,
  ]],
  [["replay", "--profile", "snort", "x"], 2, [
    /^--profile must be one of scandog, scanlogd-2, scanlogd-1, got "snort"$/,
  ]],
  [["replay", "--speed", "fast", "x"], 2, [/^--speed must be "max" or a number/]],
  [["replay", "--scan-weight", "1", "x"], 2, [/^--scan-weight must be a whole number from 2/]],
  [
    ["replay", "--home", "10.0.0.0/8,x,10.1.1.1/33", "--ignore", "y,::1/129", "x"],
    2,
    [
      /^--home must be addresses or networks such as 10\.0\.0\.0\/8, got "x", "10\.1\.1\.1\/33"$/,
      /^--ignore must be addresses or networks .*, got "y", "::1\/129"$/,
    ],
  ],
  [["replay", "--report", "xml", "a", "x"], 2, [
    /^--report must be junit, sarif or markdown, and a file/,
  ]],
  [
    ["replay", "--profile", "scanlogd-2", "--sensitivity", "high", "x"],
    2,
    [/^--sensitivity is for scandog; the profile is scanlogd-2$/],
  ],
  [
    ["replay", "--profile", "scanlogd-1", "--state", "s", "x"],
    2,
    [/^--state is for scandog; the profile is scanlogd-1$/],
  ],
  [["replay", "--filter", "tcp", "x"], 2, [/^--filter is for live capture; here: tcpdump/]],
  [["watch", "eth0"], 2, [
    /^"eth0" is one operand too many: a device goes after --interface, a filter goes after --filter$/,
  ]],
  [["log", "a.pcap"], 2, [
    /^one of --interface \(-i\) and --read \(-r\) is needed$/,
    /^"a\.pcap" is one operand too many: a device goes .*, a capture goes after --read, a filter /,
  ]],
  [["watch", "--syslog", "foo"], 2, [/^--syslog must be local, udp:.*, got "foo"$/]],
  [["watch", "--syslog", "--quiet", "foo"], 2, [/^"foo" is one operand too many: /]],
  [["watch", "--syslog", "ftp://x"], 2, [/^--syslog must be local, udp:\/\/HOST:PORT, tcp:/]],
  [["watch", "--syslog-priority", "a.b"], 2, [/^--syslog-priority must be one of kern, /]],
  [["log"], 2, [/^one of --interface \(-i\) and --read \(-r\) is needed$/]],
  [["log", "-i", "lo", "-r", "x"], 2, [/^--interface and --read are alternatives: give one$/]],
  [["interfaces", "--format", "xml"], 2, [/^--format must be one of text, json, got "xml"$/]],
  [["doctor", "x"], 2, [
    /^"x" is one operand too many: a device goes after --interface$/,
  ]],
  [["replay", "/nonesuch"], 1, [/^\/nonesuch: cannot be opened: there is no such file$/]],
  [["replay", "/nonesuch", "/nonesuch2"], 1, [
    /^\/nonesuch: cannot be opened/,
    /^\/nonesuch2: cannot be opened/,
  ]],
  [["replay", "--config", "/nonesuch", "x"], 1, [
    /^\/nonesuch: cannot be read: there is no such file$/,
  ]],
  [["replay", "--expect", "/nonesuch", "x"], 1, [
    /^--expect \/nonesuch: cannot be read: there is no such file$/,
  ]],
  [["replay", "--expect", "/tmp", "x"], 1, [/^--expect \/tmp: cannot be read: is a folder$/]],
  [["replay", "--known-scanners", "/nonesuch2", CAPTURE], 1, [
    /^\/nonesuch2: cannot be read: there is no such file$/,
  ]],
  [["replay", "--report", "junit", "/nonesuch/x", "x"], 1, [
    /^--report \/nonesuch\/x: there is no such folder; make it first$/,
  ]],
  [["replay", "--write-expect", "/tmp", "x"], 1, [/^--write-expect \/tmp: is a folder$/]],
  [["report", "-o", "/nonesuch/x", CAPTURE], 1, [
    /^--output \/nonesuch\/x: there is no such folder; make it first$/,
  ]],
  [["explain", "/nonesuch"], 1, [/^\/nonesuch: cannot be opened: there is no such file$/]],
  [["log", "-r", "/nonesuch"], 1, [/^\/nonesuch: cannot be opened: there is no such file$/]],
];

/** What points to help comes last, and is no fault. */
const SEE = /^scandog: (scandog .* lists the (commands|options)|such as: scandog completions .*)$/;

for (const [words, status, lines] of TABLE) {
  Deno.test(`scandog ${words.join(" ")} is refused with ${status} and what is wrong`, async () => {
    const ran = await scandog(words);
    assert.equal(ran.out, "");
    const said = ran.err.trimEnd().split("\n").filter((line) => !SEE.test(line));
    assert.equal(said.length, lines.length, ran.err);
    said.forEach((line, i) => {
      assert.ok(line.startsWith("scandog: "), line);
      assert.match(line.slice("scandog: ".length), lines[i]);
      assert.doesNotMatch(line, /os error|Error:|at file:|0 packets|\b(writefile|readfile|open) '/);
    });
    assert.equal(ran.status, status, ran.err);
  });
}
