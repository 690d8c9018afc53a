import { vi } from 'vitest';
import { bullmqConformance } from './conformance.ts';

vi.mock('bullmq', () => import('bullmq65'));

bullmqConformance('bullmqInbox on the oldest BullMQ that it accepts');
