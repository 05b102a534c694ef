// The credentials of a sensor for a NATS server, from the text of one file: an nkey seed, a credentials file as `nsc`
// makes it, or USER:PASSWORD. Knows text; reads no file, and never prints what it read.

export type Identity =
  | { kind: "nkey"; seed: string }
  | { kind: "creds"; text: string }
  | { kind: "password"; user: string; password: string };

/** Longer is no credentials file; one with a token of many permissions has some kilobytes. */
export const CREDENTIALS_BYTES_MAX = 65_536;

/** A user's seed: `SU`, then base 32 (RFC 4648) of 32 bytes and a checksum. */
const SEED = /^SU[A-Z2-7]{56}$/;
const CREDS =
  /^-{3,}BEGIN NATS USER JWT-{3,}\s+[\w.=-]+\s+-{3,}END NATS USER JWT-{3,}[\s\S]*-{3,}BEGIN USER NKEY SEED-{3,}\s+SU[A-Z2-7]{56}\s+-{3,}END USER NKEY SEED-{3,}/m;

/** The identity, or what the text should be. Never throws. */
export function parseCredentials(text: string): Identity | string {
  if (text.length > CREDENTIALS_BYTES_MAX) return "it is too long to be one";
  // As `nk -gen user` writes it, or with comments.
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 1 && SEED.test(lines[0])) return { kind: "nkey", seed: lines[0] };
  if (lines.some((line) => /^-{3,}BEGIN /.test(line))) {
    return CREDS.test(text)
      ? { kind: "creds", text: text.replaceAll("\r", "") }
      : "it begins as a credentials file, and is none";
  }
  const colon = lines[0]?.indexOf(":") ?? -1;
  if (lines.length === 1 && colon > 0) {
    return {
      kind: "password",
      user: lines[0].slice(0, colon),
      password: lines[0].slice(colon + 1),
    };
  }
  return "it must hold an nkey seed (SU...), a credentials file, or USER:PASSWORD on one line";
}
