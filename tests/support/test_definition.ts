// What `Deno.test()` is called with, in one form.

export type Definition = Deno.TestDefinition;

/** The one form of the many that `Deno.test()` takes. */
export function definitionOf(args: unknown[]): Definition {
  const [first, second, third] = args as [unknown, unknown, unknown];
  if (typeof first === "function") return { name: first.name, fn: first as Definition["fn"] };
  if (typeof first === "string") {
    return typeof second === "function"
      ? { name: first, fn: second as Definition["fn"] }
      : { ...second as Partial<Definition>, name: first, fn: third as Definition["fn"] };
  }
  const options = first as Partial<Definition>;
  const fn = (second ?? options.fn) as Definition["fn"];
  return { ...options, name: options.name ?? fn.name, fn };
}
