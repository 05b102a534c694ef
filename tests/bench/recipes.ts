// The recipes of the costliest traffic that was found, as `worst_recipes.json` keeps them.

import { PLAIN, type Recipe } from "./recipe.ts";

export const RECIPES_FILE = new URL("./worst_recipes.json", import.meta.url).pathname;

/** So many times an ordinary packet may cost the worst that takes more of a processor than attempts below a flood do. */
export const TIMES_MAX = 3;

/** What a recipe takes of a processor beyond that; below zero: it takes less. Percent. */
export function percentBeyond(ns: number, ordinaryNs: number, { everyUs }: Recipe): number {
  return (ns - TIMES_MAX * ordinaryNs) / (everyUs * 1000) * 100;
}

export interface WorstRecipe {
  name: string;
  /** Multiple of an ordinary packet's cost when it was found. */
  times: number;
  /** What of a processor it took beyond `TIMES_MAX` times as many ordinary packets, at its own rate. Percent. */
  percent: number;
  recipe: Recipe;
}

/** All of them, whole. */
export function worstRecipes(): WorstRecipe[] {
  const kept: (Omit<WorstRecipe, "recipe"> & { recipe: Partial<Recipe> })[] = JSON.parse(
    Deno.readTextFileSync(RECIPES_FILE),
  );
  return kept.map((entry) => ({ ...entry, recipe: { ...PLAIN, ...entry.recipe } }));
}
