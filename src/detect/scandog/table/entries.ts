// Entries of words in one block of memory, taken at start: what all tables of them are made of. Knows places; what
// a word means says the table.

import { formatAddress } from "../../../address.ts";
import { bytesOf, wordsInLines } from "../../../cache_lines.ts";
import { Column } from "./column.ts";

export class Entries {
  declare readonly words: Int32Array<ArrayBuffer>;
  /** The bytes under `words`, for addresses. */
  declare readonly bytes: Uint8Array;
  declare protected readonly entryWords: number;
  /** Words that are columns. */
  private readonly taken = new Set<number>();

  constructor(capacity: number, entryWords: number) {
    this.entryWords = entryWords;
    this.words = wordsInLines(capacity * entryWords);
    this.bytes = bytesOf(this.words);
  }

  /** The word at this place of all entries. Throws a RangeError where that is no word of an entry, or a column already. */
  column(word: number): Column {
    if (word < 0 || word >= this.entryWords) {
      throw new RangeError(`Cannot make a column of word ${word}: entries have ${this.entryWords}`);
    }
    if (this.taken.has(word)) {
      throw new RangeError(`Cannot make a column of word ${word}: it is one already`);
    }
    this.taken.add(word);
    return new Column(this.words, this.entryWords, word);
  }

  /** Word index in `words` of an entry, where its address is, if it has one. */
  addressAt(index: number): number {
    return index * this.entryWords;
  }

  /** An entry's address as text. */
  text(index: number): string {
    return formatAddress(this.bytes, this.addressAt(index) * 4);
  }
}
