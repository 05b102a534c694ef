// Batches of packets without a callback: pcap_dispatch() calls libpcap's own pcap_dump(), which
// writes savefile records to a stream of the C library, which is a piece of our memory.

import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

/** The file header that pcap_dump_fopen() writes, and where in it to find what. */
const FILE_HEADER_BYTES = 24;
const HEADER_MAGIC = 0;
const HEADER_SNAPSHOT = 16;
const HEADER_LINK_TYPE = 20;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
/** The rest of that field says how long a frame check sequence is. */
const LINK_TYPE_MASK = 0x03ffffff;

/** FSETLOCKING_BYCALLER: nobody else writes to the stream, so no write has to lock it. */
const LOCKED_BY_CALLER = 2;

const RECORD_HEADER_BYTES = 16;
/** Older libpcaps put a stripped VLAN tag back after cutting to the snapshot length. */
const VLAN_TAG_BYTES = 4;
/** fmemopen(3) ends what it holds with a NUL. */
const TERMINATOR_BYTES = 1;

/** The memory between libpcap and us, for one `pcap_t`. */
export class BatchBuffer {
  readonly bytes: Uint8Array<ArrayBufferLike>;
  /** LINKTYPE_ value. libpcap itself translates; the DLT_ of a handle is not the same number. */
  readonly linkType: number;
  readonly nanoseconds: boolean;
  readonly snapshotBytes: number;
  /** Packets that surely fit. pcap_dump() has no way to say that one did not. */
  readonly packetsMax: number;
  /** Bytes of savefile records that the last `fill()` left in `bytes`. */
  length = 0;
  readonly #libpcap: Libpcap;
  readonly #handle: Deno.PointerObject;
  readonly #stream: Deno.PointerObject;
  readonly #dumper: Deno.PointerObject;

  /**
   * `memory` must be of at least one packet of the snapshot length, and must be neither transferred
   * nor resized until `close()`: the C library writes to it. Throws RangeError when it is too small.
   */
  constructor(libpcap: Libpcap, handle: Deno.PointerObject, memory: ArrayBufferLike) {
    const { pcap, libc } = libpcap;
    this.#libpcap = libpcap;
    this.#handle = handle;
    this.bytes = new Uint8Array(memory);
    if (memory.byteLength <= FILE_HEADER_BYTES) throw tooSmall(memory.byteLength);
    const stream = libc.fmemopen(this.bytes, BigInt(memory.byteLength), cString("w", "mode"));
    if (stream === null) throw new PcapError("failed", "fmemopen", "Cannot open memory as a file");
    // pcap_dump() writes twice for each packet and asks once for errors: three locks, each as long as a copy.
    libc.__fsetlocking?.(stream, LOCKED_BY_CALLER);
    const dumper = pcap.pcap_dump_fopen(handle, stream);
    if (dumper === null) {
      const said = libpcap.stringOf(pcap.pcap_geterr(handle));
      libc.fclose(stream);
      throw new PcapError("failed", "pcap_dump_fopen", said);
    }
    this.#stream = stream;
    this.#dumper = dumper;
    pcap.pcap_dump_flush(dumper);
    const header = new DataView(memory, 0, FILE_HEADER_BYTES);
    this.linkType = header.getUint32(HEADER_LINK_TYPE, true) & LINK_TYPE_MASK;
    this.nanoseconds = header.getUint32(HEADER_MAGIC, true) === MAGIC_NANOSECONDS;
    this.snapshotBytes = header.getUint32(HEADER_SNAPSHOT, true);
    const packetBytes = RECORD_HEADER_BYTES + this.snapshotBytes + VLAN_TAG_BYTES;
    this.packetsMax = Math.floor((memory.byteLength - TERMINATOR_BYTES) / packetBytes);
    if (this.packetsMax < 1) {
      this.close();
      throw tooSmall(memory.byteLength);
    }
  }

  /** Takes the packets that are there, and sets `length`. Gives pcap_dispatch()'s result. */
  fill(): number {
    const { pcap, libc } = this.#libpcap;
    libc.rewind(this.#stream);
    const status = pcap.pcap_dispatch(this.#handle, this.packetsMax, pcap.pcap_dump, this.#dumper);
    // An error can come after packets of the same call, so it is the stream that says how many.
    if (status === 0) {
      this.length = 0;
    } else {
      pcap.pcap_dump_flush(this.#dumper);
      this.length = pcap.pcap_dump_ftell(this.#dumper);
    }
    return status;
  }

  close(): void {
    this.#libpcap.pcap.pcap_dump_close(this.#dumper);
  }
}

function tooSmall(bytes: number): RangeError {
  return new RangeError(
    `Cannot capture into ${bytes} bytes: one packet of the snapshot length does not fit`,
  );
}
