// Names of sensors, as people write them and as one token of a NATS subject. Knows characters; no server.

/** The most bytes of a name in UTF-8: the longest host name fits. */
export const SENSOR_NAME_BYTES_MAX = 253;

/** What stands for itself in a token. All else would be taken apart by a server, or is no ASCII. */
const PLAIN = /^[A-Za-z0-9_-]$/;
/** Controls, what turns the direction of text around, and halves of characters. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a sensor may be called that: not empty, not too long, on one line. */
export function isSensorName(name: string): boolean {
  return name !== "" && name.length <= SENSOR_NAME_BYTES_MAX && !UNRULY.test(name) &&
    new TextEncoder().encode(name).length <= SENSOR_NAME_BYTES_MAX;
}

/**
 * The name as one token of a subject: letters, digits, `-` and `_` stand for themselves, every other byte of
 * its UTF-8 is `%` and two hexadecimal digits (RFC 3986 section 2.1): `web1.example` is `web1%2Eexample`.
 * One name has one token. Throws a RangeError for what is no name.
 */
export function sensorToken(name: string): string {
  if (!isSensorName(name)) {
    throw new RangeError(`Cannot name a sensor: ${JSON.stringify(name)} is no name of one`);
  }
  return Array.from(new TextEncoder().encode(name), (byte) => {
    const character = String.fromCharCode(byte);
    if (PLAIN.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** The name whose token that is; undefined when it is no name's. For what anybody may have sent: never throws. */
export function sensorOfToken(token: string): string | undefined {
  if (
    token.length > 3 * SENSOR_NAME_BYTES_MAX || !/^(?:[A-Za-z0-9_-]|%[0-9A-F]{2})+$/.test(token)
  ) {
    return undefined;
  }
  try {
    const name = decodeURIComponent(token);
    // Two tokens of one name would be two sensors to a server, and one to people.
    return isSensorName(name) && sensorToken(name) === token ? name : undefined;
  } catch {
    return undefined;
  }
}
