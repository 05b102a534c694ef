// Makes the two captures of the replay benchmark: ordinary server traffic with scans in it, and a
// flood of SYNs from random sources. Seeded, so that every machine measures the same bytes.

const RECORD_HEADER = 16;
const ETHERNET = 14, IP = 20, TCP = 20;
const HEADERS = ETHERNET + IP + TCP;
const CHUNK_BYTES = 4 << 20;
const PACKET_BYTES_MAX = 1514;
/** The smallest fragment that another may follow (RFC 791 section 3.2). */
const FRAGMENT_BYTES = 8;
const MORE_FRAGMENTS = 0x2000;

const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16;

/** xorshift32: fast, seeded, good enough for traffic. */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return this.state = x >>> 0;
  }
  below(limit: number): number {
    return this.next() % limit;
  }
}

/** One TCP packet as the generators see it; addresses are 32-bit numbers. */
interface Packet {
  source: number;
  destination: number;
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  flags: number;
  ttl: number;
  payload: number;
}

/** Writes classic little-endian pcap (Ethernet, µs) in large pieces. */
export class TrafficFile {
  private readonly file: Deno.FsFile;
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private readonly view = new DataView(this.chunk.buffer);
  private used = 24;
  packets = 0;

  /** Of each packet at most `snapshotBytes` are kept. */
  constructor(path: string, private readonly snapshotBytes = PACKET_BYTES_MAX) {
    this.file = Deno.openSync(path, { write: true, create: true, truncate: true });
    [0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1].forEach((word, i) =>
      this.view.setUint32(4 * i, word, true)
    );
  }

  tcp(timeUs: number, packet: Packet): void {
    const length = HEADERS + packet.payload;
    if (this.used + RECORD_HEADER + PACKET_BYTES_MAX > CHUNK_BYTES) this.flush();
    const { view } = this;
    let at = this.used;
    view.setUint32(at, Math.floor(timeUs / 1e6), true);
    view.setUint32(at + 4, timeUs % 1e6, true);
    const kept = Math.min(length, this.snapshotBytes);
    view.setUint32(at + 8, kept, true);
    view.setUint32(at + 12, length, true);
    at += RECORD_HEADER;
    const end = at + kept;
    this.chunk.fill(0, at, at + 12); // what lies there from before may be a group address
    view.setUint16(at + 12, 0x0800);
    at += ETHERNET;
    view.setUint32(at, 0x45000000 | (IP + TCP + packet.payload));
    view.setUint32(at + 4, (this.packets & 0xffff) << 16 | 0x4000);
    view.setUint32(at + 8, packet.ttl << 24 | 6 << 16);
    view.setUint32(at + 12, packet.source);
    view.setUint32(at + 16, packet.destination);
    at += IP;
    view.setUint16(at, packet.sourcePort);
    view.setUint16(at + 2, packet.destinationPort);
    view.setUint32(at + 4, packet.sequence);
    view.setUint32(at + 8, packet.flags & ACK ? 0x10000 : 0);
    view.setUint32(at + 12, 0x50000000 | packet.flags << 16 | 64240);
    view.setUint32(at + 16, 0);
    this.used = end;
    this.packets++;
  }

  /** As `tcp`, a datagram; sequence and flags say nothing. */
  udp(timeUs: number, packet: Packet): void {
    const ip = this.last(timeUs, packet) + RECORD_HEADER + ETHERNET;
    this.view.setUint8(ip + 9, 17);
    this.view.setUint32(ip + IP + 4, (TCP + packet.payload) << 16);
  }

  /** Writes a packet, and says where it begins. */
  private last(timeUs: number, packet: Packet): number {
    const before = this.used;
    this.tcp(timeUs, packet);
    const length = Math.min(HEADERS + packet.payload, this.snapshotBytes);
    // `tcp` may have written out what came before.
    return this.used < before ? this.used - length - RECORD_HEADER : before;
  }

  /** A first fragment with the eight bytes that hold the ports and no more. */
  fragment(timeUs: number, source: number, id: number, port: number): void {
    const start = this.last(timeUs, {
      source,
      destination: SERVER,
      sourcePort: 40000,
      destinationPort: port,
      sequence: 1,
      flags: 0,
      ttl: 50,
      payload: 0,
    });
    const length = ETHERNET + IP + FRAGMENT_BYTES;
    this.view.setUint32(start + 8, length, true);
    this.view.setUint32(start + 12, length, true);
    const ip = start + RECORD_HEADER + ETHERNET;
    this.view.setUint32(ip, 0x45000000 | (IP + FRAGMENT_BYTES));
    this.view.setUint32(ip + 4, (id & 0xffff) << 16 | MORE_FRAGMENTS);
    this.used = start + RECORD_HEADER + length;
  }

  close(): void {
    this.flush();
    this.file.close();
  }

  private flush(): void {
    for (let at = 0; at < this.used;) at += this.file.writeSync(this.chunk.subarray(at, this.used));
    this.used = 0;
  }
}

export const START_US = 1_790_000_000 * 1e6;
export const SERVER = 0xc0000201; // 192.0.2.1

/**
 * Ordinary traffic of a web server: `clients` at a time load pages over connections of their own
 * (handshake, request, a few full segments with their acknowledgements, both FINs), 50,000 packets
 * a second; every 100,000 packets some new address scans 25 ports.
 */
