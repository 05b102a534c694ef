// What `explain` and the lines say of attacks and of honest traffic: the excuse, its witness, what would have
// been needed; and no claim that the packets do not carry.

import assert from "node:assert/strict";
import type { Made } from "./cases.ts";
import { attack, type Heard } from "./cases.ts";
import { explanationLines } from "../../src/format/explain_text.ts";
import { textLine } from "../../src/format/text.ts";
import { UTC } from "../../src/format/zone.ts";
import { CONTEXT } from "../support/events.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, PLACES, product } from "./places.ts";

/** The paragraph of one source, as `--source` asks for it; empty where there is none. */
function paragraph({ explanation }: Heard, source: string): string {
  const sources = explanation.sources.filter((account) => account.source === source);
  return [...explanationLines({ ...explanation, sources }, [source], UTC)].join("\n");
}

/** Every line that is told of the events. */
function lines({ events }: Heard): string {
  return events.map((event) => textLine(event, CONTEXT)).join("\n");
}

/** Honest traffic of one kind, whose excuse and witness `explain` must name. */
const EXCUSES: Record<
  string,
  { make: Parameters<typeof attack>[2]; says: RegExp; witness: RegExp }
> = {
  "FTP's data connections": {
    make: (_, wire) => {
      const { client: from, target: to } = PLACES.v4;
      new Tcp(wire, { from, to, sport: 50000, dport: 21, look: "linux" }).used();
      for (let i = 0; i < 60; i++) {
        new Tcp(wire, { from, to, sport: 51000 + i, dport: 20000 + 7 * i, look: "linux" }).empty();
      }
      return [];
    },
    says: /FTP|used connection/,
    witness: /the target/,
  },
  "a traceroute": {
    make: (_, wire) => {
      const { client: from, far, router } = PLACES.v4;
      for (let i = 0; i < 90; i++) {
        const ends = { from, to: far(1), sport: 45000, dport: 33434 + i, ttl: 1 + i % 9 };
        wire.expired(router, wire.udp({ ...ends, payload: 32 }));
        wire.wait(0.1);
      }
      return [];
    },
    says: /traceroute/,
    witness: /router/,
  },
  "a monitor's checks": {
    make: (_, wire) => {
      const { client: from, host } = PLACES.v4;
      for (let round = 0; round < 10; round++) {
        for (let i = 0; i < 20; i++) {
          ping(wire, { from, to: host(i) }, { isAnswered: true, sequence: round });
        }
        wire.wait(30);
      }
      return [];
    },
    says: /used/,
    witness: /the target|answer/,
  },
  "a DHCP server's pings": {
    make: (_, wire) => {
      for (let i = 0; i < 20; i++) {
        wire.udp({ from: "0.0.0.0", to: "255.255.255.255", sport: 68, dport: 67, payload: 300 });
        const to = `192.168.7.${100 + i}`;
        ping(wire, { from: "192.168.7.1", to, ttl: 64 }, { payload: 28 });
        wire.wait(1);
        wire.udp({ from: "192.168.7.1", to, sport: 67, dport: 68, payload: 300, ttl: 64 });
        wire.wait(5);
      }
      return [];
    },
    says: /DHCP/,
    witness: /DHCP/,
  },
};
const SOURCE_OF: Record<string, string> = { "a DHCP server's pings": "192.168.7.1" };
for (const [name, { make, says, witness }] of Object.entries(EXCUSES)) {
  attack(`explain: ${name}, with the witness`, [1], (variant, wire) => {
    const made = make(variant, wire);
    assert.ok(Array.isArray(made));
    return {
      expected: made,
      also: (heard: Heard) => {
        const text = paragraph(heard, SOURCE_OF[name] ?? PLACES.v4.client);
        assert.match(text, /did not scan/, text || "says nothing of it");
        assert.match(text, says, text.replaceAll("\n", "; "));
        assert.match(text, witness, text.replaceAll("\n", "; "));
      },
    } satisfies Omit<Made, "wire">;
  });
}

attack(
  "explain: a source that failed a little: how near it came, and what would have been needed",
  product(FAMILIES, ["ports", "hosts"] as const),
  ([family, kind], wire) => {
    const { client: from, target, host } = PLACES[family];
    for (let i = 0; i < 5; i++) {
      const to = kind === "ports" ? target : host(i), dport = kind === "ports" ? 21 + i : 22;
      new Tcp(wire, { from, to, sport: 50000 + i, dport, look: "linux" }).refused();
      wire.wait(1);
    }
    return {
      expected: [],
      also: (heard) => {
        const text = paragraph(heard, from);
        assert.match(
          text,
          kind === "ports" ? /15 of 21.*--scan-weight/ : /30 of 48.*--sweep-hosts/,
          text,
        );
      },
    };
  },
);

attack(
  "explain: a told scan has no excuse in its account",
  product(FAMILIES, ["syn", "udp", "ack"] as const),
  ([family, kind], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    for (let dport = 1; dport <= 40; dport++) {
      const ends = { from, to, sport: 50123, dport };
      if (kind === "syn") new Tcp(wire, { ...ends, look: "nmap" }).refused().up(4, { ack: 0 });
      else if (kind === "udp") { for (let k = 0; k < 5; k++) asked(wire, ends, "silent"); }
      else wire.tcp({ ...ends, flags: 16, seq: dport, ack: dport, timestamp: 1000 + dport });
      wire.wait(0.02);
    }
    background(wire.wait(10), to);
    return {
      expected: [{ source: from, ports: 40 }],
      also: (heard) => {
        const text = paragraph(heard, from);
        assert.match(text, /^\S+ scanned\n/, text);
        assert.doesNotMatch(text, /harmless|speaks for the source/, text.replaceAll("\n", "; "));
      },
    };
  },
);

/** Scans of which one direction only was seen. */
for (const kind of ["syn", "udp"] as const) {
  attack(
    `lines: no TTL is said of a ${kind} scan whose probes were not seen`,
    FAMILIES,
    (family, wire) => {
      const { scanner: from, target: to, client } = PLACES[family];
      for (let i = 0; i < 5; i++) background(wire, to, client);
      for (let dport = 100; dport < 140; dport++) {
        if (kind === "udp") asked(wire, { from, to, sport: 50123, dport }, "refused");
        else new Tcp(wire, { from, to, sport: 50123, dport }).refused();
        wire.wait(0.02);
      }
      return {
        expected: [{ source: from, ports: 40, closed: 40 }],
        seen: (frame) => wire.isFrom(frame, to),
        also: (heard) => {
          assert.doesNotMatch(lines(heard), /TTL 0/, lines(heard).split("\n")[0]);
        },
      };
    },
  );
}

attack(
  "lines: an address is not said to have sent nothing where its sending could not be seen",
  product(FAMILIES, [40, 200]),
  ([family, count], wire) => {
    const { other: quiet, third, far } = PLACES[family];
    // The capture has what arrives here, and never what this address sends.
    for (let i = 0; i < 20; i++) background(wire, quiet, far(i));
    for (let port = 1; port <= count; port++) {
      wire.tcp({ from: third, to: quiet, sport: port, dport: 40000, seq: 0, ack: 9, flags: 20 });
      wire.wait(0.01);
    }
    return {
      expected: [],
      anyNumber: true,
      seen: (frame) => !wire.isFrom(frame, quiet),
      also: (heard) => {
        assert.doesNotMatch(lines(heard), /did not send/, lines(heard).split("\n")[0]);
      },
    };
  },
);
