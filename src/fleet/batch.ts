// Outcomes of one sensor and one partition in one message, as bytes. Knows numbers; no server.
//
// A head of `BATCH_HEAD_BYTES`, then the 112 bytes of each outcome (outcome.ts). Numbers are in network byte
// order. What a sensor could not send for their number is a count beside the others: a flood is a number,
// not a million records.

import { type AttemptOutcome, decodeOutcome, encodeOutcome, OUTCOME_BYTES } from "../outcome.ts";

/** The version of the head; each outcome has its own. */
export const BATCH_VERSION = 1;

/** Outcomes that were not handed on, by a bound or for want of room. */
export interface Dropped {
  count: number;
  /** Between the first and the last of them, by when their outcomes were known. Microseconds since 1970. */
  fromUs: number;
  toUs: number;
}

export interface Batch {
  /** When it was made, by the sensor's clock; in a replay, by the capture's. Microseconds since 1970. */
  madeUs: number;
  /** Absent: none. */
  dropped?: Dropped;
  /** At most `BATCH_OUTCOMES_MAX`. None: a sign of life. */
  outcomes: AttemptOutcome[];
}

/** Byte offsets in the head. */
export const BatchField = {
  /** Four letters. */
  Magic: 0,
  /** u8. `BATCH_VERSION`. */
  Version: 4,
  /** u8. 0. */
  Reserved: 5,
  /** u16. How many outcomes follow. */
  Count: 6,
  /** f64 (IEEE 754). */
  MadeUs: 8,
  /** f64 each, whole numbers; all 0: none was dropped. */
  DroppedCount: 16,
  DroppedFromUs: 24,
  DroppedToUs: 32,
} as const;
export const BATCH_HEAD_BYTES = 40;

/** In one message. With these it has 57,384 bytes, of the 1 MiB that a server takes by default. */
export const BATCH_OUTCOMES_MAX = 512;
export const BATCH_BYTES_MAX = BATCH_HEAD_BYTES + BATCH_OUTCOMES_MAX * OUTCOME_BYTES;

const MAGIC = [0x73, 0x64, 0x6f, 0x62]; // "sdob"
const F = BatchField;

/** Throws a RangeError for more outcomes than go into one, a TypeError as `encodeOutcome` does. */
export function encodeBatch({ madeUs, dropped, outcomes }: Batch): Uint8Array<ArrayBuffer> {
  return joinBatch({ madeUs, dropped }, outcomes.map(encodeOutcome));
}

/** The same of outcomes that are in bytes already. */
export function joinBatch(
  { madeUs, dropped }: Omit<Batch, "outcomes">,
  outcomes: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  if (outcomes.length > BATCH_OUTCOMES_MAX) {
    throw new RangeError(
      `Cannot make a batch of ${outcomes.length}, more than ${BATCH_OUTCOMES_MAX}`,
    );
  }
  const bytes = new Uint8Array(BATCH_HEAD_BYTES + outcomes.length * OUTCOME_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, F.Magic);
  bytes[F.Version] = BATCH_VERSION;
  view.setUint16(F.Count, outcomes.length);
  view.setFloat64(F.MadeUs, madeUs);
  if (dropped !== undefined) {
    view.setFloat64(F.DroppedCount, dropped.count);
    view.setFloat64(F.DroppedFromUs, dropped.fromUs);
    view.setFloat64(F.DroppedToUs, dropped.toUs);
  }
  outcomes.forEach((outcome, i) => bytes.set(outcome, BATCH_HEAD_BYTES + i * OUTCOME_BYTES));
  return bytes;
}

/** A batch that was read, or why it cannot be: a sentence of the reader's own, nothing of the sender's. */
export type ReadBatch = { batch: Batch; refused?: undefined } | { refused: string };

/** For bytes that anybody may have sent: never throws. One outcome that is none refuses the whole. */
export function decodeBatch(bytes: Uint8Array): ReadBatch {
  if (bytes.length < BATCH_HEAD_BYTES) return { refused: "it is shorter than the head of a batch" };
  if (MAGIC.some((byte, i) => bytes[F.Magic + i] !== byte)) return { refused: "it is no batch" };
  if (bytes[F.Version] !== BATCH_VERSION) {
    return { refused: `it is of version ${bytes[F.Version]}; known is ${BATCH_VERSION}` };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(F.Count);
  if (count > BATCH_OUTCOMES_MAX) return { refused: `it says that it has ${count} outcomes` };
  if (bytes.length !== BATCH_HEAD_BYTES + count * OUTCOME_BYTES) {
    return { refused: `it has ${bytes.length} bytes, which is not what ${count} outcomes take` };
  }
  const madeUs = view.getFloat64(F.MadeUs);
  if (bytes[F.Reserved] !== 0 || !isTime(madeUs)) return { refused: "its head is not a sensor's" };
  const dropped = droppedIn(view);
  if (dropped === undefined) return { refused: "its count of dropped outcomes is none" };
  const outcomes: AttemptOutcome[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = decodeOutcome(bytes, BATCH_HEAD_BYTES + i * OUTCOME_BYTES);
    if (outcome === undefined) return { refused: `outcome ${i + 1} of ${count} cannot be read` };
    outcomes.push(outcome);
  }
  return { batch: { madeUs, ...(dropped.count === 0 ? {} : { dropped }), outcomes } };
}

function droppedIn(view: DataView): Dropped | undefined {
  const count = view.getFloat64(F.DroppedCount);
  const fromUs = view.getFloat64(F.DroppedFromUs), toUs = view.getFloat64(F.DroppedToUs);
  return isDropped({ count, fromUs, toUs }) || (count === 0 && fromUs === 0 && toUs === 0)
    ? { count, fromUs, toUs }
    : undefined;
}

/** Whether it is a count of some, between two times in their order. */
export function isDropped({ count, fromUs, toUs }: Dropped): boolean {
  return Number.isSafeInteger(count) && count > 0 && isTime(fromUs) && isTime(toUs) &&
    fromUs <= toUs;
}

/** Whole microseconds that a number holds exactly. */
function isTime(us: number): boolean {
  return Number.isSafeInteger(us) && us >= 0;
}
