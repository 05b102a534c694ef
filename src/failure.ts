// The two kinds of failure of a command, each with its exit status. Knows no command.

/** Exit statuses of the program; any signal that it handles ends in `Done`. */
export const Exit = {
  Done: 0,
  CannotRun: 1,
  BadUsage: 2,
  /** `--expect` or `--fail-on-scan` was not met. */
  Unmet: 3,
} as const;

/** What was asked makes no sense: every reason at once, each one line. Exit status 2. */
export class BadUsage extends Error {
  override name = "BadUsage";

  constructor(readonly faults: string[]) {
    super(faults.join("\n"));
  }
}

/** The place we run in does not allow it: one line naming the object and the remedy. Status 1. */
export class CannotRun extends Error {
  override name = "CannotRun";
}

/** Why a file cannot be used, for people: without the runtime's own words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return REASONS[error.name] ?? inPlainWords(error.message);
}

/** By the name of the runtime's error. */
const REASONS: Readonly<Record<string, string>> = {
  NotFound: "there is no such file",
  PermissionDenied: "permission denied",
  IsADirectory: "is a folder",
  NotADirectory: "what stands before a / in it is no folder",
  // What the runtime says of a link to nothing too, which it does not follow as it opens.
  FilesystemLoop: "is a link that leads to nothing, or in a circle",
  NotCapable: "reading it was not allowed at start",
};

/** Why a file cannot be written or made: what is missing then is its folder. */
export function reasonNotWritten(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "NotFound") return "there is no such folder; make it first";
  // The runtime has no name for it. systemd makes all else read-only for the service (ProtectSystem=strict).
  if (error.message.startsWith("Read-only file system")) return READ_ONLY;
  return reasonOf(error);
}

const READ_ONLY = "its file system is read-only; name another folder, or for the service " +
  "add ReadWritePaths=FOLDER with systemctl edit scandog";

/** `No space left on device (os error 28): writefile '/x'` without what only the runtime's makers know. */
export function inPlainWords(text: string): string {
  return text.replace(/getaddrinfo ENOTFOUND \S+/, "there is no such name")
    .replace(/getaddrinfo EAI_AGAIN \S+/, "no name server answers").replaceAll(
      / \(os error \d+\)(:? '[^']*'|[:,] \w+ '[^']*'(?: -> '[^']*')?)?/g,
      "",
    );
}
