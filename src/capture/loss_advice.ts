// Which option to set when packets are lost for lack of room. It is said once, with the numbers of that moment. Knows
// counters and times; asks no clock.

/** What is set now. */
export interface Room {
  /** Of the kernel's buffer, for each device. */
  bufferMiB: number;
  ringRecords: number;
}

/** What was counted since the start. */
export interface Counted {
  /** Packets that passed the kernel's filter, the dropped ones included. */
  received: number;
  kernel: number;
  ring: number;
  /** Packets decoded, and the bytes of them that the kernel kept. */
  packets: number;
  kept: number;
  /** When the kernel's counters were read, microseconds since 1970; 0: not yet. */
  lookedUs: number;
}

const MEBIBYTE = 1 << 20;
export const BUFFER_MIB_MAX = 1024;
/**
 * What a packet takes in the kernel's buffer besides its bytes, which start at a multiple of 16: a header
 * of 48, an address of 20, and room to align the network layer.
 */
const OVERHEAD_BYTES = 84;
/** A pause of the whole process, by a garbage collector or a neighbour, is seldom longer. */
export const GOOD_SECONDS = 2;

/** Bytes of the kernel's buffer that one packet takes, about. */
export function bufferBytesOf(packetBytes: number): number {
  return Math.ceil((packetBytes + OVERHEAD_BYTES) / 16) * 16;
}

/** MiB that hold so many seconds of so many packets; a power of two, as nobody needs more precision. */
export function bufferMiBFor(
  seconds: number,
  packetsPerSecond: number,
  packetBytes: number,
): number {
  const bytes = seconds * packetsPerSecond * bufferBytesOf(packetBytes);
  return 2 ** Math.max(0, Math.ceil(Math.log2(bytes / MEBIBYTE)));
}

/** Follows the counters of one capture. */
export class LossAdvice {
  private before: Counted | undefined;
  private isSaid = false;

  constructor(private readonly room: Room) {}

  /** The advice, in a sentence, at the first loss; undefined at any other time. */
  check(now: Counted): string | undefined {
    if (this.isSaid || now.lookedUs === 0 || now.lookedUs === this.before?.lookedUs) {
      return undefined;
    }
    const before = this.before ?? { ...now, received: 0, kernel: 0, ring: 0, lookedUs: 0 };
    this.before = { ...now };
    const lost = now.kernel - before.kernel, full = now.ring - before.ring;
    if (lost + full <= 0) return undefined;
    this.isSaid = true;
    return lost > 0 ? this.ofKernel(now, before, lost) : this.ofRing(full);
  }

  private ofKernel(now: Counted, before: Counted, lost: number): string {
    const { bufferMiB } = this.room;
    const taken = now.packets + now.ring, bytes = taken === 0 ? 0 : now.kept / taken;
    // Before the first look it is not known since when.
    const seconds = before.lookedUs === 0 ? 1 : (now.lookedUs - before.lookedUs) / 1e6;
    const rate = (now.received - before.received) / seconds;
    const holds = bufferMiB * MEBIBYTE / (rate * bufferBytesOf(bytes));
    const wanted = Math.min(BUFFER_MIB_MAX, bufferMiBFor(GOOD_SECONDS, rate, bytes));
    const what = `the kernel dropped ${count(lost)}: its buffer of ${bufferMiB} MiB holds ` +
      `${shortText(holds)} of the ${count(rate)} a second that came`;
    return wanted <= bufferMiB
      ? `${what}, and was not read for longer than that: the machine was busy, or the program stopped`
      : `${what}; --buffer-size ${wanted} would hold ${shortText(holds * wanted / bufferMiB)}`;
  }

  private ofRing(lost: number): string {
    const { ringRecords } = this.room;
    return `${count(lost)} found the ring between the threads full: the detector was behind; ` +
      `--live-ring-records ${ringRecords * 4} rides out four times as much`;
  }
}

function count(packets: number): string {
  const whole = Math.round(packets);
  return `${`${whole}`.replace(/\B(?=(\d{3})+$)/g, ",")} packet${whole === 1 ? "" : "s"}`;
}

function shortText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}
