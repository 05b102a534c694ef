// The sorts of values that options have. Knows how they are written; no particular option.

import { parsePrefix, type Prefix, prefixText } from "../address.ts";
import { posixZone } from "../format/posix_zone.ts";
import { type Kind, Refusal } from "./row.ts";

/** A value in a message, cut so that the message stays one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** All that are wrong, but for a file given by mistake. */
function someOf(texts: readonly string[]): string {
  const first = texts.slice(0, LISTED_MAX).map(shown).join(", ");
  return texts.length <= LISTED_MAX ? first : `${first} and ${texts.length - LISTED_MAX} more`;
}

const LISTED_MAX = 8;

function mustBe(what: string, value: unknown): Refusal {
  return new Refusal(`must be ${what}, got ${shown(value)}`);
}

/** `fromToml` of the kinds that are strings there too. */
function fromString<T>(parse: (text: string) => T | Refusal) {
  return (value: unknown) => typeof value === "string" ? parse(value) : mustBe("a string", value);
}

/** On or off. */
export const FLAG: Kind<boolean> = {
  metavar: "",
  parse: (text) => text === "true" ? true : text === "false" ? false : mustBe("absent", text),
  fromToml: (value) => typeof value === "boolean" ? value : mustBe("true or false", value),
  toml: String,
};

/** Any text but none at all. */
export function text(metavar: string): Kind<string> {
  const parse = (text: string) => text === "" ? mustBe("something", text) : text;
  return { metavar, parse, fromToml: fromString(parse), toml: JSON.stringify };
}

/** The name of a file. */
export const FILE: Kind<string> = { ...text("FILE"), isFile: true };

/** One of a few words. */
export function choice<const T extends string>(metavar: string, choices: readonly T[]): Kind<T> {
  const parse = (value: unknown) =>
    choices.find((choice) => choice === value) ?? mustBe(`one of ${choices.join(", ")}`, value);
  return { metavar, parse, fromToml: parse, toml: JSON.stringify, choices };
}

/**
 * A number, written in decimal; `unit` for who wrote `2h`. `max` and `min` here only say what can never be right: a range that
 * depends on other options is checked when all are known.
 */
export function number(
  metavar: string,
  { min, max, fraction, unit }: { min: number; max: number; fraction?: boolean; unit?: string },
) {
  const of = unit === undefined ? "" : ` ${unit}`;
  const what = `${fraction ? "a number" : "a whole number"} from ${min} to ${max}${of}`;
  const check = (value: number, original: unknown) => {
    const sort = fraction ? Number.isFinite(value) : Number.isSafeInteger(value);
    return sort && value >= min && value <= max ? value : mustBe(what, original);
  };
  return {
    metavar,
    parse: (text) =>
      /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? check(Number(text), text) : mustBe(what, text),
    fromToml: (value) => typeof value === "number" ? check(value, value) : mustBe(what, value),
    toml: String,
  } satisfies Kind<number>;
}

/** Items separated by commas; in a file also an array of them. `items`: as they are written there. */
export function list<T>(
  metavar: string,
  parseAll: (texts: readonly string[]) => T | Refusal,
  items: (value: T) => readonly string[],
): Kind<T> {
  const parse = (text: string) => parseAll(text.split(","));
  return {
    metavar,
    isList: true,
    parse,
    fromToml(value) {
      if (typeof value === "string") return parse(value);
      const isTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
      return isTexts ? parseAll(value) : mustBe("a string or an array of strings", value);
    },
    toml: (value) => `[${items(value).map((item) => JSON.stringify(item)).join(", ")}]`,
  };
}

/** Networks or single addresses. */
export const NETWORKS: Kind<Prefix[]> = list(
  "CIDR",
  parseNetworks,
  (prefixes) => prefixes.map(prefixText),
);

function parseNetworks(parts: readonly string[]): Prefix[] | Refusal {
  const prefixes = parts.map(parsePrefix);
  const wrong = parts.filter((_, i) => prefixes[i] === undefined);
  return wrong.length === 0
    ? prefixes.filter((prefix) => prefix !== undefined)
    : new Refusal(`must be addresses or networks such as 10.0.0.0/8, got ${someOf(wrong)}`);
}

/** `max`, or how many times the capture's own pace; 0 stands for `max`. */
export const SPEED: Kind<number> = {
  metavar: "max|N",
  parse(text) {
    if (text === "max") return 0;
    const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : NaN;
    return isSpeed(value) ? value : mustBe(SPEED_WORDS, text);
  },
  fromToml(value) {
    if (value === "max") return 0;
    return typeof value === "number" && isSpeed(value) ? value : mustBe(SPEED_WORDS, value);
  },
  toml: (value) => value === 0 ? `"max"` : String(value),
};

const SPEED_WORDS = '"max" or a number from 0.001 to 1000000';

function isSpeed(value: number): boolean {
  return value >= 0.001 && value <= 1_000_000;
}

/** An IANA time zone, such as `Europe/Berlin` or `UTC`, or the rules of one, as POSIX writes them. */
export const ZONE: Kind<string> = {
  metavar: "ZONE",
  suggest: () => ["UTC", ...Intl.supportedValuesOf("timeZone")],
  parse: parseZone,
  fromToml: fromString(parseZone),
  toml: JSON.stringify,
};

function parseZone(text: string): string | Refusal {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return text;
  } catch {
    if (posixZone(text) !== undefined) return text;
    return mustBe("a time zone such as Europe/Berlin, UTC or CET-1CEST,M3.5.0,M10.5.0/3", text);
  }
}
