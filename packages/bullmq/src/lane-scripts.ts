import { createHash } from 'node:crypto';

/**
 * What the scripts share: the keys, and how the first entry of a lane is taken.
 *
 * `KEYS`: the sorted set of lanes that have entries, by the time at which to look after them; the number of entries; the
 * hash of tries, a lane each: whose entry, which owner, how many, and whether the entry is in the number of entries.
 * `ARGV[1]` begins the keys of the lanes: as BullMQ's own scripts do, these reach keys by name, all of them in one slot of
 * a cluster.
 */
const shared = `
local lanes, pending, tries, lists = KEYS[1], KEYS[2], KEYS[3], ARGV[1]

local function trial(lane)
  local state = redis.call('HGET', tries, lane)
  if not state then return end
  return string.match(state, '^(%S+) (%S+) (%d+) (%d)$')
end

local function note(lane, id, owner, count, counted)
  redis.call('HSET', tries, lane, table.concat({ id, owner, count, counted }, ' '))
end

local function take(lane, owner)
  local first = redis.call('LINDEX', lists .. lane, 0)
  if not first then
    redis.call('ZREM', lanes, lane)
    redis.call('HDEL', tries, lane)
    if redis.call('ZCARD', lanes) == 0 then redis.call('DEL', pending) end
    return false
  end
  local id = string.match(first, '^%S+')
  local attempt = 1
  local seen, _, count, counted = trial(lane)
  if seen == id then
    attempt = tonumber(count) + 1
    if counted == '0' then redis.call('INCR', pending) end
  end
  note(lane, id, owner, attempt, 1)
  return { first, attempt }
end
`;

/**
 * `ARGV`: the most entries, when to look after the lanes, and for each put the number of its entries, then lane and entry
 * of each. Answers how many puts there was room for.
 */
const push = `${shared}
local total = tonumber(redis.call('GET', pending) or 0)
local accepted, index = 0, 4
while ARGV[index] and total < tonumber(ARGV[2]) do
  local size = tonumber(ARGV[index])
  index = index + 1
  for _ = 1, size do
    redis.call('RPUSH', lists .. ARGV[index], ARGV[index + 1])
    redis.call('ZADD', lanes, 'NX', ARGV[3], ARGV[index])
    index = index + 2
  end
  total = redis.call('INCRBY', pending, size)
  accepted = accepted + 1
end
return accepted
`;

/** `ARGV`: lane, owner. Answers the first entry and which try of it this is, or nothing. */
const take = `${shared}
return take(ARGV[2], ARGV[3])
`;

/**
 * `ARGV`: lane, owner, id, whether to go on. Removes the first entry, if the owner still has it, and takes the next one.
 */
const settle = `${shared}
local lane, owner, id = ARGV[2], ARGV[3], ARGV[4]
local seen, holder, _, counted = trial(lane)
if seen ~= id or holder ~= owner then return 'lost' end
if redis.call('LPOP', lists .. lane) and counted == '1' then redis.call('DECR', pending) end
redis.call('HDEL', tries, lane)
if ARGV[5] == '1' or redis.call('EXISTS', lists .. lane) == 0 then return take(lane, owner) end
return 'more'
`;

/** `ARGV`: lane, owner, id. The try that runs does not count. */
const postpone = `${shared}
local seen, holder, count, counted = trial(ARGV[2])
if seen == ARGV[4] and holder == ARGV[3] then note(ARGV[2], seen, holder, tonumber(count) - 1, counted) end
`;

/**
 * `ARGV`: lane, owner, id. Takes the entry out of the number of entries, before it appears among those that were set
 * aside; should its process die then, the next try puts it in again. Answers whether the owner still has it.
 */
const leave = `${shared}
local seen, holder, count, counted = trial(ARGV[2])
if seen ~= ARGV[4] or holder ~= ARGV[3] then return 0 end
if counted == '1' then redis.call('DECR', pending) end
note(ARGV[2], seen, holder, count, 0)
return 1
`;

/**
 * `ARGV`: now, when to look again, how many lanes at most, what begins BullMQ's deduplication keys, what begins its job
 * keys. Answers how many lanes were looked at, and those that have no job. Should BullMQ name its keys otherwise one day,
 * all lanes seem to have none, and BullMQ leaves out the jobs that are too many.
 */
const findStranded = `${shared}
local due = redis.call('ZRANGEBYSCORE', lanes, '-inf', ARGV[2], 'LIMIT', 0, ARGV[4])
local stranded = {}
for _, lane in ipairs(due) do
  redis.call('ZADD', lanes, ARGV[3], lane)
  local job = redis.call('GET', ARGV[5] .. lane)
  if not job or redis.call('EXISTS', ARGV[6] .. job) == 0 then table.insert(stranded, lane) end
end
return { #due, stranded }
`;

/** Lua that works on lanes. It takes three keys. */
export interface LaneScript {
  /** A name that no other version of it has on a client that they share. */
  readonly command: string;
  readonly lua: string;
}

const script = (lua: string): LaneScript => ({
  command: `chathooks:${createHash('sha256').update(lua).digest('hex').slice(0, 16)}`,
  lua,
});

/** Everything that is done to lanes. */
export const laneScripts = {
  push: script(push),
  take: script(take),
  settle: script(settle),
  postpone: script(postpone),
  leave: script(leave),
  findStranded: script(findStranded),
};
