// An app that has not installed ioredis: tells the code of the error that it gets.
//
//   node --import ../examples/resolve-sources.mjs without-ioredis.ts redis://127.0.0.1:6379
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'ioredis') throw new Error("Cannot find package 'ioredis'");
    return next(specifier, context);
  },
});

const { bullmqInbox } = await import('@chathooks/bullmq');
const inbox = bullmqInbox({ url: process.argv[2] ?? '', logger: false });
await inbox.counts().catch((error: unknown) => process.send?.(String(error)));
await inbox.close?.();
process.disconnect();
