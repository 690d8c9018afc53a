import { type DedupStore, type Inbox, memoryDedup } from '@chathooks/core';
import { forgetfulInbox } from './forgetful-inbox.ts';
import type { DedupPlan, InboxPlan } from './plan.ts';

/** Opens the dedup store of a plan. Each package is loaded only where it is used, so that processes start fast. */
export async function openDedup(plan: DedupPlan): Promise<DedupStore> {
  switch (plan.kind) {
    case 'memory':
      return memoryDedup();
  }
}

/** Opens the inbox of a plan. */
export async function openInbox(plan: InboxPlan): Promise<Inbox> {
  switch (plan.kind) {
    case 'forgetful':
      return forgetfulInbox();
  }
}
