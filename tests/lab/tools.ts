// What the lab needs on the machine, and how to say what is missing.

import { run } from "./process.ts";

/** Program to the Debian package that brings it. */
const PACKAGES: Record<string, string> = {
  nmap: "nmap",
  masscan: "masscan",
  zmap: "zmap",
  hping3: "hping3",
  fping: "fping",
  "arp-scan": "arp-scan",
  onesixtyone: "onesixtyone",
  "ike-scan": "ike-scan",
  nbtscan: "nbtscan",
  pnscan: "pnscan",
  dmitry: "dmitry",
  siege: "siege",
  tcpdump: "tcpdump",
  editcap: "wireshark-common",
  nginx: "nginx",
  vsftpd: "vsftpd",
  dnsmasq: "dnsmasq",
  sshd: "openssh-server",
  ssh: "openssh-client",
  rsync: "rsync",
  curl: "curl",
  wget: "wget",
  lftp: "lftp",
  ab: "apache2-utils",
  chromium: "chromium",
  aria2c: "aria2",
  opentracker: "opentracker",
  chronyd: "chrony",
  haproxy: "haproxy",
  traceroute: "traceroute",
  tracepath: "iputils-tracepath",
  arping: "iputils-arping",
  mtr: "mtr-tiny",
  ping: "iputils-ping",
  nc: "netcat-openbsd",
  ncat: "ncat",
  socat: "socat",
  dig: "dnsutils",
  nft: "nftables",
  sysctl: "procps",
  ip: "iproute2",
};

/** Debian packages of which a program is missing. */
export async function missingPackages(): Promise<string[]> {
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(PACKAGES)) {
    const found = await run(["sh", "-c", `command -v ${program}`]);
    if (found.code !== 0) missing.add(name);
  }
  const scapy = await run(["/usr/bin/python3", "-c", "import scapy"]);
  if (scapy.code !== 0) missing.add("python3-scapy");
  return [...missing].sort();
}

/** Program to installed package version, for case.json. */
export async function toolVersions(): Promise<Record<string, string>> {
  const names = [...new Set([...Object.values(PACKAGES), "python3-scapy"])];
  const shown = await run(["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", ...names]);
  const byPackage = new Map(
    shown.stdout.trim().split("\n").map((line) => line.split(" ") as [string, string]),
  );
  return Object.fromEntries(
    Object.entries(PACKAGES).map(([program, name]) => [program, byPackage.get(name) ?? "unknown"]),
  );
}
