// One hash of texts, for names and for places in tables. Not keyed: only for what an attacker gains nothing by
// making equal. Knows nothing of what the texts are.

/** Where FNV-1a begins, 32 bits. */
export const FNV_START = 0x811c9dc5;

/** FNV-1a over UTF-16 units, 32 bits, signed. Other starts give independent hashes of one text. */
export function fnv1a(text: string, start = FNV_START): number {
  let word = start;
  for (let i = 0; i < text.length; i++) word = Math.imul(word ^ text.charCodeAt(i), 0x01000193);
  return word;
}
