import { inboxConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import * as memoryInboxModule from './memory-inbox.ts';
import { memoryInboxSubject } from './memory-inbox-subject.ts';

inboxConformance({ describe, it }, memoryInboxSubject(memoryInboxModule));
