// Which tests are run against a fault, and in which order: those that stand beside the faulty file, then those
// that noticed most of the faults before, then the cheapest. Slow ones are left out.

/** A test of a file; all of the file's where no index is given. */
export interface Planned {
  file: string;
  /** In the order in which they stand. */
  index?: number;
}

export interface Costly extends Planned {
  index: number;
  /** On a processor. */
  costMs: number;
}

/** A test that takes longer is left out: a survivor is one of hundreds of quick tests. */
export const QUICK_MS = 100;
/** A test whose file lies beside the faulty one is worth so many that noticed faults before. */
const BESIDE_WORTH = 1000;

export class Plan {
  /** How many faults each test has noticed, by file and index. */
  private readonly noticed = new Map<string, number>();
  private readonly quick: readonly Costly[];

  constructor(costs: readonly Costly[]) {
    this.quick = costs.filter(({ costMs }) => costMs <= QUICK_MS);
  }

  get size(): number {
    return this.quick.length;
  }

  /** For a fault in `source`, `src/room/file.ts`. */
  order(source: string): Costly[] {
    const folder = source.replace(/^src\//, "tests/").replace(/[^/]*$/, "");
    const own = source.replace(/^src\//, "tests/").replace(/\.ts$/, "_test.ts");
    const worth = ({ file, index }: Costly) =>
      (this.noticed.get(`${file} ${index}`) ?? 0) +
      (file.startsWith(folder) ? BESIDE_WORTH : 0) + (file === own ? BESIDE_WORTH : 0);
    return this.quick.map((test) => ({ test, worth: worth(test) }))
      .sort((a, b) => b.worth - a.worth || a.test.costMs - b.test.costMs)
      .map(({ test }) => test);
  }

  /** A test noticed a fault. */
  note({ file, index }: Planned): void {
    const key = `${file} ${index}`;
    this.noticed.set(key, (this.noticed.get(key) ?? 0) + 1);
  }
}
