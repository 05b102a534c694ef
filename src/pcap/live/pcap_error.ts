// Errors of the environment: the library, a device, a permission, a filter.

/** Why libpcap could not do what was asked. */
export type PcapErrorKind =
  /** No file of the list of candidates exists. */
  | "library-missing"
  /** A file is there, but is not a libpcap (or C library) that can be used. */
  | "library-unusable"
  /** Deno was not given permission for any of the files. */
  | "ffi-denied"
  | "no-such-device"
  /** The operating system refuses to open the device. */
  | "no-permission"
  | "device-down"
  /** The filter expression is not one libpcap can compile. */
  | "filter"
  /** Anything else libpcap said no to. */
  | "failed";

/** One line: what it was about, what libpcap or the loader said, and the remedy where we know one. */
export class PcapError extends Error {
  override readonly name = "PcapError";
  readonly kind: PcapErrorKind;
  /** The device, file or filter expression. */
  readonly subject: string;

  constructor(kind: PcapErrorKind, subject: string, message: string) {
    super(message);
    this.kind = kind;
    this.subject = subject;
  }
}
