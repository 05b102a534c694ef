// The completion scripts in the shells that they are for: what Tab makes of a word.

import assert from "node:assert/strict";
import { scandog, scandogWords } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

/** Gives the candidates for the last word of the line `$2`, a line each; `$1` is our script. */
const BASH = `
source "$1"
read -ra COMP_WORDS <<<"$2"
[[ $2 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=\${#2}
spec=$(complete -p scandog)
function=\${spec#*-F } function=\${function%% *}
"$function" scandog "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "\${COMPREPLY[@]}"
`;

const FISH = `
source $argv[1]
complete -C $argv[2] | string replace -r '\\t.*' ''
`;

/**
 * An interactive zsh on a terminal of its own: the line is typed, with a Tab, and written to a file.
 * With Emacs keys, which an EDITOR that is vi would change.
 */
const ZSH = `
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "PS1= PROMPT_EOL_MARK=; bindkey -e; unsetopt zle_bracketed_paste; autoload -Uz compinit"
zpty -w inner "compinit -u -D; source $1;"
zpty -w inner "print REA''DY"
zpty -r inner said '*READY*'
zpty -w -n inner "$2"$'\\t'
zpty -w -n inner $'\\C-aprint -r -- \\C-e >'"$1.line; exit"$'\\n'
while zpty -r inner said; do :; done
cat "$1.line"
`;

/** Without anybody's own settings. */
const SHELLS = {
  bash: { words: ["bash", "--norc"], driver: BASH },
  fish: { words: ["fish", "--no-config"], driver: FISH },
  zsh: { words: ["zsh", "-f"], driver: ZSH },
};

/** Runs a shell on a line, with the program under its own name in PATH. */
async function complete(shell: keyof typeof SHELLS, line: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const words = scandogWords([]).map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(`${folder}/scandog`, `#!/bin/sh\nexec ${words} "$@"\n`);
    await Deno.chmod(`${folder}/scandog`, 0o755);
    const { status, out } = await scandog(["completions", shell]);
    assert.equal(status, 0);
    await Deno.writeTextFile(`${folder}/script`, out);
    await Deno.writeTextFile(`${folder}/driver`, SHELLS[shell].driver);
    const { stdout, stderr } = await new Deno.Command("/usr/bin/timeout", {
      args: ["20", ...SHELLS[shell].words, `${folder}/driver`, `${folder}/script`, line],
      env: { PATH: `${folder}:/usr/bin:/bin`, NO_COLOR: "1", TERM: "dumb" },
    }).output();
    const decoder = new TextDecoder();
    const said = decoder.decode(stdout).trim();
    assert.notEqual(said, "", decoder.decode(stderr));
    return said.split("\n").map((each) => each.trim());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function whyNot(shell: string): string | false {
  return !exists(`/usr/bin/${shell}`) && `${shell} is not installed`;
}

for (const shell of ["bash", "fish"] as const) {
  Deno.test({
    name: `completions work in ${shell}`,
    ignore: skipped(`completions in ${shell}`, whyNot(shell)),
    async fn() {
      assert.deepEqual(await complete(shell, "scandog repl"), ["replay"]);
      assert.deepEqual(await complete(shell, "scandog replay --prof"), ["--profile"]);
      assert.deepEqual(
        (await complete(shell, "scandog replay --profile ")).sort(),
        ["scandog", "scanlogd-1", "scanlogd-2"],
      );
      assert.deepEqual(await complete(shell, "scandog explain --att"), ["--attempts"]);
      assert.deepEqual(await complete(shell, "scandog help expl"), ["explain"]);
      assert.deepEqual(await complete(shell, "scandog replay --tz Europe/Berl"), ["Europe/Berlin"]);
      assert.deepEqual(await complete(shell, "scandog watch -i l"), ["lo"]);
      assert.deepEqual(await complete(shell, "scandog replay --report sar"), ["sarif"]);
      assert.deepEqual(
        (await complete(shell, "scandog explain --format ")).sort(),
        ["json", "text"],
      );
    },
  });
}

Deno.test({
  name: "completions work in zsh",
  ignore: skipped("completions in zsh", whyNot("zsh")),
  async fn() {
    for (
      const [typed, completed] of [
        ["scandog repl", "scandog replay"],
        ["scandog replay --prof", "scandog replay --profile"],
        ["scandog doctor --js", "scandog doctor --json"],
      ]
    ) {
      assert.deepEqual(await complete("zsh", typed), [completed]);
    }
  },
});
