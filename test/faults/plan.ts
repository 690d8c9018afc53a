import { z } from 'zod';

const redisPlace = { url: z.string(), name: z.string() };
const postgresPlace = { url: z.string(), schema: z.string(), name: z.string() };
const filePlace = {
  file: z.string(),
  maxBytes: z.number().optional(),
};

const dedupPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('memory') }),
  z.object({ kind: z.literal('redis'), ...redisPlace }),
  z.object({ kind: z.literal('postgres'), ...postgresPlace }),
  z.object({ kind: z.literal('sqlite'), ...filePlace }),
]);

/** How long a silent process keeps what it has taken, and how many events a process handles at a time. */
const inboxSettings = {
  leaseMs: z.number().default(1_500),
  concurrency: z.number().default(16),
  retryDelayMs: z.number().default(50),
};

const inboxPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('forgetful') }),
  z.object({ kind: z.literal('bullmq'), ...redisPlace, ...inboxSettings }),
  z.object({ kind: z.literal('pg-boss'), ...postgresPlace, ...inboxSettings }),
  z.object({ kind: z.literal('sqlite'), ...filePlace, ...inboxSettings }),
]);

const handlerPlan = z.object({
  /** How long it takes: at random, up to so many milliseconds. */
  upToMs: z.number().default(0),
  /** Of every so many events, one takes `longMs`. */
  longEvery: z.number().default(0),
  longMs: z.number().default(0),
  /** With events from this place in their chat on, it waits for `release`, whatever its signal says. */
  holdFrom: z.number().default(Number.MAX_SAFE_INTEGER),
  /** Fails so many times before it succeeds. */
  failures: z.number().default(0),
});

const plan = z.object({
  /**
   * `receiver`: receives and handles. `web`: only receives, for an inbox. `worker`: only handles, from an inbox.
   * `claimant`: claims keys when told to.
   */
  role: z.enum(['receiver', 'web', 'worker', 'claimant']),
  /** Where to write what happens. */
  records: z.string(),
  dedup: dedupPlan,
  inbox: inboxPlan.optional(),
  leaseMs: z.number().default(1_000),
  storeTimeoutMs: z.number().default(5_000),
  /** How many stores a claimant opens. */
  stores: z.number().default(1),
  graceMs: z.number().default(10_000),
  handler: handlerPlan.prefault({}),
});

/** What a process of a test is to be. */
export type Plan = z.output<typeof plan>;
export type PlanInput = Omit<z.input<typeof plan>, 'records'>;
export type DedupPlan = Plan['dedup'];
export type InboxPlan = z.output<typeof inboxPlan>;
export type InboxPlanInput = z.input<typeof inboxPlan>;
export type HandlerPlan = Plan['handler'];

/** The plan of an inbox, with what it leaves to defaults. */
export const readInboxPlan = (input: InboxPlanInput): InboxPlan => inboxPlan.parse(input);

export const readPlan = (text: string | undefined): Plan => plan.parse(JSON.parse(text ?? ''));

/** What a test tells its processes. */
export const order = z.discriminatedUnion('order', [
  /** Lets all handlers that are held, and all that come later, go on. */
  z.object({ order: z.literal('release') }),
  /** A claimant: claims the keys of each round through all its stores at once, a round every `everyMs` from `startAt` on. */
  z.object({
    order: z.literal('claim'),
    rounds: z.array(z.array(z.string())),
    startAt: z.number(),
    everyMs: z.number(),
  }),
]);
export type ClaimOrder = Extract<Order, { order: 'claim' }>;
export type Order = z.output<typeof order>;

/** A claim, and when it was asked for and answered. */
const claimRecord = z.object({ key: z.string(), state: z.string(), from: z.number(), to: z.number() });
export type ClaimRecord = z.output<typeof claimRecord>;

/** What a process tells its test. */
export const word = z.discriminatedUnion('word', [
  /** It has begun; receivers say where they listen. */
  z.object({ word: z.literal('ready'), url: z.string().optional() }),
  z.object({ word: z.literal('claimed'), claims: z.array(claimRecord) }),
]);
export type Word = z.output<typeof word>;
