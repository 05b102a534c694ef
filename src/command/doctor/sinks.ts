// The checks of `scandog doctor` for the chosen logs and files: does the daemon answer, can the file be written?
// Nothing is written, and a syslog daemon gets a connection and no line.

import { CannotRun, inPlainWords } from "../../failure.ts";
import { journalAnswers } from "../../sink/journald.ts";
import { SYSLOG_SOCKET } from "../../sink/syslog_local.ts";
import { type RemoteAddress, remoteSyslog } from "../../sink/syslog_remote.ts";
import { PRIORITIES_DEFAULT } from "../../sink/syslog_priority.ts";
import { DatagramSocket } from "../../system/datagram.ts";
import { effectiveUserId } from "../../system/identity.ts";
import { SystemError } from "../../system/system_error.ts";
import type { User } from "../../system/users.ts";
import { VERSION } from "../../version.ts";
import type { Check, Finding } from "./finding.ts";
import type { ValuesOf } from "../../options/row.ts";
import { SINK_OPTIONS } from "../../options/sinks.ts";
import { tlsMaterial } from "../log_sinks.ts";

/** A host that has not answered by then is down, for our purpose. */
const CONNECT_MS = 3000;

const WRITE = 0o2;

type SinkValues = ValuesOf<typeof SINK_OPTIONS>;

/** One check for each log; `user` is who will write, undefined when nobody is to become another. */
export function sinkChecks(values: SinkValues, user: User | undefined): Check[] {
  const { logFile, syslog, journald } = values;
  const checks: Check[] = [];
  if (logFile !== undefined) {
    checks.push({
      name: "log file",
      look: () => fileCheck(logFile, user),
    });
  }
  if (syslog !== undefined) {
    checks.push({
      name: "syslog",
      look: syslog === "local"
        ? () => orRemedy(localCheck, "start a syslog daemon, or leave --syslog out")
        : () =>
          orRemedy(() => remoteCheck(syslog, values), "start what listens there, or name another"),
    });
  }
  if (journald) checks.push({ name: "journald", look: journalCheck });
  if (checks.length === 0) {
    checks.push({
      name: "sinks",
      look: () => ({ state: "ok", text: "standard output, as no log is chosen" }),
    });
  }
  return checks;
}

function journalCheck() {
  if (journalAnswers()) return { state: "ok" as const, text: "the journal answers" };
  return { state: "fail" as const, text: "no systemd journal answers", remedy: "use --syslog" };
}

/** What a look throws is a failure that has this remedy; what names one of its own keeps it. */
async function orRemedy(look: Check["look"], remedy: string): Promise<Omit<Finding, "name">> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CannotRun && !(error instanceof SystemError)) throw error;
    const text = error instanceof Error ? inPlainWords(error.message) : String(error);
    return { state: "fail", text, remedy };
  }
}

function localCheck() {
  DatagramSocket.unix(SYSLOG_SOCKET).close();
  return { state: "ok" as const, text: `a daemon reads ${SYSLOG_SOCKET}` };
}

async function remoteCheck(address: RemoteAddress, values: SinkValues) {
  const { transport, hostname, port } = address;
  const where = `${transport}://${hostname}:${port}`;
  if (transport === "tls") {
    const material = await tlsMaterial(address, values) ?? {};
    const { overTls } = await import("../../sink/syslog_tls.ts");
    const connect = overTls(hostname, port, material);
    const connection = await connect(hostname, AbortSignal.timeout(CONNECT_MS));
    await connection.close();
    return { state: "ok" as const, text: `${where} takes connections, and is who it says it is` };
  }
  if (transport === "tcp") {
    const abort = AbortSignal.timeout(CONNECT_MS);
    const connection = await Deno.connect({ hostname, port, signal: abort });
    connection.close();
    return { state: "ok" as const, text: `${where} takes connections` };
  }
  const sink = await remoteSyslog({
    address,
    head: {
      priorities: PRIORITIES_DEFAULT,
      hostname: "",
      ident: "scandog",
      processId: Deno.pid,
      version: VERSION,
    },
    queue: values.sinkQueue,
    lineBytes: values.sinkLineBytes,
    notice: () => {},
  });
  await sink.close();
  return { state: "ok" as const, text: `${where} can be sent to; UDP does not say who listens` };
}

/** The state file, where one is chosen, and what SQLite writes beside it. It may be in use: not opened. */
export function stateChecks(path: string | undefined, user: User | undefined): Check[] {
  if (path === undefined) return [];
  const look = () => {
    const beside = fileCheck(`${path}-wal`, user);
    return beside.state === "ok" ? fileCheck(path, user) : beside;
  };
  return [{ name: "state", look }];
}

/** May `user` write the file, or make it in its folder? Root may, but it will not be root. */
export function fileCheck(path: string, user: User | undefined) {
  const folder = path.replace(/\/?[^/]*$/, "") || (path.startsWith("/") ? "/" : ".");
  const [place, info] = existing(path) ?? existing(folder) ?? [folder, undefined];
  if (info === undefined) {
    return { state: "fail" as const, text: `there is no ${folder}`, remedy: `mkdir ${folder}` };
  }
  if (place === path && !info.isFile) {
    return { state: "fail" as const, text: `${path} is no regular file`, remedy: "name another" };
  }
  const uid = user?.uid ?? effectiveUserId() ?? 0;
  const mode = info.mode ?? 0;
  const may = uid === 0 ||
    (info.uid === uid ? mode >> 6 : info.gid === user?.gid ? mode >> 3 : mode) & WRITE;
  if (may) return { state: "ok" as const, text: `${path} can be written` };
  const who = user?.name ?? `uid ${uid}`;
  return {
    state: "fail" as const,
    text: `${who} may not write ${place}`,
    remedy: `chown ${who} ${place}`,
  };
}

function existing(path: string): [string, Deno.FileInfo] | undefined {
  try {
    return [path, Deno.statSync(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
