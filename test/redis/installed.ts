import { createRequire, registerHooks } from 'node:module';
import { afterAll, expect } from 'vitest';

const ofTests = createRequire(import.meta.url);
const ofPackage = createRequire(new URL('../../packages/redis/package.json', import.meta.url));

/**
 * Has `@chathooks/redis` find another version of a client than is installed, or none. To be called before anything
 * imports that client.
 */
export function pretendInstalled(name: 'ioredis' | 'redis', alias: string | undefined): void {
  const real = ofPackage.resolve(name);
  let used = false;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== real) return next(specifier, context);
      used = true;
      if (alias !== undefined) return next(ofTests.resolve(alias), context);
      throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
  afterAll(() => expect(used, `the import of ${name} was changed`).toBe(true));
}
