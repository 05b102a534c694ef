// The subjects that a sensor publishes on, and the id of each message. Knows names; no server.
//
//     scandog.outcomes.<partition>.<sensor>   a batch of outcomes (batch.ts), also an empty one: a sign of life
//     scandog.events.<partition>.<sensor>     one event, the line of `--format json`
//
// The sensor is in the subject so that the server's permissions prove who sent it. Both are in the partition
// of the source; what is of no source is in the sensor's own (`partitionOfSensor`).

import { createHash } from "node:crypto";
import { PARTITIONS } from "./partitions.ts";
import { sensorOfToken, sensorToken } from "./sensor_name.ts";

export const SUBJECT_KINDS = ["outcomes", "events"] as const;
export type SubjectKind = typeof SUBJECT_KINDS[number];

/** What a sensor publishes. */
export interface SensorSubject {
  kind: SubjectKind;
  /** From 0 to `PARTITIONS` - 1. */
  partition: number;
  /** As people write it. */
  sensor: string;
}

/** Throws a RangeError for a partition or a sensor that there cannot be. */
export function subjectOf({ kind, partition, sensor }: SensorSubject): string {
  if (!Number.isInteger(partition) || partition < 0 || partition >= PARTITIONS) {
    throw new RangeError(`Cannot make a subject: there is no partition ${partition}`);
  }
  return `scandog.${kind}.${partition}.${sensorToken(sensor)}`;
}

/** Undefined for a subject that no sensor would publish on. Never throws. */
export function parseSubject(subject: string): SensorSubject | undefined {
  const match = /^scandog\.([a-z]+)\.(0|[1-9][0-9]?)\.([^.]+)$/.exec(subject);
  if (match === null) return undefined;
  const kind = SUBJECT_KINDS.find((kind) => kind === match[1]), partition = Number(match[2]);
  const sensor = sensorOfToken(match[3]);
  if (kind === undefined || partition >= PARTITIONS || sensor === undefined) return undefined;
  return { kind, partition, sensor };
}

/** All sensors' subjects of one kind in one partition, for a consumer. */
export function partitionFilter(kind: SubjectKind, partition: number): string {
  return `scandog.${kind}.${partition}.*`;
}

/** All subjects of one kind, for a stream. */
export function allSubjects(kind: SubjectKind): string {
  return `scandog.${kind}.*.*`;
}

/** All that one sensor publishes on, for its permissions. */
export function sensorSubjects(sensor: string): string[] {
  return SUBJECT_KINDS.map((kind) => `scandog.${kind}.*.${sensorToken(sensor)}`);
}

/** Where a sensor is answered: of its own, or others could read its acknowledgements. */
export function sensorInbox(sensor: string): string {
  return `_INBOX.${sensorToken(sensor)}`;
}

/**
 * The id by which the server knows a message again (`Nats-Msg-Id`): of what is in it, so that whoever sends
 * the same again, after a time-out or from a spool, or replays a capture twice, is heard once. Nobody can
 * use up an id before its message comes without knowing the message.
 */
export function messageId(subject: string, payload: Uint8Array): string {
  return createHash("sha256").update(subject).update("\0").update(payload).digest("base64url")
    .slice(0, ID_CHARACTERS);
}

/** 192 bits. */
const ID_CHARACTERS = 32;
