// `deno task bench-worst-search`: looks for traffic that takes most of a processor from the scandog profile, beyond
// three times as many ordinary packets: a packet that costs much harms nobody who sends a thousand a second. Begins with the recipes of `worst_recipes.json`, changes some number of one of the costliest, measures
// it, keeps what costs more, so many times; prints the costliest at the end, as multiples of ordinary traffic and in
// percent of a processor.
// `--write` puts them into that file.
//
// In one thread and one process: reading, decoding, detecting, by the thread's own processor time (Linux). Every
// recipe has a detector of its own, and is measured after so many packets that the store of attempts is empty: what a
// flood may cost when it begins is bounded otherwise. Arguments: --rounds N (default 300), --seed N, --packets N (default 100000).

import { parseArgs } from "node:util";
import { SCANDOG } from "../../src/params.ts";
import { costOf, costOfCapture } from "./cost.ts";
import { PLAIN, type Recipe } from "./recipe.ts";
import { percentBeyond, RECIPES_FILE, type WorstRecipe, worstRecipes } from "./recipes.ts";
import { Random, writeOrdinary } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    packets: { type: "string", default: "100000" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds), packets = Number(values.packets);

/** Packets before those that are measured: more than `AttemptBudget` holds. */
const BEFORE = 200_000;
/** How many of the costliest are kept and changed on: of those slower than a flood, and of the others. */
const KEPT = { slow: 6, fast: 8 };
const FLOOD_US = 1e6 / SCANDOG.floodRate.default;
/** Ordinary traffic is measured anew after so many: a busy machine changes its speed. */
const ORDINARY_EVERY = 10;
/** The cheapest of so many measurements counts, for what seems to be among the costliest. */
const REPEATS = 3;

/** The values each number may have. */
const CHOICES: { [K in keyof Recipe]: Recipe[K][] } = {
  sources: [0, 1, 16, 64, 500, 4000, 30_000, 200_000],
  inARow: [1, 2, 3, 4, 6, 8, 16, 64, 1000],
  targets: [1, 2, 4, 16, 200, 4096, 60_000],
  ports: [1, 2, 4, 8, 20, 100, 1024, 65_535],
  sourcePorts: [1, 2, 100, 60_000],
  protocols: [
    ["tcp"],
    ["udp"],
    ["icmp"],
    ["sctp"],
    ["esp"],
    ["fragment"],
    ["arp"],
    ["tcp", "udp"],
    ["tcp", "icmp", "udp", "sctp"],
    ["udp", "icmp"],
    ["tcp", "arp"],
  ],
  flags: [
    [2],
    [0],
    [1],
    [41],
    [16],
    [17],
    [4],
    [18],
    [20],
    [2, 0],
    [2, 16],
    [2, 4],
    [0, 1, 41, 17],
    [2, 16, 24, 17],
    [16, 4],
  ],
  payload: [0, 1, 40],
  everyUs: [1, 2, 5, 20, 60, 100, 125, 130, 1000, 20_000],
  answer: ["none", "rst", "syn-ack", "unreachable"],
  isAlike: [false, true],
  links: [1, 3, 100, 60_000],
  isIpv6: [false, true],
  isColliding: [false, true],
};

/** A recipe with one to three numbers changed. */
function changed(recipe: Recipe, random: Random): Recipe {
  const next = { ...recipe };
  const keys = Object.keys(CHOICES) as (keyof Recipe)[];
  for (let i = 1 + random.below(3); i > 0; i--) {
    const key = keys[random.below(keys.length)];
    const choices = CHOICES[key];
    Object.assign(next, { [key]: choices[random.below(choices.length)] });
  }
  // The colliding sources are of IPv4.
  if (next.isIpv6) next.isColliding = false;
  return next;
}

const ordinaryPath = Deno.makeTempFileSync({ suffix: ".pcap" });
try {
  writeOrdinary(ordinaryPath, BEFORE + packets);
  const ordinaryFile = Deno.readFileSync(ordinaryPath);
  const random = new Random(Number(values.seed));
  let ordinary = 0;
  const cost = (recipe: Recipe) => costOf(recipe, packets, BEFORE);
  const beyond = (ns: number, recipe: Recipe) => percentBeyond(ns, ordinary, recipe);
  const measured = (name: string, recipe: Recipe, ns: number): WorstRecipe => (
    { name, times: ns / ordinary, percent: beyond(ns, recipe), recipe }
  );
  const surely = (name: string, recipe: Recipe, first: number) => {
    let least = first;
    for (let i = 1; i < REPEATS; i++) least = Math.min(least, cost(recipe));
    return measured(name, recipe, least);
  };
  const ofOrdinary = () => costOfCapture(ordinaryFile, packets, BEFORE);
  cost(PLAIN);
  ofOrdinary();
  const remeasure = () => {
    ordinary = Math.min(...[1, 2, 3].map(ofOrdinary));
  };
  remeasure();
  let kept = costliest(
    worstRecipes().map(({ name, recipe }) => measured(name, recipe, cost(recipe))),
  );
  for (let round = 0; round < rounds; round++) {
    if (round % ORDINARY_EVERY === 0) remeasure();
    const recipe = changed(kept[random.below(kept.length)].recipe, random);
    if (kept.some((other) => JSON.stringify(other.recipe) === JSON.stringify(recipe))) continue;
    const ns = cost(recipe);
    const name = `found ${values.seed}.${round}`;
    if (!costliest([...kept, measured(name, recipe, ns)]).some((one) => one.name === name)) {
      continue;
    }
    const found = surely(name, recipe, ns);
    kept = costliest([...kept, found]);
    console.log(`${round}: ${words(found)}`);
  }
  console.log(`ordinary: ${ordinary.toFixed(0)} ns a packet`);
  for (const found of kept) console.log(`${words(found)}  ${found.name}`);
  if (values.write) {
    const lasting = kept.map(({ name, times, percent, recipe }) => ({
      name,
      times: Number(times.toFixed(1)),
      percent: Number(percent.toFixed(1)),
      recipe: difference(recipe),
    }));
    Deno.writeTextFileSync(RECIPES_FILE, JSON.stringify(lasting, null, 2) + "\n");
  }
} finally {
  Deno.removeSync(ordinaryPath);
}

/** Of each kind those that are kept, the costliest first. */
function costliest(all: readonly WorstRecipe[]): WorstRecipe[] {
  const sorted = all.toSorted((a, b) => b.percent - a.percent);
  const isSlow = ({ recipe }: WorstRecipe) => recipe.everyUs > FLOOD_US;
  return [
    ...sorted.filter(isSlow).slice(0, KEPT.slow),
    ...sorted.filter((one) => !isSlow(one)).slice(0, KEPT.fast),
  ];
}

function words({ times, percent, recipe }: WorstRecipe): string {
  return `${times.toFixed(2)} times, ${percent.toFixed(1)} %  ${
    JSON.stringify(difference(recipe))
  }`;
}

/** What of a recipe is not plain. */
function difference(recipe: Recipe): Partial<Recipe> {
  return Object.fromEntries(
    Object.entries(recipe).filter(([key, value]) =>
      JSON.stringify(value) !== JSON.stringify(PLAIN[key as keyof Recipe])
    ),
  );
}
