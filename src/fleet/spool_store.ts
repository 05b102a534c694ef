// Messages in one file of bounded size, used as a ring, so that they outlive the program. Knows bytes; nothing of
// what is in a message.
//
// A head of 64 bytes says where the first record is that nobody needs to send again; records follow each other from
// there, each with a number that is one more than the last, and with the digest by which its message is known. So
// what is left of older rounds, or was cut by a crash, is told from what counts. The head is written once a second:
// after a crash a few messages are sent twice, and a server knows them by their id.
//
// Needs the file open only; it is opened as the user who writes.

import { CannotRun, reasonNotWritten, reasonOf } from "../failure.ts";
import { Backlog } from "../sink/backlog.ts";
import { type Message, type MessageStore, NO_ROOM } from "./message.ts";
import { messageId, parseSubject } from "./subjects.ts";

const MAGIC = "sdspool1";
const HEAD_BYTES = 64;
/** In the head: f64 each. */
const Head = { Capacity: 8, Offset: 16, Number: 24 } as const;

const RECORD = 0x73647231;
/** The rest of the file up to its end is not used in this round. */
const SKIP = 0x73647230;
/** In a record: u32, u32, f64, u16, u32, 32 letters. */
const Field = { Magic: 0, Payload: 4, Number: 8, Subject: 16, Records: 20, Id: 24 } as const;
const RECORD_HEAD_BYTES = 56;
const ID_BYTES = 32;
/** Longest that a subject and a payload can be: anything else in a file is damage. */
const PAYLOAD_BYTES_MAX = 1024 * 1024;

const SAVE_MS = 1_000;
/** Bits of a mode by which group and others may write. */
const OTHERS_WRITE = 0o022;

/** One record of the file. */
export interface Spooled {
  offset: number;
  /** The size of the record, alone and with what was skipped before it. */
  bytes: number;
  span: number;
  isReleased: boolean;
}

export class SpoolStore implements MessageStore<Spooled> {
  readonly outlives = true;
  #shortage = NO_ROOM;
  readonly #file: Deno.FsFile;
  readonly #clock: () => number;
  readonly #kept = new Backlog<Spooled>(0x7fffffff);
  /** The offset of the next record, and its number. */
  #tail = HEAD_BYTES;
  #number = 1;
  /** Spans of records that are kept, and of those before them that the head in the file still names. */
  #live = 0;
  #stale = 0;
  #savedMs = 0;

