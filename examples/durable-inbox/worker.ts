// Handles only: what web.ts has received. Start as many as you like.
import { createWorker } from '@chathooks/express';
import { handlers } from './handlers.ts';
import { storage } from './storage.ts';

const { inbox } = storage;
if (!inbox) throw new Error('This storage has no inbox, expected one that another process can fill');

const worker = createWorker({ ...storage, inbox, ...handlers });
await worker.start();
console.log('Working');

process.once('SIGTERM', () => worker.close({ graceMs: 8_000 }));
