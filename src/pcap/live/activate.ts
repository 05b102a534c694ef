// Opens a device: the options a `pcap_t` takes before it is activated and those it takes after.

import { allOf, compile, instructionsOf, keeping, programOf } from "./bpf.ts";
import { listDevices } from "./devices.ts";
import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError, type PcapErrorKind } from "./pcap_error.ts";

/** Which packets, as the device sees them. */
export type Direction = "in" | "out" | "inout";

/**
 * Packets of which less is kept than the snapshot length: those that `expression` selects, up to `bytes`. The
 * kernel cuts them, so the rest is copied nowhere and takes no room in its buffer. Where it cannot, they are whole.
 */
export interface Shortened {
  expression: string;
  bytes: number;
}

export interface LiveOptions {
  /** Bytes kept of each packet, 1 to 262144 (the default). */
  snapshotBytes?: number;
  /** Also packets for other machines. Default false. */
  promiscuous?: boolean;
  /**
   * Milliseconds the kernel may hold packets back in order to hand over many at once. The default of
   * 20 costs nothing measurable against 1000, and keeps a packet from being seen late.
   */
  timeoutMs?: number;
  /** Hand over each packet at once; many times dearer under load than `timeoutMs`. Default false. */
  immediate?: boolean;
  /** Bytes of the kernel's buffer; what does not fit is dropped and counted. Default: libpcap's. */
  kernelBytes?: number;
  /** Nanosecond timestamps where the system has them, else microseconds. Default true. */
  nanoseconds?: boolean;
  /** The clock of timestamps, by libpcap's name: `host`, `adapter`, ... (pcap-tstamp(7)). */
  timestampType?: string;
  /** Another link type the device can give, by libpcap's name: `LINUX_SLL2` on `any`. */
  linkType?: string;
  /** Default `inout`. */
  direction?: Direction;
  /** Expressions that must all select a packet, each compiled by itself; see `allOf()`. */
  filters?: string[];
  /** Filters that keep less of some packets. */
  shortened?: Shortened;
}

/** PCAP_D_ values. */
const DIRECTIONS: Record<Direction, number> = { inout: 0, in: 1, out: 2 };

const PRECISION_NANOSECONDS = 1;
/** PCAP_WARNING: the text is in the handle's error buffer, as for PCAP_ERROR. */
const WARNING = 1;

/** PCAP_ERROR_ values that have a name here. */
const ERROR_KINDS: Record<number, PcapErrorKind> = {
  [-5]: "no-such-device",
  [-8]: "no-permission",
  [-9]: "device-down",
  [-11]: "no-permission", // promiscuous mode only
};

/**
 * Opens `device` and gives its `pcap_t`, non-blocking, with libpcap's warnings added to `warnings`.
 * Throws `PcapError`; nothing stays open then.
 */
export function activate(
  libpcap: Libpcap,
  device: string,
  options: LiveOptions,
  warnings: string[],
): Deno.PointerObject {
  const { pcap } = libpcap;
  const handle = pcap.pcap_create(cString(device, "device"), libpcap.errorBuffer);
  if (handle === null) throw new PcapError("failed", device, `${device}: ${libpcap.errorText()}`);
  try {
    setBefore(libpcap, handle, device, options, warnings);
    const status = pcap.pcap_activate(handle);
    if (status < 0) throw activationError(libpcap, handle, device, status);
    if (status > 0) warnings.push(statusText(libpcap, handle, status));
    setAfter(libpcap, handle, device, options);
    return handle;
  } catch (error) {
    pcap.pcap_close(handle);
    throw error;
  }
}

function setBefore(
  libpcap: Libpcap,
  handle: Deno.PointerObject,
  device: string,
  options: LiveOptions,
  warnings: string[],
): void {
  const { pcap } = libpcap;
  pcap.pcap_set_snaplen(handle, options.snapshotBytes ?? 262144);
  pcap.pcap_set_promisc(handle, options.promiscuous ? 1 : 0);
  pcap.pcap_set_timeout(handle, options.timeoutMs ?? 20);
  pcap.pcap_set_immediate_mode(handle, options.immediate ? 1 : 0);
  if (options.kernelBytes !== undefined) pcap.pcap_set_buffer_size(handle, options.kernelBytes);
  // A refusal leaves microseconds, which `LiveCapture.nanoseconds` tells.
  if (options.nanoseconds ?? true) pcap.pcap_set_tstamp_precision(handle, PRECISION_NANOSECONDS);
  if (options.timestampType === undefined) return;
  const name = options.timestampType;
  const type = pcap.pcap_tstamp_type_name_to_val(cString(name, "timestamp type"));
  if (type < 0) throw new PcapError("failed", device, `No timestamp type is called ${name}`);
  const status = pcap.pcap_set_tstamp_type(handle, type);
  if (status !== 0) warnings.push(`${name}: ${statusName(libpcap, status)}`);
}

