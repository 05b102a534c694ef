// The public face of this folder, usable alone (import-map name `deno-pcap`). Knows packets as
// bytes, times and lengths; nothing of what is in them.

export { CaptureFileError } from "./capture_file_error.ts";
export { PIECE_BYTES_MAX } from "./input_window.ts";
export { CaptureReader } from "./reader.ts";
export { CAPTURED_BYTES_MAX, Step, TIME_US_MAX } from "./step.ts";
