// How long a program takes from its start to its end, as a shell sees it.

/** The median of so many runs, in milliseconds. Throws when one of them fails. */
export function medianMs(program: string, args: string[], runs = 15): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const { success, stderr } = new Deno.Command(program, { args, env: { NO_COLOR: "1" } })
      .outputSync();
    times.push(performance.now() - started);
    if (!success) {
      throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    }
  }
  times.sort((a, b) => a - b);
  return times[runs >> 1];
}
