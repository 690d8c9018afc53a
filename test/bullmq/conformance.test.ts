import { bullmqConformance } from './conformance.ts';

bullmqConformance('bullmqInbox');
