const names = ['core', 'core/fetch', 'core/node', 'express', 'fastify', 'koa', 'testing'];

for (const name of names) {
  console.log(`  ${name}: ${Object.keys(require(`@chathooks/${name}`)).join(', ')}`);
}
