// Scans that sensors told by themselves. The correlator does not tell these again. Knows sources, numbers of sensors,
// and names of scans. Bounded: a sensor can only push out its own entries.

/** Scans kept of one sensor; the oldest gives way. */
const OF_SENSOR_MAX = 1024;

/** A scan as its sensor told it. */
export interface OwnScan {
  /** Its name, the same in all events of it. */
  id: string;
  /** All its sources. */
  sources: readonly string[];
  /** Its latest probe. Microseconds since 1970. */
  endUs: number;
}

interface Kept {
  id: string;
  endUs: number;
}

export class OwnScans {
  private readonly bySource = new Map<string, Map<number, Kept>>();
  /** For each sensor, the sources of the scans that it told, oldest first. */
  private readonly bySensor = new Map<number, Set<string>>();
  private nowUs = -Infinity;

  /** `rememberUs`: a scan that ended longer ago has no part in a new one. */
  constructor(private readonly rememberUs: number) {}

  advance(timeUs: number): void {
    if (timeUs > this.nowUs) this.nowUs = timeUs;
  }

  add(sensor: number, { id, sources, endUs }: OwnScan): void {
    for (const source of sources) this.keep(sensor, source, { id, endUs });
  }

  private keep(sensor: number, source: string, { id, endUs }: Kept): void {
    const own = this.bySensor.get(sensor) ?? new Set();
    this.bySensor.set(sensor, own);
    own.delete(source);
    own.add(source);
    if (own.size > OF_SENSOR_MAX) {
      const [oldest] = own;
      own.delete(oldest);
      this.forget(sensor, oldest);
    }
    const told = this.bySource.get(source) ?? new Map();
    this.bySource.set(source, told);
    told.set(sensor, { id, endUs });
  }

  private forget(sensor: number, source: string): void {
    const told = this.bySource.get(source);
    told?.delete(sensor);
    if (told?.size === 0) this.bySource.delete(source);
  }

  /** Calls for each scan that a sensor told of the source and that is not long over. */
  ofSource(source: string, found: (sensor: number, id: string) => void): void {
    for (const [sensor, { id, endUs }] of this.bySource.get(source) ?? []) {
      if (this.nowUs - endUs <= this.rememberUs) found(sensor, id);
    }
  }
}
