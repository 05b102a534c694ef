// A file of whole units, lines or packets of a savefile, rotated by size or by time. Knows bytes;
// not what is in them.
//
// Every write ends at the end of a unit, so whatever kills the program, what was handed over before
// is there and can be read. Of what a full disk takes in part the whole units stay, and the others
// are counted. `FILE` is the youngest, `FILE.1` the one before, up to `FILE.N`; so N + 1 times the size
// is all that a flood can fill. Needs read and write permission for the folder.

import { SystemError } from "../system/system_error.ts";
import { newCounters, type Notice } from "./sink.ts";
import { reasonNotWritten } from "../failure.ts";
import { reasonOf, Trouble } from "./trouble.ts";
import { lineEnd, savedPacketEnd, type UnitEnd, wholeUnits } from "./whole_units.ts";

export interface PacketFileOptions {
  path: string;
  /** Every file begins with these bytes; empty for lines. */
  header: Uint8Array;
  /** A file is rotated before it grows beyond this many bytes; 0: never. */
  rotateBytes: number;
  /** A file is rotated once its first unit is this old; 0: never. */
  rotateUs: number;
  /** Files kept besides the youngest. */
  keep: number;
  notice: Notice;
  /** Lines are added to a file that is there; a savefile that is there is rotated. */
  append: boolean;
}

/** The file cannot be written at all. One line with the path and the remedy. */
export class PacketFileError extends SystemError {
  constructor(path: string, error: unknown) {
    const isDenied = error instanceof Deno.errors.PermissionDenied;
    const remedy = isDenied
      ? "; the user scandog becomes (--user) must be able to write it and its folder"
      : "";
    super(`open ${path}`, 0, reasonNotWritten(error) + remedy);
    this.name = "PacketFileError";
  }
}

export class PacketFile {
  readonly name: string;
  /** Units, as sinks count lines. */
  readonly counters = newCounters();
  readonly #options: PacketFileOptions;
  readonly #trouble: Trouble;
  readonly #turning: Trouble;
  readonly #unitEnd: UnitEnd;
  #file: Deno.FsFile;
  /** Bytes in the file, all of them whole units. */
  #length = 0;
  /** Time of the first unit in this file; NaN before there is one. */
  #beganUs = NaN;

