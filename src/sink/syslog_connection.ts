// One connection to a syslog collector, and plain TCP as one. Knows sockets; nothing of messages.

export interface Connection {
  /** Resolves when the system has taken all bytes; rejects when it will not. */
  write(bytes: Uint8Array): Promise<void>;
  /** Settles once, at the end: with why, or without where the far end closed it properly. */
  readonly ended: Promise<Error | undefined>;
  /** Closes it; resolves when the far end has been told. */
  close(): Promise<void>;
}

/** Connects to a name or an address. Rejects with what is in the way, or with the signal's reason. */
export type Connect = (host: string, signal: AbortSignal) => Promise<Connection>;

export function overTcp(port: number): Connect {
  return async (hostname, signal) => {
    const connection = await Deno.connect({ hostname, port, signal });
    // A connection alone must not keep the program alive.
    connection.unref();
    connection.setKeepAlive(true);
    return {
      async write(bytes) {
        for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
      },
      ended: readToEnd(connection),
      close() {
        try {
          connection.close();
        } catch {
          // It has closed itself.
        }
        return Promise.resolve();
      },
    };
  };
}

/**
 * A collector says nothing, so whatever ends this read is the end of the connection: known now, not
 * only after a write into the void.
 */
async function readToEnd(connection: Deno.Conn): Promise<Error | undefined> {
  const bytes = new Uint8Array(512);
  try {
    while (await connection.read(bytes) !== null);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
