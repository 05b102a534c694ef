// The certificates that the runtime trusts. It reads them when a first connection wants TLS; with
// DENO_TLS_CA_STORE=system from a file, which a confined program may not read any more.

/** Has them read now. What is wrong with them, the connection says that needs them. Needs no permission. */
export function readAuthorities(): void {
  try {
    Deno.createHttpClient({}).close();
  } catch {
    // A store that cannot be read is no fault where the user names his own authorities.
  }
}
