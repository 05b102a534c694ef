// The functions of libpcap and of the C library that we call, and how their arguments are passed.
//
// No native memory is ever read here: a "buffer" is memory of ours, a "pointer" is a value we only
// hand back, and a "usize" is an address we were given inside a C structure (Deno makes no pointer
// of a number under path-limited FFI, and needs none: an address is an argument like any other).
//
// Where C says `long` and the value is known to be small, "i32" takes the low half of the register;
// "i64" would make a bigint of every result.

/** libpcap 1.5 and later; what came later than that is optional. */
export const PCAP_SYMBOLS = {
  pcap_lib_version: { parameters: [], result: "pointer" },
  pcap_findalldevs: { parameters: ["buffer", "buffer"], result: "i32" },
  pcap_freealldevs: { parameters: ["usize"], result: "void" },
  pcap_create: { parameters: ["buffer", "buffer"], result: "pointer" },
  pcap_set_snaplen: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_promisc: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_timeout: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_buffer_size: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_immediate_mode: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_tstamp_type: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_tstamp_precision: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_tstamp_type_name_to_val: { parameters: ["buffer"], result: "i32" },
  pcap_activate: { parameters: ["pointer"], result: "i32" },
  pcap_setnonblock: { parameters: ["pointer", "i32", "buffer"], result: "i32" },
  pcap_setdirection: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_set_datalink: { parameters: ["pointer", "i32"], result: "i32" },
  pcap_datalink_name_to_val: { parameters: ["buffer"], result: "i32" },
  pcap_get_selectable_fd: { parameters: ["pointer"], result: "i32" },
  pcap_geterr: { parameters: ["pointer"], result: "pointer" },
  pcap_statustostr: { parameters: ["i32"], result: "pointer" },
  pcap_compile: { parameters: ["pointer", "buffer", "buffer", "i32", "u32"], result: "i32" },
  pcap_setfilter: { parameters: ["pointer", "buffer"], result: "i32" },
  pcap_freecode: { parameters: ["buffer"], result: "void" },
  pcap_offline_filter: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
  pcap_snapshot: { parameters: ["pointer"], result: "i32" },
  pcap_fopen_offline: { parameters: ["pointer", "buffer"], result: "pointer" },
  pcap_stats: { parameters: ["pointer", "buffer"], result: "i32" },
  pcap_dispatch: { parameters: ["pointer", "i32", "pointer", "pointer"], result: "i32" },
  /** The address of libpcap's own packet handler, which `pcap_dispatch` is to call. */
  pcap_dump: { type: "pointer" },
  pcap_dump_fopen: { parameters: ["pointer", "pointer"], result: "pointer" },
  pcap_dump_flush: { parameters: ["pointer"], result: "i32" },
  pcap_dump_ftell: { parameters: ["pointer"], result: "i32" },
  pcap_dump_close: { parameters: ["pointer"], result: "void" },
  pcap_close: { parameters: ["pointer"], result: "void" },
  /** 1.9. */
  pcap_get_required_select_timeout: { parameters: ["pointer"], result: "pointer", optional: true },
} as const;

/** What every C library we know has. */
export const LIBC_SYMBOLS = {
  memcpy: { parameters: ["buffer", "usize", "usize"], result: "void" },
  /** The same with memory of ours on both sides; it gives the address of the first. */
  copyAndLocate: { name: "memcpy", parameters: ["buffer", "buffer", "usize"], result: "usize" },
  /** Stops at the string's end, so it never reads past it, and fills the rest with zeros. */
  copyString: { name: "strncpy", parameters: ["buffer", "pointer", "usize"], result: "void" },
  copyStringAt: { name: "strncpy", parameters: ["buffer", "usize", "usize"], result: "void" },
  inet_ntop: { parameters: ["i32", "buffer", "buffer", "u32"], result: "pointer" },
  fmemopen: { parameters: ["buffer", "usize", "buffer"], result: "pointer" },
  /** In glibc and musl only; see `batch_buffer.ts`. */
  __fsetlocking: { parameters: ["pointer", "i32"], result: "i32", optional: true },
  rewind: { parameters: ["pointer"], result: "void" },
  fclose: { parameters: ["pointer"], result: "i32" },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32" },
  getifaddrs: { parameters: ["buffer"], result: "i32" },
  freeifaddrs: { parameters: ["usize"], result: "void" },
  if_nametoindex: { parameters: ["buffer"], result: "u32" },
  /** The rest is for `link.ts`. `ioctl` is variadic, which on Linux is passed like any other. */
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
} as const;

export type PcapFunctions = Deno.DynamicLibrary<typeof PCAP_SYMBOLS>["symbols"];
export type LibcFunctions = Deno.DynamicLibrary<typeof LIBC_SYMBOLS>["symbols"];
