// One word of every entry of a table: what may be done to it is said here once, for all tables and all words.

export class Column {
  declare private readonly words: Int32Array;
  declare private readonly entryWords: number;
  declare private readonly word: number;

  /** The word at place `word` of entries of `entryWords` words. */
  constructor(words: Int32Array, entryWords: number, word: number) {
    this.words = words;
    this.entryWords = entryWords;
    this.word = word;
  }

  /** That of an entry, by its index. */
  of(index: number): number {
    return this.words[index * this.entryWords + this.word];
  }

  set(index: number, value: number): void {
    this.words[index * this.entryWords + this.word] = value;
  }

  add(index: number, value: number): void {
    this.words[index * this.entryWords + this.word] += value;
  }

  /** Sets bits. */
  mark(index: number, bits: number): void {
    this.words[index * this.entryWords + this.word] |= bits;
  }

  /** Counts one more. Stays at the largest signed number. */
  count(index: number): void {
    const at = index * this.entryWords + this.word;
    if (this.words[at] < 0x7fffffff) this.words[at]++;
  }

  /** Takes away, not below zero. */
  take(index: number, value: number): void {
    const at = index * this.entryWords + this.word;
    this.words[at] = this.words[at] > value ? this.words[at] - value : 0;
  }

  /** Raises it to `value`, if it is less. */
  raise(index: number, value: number): void {
    const at = index * this.entryWords + this.word;
    if (this.words[at] < value) this.words[at] = value;
  }
}
