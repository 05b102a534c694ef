// What can come as an answer that nobody asked for.
export const Unasked = { SynAck: 0, Refusal: 1, Reset: 2, Error: 3 } as const;
