import assert from "node:assert/strict";
import { inPlainWords, reasonNotWritten, reasonOf } from "../src/failure.ts";

Deno.test("inPlainWords() takes away what only the runtime's makers know, and nothing else", () => {
  assert.equal(
    inPlainWords("No space left on device (os error 28): writefile '/a b'"),
    "No space left on device",
  );
  assert.equal(
    inPlainWords("x: busy (os error 16), rename '/a' -> '/b'; try again"),
    "x: busy; try again",
  );
  assert.equal(
    inPlainWords("find x: getaddrinfo ENOTFOUND x.invalid"),
    "find x: there is no such name",
  );
  for (const text of ["", "a.pcap: cannot be opened", "os error", "(os error x)"]) {
    assert.equal(inPlainWords(text), text);
  }
});

Deno.test("reasonOf() says in words why a file cannot be used", () => {
  const of = (act: () => void) => {
    try {
      return act();
    } catch (error) {
      return reasonOf(error);
    }
  };
  assert.equal(of(() => Deno.openSync("/nonesuch/x")), "there is no such file");
  assert.equal(of(() => Deno.readTextFileSync("/")), "is a folder");
  assert.equal(
    reasonOf(new Error("Not a directory (os error 20): open '/etc/passwd/x'")),
    "Not a directory",
  );
  assert.equal(reasonOf("words"), "words");
});

Deno.test("reasonNotWritten() says that it is the folder which is missing", () => {
  assert.equal(
    reasonNotWritten(new Deno.errors.NotFound("No such file or directory (os error 2)")),
    "there is no such folder; make it first",
  );
  assert.equal(reasonNotWritten(new Deno.errors.PermissionDenied("x")), "permission denied");
  assert.equal(reasonNotWritten("x"), "x");
});

Deno.test("reasonNotWritten() says what makes a folder read-only, and what to do", () => {
  assert.match(
    reasonNotWritten(new Error("Read-only file system (os error 30): open '/x/log'")),
    /^its file system is read-only; .* ReadWritePaths=FOLDER with systemctl edit scandog$/,
  );
});
