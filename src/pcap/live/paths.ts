// Where libpcap and the C library lie on the systems we know. Pure: looks at no file.
//
// Absolute paths only. Under `--allow-ffi=PATH,...` Deno compares paths as text (it does not follow
// links) and takes a bare name as a file of the current directory, which is also not where anyone
// wants a privileged program to look.

/** The part of `Deno.build` that decides where libraries lie. */
export interface Platform {
  os: string;
  arch: string;
  /** `gnu` or `musl` on Linux: the C library this Deno itself uses. */
  env?: string | null;
}

/** Files to try, in order. */
export interface LibraryPaths {
  pcap: string[];
  libc: string[];
}

/** Debian and its kin name the directory after the machine. */
const MULTIARCH: Record<string, string> = {
  x86_64: "x86_64-linux-gnu",
  aarch64: "aarch64-linux-gnu",
  arm: "arm-linux-gnueabihf",
  riscv64: "riscv64-linux-gnu",
  powerpc64: "powerpc64le-linux-gnu",
  s390x: "s390x-linux-gnu",
};

/**
 * Files that may be libpcap and the C library on `platform` (this machine's when not given), the
 * likeliest first.
 *
 * Both come from one list per system because they must belong together: libpcap writes through the
 * `FILE` that this C library makes. So a Deno built for glibc is not offered Alpine's own libpcap,
 * which is built for musl. Empty for a system we know nothing of.
 */
export function libraryPaths(platform: Platform = Deno.build): LibraryPaths {
  if (platform.os === "linux") {
    return platform.env === "musl" ? muslPaths(platform.arch) : glibcPaths(platform.arch);
  }
  if (platform.os === "darwin") {
    // Apple's files exist only in the loader's cache; opening them by path works all the same.
    return {
      pcap: [
        "/usr/lib/libpcap.A.dylib",
        "/opt/homebrew/opt/libpcap/lib/libpcap.A.dylib",
        "/usr/local/opt/libpcap/lib/libpcap.A.dylib",
      ],
      libc: ["/usr/lib/libSystem.B.dylib"],
    };
  }
  if (platform.os === "freebsd") {
    return {
      pcap: ["/lib/libpcap.so.8", "/usr/lib/libpcap.so.8", "/usr/local/lib/libpcap.so.1"],
      libc: ["/lib/libc.so.7"],
    };
  }
  return { pcap: [], libc: [] };
}

function glibcPaths(arch: string): LibraryPaths {
  const machine = MULTIARCH[arch];
  // Debian, Ubuntu; both spellings, since /lib is a link to /usr/lib on some and not on others.
  const multiarch = machine === undefined ? [] : [`/usr/lib/${machine}`, `/lib/${machine}`];
  return {
    pcap: [
      ...multiarch.map((directory) => `${directory}/libpcap.so.0.8`),
      "/usr/lib64/libpcap.so.1", // Fedora, RHEL, SUSE, Gentoo
      "/lib64/libpcap.so.1",
      "/usr/lib/libpcap.so.1", // Arch, Void
      "/usr/glibc-compat/lib/libpcap.so.1", // Alpine with a glibc beside its musl
      "/run/current-system/sw/lib/libpcap.so.1", // NixOS
      "/usr/local/lib/libpcap.so.1", // built from source
    ],
    libc: [
      ...multiarch.map((directory) => `${directory}/libc.so.6`),
      "/usr/lib64/libc.so.6",
      "/lib64/libc.so.6",
      "/usr/lib/libc.so.6",
      "/usr/glibc-compat/lib/libc.so.6",
      "/run/current-system/sw/lib/libc.so.6",
    ],
  };
}

function muslPaths(arch: string): LibraryPaths {
  return {
    pcap: ["/usr/lib/libpcap.so.1", "/usr/local/lib/libpcap.so.1"],
    libc: [`/lib/libc.musl-${arch}.so.1`, `/lib/ld-musl-${arch}.so.1`],
  };
}

/**
 * The value of a `--allow-ffi=` flag that lets the library be found wherever it lies on `platform`,
 * and permits nothing else. `extra` are further files, such as a libpcap of one's own.
 */
export function ffiFlag(platform: Platform = Deno.build, extra: string[] = []): string {
  const { pcap, libc } = libraryPaths(platform);
  return [...extra, ...pcap, ...libc].join(",");
}
