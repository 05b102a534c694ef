// A folder among capture files stands for the captures in it. Knows names and how a capture begins; nothing of what
// is in one.

/** How pcap and pcapng files begin, in either byte order and of any kind. */
const MAGICS: readonly number[] = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0x0a0d0d0a];
const MAGIC_BYTES = 4;

/** Compressed ones by their names, which rotations end in numbers. */
const COMPRESSED = /\.(pcap|pcapng|cap|dmp)[-_.\d]*\.(gz|zst)$/i;

/** Folders in folders, so that a link to one above cannot go round: links to folders are not followed. */
const DEPTH_MAX = 32;

/** Does the file begin as a capture does? False also where it cannot be read. */
function beginsAsCapture(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    const head = new Uint8Array(MAGIC_BYTES);
    if (file.readSync(head) !== MAGIC_BYTES) return false;
    const view = new DataView(head.buffer);
    return MAGICS.includes(view.getUint32(0)) || MAGICS.includes(view.getUint32(0, true));
  } catch {
    return false;
  }
}

function* capturesIn(folder: string, depth: number): Generator<string> {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = `${folder.replace(/\/+$/, "")}/${name}`;
    if (isDirectory) {
      if (depth < DEPTH_MAX) yield* capturesIn(path, depth + 1);
    } else if (isPlainFile(path) && (COMPRESSED.test(name) || beginsAsCapture(path))) {
      yield path;
    }
  }
}

/** Opening anything else, such as a named pipe, might wait for ever. */
function isPlainFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** True for a folder, and not for what cannot be looked at. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** The captures in a folder and those below it; nothing where it cannot be read. */
export function capturesOf(folder: string): string[] {
  try {
    return [...capturesIn(folder, 0)];
  } catch {
    return [];
  }
}
