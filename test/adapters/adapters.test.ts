import { adapterConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { subjects } from './subjects.ts';

for (const subject of subjects) adapterConformance({ describe, it }, subject);