function setAfter(
  libpcap: Libpcap,
  handle: Deno.PointerObject,
  device: string,
  options: LiveOptions,
): void {
  const { pcap } = libpcap;
  const failed = (said = libpcap.stringOf(pcap.pcap_geterr(handle))) =>
    new PcapError("failed", device, `${device}: ${said}`);
  if (options.linkType !== undefined) {
    const type = pcap.pcap_datalink_name_to_val(cString(options.linkType, "link type"));
    if (type < 0) throw failed(`no link type is called ${options.linkType}`);
    if (pcap.pcap_set_datalink(handle, type) !== 0) throw failed();
  }
  // Non-blocking, because a dispatch that waits in the kernel cannot be told to stop.
  if (pcap.pcap_setnonblock(handle, 1, libpcap.errorBuffer) !== 0) {
    throw failed(libpcap.errorText());
  }
  // libpcap looks at the direction outside the kernel, yet `inbound` in a filter is no better: with
  // libpcap 1.10 it loses what arrives first after it was set.
  const direction = options.direction ?? "inout";
  if (direction !== "inout" && pcap.pcap_setdirection(handle, DIRECTIONS[direction]) !== 0) {
    throw failed();
  }
  const { filters, shortened } = options;
  if (filters === undefined && shortened === undefined) return;
  setFilters(libpcap, handle, filters ?? [], shortened);
}

/** Packets must match every one of `expressions`; none at all selects everything. */
export function setFilters(
  libpcap: Libpcap,
  handle: Deno.PointerObject,
  expressions: string[],
  shortened?: Shortened,
): void {
  const instructions = (expression: string) => {
    const program = compile(libpcap, handle, expression);
    const copy = instructionsOf(libpcap, program);
    libpcap.pcap.pcap_freecode(program);
    return copy;
  };
  const programs = (expressions.length === 0 ? [""] : expressions).map(instructions);
  // Last, because what it returns is what is kept.
  if (shortened !== undefined) {
    const whole = libpcap.pcap.pcap_snapshot(handle), bytes = Math.min(shortened.bytes, whole);
    programs.push(keeping(instructions(shortened.expression), bytes, whole));
  }
  const joined = allOf(programs);
  const program = programOf(libpcap, joined);
  if (libpcap.pcap.pcap_setfilter(handle, program) === 0) return;
  const text = expressions.join(" and ");
  const said = libpcap.stringOf(libpcap.pcap.pcap_geterr(handle));
  throw new PcapError("filter", text, `Cannot set filter "${text}": ${said}`);
}

function activationError(
  libpcap: Libpcap,
  handle: Deno.PointerObject,
  device: string,
  status: number,
): PcapError {
  const kind = ERROR_KINDS[status] ?? "failed";
  const said = statusText(libpcap, handle, status);
  return new PcapError(
    kind,
    device,
    `Cannot capture on ${device}: ${said}${remedy(libpcap, kind, device)}`,
  );
}

function remedy(libpcap: Libpcap, kind: PcapErrorKind, device: string): string {
  if (kind === "no-permission") {
    return "; run as root or give the program the capability cap_net_raw";
  }
  if (kind === "device-down") return `; bring it up (ip link set ${device} up)`;
  if (kind !== "no-such-device") return "";
  return `; there are: ${
    listDevices(libpcap).filter(({ up }) => up).map(({ name }) => name).join(", ")
  }`;
}

/** libpcap's words for a status, with what the handle has to add. */
function statusText(libpcap: Libpcap, handle: Deno.PointerObject, status: number): string {
  const detail = libpcap.stringOf(libpcap.pcap.pcap_geterr(handle));
  if (status === WARNING || status === -WARNING) return detail;
  const name = statusName(libpcap, status);
  return detail === "" || detail === name ? name : `${name} (${detail})`;
}

function statusName(libpcap: Libpcap, status: number): string {
  return libpcap.stringOf(libpcap.pcap.pcap_statustostr(status));
}
