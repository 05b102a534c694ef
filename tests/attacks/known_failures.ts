// Attacks that are not told yet, and honest traffic that is: the name of the case, and what is said of it
// today. A case that is right is to be removed from here: its test fails until it is.

export const KNOWN_FAILURES: Record<string, string> = {};
