import { type DedupStore, type Inbox, memoryDedup } from '@chathooks/core';
import { forgetfulInbox } from './forgetful-inbox.ts';
import type { DedupPlan, InboxPlan } from './plan.ts';

/** Opens the dedup store of a plan. Each package is loaded only where it is used, so that processes start fast. */
export async function openDedup(plan: DedupPlan): Promise<DedupStore> {
  switch (plan.kind) {
    case 'memory':
      return memoryDedup();
    case 'redis': {
      const { redisDedup } = await import('@chathooks/redis');
      return redisDedup({ url: plan.url, prefix: `${plan.name}:` });
    }
    case 'postgres': {
      const { postgresDedup } = await import('@chathooks/postgres');
      const dedup = postgresDedup({ url: plan.url, schema: plan.schema, table: plan.name });
      await dedup.migrate();
      return dedup;
    }
    case 'sqlite': {
      const { sqliteDedup } = await import('@chathooks/sqlite');
      return sqliteDedup({ file: plan.file, ...(plan.maxBytes && { maxBytes: plan.maxBytes }) });
    }
  }
}

/** Opens the inbox of a plan, likewise. */
export async function openInbox(plan: InboxPlan): Promise<Inbox> {
  if (plan.kind === 'forgetful') return forgetfulInbox();
  const { concurrency, retryDelayMs, leaseMs } = plan;
  const settings = { concurrency, retryDelayMs };
  switch (plan.kind) {
    case 'bullmq': {
      const { bullmqInbox } = await import('@chathooks/bullmq');
      return bullmqInbox({ ...settings, url: plan.url, prefix: `{${plan.name}}`, leaseMs });
    }
    case 'pg-boss': {
      const { pgBossInbox } = await import('@chathooks/pg-boss');
      return pgBossInbox({ ...settings, url: plan.url, schema: plan.schema, name: plan.name, leaseMs });
    }
    case 'sqlite': {
      const { sqliteInbox } = await import('@chathooks/sqlite');
      return sqliteInbox({ ...settings, file: plan.file, leaseMs, ...(plan.maxBytes && { maxBytes: plan.maxBytes }) });
    }
  }
}
