// What a reader's next() came to, and the packet it leaves behind. Leaf of this folder.

/** What `CaptureReader.next()` came to. */
export const Step = {
  /** A packet is in the reader's fields. */
  Packet: 0,
  /** Give more bytes through `space()` and `filled()`, then call `next()` again. */
  NeedBytes: 1,
  /** The file is read to its end, and was whole. */
  End: 2,
} as const;

/** The current packet, as the formats write it into the reader's own fields. */
export interface CurrentPacket {
  /** Index of the first captured byte in the reader's buffer. */
  start: number;
  /** Index after the last captured byte. */
  end: number;
  /** Bytes the packet had on the wire, as the file says; not checked against anything. */
  wireLength: number;
  /** Microseconds since 1970, whole, 0 to `TIME_US_MAX`. */
  timeUs: number;
  /** 0..999, the rest of the timestamp below a microsecond. */
  nanos: number;
  /** LINKTYPE_ value. */
  linkType: number;
  /** Index of the interface in its section; 0 in pcap files. */
  interface: number;
}

/** The latest time given, in microseconds: the last whole number a double counts to (in 2255). */
export const TIME_US_MAX = Number.MAX_SAFE_INTEGER;

/** The rest of a file's format: `next()` reads one packet out of the window, or says why not. */
export interface CaptureFormat {
  next(packet: CurrentPacket): number;
}