  /** Opens the file. Throws `PacketFileError`. */
  constructor(options: PacketFileOptions) {
    this.name = options.path;
    this.#options = options;
    // A savefile has a header, and packets after it.
    const isSavefile = options.header.length > 0;
    const unit = isSavefile ? "packet" : "line";
    this.#unitEnd = isSavefile ? savedPacketEnd : lineEnd;
    this.#trouble = new Trouble(
      options.path,
      options.notice,
      undefined,
      "what comes is lost",
      unit,
    );
    // Apart, because what is written goes on into the file that is there, and that is no recovery.
    const goesOn = `${options.path} grows on`;
    this.#turning = new Trouble(`turn ${options.path} over`, options.notice, undefined, goesOn);
    try {
      if (!options.append && lengthOf(options.path) > 0) this.#shift();
      this.#file = this.#open();
    } catch (error) {
      throw new PacketFileError(options.path, error);
    }
    this.#begin();
  }

  /**
   * `bytes` are `units` whole units, the first one's time `firstUs` (microseconds since 1970). They
   * go into one file: whoever gathers them asks `turnsUs` and `roomBytes` which may still be among them.
   */
  write(bytes: Uint8Array, units: number, firstUs: number): void {
    const { header, rotateBytes } = this.#options;
    const full = rotateBytes > 0 && this.#length + bytes.length > rotateBytes;
    const old = firstUs >= this.turnsUs(firstUs);
    if ((full || old) && this.#length > header.length) this.#turn();
    if (Number.isNaN(this.#beganUs)) this.#beganUs = firstUs;
    const written = this.#begin(units) ? this.#put(bytes, units) : 0;
    this.counters.written += written;
    this.counters.dropped += units - written;
    if (written === units) this.#trouble.passed();
  }

  lost(): number {
    return this.counters.dropped;
  }

  /** A unit of this time or later begins a new file, if one of `firstUs` is the next one written. */
  turnsUs(firstUs: number): number {
    const { rotateUs } = this.#options;
    if (rotateUs === 0) return Infinity;
    return (Number.isNaN(this.#beganUs) ? firstUs : this.#beganUs) + rotateUs;
  }

  /** So many bytes written next go into one file; a unit that goes beyond them begins another. */
  roomBytes(): number {
    const { rotateBytes, header } = this.#options;
    if (rotateBytes === 0) return Infinity;
    const left = rotateBytes - this.#length;
    // Of a full one the next unit begins another, or it cannot be turned over and grows on.
    return left > 0 ? left : rotateBytes - header.length;
  }

  /** After SIGHUP: a file that was moved away is made anew. */
  reopen(): void {
    try {
      if (this.#isInPlace()) return;
      const next = this.#open();
      this.#file.close();
      this.#file = next;
      this.#begin();
    } catch (error) {
      this.#failed(error);
    }
  }

  close(): void {
    this.#file.close();
    this.#trouble.ended(0);
  }

  /**
   * A file has its header even before its first unit, so that it can be read at any time. False
   * where there is no room for it; then `units` are lost.
   */
  #begin(units = 0): boolean {
    if (this.#length > 0) return true;
    const { header } = this.#options;
    const { error } = this.#append(header);
    if (error !== undefined) {
      this.#failed(error, units);
      this.#takeBack();
      return false;
    }
    this.#length = header.length;
    return true;
  }

  /** Writes the whole units that there is room for, and says how many; the others are lost. */
  #put(bytes: Uint8Array, units: number): number {
    const { taken, error } = this.#append(bytes);
    if (error === undefined) {
      this.#length += bytes.length;
      return units;
    }
    const whole = wholeUnits(bytes, taken, this.#unitEnd);
    this.#length += whole.length;
    this.#failed(error, units - whole.units);
    this.#takeBack();
    return whole.units;
  }

  /** Writes as many of the bytes as the file takes, and says why it took no more. */
  #append(bytes: Uint8Array): { taken: number; error?: unknown } {
    let taken = 0;
    try {
      while (taken < bytes.length) {
        const count = this.#file.writeSync(bytes.subarray(taken));
        if (count === 0) throw new Error("nothing could be written");
        taken += count;
      }
      return { taken };
    } catch (error) {
      return { taken, error };
    }
  }

  /** Takes away what was written of a unit that did not fit. */
  #takeBack(): void {
    try {
      this.#file.truncateSync(this.#length);
      this.#file.seekSync(this.#length, Deno.SeekMode.Start);
    } catch (error) {
      this.#failed(error);
    }
  }

  #turn(): void {
    try {
      this.#shift();
      const next = this.#open();
      this.#file.close();
      this.#file = next;
      this.#begin();
      this.#turning.passed();
    } catch (error) {
      // It goes on in the file that it has.
      this.counters.failures++;
      this.#turning.failed(reasonOf(error));
      this.#beganUs = NaN;
    }
  }

  /** `FILE.1` becomes `FILE.2` and so on, the oldest goes, `FILE` becomes `FILE.1`. */
  #shift(): void {
    const { path, keep } = this.#options;
    if (keep === 0) return unlessGone(() => Deno.removeSync(path));
    for (let i = keep - 1; i >= 0; i--) {
      unlessGone(() => Deno.renameSync(i === 0 ? path : `${path}.${i}`, `${path}.${i + 1}`));
    }
  }

  #open(): Deno.FsFile {
    const { path } = this.#options;
    if (lengthOf(path) < 0) throw new Error("it is no regular file; name another");
    const file = Deno.openSync(path, { append: true, create: true, mode: 0o640 });
    this.#length = file.statSync().size;
    this.#beganUs = NaN;
    return file;
  }

  #isInPlace(): boolean {
    try {
      const [here, ours] = [Deno.statSync(this.#options.path), this.#file.statSync()];
      return here.dev === ours.dev && here.ino === ours.ino;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  #failed(error: unknown, lost = 0): void {
    this.counters.failures++;
    this.#trouble.failed(reasonOf(error), lost);
  }
}

/** If somebody else removed the file before us, nothing is left to do. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Bytes in the file; 0 where there is none, -1 where it is no regular file (a pipe would block). */
function lengthOf(path: string): number {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile ? size : -1;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
