import assert from "node:assert/strict";
import { DatagramSocket } from "../../src/system/datagram.ts";
import { Errno } from "../../src/system/system_error.ts";
import { UnixReceiver } from "../sink/receivers.ts";
import { skipped } from "../support/skip.ts";
import { libcPaths } from "../../src/system/libc.ts";
import { importLine, runCode } from "./run_code.ts";

const ignore = skipped("datagram sockets", Deno.build.os !== "linux" && "they need Linux");

Deno.test({
  name: "DatagramSocket tells a full, a dead and a missing reader apart, and what is unread",
  ignore,
  async fn() {
    const directory = await Deno.makeTempDir();
    const path = `${directory}/socket`;
    assert.throws(() => DatagramSocket.unix(path), { errno: Errno.ENOENT });
    const receiver = new UnixReceiver(path);
    const socket = DatagramSocket.unix(path);
    assert.equal(socket.outstanding(), 0);
    const bytes = new Uint8Array(new ArrayBuffer(100));
    let sent = 0;
    for (; sent < 10_000 && socket.send(bytes) === 0; sent++);
    assert.equal(socket.send(bytes), Errno.EAGAIN);
    assert.ok(socket.outstanding() >= sent * bytes.length);
    assert.equal(receiver.take().length, sent);
    assert.equal(socket.outstanding(), 0);
    assert.equal(socket.send(new Uint8Array(new ArrayBuffer(4_000_000))), Errno.EMSGSIZE);
    receiver.close();
    assert.equal(socket.send(bytes), Errno.ECONNREFUSED);
    assert.equal(socket.errorText(Errno.ECONNREFUSED), "Connection refused");
    socket.close();
    await Deno.remove(directory, { recursive: true });
  },
});

Deno.test({
  name: "DatagramSocket refuses paths and addresses that are none",
  ignore,
  fn() {
    for (const path of ["", "x".repeat(108), "a\0b"]) {
      assert.throws(() => DatagramSocket.unix(path), /not a path for a socket/);
    }
    for (const address of ["", "1.2.3", "256.1.1.1", "::g", "host", "1.2.3.4:5"]) {
      assert.throws(() => DatagramSocket.udp(address, 514), /not a numeric address/, address);
    }
  },
});

Deno.test({
  name: "requireNetwork() keeps UDP inside Deno's network permission",
  ignore,
  async fn() {
    const said = await runCode(
      [`--allow-ffi=${libcPaths().join(",")}`, "--allow-net=127.0.0.1:514"],
      importLine("requireNetwork", "src/system/datagram.ts") +
        `requireNetwork("127.0.0.1:514");
         try { requireNetwork("127.0.0.1:515") } catch (error) { console.log(error.message) }`,
    );
    assert.equal(said, "Cannot reach 127.0.0.1:515: run with --allow-net=127.0.0.1:515");
  },
});
