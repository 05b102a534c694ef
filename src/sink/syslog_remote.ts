// A syslog daemon on another machine: `udp://host:port`, `tcp://host:port` or `tls://host:port`,
// RFC 5424 messages.
// Knows the address; the sockets are others' matter.
//
// Needs, of Deno's permissions: tcp, tls: `--allow-net=host:port`. udp: FFI for the C library and
// `--allow-net=address:port`. A name instead of an address also `--allow-net=name`, to look it up;
// they come back to what it led to only where `--allow-net` has those addresses too.

import { parseAddress } from "../address.ts";
import { DatagramSocket, mayReach, requireNetwork } from "../system/datagram.ts";
import { addressesOf } from "../system/host_addresses.ts";
import { libc } from "../system/libc.ts";
import { DatagramSink } from "./datagram_sink.ts";
import type { Notice, Sink, SinkEvent } from "./sink.ts";
import { type MessageHead, rfc5424Message, SEQUENCE_MAX } from "./syslog_message.ts";
import { type Connect, overTcp } from "./syslog_connection.ts";
import { SyslogTcpSink } from "./syslog_tcp.ts";
import type { TlsMaterial } from "./syslog_tls.ts";
import type { Later } from "./timer.ts";

type Transport = "udp" | "tcp" | "tls";

/** Where a remote daemon is. */
export interface RemoteAddress {
  transport: Transport;
  /** A name or a numeric address, IPv6 without brackets. */
  hostname: string;
  port: number;
}

/** The registered ports (RFC 5426, RFC 5425); over plain TCP it is the usual one. */
const PORT_DEFAULT: Readonly<Record<Transport, number>> = { udp: 514, tcp: 514, tls: 6514 };

/** `udp://host`, `tcp://[2001:db8::1]:6514`. Undefined for anything else. */
export function parseRemote(text: string): RemoteAddress | undefined {
  const match = /^(udp|tcp|tls):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s/:@?#[\]]+))(?::([0-9]{1,5}))?\/?$/
    .exec(text);
  if (match === null) return undefined;
  const [, scheme, address6, name, portText] = match;
  const transport = scheme as Transport;
  // 10.0.0 and 1.2.3.256 are neither a name nor an address.
  const isNumeric = address6 !== undefined || /^[0-9.]+$/.test(name);
  if (isNumeric && parseAddress(address6 ?? name) === undefined) {
    return undefined;
  }
  const port = portText === undefined ? PORT_DEFAULT[transport] : Number(portText);
  if (port < 1 || port > 65535) return undefined;
  return { transport, hostname: address6 ?? name, port };
}

export interface RemoteSyslogOptions {
  address: RemoteAddress;
  head: MessageHead;
  /** What of a line is sent, as a message has a time of its own; absent: all of it. */
  trim?: (line: string) => string;
  /** For tls. */
  material?: TlsMaterial;
  /** From `SINK` in params. */
  queue: number;
  lineBytes: number;
  notice: Notice;
  later?: Later;
}

/**
 * Looks the name up and, but for udp, connects for the first time: to be called before a chroot.
 *
 * Rejects with `SystemError` what no waiting will mend: a permission that is missing, a name that
 * cannot be found. A daemon that is not there yet is no fault.
 */
export async function remoteSyslog(options: RemoteSyslogOptions): Promise<Sink> {
  const { address: { transport, hostname, port }, head, material = {}, trim = String } = options;
  const { queue, lineBytes, notice } = options;
  const host = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  const name = `syslog ${transport}://${host}`;
  let sequence = 0;
  const frame = (line: string, event: SinkEvent) => {
    sequence = sequence === SEQUENCE_MAX ? 1 : sequence + 1;
    return rfc5424Message(head, sequence, event, trim(line), lineBytes);
  };
  const common = { name, frame, queue, notice, later: options.later };
  const addresses = await addressesOf(hostname);
  const withPort = (address: string) =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  if (transport !== "udp") {
    requireNetwork(host);
    const reachable = addresses.filter((address) => mayReach(withPort(address)));
    const connect = transport === "tcp" ? overTcp(port) : await secure(hostname, port, material);
    const sink = new SyslogTcpSink({ ...common, hostname, addresses: reachable, connect });
    await sink.connect();
    return sink;
  }
  libc();
  const [numeric] = addresses;
  requireNetwork(withPort(numeric));
  return new DatagramSink({
    ...common,
    open: () => DatagramSocket.udp(numeric, port),
    confirmed: false,
  });
}

async function secure(hostname: string, port: number, material: TlsMaterial): Promise<Connect> {
  const { overTls } = await import("./syslog_tls.ts");
  return overTls(hostname, port, material);
}
