// What the kernel says of a running process. Its threads come and go meanwhile.

/** One file of each thread that is still there: `status`, `stat`. */
export function filesOfThreads(pid: number, file: string): { tid: number; text: string }[] {
  const folder = `/proc/${pid}/task`;
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    try {
      return [{ tid: Number(name), text: Deno.readTextFileSync(`${folder}/${name}/${file}`) }];
    } catch (error) {
      // ESRCH where it ends while it is read.
      if (error instanceof Deno.errors.NotFound || /os error 3\b/.test(`${error}`)) return [];
      throw error;
    }
  });
}

/** Resolves once all threads of a process that was sent SIGSTOP have stopped. */
export async function isStopped(pid: number): Promise<void> {
  while (!filesOfThreads(pid, "stat").every(({ text }) => / [tT] /.test(text))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
