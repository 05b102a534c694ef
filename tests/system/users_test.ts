import assert from "node:assert/strict";
import { resolveUser, userAddLine, UserError } from "../../src/system/users.ts";

const PASSWD = `root:x:0:0:root:/root:/bin/bash
# a comment
broken:x
badid:x:abc:1::/:/bin/sh
minus:x:4294967295:1::/:/bin/sh
scandog:x:997:996:Scan dog,,,:/nonexistent:/usr/sbin/nologin
scandog:x:1:1:second entry:/:/bin/sh
1000:x:5:6:a name of digits:/:/bin/sh
`;
const GROUP = `root:x:0:
adm:x:4:syslog,alice
bad:x:x:
`;

Deno.test("resolveUser() finds names, names with a group, and numbers", () => {
  assert.deepEqual(resolveUser("scandog", PASSWD), { name: "scandog", uid: 997, gid: 996 });
  assert.deepEqual(resolveUser("scandog:adm", PASSWD, GROUP), {
    name: "scandog",
    uid: 997,
    gid: 4,
  });
  assert.deepEqual(resolveUser("scandog:12", PASSWD, GROUP), {
    name: "scandog",
    uid: 997,
    gid: 12,
  });
  assert.deepEqual(resolveUser("7:8", PASSWD, GROUP), { name: "7", uid: 7, gid: 8 });
  assert.deepEqual(resolveUser("root", PASSWD), { name: "root", uid: 0, gid: 0 });
  assert.deepEqual(resolveUser("1000", PASSWD), { name: "1000", uid: 5, gid: 6 });
});

Deno.test("resolveUser() names the command that makes a missing user", () => {
  assert.throws(() => resolveUser("nosuch", PASSWD), {
    name: "UserError",
    message: "There is no user nosuch: create one with " +
      "useradd --system --no-create-home --shell /usr/sbin/nologin nosuch",
  });
  assert.equal(
    userAddLine("scandog"),
    "useradd --system --no-create-home --shell /usr/sbin/nologin scandog",
  );
  assert.throws(() => resolveUser("scandog:nosuch", PASSWD, GROUP), /no group nosuch.*groupadd/);
  assert.throws(() => resolveUser("scandog:bad", PASSWD, GROUP), UserError);
});

Deno.test("resolveUser() refuses malformed entries, ids and texts", () => {
  for (const name of ["broken", "badid", "minus", "#", "999", "4294967295:1", "1:99999999999"]) {
    assert.throws(() => resolveUser(name, PASSWD, GROUP), UserError, name);
  }
  for (const text of ["", ":", "a:", ":b", "a:b:c"]) {
    assert.throws(
      () => resolveUser(text, PASSWD),
      /--user takes NAME, NAME:GROUP or UID:GID/,
      text,
    );
  }
});
