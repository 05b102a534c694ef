// One message on its way to a server, and the store where messages wait.

/** What is published. */
export interface Message {
  subject: string;
  payload: Uint8Array<ArrayBuffer>;
  /** How many outcomes or events are in it, to be counted where it is lost. */
  records: number;
}

/** In words for the user. */
export const NO_ROOM = "there is no room for what waits (--publish-queue)";

/** Keeps messages until a server has them. `Handle`: what it knows a message by. */
export interface MessageStore<Handle> {
  /** Undefined: it could not be kept; `shortage` says why. */
  keep(message: Message): Handle | undefined;
  /** What was in the way of the message that was kept last, in words for the user. */
  readonly shortage: string;
  read(handle: Handle): Message;
  /** It need not be kept any longer. */
  release(handle: Handle): void;
  /** Messages of an earlier run that no server acknowledged, in their order. */
  left(): Handle[];
  readonly bytes: number;
  readonly bytesMax: number;
  /** What is kept stays after `close`, for the next run. */
  readonly outlives: boolean;
  close(): void;
}
