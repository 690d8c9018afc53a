import type { ConnectionOptions } from 'bullmq';

/** Where an inbox is. */
export interface Place {
  readonly connection: ConnectionOptions;
  /** The name of BullMQ's queue. */
  readonly name: string;
  /** What all keys begin with. */
  readonly prefix: string;
}

/**
 * What the keys of the lanes begin with. Not with those of a queue, among which BullMQ looks for jobs that it has lost.
 */
export const inboxKey = ({ prefix, name }: Place): string => `${prefix}:${name}-inbox:`;

/** What BullMQ's keys of the queue begin with. */
export const queueKey = ({ prefix, name }: Place): string => `${prefix}:${name}:`;

/** The queue of what was set aside. */
export const failedQueueName = ({ name }: Place): string => `${name}-failed`;
