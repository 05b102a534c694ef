// `deno run -A tests/bench/inflate.ts`: inflates the same gzipped capture with our own code, with fflate
// and with what the runtime has, in turn, and prints the ratios; then what each costs a short run,
// and what each says of files that are cut, damaged or have something behind them. The figures stand in
// .github/adr/0008. Arguments: --packets N (default 200000), --runs N (7).

import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { TRAFFIC } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "200000" },
    runs: { type: "string", default: "7" },
  },
});
const packets = Number(values.packets), runs = Number(values.runs);

/** Inflates a whole file in pieces of 64 KiB, as a replay reads it; gives the number of bytes. */
type Way = (file: Uint8Array) => number | Promise<number>;

const PIECE = 65536;

const WAYS: Record<string, { specifier: string; make(): Promise<Way> }> = {
  ours: {
    specifier: new URL("../../src/pcap/file/gunzip.ts", import.meta.url).href,
    async make() {
      const { Gunzip } = await import("../../src/pcap/file/gunzip.ts");
      return (file) => {
        let at = 0, total = 0;
        const gunzip = new Gunzip("file", (into) => {
          const piece = file.subarray(at, at + into.length);
          into.set(piece);
          at += piece.length;
          return piece.length;
        });
        const into = new Uint8Array(262144);
        for (let count; (count = gunzip.read(into)) > 0;) total += count;
        if (gunzip.garbageOffset >= 0) throw new Error(`${total} bytes, garbage after them`);
        return total;
      };
    },
  },
  fflate: {
    specifier: "fflate",
    async make() {
      const { Gunzip } = await import("fflate");
      return (file) => {
        let total = 0;
        const gunzip = new Gunzip((chunk) => total += chunk.length);
        for (let at = 0; at < file.length; at += PIECE) {
          gunzip.push(file.subarray(at, at + PIECE), at + PIECE >= file.length);
        }
        return total;
      };
    },
  },
  "node:zlib, whole file at once": {
    specifier: "node:zlib",
    async make() {
      const { gunzipSync } = await import("node:zlib");
      return (file) => gunzipSync(file).length;
    },
  },
  "node:zlib, a stream": {
    specifier: "node:zlib",
    async make() {
      const { createGunzip } = await import("node:zlib");
      return async (file) => {
        const gunzip = createGunzip();
        let total = 0;
        const ended = new Promise<void>((resolve, reject) => {
          gunzip.on("end", resolve).on("error", reject).on(
            "data",
            (chunk) => total += chunk.length,
          );
        });
        for (let at = 0; at < file.length; at += PIECE) gunzip.write(file.subarray(at, at + PIECE));
        gunzip.end();
        await ended;
        return total;
      };
    },
  },
  DecompressionStream: {
    specifier: "",
    make: () =>
      Promise.resolve(async (file) => {
        let total = 0;
        const stream = new Blob([file.slice()]).stream()
          .pipeThrough(new DecompressionStream("gzip"));
        for await (const chunk of stream) total += chunk.length;
        return total;
      }),
  },
};

function capture(): Uint8Array {
  const path = Deno.makeTempFileSync();
  try {
    TRAFFIC.ordinary(path, packets);
    return Deno.readFileSync(path);
  } finally {
    Deno.removeSync(path);
  }
}

const middle = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1];

async function speed(plain: Uint8Array, packed: Uint8Array): Promise<void> {
  const ways = await Promise.all(
    Object.entries(WAYS).map(async ([name, { make }]) => ({ name, way: await make() })),
  );
  const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const { name, way } of ways) {
      const start = performance.now();
      const total = await way(packed);
      if (total !== plain.length) throw new Error(`${name}: ${total} of ${plain.length} bytes`);
      // The first run is for the compiler.
      if (run > 0) times.get(name)!.push(performance.now() - start);
    }
  }
  const ours = times.get("ours")!;
  console.log(`inflate: ${plain.length} bytes from ${packed.length}, ${runs} runs in turn`);
  for (const [name, all] of times) {
    const ratio = middle(all.map((ms, i) => ours[i] / ms)).toFixed(2);
    const rate = (plain.length / middle([...all]) / 1000).toFixed(0);
    console.log(`  ${name.padEnd(30)} ${rate.padStart(5)} MB/s, ${ratio} times as fast as ours`);
  }
}

/** What a process costs that only loads the code; one way needs none. */
async function load(): Promise<void> {
  for (const [name, { specifier }] of Object.entries(WAYS)) {
    const all: number[] = [];
    for (let run = 0; run < 2 * runs; run++) {
      const file = Deno.makeTempFileSync({ suffix: ".ts" });
      Deno.writeTextFileSync(file, specifier === "" ? "" : `import "${specifier}";`);
      const start = performance.now();
      await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--config", "deno.json", file],
        cwd: new URL("../..", import.meta.url),
      }).output();
      all.push(performance.now() - start);
      Deno.removeSync(file);
    }
    console.log(`  ${name.padEnd(30)} ${Math.min(...all).toFixed(0).padStart(5)} ms`);
  }
}

async function said(plain: Uint8Array): Promise<void> {
  const whole = new Uint8Array(gzipSync(plain.subarray(0, 1_000_000)));
  const damaged = whole.slice();
  damaged[whole.length >> 1] ^= 0xff;
  const files: Record<string, Uint8Array> = {
    "two members": new Uint8Array([...whole, ...whole]),
    cut: whole.subarray(0, whole.length >> 1),
    damaged,
    "garbage after it": new Uint8Array([...whole, 1, 2, 3]),
  };
  for (const [what, file] of Object.entries(files)) {
    console.log(`${what} (${whole.length} bytes a member, 1000000 inflated)`);
    for (const [name, { make }] of Object.entries(WAYS)) {
      const way = await make();
      const limit = new Promise<string>((resolve) => setTimeout(resolve, 3000, "never ends"));
      const outcome = Promise.resolve().then(() => way(file))
        .then((total) => `${total} bytes, nothing said`, (error) => (error as Error).message);
      console.log(`  ${name.padEnd(30)} ${await Promise.race([outcome, limit])}`);
    }
  }
}

const plain = capture();
await speed(plain, gzipSync(plain));
console.log("a process that loads the code and ends, least wall time");
await load();
await said(plain);
Deno.exit(0);
