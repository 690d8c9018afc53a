import { benchInProcess } from './in-process.ts';

await benchInProcess();
