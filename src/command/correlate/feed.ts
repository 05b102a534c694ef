// Hands the messages of sensors to the correlator. Knows messages; nothing of where they come from.

import type { Correlator } from "../../correlate/correlator.ts";
import type { SensorMessage } from "./message.ts";

/** `streamUs`: the stream's time of the message. */
export function feed(correlator: Correlator, message: SensorMessage, streamUs: number): void {
  const { sensor } = message;
  switch (message.what) {
    case "outcome":
      return correlator.take(sensor, message.outcome, streamUs);
    case "dropped":
      return correlator.refuse(sensor, "dropped", streamUs, message.count);
    case "own":
      return correlator.ownScan(sensor, message.scan, streamUs);
  }
}
