import { randomUUID } from 'node:crypto';
import { createReceiver, memoryDedup, type Receiver, type ReceiverOptions } from '@chathooks/core';
import type { TransactionalContext } from '@chathooks/postgres';
import type { Pool, PoolClient } from 'pg';
import { expect } from 'vitest';
import { notes, send, shop } from '../core/harness.ts';
import { countRows, createStore } from './harness.ts';

/** A receiver in a process of its own, as far as it remembers. */
export const receive = (options: ReceiverOptions): Receiver =>
  createReceiver({ providers: [shop()], logger: false, dedup: memoryDedup(), ...options });

/** How a receiver answers an event. */
export const status = async (receiver: Receiver, id = 'n1'): Promise<number> =>
  (await send(receiver, notes([{ id }]))).status;

export type Context = TransactionalContext<PoolClient>;

/** A pool, a table of marks, and a table that the handler writes to. */
export async function setUp(url: string) {
  const { pool, table, name: marks } = await createStore(url);
  const effects = `effects_${randomUUID().replaceAll('-', '')}`;
  await pool.query(`CREATE TABLE ${effects} (id text, handler text)`);
  const insert = ({ id }: { id: string }, { transaction }: Context, handler = 'first') =>
    transaction.query(`INSERT INTO ${effects} VALUES ($1, $2)`, [id, handler]);
  return { pool, table, marks, insert, name: 'test', countEffects: () => countRows(pool, effects) };
}

export const expectAllIdle = (pool: Pool): void => expect(pool.idleCount).toBe(pool.totalCount);