  private constructor(file: Deno.FsFile, readonly bytesMax: number, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Opens the file, makes it (mode 0600) if need be. Throws `CannotRun`. */
  static open(path: string, bytesMax: number, clock = () => performance.now()): SpoolStore {
    const option = `--publish-spool ${path}`;
    let file: Deno.FsFile;
    try {
      if (isSpecial(path)) throw new Error("it is no regular file; name another");
      file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    } catch (error) {
      throw new CannotRun(`${option}: ${reasonNotWritten(error)}`);
    }
    // What is in it goes out in our name.
    if (((file.statSync().mode ?? 0) & OTHERS_WRITE) !== 0) {
      file.close();
      throw new CannotRun(`${option}: others may write it: chmod go-w ${path}`);
    }
    // Deno 2.4 cannot ask for a lock without waiting for it.
    if (file.tryLockSync?.(true) === false) {
      file.close();
      throw new CannotRun(`${option}: another scandog writes it; give each a file of its own`);
    }
    const store = new SpoolStore(file, bytesMax, clock);
    const head = store.#readAt(0, HEAD_BYTES);
    if (head !== undefined && head.length > 0 && !isHead(head)) {
      file.close();
      throw new CannotRun(`${option}: it is no spool of scandog's; name another file`);
    }
    try {
      store.#begin(head === undefined || head.length === 0 ? undefined : head);
    } catch (error) {
      file.close();
      throw new CannotRun(`${option}: ${reasonOf(error)}`);
    }
    return store;
  }

  get bytes(): number {
    return this.#live;
  }

  get shortage(): string {
    return this.#shortage;
  }

  keep(message: Message): Spooled | undefined {
    const record = recordOf(message, this.#number);
    const end = HEAD_BYTES + this.bytesMax;
    const isOver = this.#tail + record.length > end;
    const skipped = isOver ? end - this.#tail : 0;
    const span = skipped + record.length;
    if (this.#live + this.#stale + span > this.bytesMax && this.#stale > 0) this.#trySave();
    this.#shortage = NO_ROOM;
    if (this.#live + this.#stale + span > this.bytesMax) return undefined;
    const offset = isOver ? HEAD_BYTES : this.#tail;
    try {
      if (skipped >= 4) this.#writeAt(this.#tail, skipMark());
      this.#writeAt(offset, record);
    } catch (error) {
      // A full disk: what was half written is free as before, and is written over.
      this.#shortage = `the spool cannot be written: ${reasonOf(error)}`;
      return undefined;
    }
    this.#tail = offset + record.length;
    this.#number++;
    this.#live += span;
    const spooled = { offset, bytes: record.length, span, isReleased: false };
    this.#kept.push(spooled);
    return spooled;
  }

  /** Throws when the file does not have it any more. */
  read({ offset, bytes }: Spooled): Message {
    const read = messageIn(this.#readAt(offset, bytes) ?? new Uint8Array());
    if (read === undefined) throw new Error("the spool was changed by somebody else");
    return read.message;
  }

  release(spooled: Spooled): void {
    spooled.isReleased = true;
    for (let first = this.#kept.first(); first?.isReleased; first = this.#kept.first()) {
      this.#kept.shift();
      this.#live -= first.span;
      this.#stale += first.span;
    }
    if (this.#kept.length === 0 || this.#clock() - this.#savedMs >= SAVE_MS) this.#trySave();
  }

  /** Messages of the run before; asked once, at the start. */
  left(): Spooled[] {
    const all: Spooled[] = [];
    for (let first = this.#kept.first(); first; first = this.#kept.first()) {
      all.push(first);
      this.#kept.shift();
    }
    this.#kept.putBack(all);
    return all;
  }

  close(): void {
    this.#trySave();
    this.#file.close();
  }

  /** Takes up what is in the file; with another size the ring is made anew, and filled with it. */
  #begin(head: Uint8Array | undefined): void {
    if (head === undefined) return this.#save();
    const view = new DataView(head.buffer);
    const capacity = view.getFloat64(Head.Capacity);
    const found = this.#readAll(
      view.getFloat64(Head.Offset),
      view.getFloat64(Head.Number),
      capacity,
    );
    if (capacity === this.bytesMax) return;
    const messages = found.map((spooled) => this.read(spooled));
    this.#file.truncateSync(0);
    this.#kept.clear();
    [this.#tail, this.#number, this.#live] = [HEAD_BYTES, 1, 0];
    this.#save();
    for (const message of messages) this.keep(message);
  }

  /** Records from there on, as far as their numbers follow. */
  #readAll(offset: number, number: number, capacity: number): Spooled[] {
    const end = HEAD_BYTES + capacity;
    const found: Spooled[] = [];
    this.#number = number;
    let at = offset, skipped = 0;
    while (this.#live < capacity) {
      const head = this.#readAt(at, RECORD_HEAD_BYTES) ?? new Uint8Array();
      const isAtEnd = end - at < RECORD_HEAD_BYTES ||
        head.length >= 4 && viewOf(head).getUint32(Field.Magic) === SKIP;
      if (isAtEnd && skipped === 0 && at > HEAD_BYTES) {
        [skipped, at] = [end - at, HEAD_BYTES];
        continue;
      }
      const bytes = sizeIn(head);
      const record = bytes === undefined ? undefined : this.#readAt(at, bytes);
      const read = record === undefined ? undefined : messageIn(record);
      if (read === undefined || read.number !== this.#number) break;
      const spooled = { offset: at, bytes: bytes!, span: skipped + bytes!, isReleased: false };
      found.push(spooled);
      this.#kept.push(spooled);
      this.#live += spooled.span;
      this.#number++;
      at += bytes!;
      skipped = 0;
    }
    this.#tail = skipped > 0 ? end - skipped : at;
    return found;
  }

  /** What cannot be saved now is saved later; until then more room is taken than need be. */
  #trySave(): void {
    try {
      this.#save();
    } catch {
      this.#savedMs = this.#clock();
    }
  }

  #save(): void {
    const head = new Uint8Array(HEAD_BYTES);
    const view = viewOf(head);
    head.set(new TextEncoder().encode(MAGIC));
    view.setFloat64(Head.Capacity, this.bytesMax);
    const first = this.#kept.first();
    view.setFloat64(Head.Offset, first?.offset ?? this.#tail);
    view.setFloat64(Head.Number, this.#number - this.#kept.length);
    this.#writeAt(0, head);
    this.#stale = 0;
    this.#savedMs = this.#clock();
  }

  #writeAt(offset: number, bytes: Uint8Array): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const count = this.#file.writeSync(bytes.subarray(at));
      if (count === 0) throw new Error("nothing could be written");
      at += count;
    }
  }

  /** Fewer bytes where the file ends before; undefined for a place that there cannot be. */
  #readAt(offset: number, count: number): Uint8Array<ArrayBuffer> | undefined {
    if (!Number.isSafeInteger(offset) || offset < 0) return undefined;
    const bytes = new Uint8Array(count);
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    let at = 0;
    while (at < count) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null || read === 0) break;
      at += read;
    }
    return bytes.slice(0, at);
  }
}

