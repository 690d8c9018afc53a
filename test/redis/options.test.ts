import { redisDedup } from '@chathooks/redis';
import { expect, it } from 'vitest';

it.each([
  ['neither client nor url', {}, 'no client and no url'],
  ['client and url', { client: { evalsha() {} }, url: 'redis://localhost' }, 'a client and a url'],
  ['what is no client', { client: { host: 'localhost' } }, 'neither evalsha nor evalSha'],
  ['null as a client', { client: null }, 'neither evalsha nor evalSha'],
  ['an address that is no url', { url: 'localhost:6379' }, 'redis:// or rediss://'],
  ['an url of something else', { url: 'postgres://localhost' }, 'redis:// or rediss://'],
  ['a prefix that is no string', { url: 'redis://localhost', prefix: 7 }, 'prefix is a number'],
  ['a timeout of nothing', { url: 'redis://localhost', timeoutMs: 0 }, 'timeoutMs is 0'],
  ['a timeout that is no number', { url: 'redis://localhost', timeoutMs: '5s' }, 'timeoutMs is 5s'],
])('refuses %s', (_, options, message) => {
  const create = () => Reflect.apply(redisDedup, undefined, [options]);
  expect(create).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
  );
});

it('never repeats a url that it refuses, as that may hold a password', () => {
  expect(() => redisDedup({ url: 'http://user:secret@localhost' })).toThrow(/^((?!secret).)*$/);
});
