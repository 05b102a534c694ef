// FTP's data connections that a firewall keeps out, and scans beside a control connection.

import assert from "node:assert/strict";
import { Ack, Rst, Syn, Traffic } from "../traffic.ts";

const CLIENT = "198.51.100.5", SERVER = "203.0.113.1";

/** Data connections that nothing comes of; `isActive`: the server makes them. */
function data(traffic: Traffic, count: number, isActive: boolean, isRefused: boolean): void {
  const from = isActive ? SERVER : CLIENT, to = isActive ? CLIENT : SERVER;
  for (let i = 0; i < count; i++) {
    const sport = isActive ? 20 : 40000 + i, dport = 33000 + 7 * i;
    traffic.send({ from, to, sport, dport, flags: Syn, seq: 9 + i, timestamp: 7 });
    if (isRefused) {
      traffic.send({
        from: to,
        to: from,
        sport: dport,
        dport: sport,
        flags: Rst | Ack,
        ack: 10 + i,
      });
    }
  }
}

Deno.test("FTP's data connections that a firewall drops are no scan of high ports", () => {
  for (const isActive of [false, true]) {
    const traffic = new Traffic();
    // Whose files do not come logs in again.
    for (let i = 0; i < (isActive ? 1 : 12); i++) traffic.used(CLIENT, SERVER, 21, 39000 + i);
    data(traffic, 40, isActive, false);
    assert.deepEqual(traffic.named(), [], `active: ${isActive}`);
  }
});

Deno.test("one login explains a few lost data connections, not a scan of silent high ports", () => {
  for (const [count, named] of [[20, []], [60, [CLIENT]]] as const) {
    const traffic = new Traffic();
    traffic.used(CLIENT, SERVER, 21);
    data(traffic, count, false, false);
    assert.deepEqual(traffic.named(), named, `${count}`);
  }
});

Deno.test("a client may refuse active FTP's data connections, a server refuses none that it asked for", () => {
  for (const isActive of [false, true]) {
    const traffic = new Traffic();
    data(traffic, 5, isActive, true);
    traffic.used(CLIENT, SERVER, 21);
    data(traffic, 40, isActive, true);
    assert.deepEqual(traffic.named(), isActive ? [] : [CLIENT], `active: ${isActive}`);
  }
});

Deno.test("without a control connection, or with too many, high ports are scanned", () => {
  for (const [control, count] of [[false, 40], [true, 100]] as const) {
    const traffic = new Traffic();
    if (control) traffic.used(CLIENT, SERVER, 21);
    data(traffic, count, false, false);
    assert.deepEqual(traffic.named(), [CLIENT]);
  }
});
