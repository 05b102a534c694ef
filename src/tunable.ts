// What a tunable number is, and checks that hold for any table of such numbers. A leaf.

/** One tunable number. Its option is the key in kebab case: `scanWeight` is `--scan-weight`. */
export interface Tunable {
  /** Empty for a bare number. */
  unit: string;
  default: number;
  min: number;
  max: number;
  /** The number may have a fraction; without this it is whole. */
  fraction?: true;
  /** What it does and why the default is what it is; one sentence or two, shown in the help. */
  reason: string;
}

export type Tunables = Record<string, Tunable>;

/** The values of a set of rows. */
export type Values<T extends Tunables> = { [K in keyof T]: number };

/** The default values of a set of rows. */
export function defaults<T extends Tunables>(rows: T): Values<T> {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, row.default])) as Values<
    T
  >;
}

/**
 * What is wrong with these values: one sentence for each value outside its row's range. Relations
 * between values are checked beside the detector that needs them.
 */
export function faults<T extends Tunables>(rows: T, values: Values<T>): string[] {
  return Object.entries(rows).flatMap(([key, row]) => {
    const value = values[key];
    if (Number.isFinite(value) && value >= row.min && value <= row.max) return [];
    return [
      `${optionName(key)} must be from ${row.min} to ${withUnit(row.max, row)}, got ${value}`,
    ];
  });
}

/** `60 seconds`. */
export function withUnit(value: number, { unit }: Tunable): string {
  return unit === "" ? `${value}` : `${value} ${unit}`;
}

/** `scanWeight` to `--scan-weight`. */
export function optionName(key: string): string {
  return "--" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}
