// Has tshark dissect captures: what it says of each packet's outermost IP or ARP layer, and of the
// transport in it. Everything else in tshark is switched off, so that it guesses at nothing.

import { exists } from "../support/skip.ts";

/** Protocols that stay on: what leads to IP, IP, and what is directly in it. */
const PROTOCOLS = [
  ..."frame eth ethertype vlan ieee8021ad llc snap pppoe pppoes ppp chdlc raw null loop mpls".split(
    " ",
  ),
  ..."sll wlan wlan_radio radiotap ppi prism wlancap fr nflog fddi atm ipnet arp ip ipv6".split(
    " ",
  ),
  ..."vntag etag cmd macsec cfp ieee8021ah trill avsp nsh pwethheuristic pwethcw pwethnocw".split(
    " ",
  ),
  ..."pktap pcap_pktdata user_dlt ipoib pflog juniper arcnet clip slip enc".split(" "),
  ..."ipv6.hopopts ipv6.routing ipv6.fraghdr ipv6.dstopts ah mipv6 hip shim6".split(" "),
  ..."tcp udp icmp icmpv6 sctp data".split(" "),
];

/** Fields asked for; of each, the first occurrence in the packet. */
const FIELDS = [
  ..."frame.encap_type frame.number frame.protocols arp.opcode".split(" "),
  ..."arp.src.proto_ipv4 arp.dst.proto_ipv4".split(" "),
  ..."ip.src ip.dst ip.ttl ip.dsfield ip.proto ip.id ip.len ip.frag_offset".split(" "),
  ..."ipv6.src ipv6.dst ipv6.hlim ipv6.tclass ipv6.plen".split(" "),
  ..."tcp.srcport tcp.dstport tcp.flags tcp.seq_raw tcp.ack_raw tcp.window_size_value".split(" "),
  ..."tcp.urgent_pointer tcp.options.mss_val udp.srcport udp.dstport".split(" "),
  ..."icmp.type icmp.code icmpv6.type icmpv6.code sctp.srcport sctp.dstport".split(" "),
] as const;

/** A packet's fields by name; "" where tshark has none. */
export type Row = Record<string, string>;

/** Files merged at once: bounded by open files and the length of a command line. */
const BATCH = 300;

/** Why tshark cannot be asked; false if it can. */
export function tsharkMissing(): string | false {
  const there = ["tshark", "mergecap"].every((tool) =>
    (Deno.env.get("PATH") ?? "").split(":").some((folder) => exists(`${folder}/${tool}`))
  );
  return there ? false : "tshark and mergecap are not installed";
}

function run(
  command: string,
  args: string[],
  configuration: string,
): { text: string; faults: string } {
  const { stdout, stderr } = new Deno.Command(command, {
    args,
    env: { WIRESHARK_CONFIG_DIR: configuration, LC_ALL: "C", TZ: "UTC" },
  }).outputSync();
  const decoder = new TextDecoder();
  return { text: decoder.decode(stdout), faults: decoder.decode(stderr) };
}

/** Switches protocols off, by a file in tshark's configuration folder. */
export function configure(folder: string): void {
  const { text } = run("tshark", ["-G", "protocols"], folder);
  const names = text.trimEnd().split("\n").map((line) => line.split("\t")[2]);
  const off = names.filter((name) => !PROTOCOLS.includes(name));
  Deno.writeTextFileSync(`${folder}/disabled_protos`, off.join("\n") + "\n");
}

/**
 * Puts captures together in a few files, since to start tshark takes longer than to dissect most of
 * them. Returns these files, and the captures that Wireshark cannot read whole.
 */
export function merge(captures: string[], folder: string): { files: string[]; refused: string[] } {
  const files: string[] = [], refused: string[] = [];
  for (let from = 0; from < captures.length; from += BATCH) {
    let batch = captures.slice(from, from + BATCH);
    const file = `${folder}/${files.length}.pcapng`;
    for (;;) {
      const { faults } = run("mergecap", ["-a", "-w", file, ...batch], folder);
      const named = batch.filter((capture) => faults.includes(`"${capture}"`));
      if (named.length === 0) break;
      refused.push(...named);
      batch = batch.filter((capture) => !named.includes(capture));
    }
    files.push(file);
  }
  return { files, refused };
}

/** What tshark says of each packet of a file, in order. */
export function dissect(file: string, folder: string): Row[] {
  const options = ["ip.defragment:FALSE", "ipv6.defragment:FALSE"].flatMap((
    option,
  ) => ["-o", option]);
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const format = ["-T", "fields", "-E", "occurrence=f", ...fields];
  const { text } = run("tshark", ["-n", "-r", file, ...options, ...format], folder);
  return text.trimEnd().split("\n")
    .map((line) => line.split("\t"))
    .map((values) => Object.fromEntries(FIELDS.map((field, i) => [field, values[i] ?? ""])))
    // Other blocks of a pcapng file count as frames, but have no encapsulation.
    .filter((row) => row["frame.encap_type"] !== "");
}
