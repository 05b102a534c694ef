// Lists that were joined with commas, cut where one of their items ends. Knows text only.

/** Stands for what was left out. */
const REST = "...";

/** The list, or as many of its whole items as fit into the given number of characters, and `...`. */
export function cutList(list: string, charactersMax: number): string {
  if (list.length <= charactersMax) return list;
  return list.slice(0, list.lastIndexOf(",", charactersMax - 1) + 1) + REST;
}
