import { createHash } from 'node:crypto';
import type { Script } from './clients.ts';

const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') });

/*
 * Each script touches one key, so that it runs in a cluster. A key is absent, or holds who has it, or `done`: a whole
 * number, which Redis keeps without a string of its own.
 */

/** The value of a key that is done. */
export const done = '1';

/** What {@link claim} answers. */
export const claimAnswers = ['fresh', 'in-flight', 'done'] as const;

/** A client that lost its connection may send a claim again: one that it has already is fresh to it. */
export const claim = script(`local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 0
end
if holder == '${done}' then return 2 end
return 1`);

export const extend = script(`if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

export const complete = script(`if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '${done}', 'PX', ARGV[2])
return 1`);

export const release = script(`if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

export const advance = script(`local highest = redis.call('GET', KEYS[1])
if highest and tonumber(highest) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);
