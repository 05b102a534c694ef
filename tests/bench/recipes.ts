// The recipes of the costliest traffic that was found, as `worst_recipes.json` keeps them.

import { PLAIN, type Recipe } from "./recipe.ts";

export const RECIPES_FILE = new URL("./worst_recipes.json", import.meta.url).pathname;

export interface WorstRecipe {
  name: string;
  /** Multiple of an ordinary packet's cost when it was found. */
  times: number;
  recipe: Recipe;
}

/** All of them, whole. */
export function worstRecipes(): WorstRecipe[] {
  const kept: { name: string; times: number; recipe: Partial<Recipe> }[] = JSON.parse(
    Deno.readTextFileSync(RECIPES_FILE),
  );
  return kept.map((entry) => ({ ...entry, recipe: { ...PLAIN, ...entry.recipe } }));
}
