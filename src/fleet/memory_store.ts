// Messages in memory, bounded by their bytes. Knows sizes; nothing of what is in them.

import { type Message, type MessageStore, NO_ROOM } from "./message.ts";

/** What a message costs besides its payload, with what the runtime needs for it: measured. */
const OVERHEAD_BYTES = 800;

export class MemoryStore implements MessageStore<Message> {
  readonly outlives = false;
  readonly shortage = NO_ROOM;
  #bytes = 0;

  constructor(readonly bytesMax: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  keep(message: Message): Message | undefined {
    const size = sizeOf(message);
    if (this.#bytes + size > this.bytesMax) return undefined;
    this.#bytes += size;
    return message;
  }

  read(message: Message): Message {
    return message;
  }

  release(message: Message): void {
    this.#bytes -= sizeOf(message);
  }

  left(): Message[] {
    return [];
  }

  close(): void {}
}

function sizeOf({ payload }: Message): number {
  return payload.length + OVERHEAD_BYTES;
}
