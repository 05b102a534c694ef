// The rules about tools on made probes: what is enough for a claim, and what is not.

import assert from "node:assert/strict";
import { TargetClass, targetKey } from "../../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import { PortMap } from "../../../../../src/detect/scandog/table/port_map.ts";
import { Hash } from "../../../../../src/keyed_hash.ts";
import { AttemptTable } from "../../../../../src/detect/scandog/table/attempt_table.ts";
import { RULES } from "../../../../../src/detect/scandog/beside/tool/rules.ts";
import { confidenceOf, Tools } from "../../../../../src/detect/scandog/beside/tool/tools.ts";
import { isOsProbe } from "../../../../../src/detect/scandog/observe/probe_form.ts";
import { Field, Kind, OptionNibble, Quirk, Records, TcpFlag } from "../../../../../src/record.ts";
import { Random } from "../../../../support/random.ts";
import { fill } from "./attempts_of.ts";

interface Made {
  port: number;
  source?: number;
  target?: number;
  sourcePort?: number;
  sequence?: number;
  acknowledgement?: number;
  flags?: number;
  window?: number;
  ttl?: number;
  ipId?: number;
  mss?: number;
  dontFragment?: boolean;
  timeUs?: number;
}

/** Makes probes and lets `Tools` count them; `verdict` of each: silent. */
class Scene {
  readonly tools = new Tools();
  private readonly table = new AttemptTable(1024, new Hash(1));
  private readonly records = Records.allocate(1);

  probe(made: Made): this {
    const { records: { bytes, u16, u32, f64 }, table } = this;
    bytes.fill(0);
    const { port, source = 0xc6336407, target = 0xcb00710a } = made;
    f64[0] = made.timeUs ?? table.size * 1000;
    u32.set([0, 0, 0xffff0000], Field.Source >> 2);
    u32.set([0, 0, 0xffff0000], Field.Destination >> 2);
    for (let i = 0; i < 4; i++) {
      bytes[Field.Source + 12 + i] = source >>> (24 - 8 * i);
      bytes[Field.Destination + 12 + i] = target >>> (24 - 8 * i);
    }
    u16[Field.SourcePort >> 1] = made.sourcePort ?? 40000;
    u16[Field.DestinationPort >> 1] = port;
    u32[Field.Sequence >> 2] = made.sequence ?? 0;
    u32[Field.Acknowledgement >> 2] = made.acknowledgement ?? 0;
    u16[Field.Window >> 1] = made.window ?? 1024;
    u16[Field.IpId >> 1] = made.ipId ?? 0;
    bytes[Field.Kind] = Kind.Tcp;
    bytes[Field.TcpFlags] = made.flags ?? TcpFlag.Syn;
    bytes[Field.Ttl] = made.ttl ?? 50;
    bytes[Field.IpVersion] = 4;
    bytes[Field.TransportHeaderLength] = made.mss ? 24 : 20;
    u16[Field.Mss >> 1] = made.mss ?? 0;
    u32[Field.OptionLayout >> 2] = made.mss ? OptionNibble.Mss : 0;
    u32[Field.Quirks >> 2] = made.dontFragment ? Quirk.DontFragment : 0;
    const slot = fill(table, this.records, 0, targetKey(TargetClass.Tcp, port));
    table.setOutcome(slot, Outcome.Silent);
    this.tools.count(table, slot);
    return this;
  }

  claims(): string[] {
    return this.tools.describe().map(({ name }) => name);
  }
}

const NMAP = { window: 1024, mss: 1460, sequence: 0x12345678 };
const PORTS = [7, 99, 12, 1000, 4, 77, 300, 201, 9000, 65000];

Deno.test("Tools says nothing of a window of 1024 alone", () => {
  const scene = new Scene();
  PORTS.forEach((port, i) =>
    scene.probe({ port, window: 1024, sequence: i * 7919 + 1, sourcePort: 40000 + 3 * i })
  );
  assert.deepEqual(scene.claims(), []);
});

Deno.test("Tools knows nmap by a constant sequence number over three ports, not over two", () => {
  const scene = new Scene().probe({ ...NMAP, port: 99 }).probe({ ...NMAP, port: 7 });
  assert.deepEqual(scene.claims(), []);
  assert.deepEqual(scene.probe({ ...NMAP, port: 12 }).claims(), ["nmap"]);
});

Deno.test("Tools does not count the same packet of several sources as several ports", () => {
  const scene = new Scene();
  for (let source = 1; source <= 20; source++) {
    scene.probe({ ...NMAP, port: 80, source, sourcePort: 1000 + source });
  }
  assert.deepEqual(scene.claims(), []);
});

Deno.test("Tools knows masscan by its IP ID, and nothing of it when only some agree", () => {
  const random = new Random(7);
  const masscan = (port: number, wrong: number): Made => {
    const sequence = random.next();
    return {
      port,
      sequence,
      ttl: 250,
      ipId: ((0xcb00710a ^ port ^ sequence) & 0xffff) ^ wrong,
    };
  };
  const scene = new Scene();
  PORTS.forEach((port) => scene.probe(masscan(port, 0)));
  assert.deepEqual(scene.claims(), ["masscan"]);
  const other = new Scene();
  PORTS.forEach((port, i) => other.probe(masscan(port, i < 4 ? 0 : 1)));
  assert.deepEqual(other.claims(), []);
});