export function writeOrdinary(path: string, packets: number, seed = 1): void {
  const file = new TrafficFile(path), random = new Random(seed);
  const clients = Array.from(
    { length: 400 },
    () => ({ address: 0, port: 0, step: 0, segments: 0 }),
  );
  let scans = 0;
  while (file.packets < packets) {
    const timeUs = START_US + file.packets * 20;
    if (file.packets % 100_000 < 25) {
      if (file.packets % 100_000 === 0) scans++;
      const probe = file.packets % 100_000;
      file.tcp(timeUs, {
        source: 0xcb007100 + scans, // 203.0.113.0/24
        destination: SERVER,
        sourcePort: 41000,
        destinationPort: 20 + probe * 7,
        sequence: 77,
        flags: SYN,
        ttl: 50,
        payload: 0,
      });
      continue;
    }
    const client = clients[random.below(clients.length)];
    if (client.step === 0) {
      client.address = (0xc6120000 + random.below(0x20000)) >>> 0; // 198.18.0.0/15
      client.port = 32768 + random.below(28000);
      client.segments = 2 + random.below(8);
    }
    const step = client.step++;
    const last = 4 + 2 * client.segments;
    let fromServer = false, flags = ACK, payload = 0;
    if (step === 0) flags = SYN;
    else if (step === 1) [fromServer, flags] = [true, SYN | ACK];
    else if (step === 3) [flags, payload] = [PSH | ACK, 300 + random.below(500)];
    else if (step >= 4 && step < last) [fromServer, payload] = step % 2 ? [false, 0] : [true, 1460];
    else if (step === last) [fromServer, flags] = [true, FIN | ACK];
    else if (step === last + 1) flags = FIN | ACK;
    else if (step === last + 2) [fromServer, client.step] = [true, 0];
    file.tcp(timeUs, {
      source: fromServer ? SERVER : client.address,
      destination: fromServer ? client.address : SERVER,
      sourcePort: fromServer ? 443 : client.port,
      destinationPort: fromServer ? client.port : 443,
      sequence: step,
      flags,
      ttl: fromServer ? 64 : 52,
      payload,
    });
  }
  file.close();
}

/** SYNs to random ports from random forged sources, 500,000 a second. */
export function writeFlood(path: string, packets: number, seed = 2, everyUs = 2): void {
  const file = new TrafficFile(path), random = new Random(seed);
  while (file.packets < packets) {
    file.tcp(START_US + file.packets * everyUs, {
      source: random.next(),
      destination: SERVER,
      sourcePort: 1024 + random.below(60000),
      destinationPort: 1 + random.below(65535),
      sequence: random.next(),
      flags: SYN,
      ttl: 32 + random.below(200),
      payload: 0,
    });
  }
  file.close();
}

/** Clients of the busy server, each on a connection of its own that goes on all the time. */
const MIX_CLIENTS = 20_000;
/**
 * What of 256 packets are data, or begin and end what the client's side says, or the server's, or are answers of a
 * resolver; the rest are probes.
 */
const MIX_DATA = 200, MIX_CLIENT = 230, MIX_SERVER = 245, MIX_RESOLVER = 250;
const RESOLVER = 0x08080808;
const MIX_SCANNERS = 64;

/**
 * Many scans in the busy traffic of a server, 700,000 packets a second of which 96 bytes are kept: data of
 * 20,000 connections, SYNs and endings among them, a resolver's answers, and 64 scanners of 1024 ports of four hosts.
 */
export function writeMix(path: string, packets: number, seed = 3): void {
  const file = new TrafficFile(path, 96), random = new Random(seed);
  let timeUs = START_US;
  while (file.packets < packets) {
    timeUs += 1 + random.below(2);
    const what = random.below(256), flow = random.below(MIX_CLIENTS), toss = random.next();
    if (what >= MIX_SERVER && what < MIX_RESOLVER) {
      file.udp(timeUs, {
        source: RESOLVER,
        destination: SERVER,
        sourcePort: 53,
        destinationPort: 1024 + toss % 0x8000,
        sequence: 0,
        flags: 0,
        ttl: 64,
        payload: 80,
      });
      continue;
    }
    const isProbe = what >= MIX_RESOLVER;
    const client = isProbe ? 0x0c000000 + random.below(MIX_SCANNERS) : 0x0b000000 + flow;
    const server = isProbe ? SERVER + random.below(4) : SERVER;
    const port = isProbe ? random.below(1024) : flow & 3 ? 443 : 80;
    const isAnswer = what < MIX_DATA ? (toss & 4) !== 0 : what >= MIX_CLIENT && !isProbe;
    const clientPort = isProbe ? 55555 : 1024 + flow;
    let flags = SYN;
    if (what < MIX_DATA) flags = toss & 1 ? ACK : PSH | ACK;
    else if (what < MIX_CLIENT) flags = toss & 1 ? SYN : FIN | ACK;
    else if (!isProbe) flags = toss & 1 ? SYN | ACK : RST;
    file.tcp(timeUs, {
      source: isAnswer ? server : client,
      destination: isAnswer ? client : server,
      sourcePort: isAnswer ? port : clientPort,
      destinationPort: isAnswer ? clientPort : port,
      sequence: 0,
      flags,
      ttl: 64,
      payload: what < MIX_DATA ? (toss & 2 ? 1400 : 12) : 0,
    });
  }
  file.close();
}

/** What a caller may ask for on the command line of the benchmark. */
export const TRAFFIC = { ordinary: writeOrdinary, mix: writeMix, flood: writeFlood };
