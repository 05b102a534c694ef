// "Did you mean ...?" Apart, because it is loaded only when there is something wrong.

import { findSimilar } from "@optique/core/suggestion";

/** `: did you mean --ignore?`, or nothing when no name is near. */
export function nearest(written: string, names: string[]): string {
  const [name] = findSimilar(written, names, { maxSuggestions: 1 });
  return name === undefined ? "" : `: did you mean ${name}?`;
}
