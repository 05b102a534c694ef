import assert from "node:assert/strict";
import { guardStateFile, type Rights } from "../../src/state/guard.ts";
import { StateError } from "../../src/state/state_error.ts";
import { withFolder } from "./rows.ts";

const uid = Deno.uid()!;
const USER: Rights = { who: "other", owners: [] };
const ROOT: Rights = { who: "root", owners: [uid] };

function refusal(path: string, rights: Rights): string {
  try {
    guardStateFile(path, rights);
  } catch (error) {
    assert.ok(error instanceof StateError, `${error}`);
    return error.message;
  }
  return "";
}

Deno.test("guardStateFile() makes a file that only its owner can read", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    for (const rights of [USER, ROOT]) {
      assert.equal(refusal(path, rights), "");
      assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
      assert.equal(Deno.statSync(path).size, 0);
    }
  }));

Deno.test("guardStateFile() refuses what is no plain file, and says where none can be made", () =>
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/inner`);
    Deno.writeTextFileSync(`${folder}/text`, "this is a text");
    Deno.symlinkSync(`${folder}/text`, `${folder}/link`);
    Deno.symlinkSync("/nonesuch", `${folder}/dangling`);
    for (const rights of [USER, ROOT]) {
      assert.match(refusal(`${folder}/inner`, rights), /is not a plain file; name another/);
      assert.match(refusal(`${folder}/link`, rights), /is not a plain file/);
      assert.match(refusal(`${folder}/dangling`, rights), /is not a plain file/);
      assert.match(refusal("/dev/null", { ...rights, who: "other" }), /is not a plain file/);
      assert.match(refusal(`${folder}/no/state`, rights), /there is no folder .*\/no; make one/);
      assert.match(refusal(`${folder}/text`, rights), /is no state file; name another/);
    }
    assert.equal(Deno.readTextFileSync(`${folder}/text`), "this is a text");
  }));

Deno.test("guardStateFile() refuses, with root's rights, what others can write or put beside it", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    guardStateFile(path, ROOT);
    const strangers: Rights = { who: "root", owners: [uid + 1] };
    assert.match(
      refusal(path, strangers),
      /refused: others may write in .*, and this runs as root/,
    );
    for (const mode of [0o620, 0o602, 0o666]) {
      Deno.chmodSync(path, mode);
      assert.match(
        refusal(path, ROOT),
        /refused: others may write it, .*; chown root and chmod go-w/,
      );
      assert.equal(refusal(path, USER), "");
    }
    Deno.chmodSync(path, 0o600);
    for (const mode of [0o770, 0o1777]) {
      Deno.chmodSync(folder, mode);
      assert.match(refusal(path, ROOT), /refused: others may write in /);
      assert.equal(refusal(path, USER), "");
    }
  }));

Deno.test("guardStateFile() does not read a file that is far too large", () =>
  withFolder((folder) => {
    const path = `${folder}/state`;
    Deno.writeTextFileSync(path, "");
    Deno.truncateSync(path, 2 ** 30 + 1);
    assert.match(refusal(path, USER), /far too large/);
  }));
