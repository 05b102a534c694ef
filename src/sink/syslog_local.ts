// The syslog daemon of this machine, over its datagram socket. Knows where it is and what it reads.
//
// Needs: FFI for the C library; no file or network permission of Deno's. The socket is opened in the
// constructor, so before a chroot. After one, a daemon that is restarted is found again only if it
// also listens inside: rsyslog's `input(type="imuxsock" Socket="/var/empty/dev/log")`.

import { DatagramSocket } from "../system/datagram.ts";
import { libc } from "../system/libc.ts";
import { DatagramSink } from "./datagram_sink.ts";
import type { Notice, Sink } from "./sink.ts";
import { localMessage, type Zone } from "./syslog_message.ts";
import { type Priorities, priorityOf } from "./syslog_priority.ts";
import type { Later } from "./timer.ts";

/** Where syslog(3) looks too. */
export const SYSLOG_SOCKET = "/dev/log";

export interface LocalSyslogOptions {
  /** `SYSLOG_SOCKET` when absent. */
  path?: string;
  priorities: Priorities;
  /** What of a line is sent, as the log has a time of its own; absent: all of it. */
  trim?: (line: string) => string;
  /** The program name: `scandog`, or `scanlogd` under its profiles. */
  ident: string;
  /** From `SINK` in params. */
  queue: number;
  lineBytes: number;
  /** The system's, as syslog(3) has it. */
  zone: Zone;
  notice: Notice;
  later?: Later;
}

/** Throws `SystemError` without the C library. A daemon that is not there yet is no fault. */
export function localSyslog(options: LocalSyslogOptions): Sink {
  const { path = SYSLOG_SOCKET, priorities, ident, queue, lineBytes, zone, notice, later } =
    options;
  const { trim = String } = options;
  libc();
  return new DatagramSink({
    name: `syslog ${path}`,
    open: () => DatagramSocket.unix(path),
    frame: (line, event) => {
      const priority = priorityOf(priorities, event);
      return localMessage(priority, ident, event.timeUs, trim(line), lineBytes, zone);
    },
    confirmed: true,
    queue,
    notice,
    later,
  });
}
