import assert from "node:assert/strict";
import { configsOf, readConfig } from "../../src/options/config_file.ts";
import { CannotRun } from "../../src/failure.ts";
import { FILE, FLAG, number } from "../../src/options/kinds.ts";
import { openSocketsAs } from "../../src/system/privileges.ts";
import { skipped } from "../support/skip.ts";
import type { Rows } from "../../src/options/row.ts";

const OPTIONS: Rows = {
  scanWeight: { kind: number("N", { min: 2, max: 99 }), help: "", group: "" },
  quiet: { kind: FLAG, help: "", group: "" },
  config: { kind: FILE, help: "", group: "", commandLineOnly: "one file cannot name another" },
};

const FOREIGN: Rows = {
  elsewhere: { kind: FLAG, help: "", group: "" },
  // Another command's, of the same name.
  quiet: { kind: FLAG, help: "", group: "", commandLineOnly: "there it is of one run" },
};
const others = () => Promise.resolve(FOREIGN);
const nobody = () => Promise.reject(new Error("no other command's options are needed"));

async function read(text: string, mode = 0o644) {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.writeTextFile(path, text);
    await Deno.chmod(path, mode);
    const config = await readConfig(path, OPTIONS, others);
    assert.ok(config !== undefined);
    return {
      entries: Object.fromEntries(config.entries),
      faults: config.faults.map((fault) => fault.replaceAll(path, "FILE")),
    };
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readConfig() gives values with their lines", async () => {
  const { entries, faults } = await read('# a comment\nscan-weight = 7\n\n"quiet" = true\n');
  assert.deepEqual(faults, []);
  assert.deepEqual(entries, {
    scanWeight: { value: 7, line: 2 },
    quiet: { value: true, line: 4 },
  });
});

Deno.test("readConfig() names every key that it does not know, with its line and the nearest", async () => {
  const { faults } = await read(
    'scan-wieght = 7\nquiet = true\nconfig = "b"\n[output]\nquiet = 1\na.b = 2\n',
  );
  assert.deepEqual(faults, [
    'FILE:1: there is no option "scan-wieght": did you mean scan-weight?',
    "FILE:3: config cannot be here: one file cannot name another",
    'FILE:4: there is no option "output"',
  ]);
});

Deno.test("readConfig() is not led astray by a line inside a string", async () => {
  const { faults } = await read('quiet = """\nother = 1\n"""\nother = 2\n');
  assert.deepEqual(faults, ['FILE:4: there is no option "other"']);
});

Deno.test("readConfig() passes over what is another command's key, and this one's only on its line", async () => {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.writeTextFile(path, "quiet = true\nscan-weight = 7\n");
    const config = await readConfig(path, FOREIGN, () => Promise.resolve(OPTIONS));
    assert.deepEqual([[...config!.entries.keys()], config!.faults], [["scanWeight"], []]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readConfig() says where a file is not TOML", async () => {
  const { faults } = await read("quiet = true\nscan-weight = \n");
  assert.equal(faults.length, 1);
  assert.match(faults[0], /^FILE:2: not TOML: \S.*$/);
  assert.match((await read("quiet = true\nquiet = true\n")).faults[0], /^FILE:2: not TOML: /);
});

Deno.test("readConfig() refuses what is not there", async () => {
  await assert.rejects(readConfig("/nonesuch/scandog.toml", OPTIONS, others), (error) => {
    assert.ok(error instanceof CannotRun);
    assert.equal(
      error.message,
      "/nonesuch/scandog.toml: cannot be read: there is no such file",
    );
    return true;
  });
});

Deno.test({
  name: "readConfig() refuses, as root, a file that others may write",
  ignore: skipped("a file that others may write", Deno.uid() !== 0 && "it takes root"),
  fn: async () => {
    for (const mode of [0o664, 0o646]) {
      await assert.rejects(read("", mode), /refused: others may write it, and this runs as root/);
    }
  },
});

Deno.test({
  name:
    "readConfig() passes over another user's folder that HOME names, and says a file that cannot be read",
  ignore: skipped("a folder out of reach", Deno.uid() !== 0 && "it takes root"),
  fn: async () => {
    const home = await Deno.makeTempDir();
    const before = Deno.env.get("HOME");
    try {
      await Deno.mkdir(`${home}/.config/scandog`, { recursive: true });
      await Deno.writeTextFile(`${home}/.config/scandog/scandog.toml`, "quiet = true\n");
      Deno.env.set("HOME", home);
      const asNobody = async () => {
        let found: Awaited<ReturnType<typeof readConfig>> | Error;
        const user = { name: "nobody", uid: 65534, gid: 65534 };
        await openSocketsAs(user, async () => {
          found = await readConfig(undefined, OPTIONS, others).catch((error) => error);
        });
        return found!;
      };
      await Deno.chmod(home, 0o700);
      const passedOver = await asNobody();
      assert.ok(
        passedOver === undefined || "path" in passedOver && passedOver.path === "/etc/scandog.toml",
      );
      await Deno.chmod(home, 0o755);
      await Deno.chmod(`${home}/.config/scandog/scandog.toml`, 0o600);
      const refused = await asNobody();
      assert.ok(refused instanceof CannotRun);
      assert.match(
        refused.message,
        /scandog\.toml: cannot be read: permission denied; --config \/dev\/null/,
      );
    } finally {
      if (before !== undefined) Deno.env.set("HOME", before);
      await Deno.remove(home, { recursive: true });
    }
  },
});

Deno.test("readConfig() takes /dev/null for an empty file", async () => {
  const config = await readConfig("/dev/null", OPTIONS, others);
  assert.deepEqual(config, { path: "/dev/null", entries: new Map(), faults: [] });
});

Deno.test("a user's own configuration comes before the system's, and root has none", () => {
  const own = (...words: [string?, string?]) => configsOf(false, ...words);
  const system = "/etc/scandog.toml";
  assert.deepEqual(own("/home/a"), ["/home/a/.config/scandog/scandog.toml", system]);
  assert.deepEqual(own("/home/a", "/x/"), ["/x/scandog/scandog.toml", system]);
  assert.deepEqual(own(undefined, "/x"), ["/x/scandog/scandog.toml", system]);
  assert.deepEqual(own("/home/a", "relative"), ["/home/a/.config/scandog/scandog.toml", system]);
  for (const words of [[], [""], ["a"], ["", ""], ["", "b"]] as [string?, string?][]) {
    assert.deepEqual(own(...words), [system], words.join());
  }
  assert.deepEqual(configsOf(true, "/root", "/x"), [system]);
});

Deno.test("readConfig() asks for other commands' options only when a key is none of its own", async () => {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.writeTextFile(path, "scan-weight = 7\nquiet = true\n");
    const own = await readConfig(path, OPTIONS, nobody);
    assert.deepEqual([[...own!.entries.keys()], own!.faults], [["scanWeight", "quiet"], []]);
    await Deno.writeTextFile(path, "elsewhere = true\nquiet = true\n");
    await assert.rejects(readConfig(path, OPTIONS, nobody), /no other command's options/);
    const both = await readConfig(path, OPTIONS, others);
    assert.deepEqual([[...both!.entries.keys()], both!.faults], [["elsewhere", "quiet"], []]);
  } finally {
    await Deno.remove(path);
  }
});
