// Looks at what a NATS server sends before the client does: whole protocol lines of bounded length, messages of
// bounded size, JSON where the client parses JSON, and no more in all than there is a reason for. The client
// would collect without bound, and say what it cannot parse on standard output, which is for alerts. Knows bytes;
// no socket. See docs.nats.io, "Client Protocol".

/** What a server may send. */
export interface ServerBounds {
  /** The largest message, its headers included. */
  messageBytes: number;
  /**
   * Received at most so much at first, and so much a byte that was sent; absent: no bound. A line counts as
   * `LINE_COST` bytes more, in either direction: to look at a short one is work too.
   */
  share?: { firstBytes: number; perSentByte: number };
}

export const LINE_COST = 100;

/** `INFO` names all servers of a cluster; a real one takes 400 bytes and some 30 for each of them. */
const LINE_BYTES_MAX = 65_536;

/** A server that breaks the rules: the connection is of no use. */
export class NotNats extends Error {
  constructor(reason: string) {
    super(`${reason}: this is no NATS server, or one that cannot be trusted`);
    this.name = "NotNats";
  }
}

const LF = 10;
const CRLF = [13, LF];
const PONG = new TextEncoder().encode("PONG\r\n");

export class ServerGuard {
  readonly #bounds: ServerBounds;
  /** The line that has begun. */
  #line: number[] = [];
  /** Bytes of the message at hand that are still to come, its CRLF included. */
  #payload = 0;
  #received = 0;
  #sent = 0;

  constructor(bounds: ServerBounds) {
    this.#bounds = bounds;
  }

  /** These bytes went to the server. Answers to its own pings give it no right to more. */
  sent(frame: Uint8Array): void {
    const isPong = frame.length === PONG.length && PONG.every((byte, i) => frame[i] === byte);
    if (!isPong) this.#sent += frame.length + LINE_COST;
  }

  /**
   * Looks at bytes in the order in which they came, cut anywhere, and gives those that the client may see: a
   * line only when it is whole. Throws `NotNats`.
   */
  pass(bytes: Uint8Array): Uint8Array {
    const held = new Uint8Array(this.#line);
    let passed = 0;
    this.#received += bytes.length;
    this.#weigh();
    for (let at = 0; at < bytes.length;) {
      if (this.#payload > 0) {
        // The last two must be the line's end, or the client would look for it elsewhere.
        const isEnd = this.#payload <= CRLF.length;
        if (isEnd && bytes[at] !== CRLF[CRLF.length - this.#payload]) {
          throw new NotNats("its message does not end as it should");
        }
        const left = isEnd ? 1 : this.#payload - CRLF.length;
        const taken = Math.min(left, bytes.length - at);
        this.#payload -= taken;
        passed = at += taken;
        continue;
      }
      const end = bytes.indexOf(LF, at);
      const stop = end < 0 ? bytes.length : end + 1;
      if (this.#line.length + stop - at > LINE_BYTES_MAX) throw new NotNats("its line has no end");
      for (; at < stop; at++) this.#line.push(bytes[at]);
      if (end < 0) break;
      this.#ended();
      passed = at;
    }
    if (passed === 0) return new Uint8Array();
    const all = new Uint8Array(held.length + passed);
    all.set(held);
    all.set(bytes.subarray(0, passed), held.length);
    return all;
  }

  #weigh(): void {
    const { share } = this.#bounds;
    if (share && this.#received > share.firstBytes + share.perSentByte * this.#sent) {
      throw new NotNats("it sends more than it was asked for");
    }
  }

  #ended(): void {
    this.#received += LINE_COST;
    this.#weigh();
    const text = new TextDecoder().decode(new Uint8Array(this.#line));
    this.#line = [];
    if (!text.endsWith("\r\n")) throw new NotNats("its line does not end as it should");
    this.#look(text.slice(0, -2));
  }

  #look(line: string): void {
    if (["PING", "PONG", "+OK"].includes(line) || /^-ERR '[\x20-\x7e]*'$/.test(line)) return;
    if (line.startsWith("INFO ")) {
      if (!isInfo(line.slice(5).trim())) throw new NotNats("its INFO is not what it should be");
      return;
    }
    // MSG subject sid [reply] bytes; HMSG subject sid [reply] header-bytes bytes.
    // A server may write two spaces where there is no reply.
    const plain = /^MSG \S+ +[0-9]{1,15} +(?:\S+ +)?([0-9]{1,10})$/.exec(line);
    const withHead = /^HMSG \S+ +[0-9]{1,15} +(?:\S+ +)?([0-9]{1,10}) +([0-9]{1,10})$/.exec(line);
    if (plain === null && withHead === null) throw new NotNats("it sends what is no NATS");
    const size = Number(plain?.[1] ?? withHead?.[2]);
    if (withHead !== null && Number(withHead[1]) > size) throw new NotNats("its headers lie");
    if (size > this.#bounds.messageBytes) throw new NotNats(`it sends a message of ${size} bytes`);
    this.#payload = size + CRLF.length;
  }
}

/** What the client takes from it is of the type that it takes it for. */
function isInfo(text: string): boolean {
  let info: Record<string, unknown>;
  try {
    info = JSON.parse(text);
  } catch {
    return false;
  }
  const isObject = typeof info === "object" && info !== null && !Array.isArray(info);
  return isObject && typeof info.version === "string" &&
    /^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}/.test(info.version) &&
    typeof info.max_payload === "number" &&
    (info.nonce === undefined || typeof info.nonce === "string");
}
