// TCP flag octets as letters, the way scanlogd 2 prints them. Knows no event.

/** One letter for each bit, from the lowest: FIN SYN RST PSH ACK URG ECE CWR. */
const LETTERS = "fsrpauxy";

/**
 * Eight letters for the flags of several packets, given the OR (`ever`) and the AND (`always`) of
 * their octets: upper case was always set, lower case never, `?` sometimes. `fSrpauxy` is a SYN
 * scan.
 */
export function flagLetters(ever: number, always: number): string {
  let text = "";
  for (let bit = 0; bit < LETTERS.length; bit++) {
    if ((ever >> bit & 1) === 0) text += LETTERS[bit];
    else text += (always >> bit & 1) === 1 ? LETTERS[bit].toUpperCase() : "?";
  }
  return text;
}

/** Names of the bits, from the lowest. */
export const MASK_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
