import { inboxConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { subjectOf } from './inbox-subjects.ts';

inboxConformance({ describe, it }, subjectOf());
