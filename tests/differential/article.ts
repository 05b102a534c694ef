// The source of scanlogd 1.0, out of the article that it was printed in (Phrack 53, article 13). It is
// its author's and no part of this project: where the article lies in a sibling folder it is taken from
// there, elsewhere the recorded lines in testdata stand for it.

import { createHash } from "node:crypto";

/** Of the file between the article's marks, as its author printed it. */
const DIGEST = "de724e37690efb5d31779c33809646f45a468e45e4ac94326e4af2e62d72bcb7";

/** How the magazine marks where a file begins and ends, for its own extraction program. */
const BEGIN = "<++> Scanlogd/scanlogd.c\n";
const END = "\n<-->";

/** The file in an article's text, undefined when there is none. Throws when it is not as printed. */
export function extractSource(article: string, digest = DIGEST): string | undefined {
  const text = article.replaceAll("\r\n", "\n");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) return undefined;
  const source = text.slice(begin + BEGIN.length, end + 1);
  const found = createHash("sha256").update(source).digest("hex");
  if (found !== digest) {
    throw new Error(
      `scanlogd 1.0 in the article is not as printed: SHA-256 ${found}, not ${digest}`,
    );
  }
  return source;
}

/** The source, from whichever text in `folder` is the article; undefined when none is. */
export function printedSource(folder: string): string | undefined {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  for (const name of names.sort()) {
    const source = extractSource(Deno.readTextFileSync(`${folder}/${name}`));
    if (source !== undefined) return source;
  }
  return undefined;
}