Deno.test("Tools tells masscan's versions apart", () => {
  const random = new Random(8);
  const versions = [1024, 1025].map((window) => {
    const scene = new Scene();
    for (const port of PORTS) {
      const sequence = random.next();
      const ipId = (0xcb00710a ^ port ^ sequence) & 0xffff;
      scene.probe({ port, sequence, ipId, window, mss: window === 1025 ? 1460 : 0, ttl: 250 });
    }
    return scene.tools.describe()[0]?.versions;
  });
  assert.deepEqual(versions, ["to 1.3.2", "after 1.3.2"]);
});

Deno.test("Tools takes TTLs of several sources for nobody's habit", () => {
  const one = new Scene(), many = new Scene();
  PORTS.forEach((port, i) => {
    const made = { port, ttl: 37 + 2 * i, mss: 1460, sequence: i * 7919 + 1 };
    one.probe(made);
    many.probe({ ...made, source: i + 1 });
  });
  assert.deepEqual(one.claims(), ["nmap"]);
  assert.deepEqual(many.claims(), []);
});

Deno.test("Tools knows nmap's order of ports, and takes no sorted list for it", () => {
  const others = Array.from({ length: 60 }, (_, i) => 2000 + i * 37);
  const order = (front: number[]) => {
    const scene = new Scene();
    for (const port of [...front, ...others]) {
      scene.probe({ port, window: 64240, dontFragment: true, sequence: port * 7919 });
    }
    return scene.claims();
  };
  assert.deepEqual(order([443, 21, 8080, 80, 25, 22]), ["nmap"]);
  assert.deepEqual(order([21, 22, 25, 80, 443, 8080]), []); // by number
  assert.deepEqual(order([80, 443, 21, 22, 25, 8080]), []); // by popularity
  const late = new Scene();
  for (const port of [443, 21, ...others, 8080, 80, 25, 22]) late.probe({ port, window: 64240 });
  assert.deepEqual(late.claims(), []);
});

Deno.test("Tools tells ascending, descending and random ports apart", () => {
  const orderOf = (ports: number[]) => {
    const scene = new Scene();
    for (const port of ports) scene.probe({ port });
    return scene.tools.manner(new PortMap()).order;
  };
  const ports = Array.from({ length: 40 }, (_, i) => 100 + i);
  assert.equal(orderOf(ports), "ascending");
  assert.equal(orderOf([...ports].reverse()), "descending");
  assert.equal(orderOf(ports.map((port) => 100 + port * 17 % 40)), "random");
  assert.equal(orderOf(ports.slice(0, 5)), undefined);
});

Deno.test("Tools looks at so many probes of a scan and no more", () => {
  const table = new AttemptTable(64, new Hash(1));
  const records = Records.allocate(1);
  const tools = new Tools();
  const first = fill(table, records, 0, targetKey(TargetClass.Tcp, 1));
  for (let i = 0; i < 100_000; i++) tools.count(table, first);
  for (let port = 2; port < 21; port++) {
    tools.count(table, fill(table, records, 0, targetKey(TargetClass.Tcp, port)));
  }
  assert.equal(tools.manner(new PortMap()).order, undefined);
});

Deno.test("Tools claims nothing of random probes", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let run = 0; run < 200; run++) {
    const scene = new Scene();
    for (let i = 0; i < 40; i++) {
      scene.probe({
        port: random.below(65536),
        target: random.next(),
        sourcePort: random.below(65536),
        sequence: random.next(),
        acknowledgement: random.oneIn(2) ? 0 : random.next(),
        window: random.pick([512, 1024, 1025, 65535, 64240]),
        ttl: random.below(256),
        ipId: random.below(65536),
        mss: random.oneIn(2) ? 0 : 1460,
      });
    }
    assert.deepEqual(scene.claims(), []);
  }
});

Deno.test("Tools does not judge what was only answered", () => {
  const table = new AttemptTable(64, new Hash(1));
  const records = Records.allocate(1);
  const tools = new Tools();
  for (let port = 0; port < 10; port++) {
    const slot = fill(table, records, 0, targetKey(TargetClass.Tcp, port));
    table.mark(slot, Mark.ReplyOnly);
    tools.count(table, slot);
  }
  assert.deepEqual(tools.describe(), []);
});

Deno.test("confidenceOf() needs 11 bits to speak and is never certain", () => {
  assert.equal(confidenceOf(0), 0);
  assert.equal(confidenceOf(10), 0);
  assert.equal(confidenceOf(11), 0.94);
  assert.equal(confidenceOf(1000), 0.99);
  for (let bits = 1; bits < 60; bits++) assert.ok(confidenceOf(bits) >= confidenceOf(bits - 1));
});

Deno.test("no trait that a program may have by its author's whim is enough for a claim", () => {
  for (const { name, traits } of RULES) {
    for (const { words, bits } of traits) {
      // Relations to the target, and 14 to 20 fixed bits, are no whims.
      if (/SEQ|IP ID|initiate tag/.test(words)) continue;
      assert.equal(confidenceOf(bits), 0, `${name}: ${words}`);
    }
  }
});

Deno.test("isOsProbe() wants nmap's timestamp and one of its windows", () => {
  const records = Records.allocate(1);
  const probe = (timestamp: number, window: number) => {
    records.u32[Field.TimestampValue >> 2] = timestamp;
    records.u16[Field.Window >> 1] = window;
    return isOsProbe(records, 0);
  };
  for (const window of [1, 63, 4, 16, 512]) assert.ok(probe(0xffffffff, window));
  assert.ok(!probe(0xffffffff, 64240));
  assert.ok(!probe(0xfffffffe, 63));
});
