// Lets a Node process take the packages from their sources, as the tests do: so nothing needs to be built.
//
//   node --import ./test/examples/resolve-sources.mjs examples/koa-router/server.ts
import { registerHooks } from 'node:module';

const entryPoints = { 'core/node': 'core/src/node/index.ts', 'core/fetch': 'core/src/fetch.ts' };

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('@chathooks/')) return next(specifier, context);
    const name = specifier.slice('@chathooks/'.length);
    const file = entryPoints[name] ?? `${name}/src/index.ts`;
    return next(new URL(`../../packages/${file}`, import.meta.url).href, context);
  },
});
