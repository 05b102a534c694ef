// The public face of this folder, usable alone (import-map name `deno-pcap`). Knows packets as
// bytes, times and lengths; nothing of what is in them.

export { CaptureFileError } from "./file/capture_file_error.ts";
export { CAPTURED_BYTES_MAX } from "./file/file_fields.ts";
export { Gunzip, isGzip } from "./file/gunzip.ts";
export { PIECE_BYTES_MAX } from "./file/input_window.ts";
export { CaptureReader, type CaptureReaderOptions } from "./file/reader.ts";
export { Step, TIME_US_MAX } from "./file/step.ts";
export { SavefileWriter } from "./file/writer.ts";

export { type Direction, type LiveOptions, type Shortened } from "./live/activate.ts";
export { type DeviceChange, deviceChanges, type DeviceState, deviceState } from "./live/changes.ts";
export { type Device, type DeviceAddress } from "./live/device.ts";
export { listDevices } from "./live/devices.ts";
export { Filter } from "./live/filter.ts";
export { listInterfaces } from "./live/interfaces.ts";
export { Libpcap, type LibpcapOptions } from "./live/libpcap.ts";
export { type Condition, LiveCapture, type LiveStatistics } from "./live/live_capture.ts";
export { ffiFlag, type LibraryPaths, libraryPaths, type Platform } from "./live/paths.ts";
export { PcapError, type PcapErrorKind } from "./live/pcap_error.ts";
export { Poller } from "./live/poller.ts";
export { SavefileWalker } from "./live/savefile_walker.ts";
