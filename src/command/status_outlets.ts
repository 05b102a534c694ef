// Where a running program reports its state: the service manager, the control socket, the file of metrics. Knows when
// each is told; its user provides the figures.

import { variable } from "../options/environment.ts";
import { ControlSocket, type Owner } from "../status/control_socket.ts";
import { metricsText } from "../status/metrics.ts";
import { MetricsFile } from "../status/metrics_file.ts";
import type { Status } from "../status/status.ts";
import { Supervisor } from "../status/supervisor.ts";

const METRICS_MS = 15_000;
/** An answer of the control socket is made anew at most this often, however many ask. */
const ANSWER_MS = 250;

/** What may be asked for. */
const ANSWERS: Record<string, (status: Status) => string> = {
  status: (status) => `${JSON.stringify(status)}\n`,
  metrics: metricsText,
};

export class StatusOutlets {
  readonly supervisor = Supervisor.open({
    NOTIFY_SOCKET: variable("NOTIFY_SOCKET"),
    WATCHDOG_USEC: variable("WATCHDOG_USEC"),
    WATCHDOG_PID: variable("WATCHDOG_PID"),
  }, Deno.pid);
  private readonly metricsFile: MetricsFile | undefined;
  private socket: ControlSocket | undefined;
  private writtenMs = -Infinity;
  /** By what was asked for, what was answered last. */
  private readonly answered = new Map<string, { text: string; timeMs: number }>();

  /** `metricsFile`: absent, none is written. `status`: as of now. `clock`: milliseconds that only grow. */
  constructor(
    metricsFile: string | undefined,
    notice: (text: string) => void,
    private readonly status: () => Status,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.metricsFile = metricsFile === undefined ? undefined : new MetricsFile(metricsFile, notice);
  }

  /** While files can still be made; `owner`: whom the program becomes. */
  async open(control: string | undefined, owner: Owner | undefined): Promise<void> {
    if (control === undefined) return;
    this.socket = await ControlSocket.open(control, owner, (request) => this.answer(request));
  }

  private answer(request: string): string {
    if (!Object.hasOwn(ANSWERS, request)) {
      return `${JSON.stringify({ error: `requests are: ${Object.keys(ANSWERS).join(", ")}` })}\n`;
    }
    const timeMs = this.clock();
    const last = this.answered.get(request);
    if (last !== undefined && timeMs - last.timeMs < ANSWER_MS) return last.text;
    const text = ANSWERS[request](this.status());
    this.answered.set(request, { text, timeMs });
    return text;
  }

  /** Now and then. `line`: for `systemctl status`; `now`: in milliseconds. */
  turn(now: number, line: () => string): void {
    this.supervisor?.turn(now, line);
    if (this.metricsFile === undefined || now - this.writtenMs < METRICS_MS) return;
    this.writtenMs = now;
    this.metricsFile.write(metricsText(this.status()));
  }

  /** `last`: what the file of metrics is to end with, if anything. */
  close(last: (() => Status) | undefined): void {
    this.supervisor?.stopping();
    this.socket?.close();
    if (last !== undefined) this.metricsFile?.write(metricsText(last()));
    this.supervisor?.close();
  }
}
