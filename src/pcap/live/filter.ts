// A filter without a device: tells whether an expression is valid, and which packets it selects.

import { compile, instructionCount, instructionsOf } from "./bpf.ts";
import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

const FILE_HEADER_BYTES = 24;
/** Nanosecond or microsecond makes no difference to a filter. */
const MAGIC = 0xa1b2c3d4;
/** libpcap's MAXIMUM_SNAPLEN. */
const SNAPSHOT_BYTES = 262144;

/** `struct pcap_pkthdr`: a time of 16 bytes, which no filter reads, and two lengths. */
const HEADER_BYTES = 24;
const HEADER_CAPTURED = 16;
const HEADER_WIRE = 20;

/** A compiled filter. Close it to give libpcap its memory back. */
export class Filter {
  readonly expression: string;
  /** How long the program is. Linux takes at most 4096 into the kernel. */
  readonly instructions: number;
  readonly #libpcap: Libpcap;
  readonly #program: Uint8Array<ArrayBuffer>;
  readonly #header = new Uint8Array(HEADER_BYTES);
  readonly #lengths = new DataView(this.#header.buffer);
  #closed = false;

  /** `linkType` is a LINKTYPE_ value, as in capture files. Throws `PcapError` of kind `filter`. */
  constructor(libpcap: Libpcap, expression: string, linkType: number) {
    this.expression = expression;
    this.#libpcap = libpcap;
    const handle = openEmptyFile(libpcap, linkType);
    try {
      this.#program = compile(libpcap, handle, expression);
    } finally {
      libpcap.pcap.pcap_close(handle);
    }
    this.instructions = instructionCount(this.#program);
  }

  /** Does the filter select this packet? `wireLength` is its length before it was cut. */
  matches(bytes: Uint8Array<ArrayBuffer>, wireLength: number = bytes.length): boolean {
    if (this.#closed) throw new TypeError("Cannot use Filter: it is closed");
    this.#lengths.setUint32(HEADER_CAPTURED, bytes.length, true);
    this.#lengths.setUint32(HEADER_WIRE, wireLength, true);
    return this.#libpcap.pcap.pcap_offline_filter(this.#program, this.#header, bytes) !== 0;
  }

  /** The program, 8 bytes an instruction as in `struct bpf_insn`: what `tcpdump -d` prints. */
  program(): Uint8Array<ArrayBuffer> {
    if (this.#closed) throw new TypeError("Cannot use Filter: it is closed");
    return instructionsOf(this.#libpcap, this.#program);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#libpcap.pcap.pcap_freecode(this.#program);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * A `pcap_t` for compiling, of any link type: an empty capture file in memory. pcap_open_dead()
 * would want a DLT_ value, which for raw IP is a different number on each system; a file's LINKTYPE_
 * value is the same everywhere, and libpcap has the table.
 */
function openEmptyFile(libpcap: Libpcap, linkType: number): Deno.PointerObject {
  // A buffer of its own, which stays where it is while libpcap reads it.
  const file = new Uint8Array(new ArrayBuffer(FILE_HEADER_BYTES));
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPSHOT_BYTES, true);
  view.setUint32(20, linkType, true);
  const stream = libpcap.libc.fmemopen(file, BigInt(file.length), cString("r", "mode"));
  if (stream === null) throw new PcapError("failed", "fmemopen", "Cannot open memory as a file");
  const handle = libpcap.pcap.pcap_fopen_offline(stream, libpcap.errorBuffer);
  if (handle === null) {
    libpcap.libc.fclose(stream);
    throw new PcapError("failed", `link type ${linkType}`, libpcap.errorText());
  }
  return handle;
}