/** Opening a pipe would wait for its reader. */
function isSpecial(path: string): boolean {
  try {
    return !Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isHead(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (bytes.length !== HEAD_BYTES) return false;
  const view = viewOf(bytes);
  const [capacity, offset, number] = [Head.Capacity, Head.Offset, Head.Number]
    .map((field) => view.getFloat64(field));
  return new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) === MAGIC &&
    [capacity, offset, number].every((value) => Number.isSafeInteger(value) && value > 0) &&
    offset >= HEAD_BYTES && offset <= HEAD_BYTES + capacity;
}

function skipMark(): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, SKIP);
  return bytes;
}

function recordOf({ subject, payload, records }: Message, number: number): Uint8Array {
  const name = new TextEncoder().encode(subject);
  const bytes = new Uint8Array(RECORD_HEAD_BYTES + name.length + payload.length);
  const view = viewOf(bytes);
  view.setUint32(Field.Magic, RECORD);
  view.setUint32(Field.Payload, payload.length);
  view.setFloat64(Field.Number, number);
  view.setUint16(Field.Subject, name.length);
  view.setUint32(Field.Records, Math.min(records, 0xffffffff));
  bytes.set(new TextEncoder().encode(messageId(subject, payload)), Field.Id);
  bytes.set(name, RECORD_HEAD_BYTES);
  bytes.set(payload, RECORD_HEAD_BYTES + name.length);
  return bytes;
}

/** How many bytes the record has whose head that is; undefined: it is none. */
function sizeIn(head: Uint8Array<ArrayBuffer>): number | undefined {
  if (head.length < RECORD_HEAD_BYTES) return undefined;
  const view = viewOf(head);
  const payload = view.getUint32(Field.Payload);
  if (view.getUint32(Field.Magic) !== RECORD || payload > PAYLOAD_BYTES_MAX) return undefined;
  return RECORD_HEAD_BYTES + view.getUint16(Field.Subject) + payload;
}

/** Undefined where it is not whole, or not what was written. */
function messageIn(
  record: Uint8Array<ArrayBuffer>,
): { message: Message; number: number } | undefined {
  if (sizeIn(record) !== record.length) return undefined;
  const view = viewOf(record);
  const start = RECORD_HEAD_BYTES + view.getUint16(Field.Subject);
  const text = (from: number, to: number) => new TextDecoder().decode(record.subarray(from, to));
  const subject = text(RECORD_HEAD_BYTES, start), payload = record.slice(start);
  if (parseSubject(subject) === undefined) return undefined;
  if (messageId(subject, payload) !== text(Field.Id, Field.Id + ID_BYTES)) return undefined;
  const message = { subject, payload, records: view.getUint32(Field.Records) };
  return { message, number: view.getFloat64(Field.Number) };
}
