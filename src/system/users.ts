// Users and groups by name, from /etc/passwd and /etc/group. Pure: given the files' text.
//
// Only these files, no directory service: a daemon's own user belongs in them, and asking LDAP while
// starting would make the start depend on the network.

import { CannotRun } from "../failure.ts";

/** The user to become. */
export interface User {
  name: string;
  uid: number;
  gid: number;
}

/** No such user or group, or a text that names none. The message is one line with the remedy. */
export class UserError extends CannotRun {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}

/** (uid_t) -1 means "leave as it is" to setresuid(2), so it is never anybody's number. */
const ID_MAX = 0xffff_fffe;

/**
 * Resolves what `--user` was given: `NAME`, `NAME:GROUP`, or numbers `UID:GID` (a container may have
 * no entry for its user). Without a group it is the user's own.
 *
 * `passwd` and `group` are the texts of /etc/passwd and /etc/group; `group` is only looked at when a
 * group is named. Malformed lines in them are passed over. Throws `UserError`.
 */
export function resolveUser(given: string, passwd: string, group = ""): User {
  const [name, groupName, ...rest] = given.split(":");
  if (name === "" || groupName === "" || rest.length > 0) {
    throw new UserError(`--user takes NAME, NAME:GROUP or UID:GID, got ${JSON.stringify(given)}`);
  }
  const user = findUser(name, passwd) ?? numericUser(name, groupName);
  if (user === undefined) {
    throw new UserError(`There is no user ${name}: create one with ${userAddLine(name)}`);
  }
  if (groupName === undefined) return user;
  const gid = findGroup(groupName, group) ?? number(groupName);
  if (gid === undefined) {
    throw new UserError(
      `There is no group ${groupName}: create one with groupadd --system ${groupName}`,
    );
  }
  return { ...user, gid };
}

/** The command that makes a user fit for a daemon. */
export function userAddLine(name: string): string {
  return `useradd --system --no-create-home --shell /usr/sbin/nologin ${name}`;
}

/** name:password:uid:gid:comment:home:shell (passwd(5)). The first entry of a name counts. */
function findUser(name: string, passwd: string): User | undefined {
  for (const line of passwd.split("\n")) {
    const fields = line.split(":");
    if (fields[0] !== name || fields.length < 7) continue;
    const uid = number(fields[2]);
    const gid = number(fields[3]);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  return undefined;
}

/** name:password:gid:members (group(5)). */
function findGroup(name: string, group: string): number | undefined {
  const line = group.split("\n").find((line) => line.startsWith(`${name}:`));
  return line === undefined ? undefined : number(line.split(":")[2]);
}

function numericUser(uidText: string, gidText: string | undefined): User | undefined {
  const uid = number(uidText);
  const gid = gidText === undefined ? undefined : number(gidText);
  return uid === undefined || gid === undefined ? undefined : { name: uidText, uid, gid };
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= ID_MAX ? value : undefined;
}
