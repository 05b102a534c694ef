// Captures that mutation found: each once made the detector say something impossible.

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** A scan of which nothing was left to tell when it was to be told. Gzipped pcap. */
export const EMPTY_SCAN = bytes(
  "H4sIAAAAAAACA7tyeNNCJgYWBhhwAGJGII5R6Aiz3czIYAZkgzDDO6gEkORgcGVg0AAxG9g09jMCAQcQaMTzBzAaxH" +
    "CDlAUUNjBMf8bAIAg0pfYAC8IUJsKm3IaaIskQwILDlA2ETfGHmmLAEHANYko+yEcveBGmfCBsCgvUFBGGAHaIKUJA" +
    "U57WsyJM4SRsCgPUFGaGgAaIKVXobikj3i3sDAEMCLewnkNyy2bi3dLJEJABMQUA9kpMtAICAAA=",
);

/** A clock that stepped back between the last attempt and the alert. Gzipped pcap. */
export const EARLY_ALERT = bytes(
  "H4sIAAAAAAACA7tyeNNCJgYWBhhwAOInQJzCJpd1tI+ZQQPIBmFXEMUIlGf7FnRgRUPKgRUpJ+Z4sgYwMLDEMjCwXw" +
    "wQVGBI6ofoM12GT99NoL5CrPpqBVnx6NsC1NeKoe8cUJ9sAxcefQ1AffUY+i4A9dm+wWcfK1BfA4a+ZKC+uaksePTt" +
    "AOrzI0PffKzuJKyPHahPGWt4Ll3KjkffEaA+bwx994D6YiMY8ehzAOr7gNW+1L8cePRxYw1PkD5fRk48+hKA+qaTES" +
    "7XgPq0MfQ9A6Wzn/jcKQjU9wd7+izD504WoD4ODH1vgPr+3mMikM4+Y7Xvawy+dM0A1MeOoe89Qf+B0ksnVvtk/+Kz" +
    "jwmojxFDHwD4+LJtQAQAAA==",
);
