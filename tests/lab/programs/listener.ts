// A host's open ports: TCP ports that accept, greet and wait for the peer to close, and UDP ports
// (`u53`) that answer every datagram. Runs inside a lab namespace until it is ended.

import { createSocket } from "node:dgram";

async function serve(port: number): Promise<void> {
  const listener = Deno.listen({ hostname: "::", port });
  for (;;) {
    try {
      greet(await listener.accept()).catch(() => {});
    } catch { // a scanner reset the connection before it was accepted: go on listening
    }
  }
}

async function greet(connection: Deno.TcpConn): Promise<void> {
  const bytes = new Uint8Array(4096);
  const address = connection.localAddr as Deno.NetAddr;
  // Web-like ports wait for the client to speak first, the others greet, as real services do.
  if (address.port % 10 !== 0 && address.port !== 443) {
    await connection.write(new TextEncoder().encode("220 ready\r\n"));
  }
  while (await connection.read(bytes) !== null) {
    await connection.write(new TextEncoder().encode("500 what?\r\n"));
  }
  connection.close();
}

let udp = 0;
for (const word of Deno.args) {
  if (!word.startsWith("u")) {
    serve(Number(word));
    continue;
  }
  const socket = createSocket({ type: "udp6", ipv6Only: false });
  udp++;
  socket.on("message", (_data, from) => socket.send("ok", from.port, from.address));
  socket.bind(Number(word.slice(1)), () => {
    if (--udp === 0) console.log("ready");
  });
}
if (udp === 0) console.log("ready");
