import { z } from 'zod';

const dedupPlan = z.discriminatedUnion('kind', [z.object({ kind: z.literal('memory') })]);

const inboxPlan = z.discriminatedUnion('kind', [z.object({ kind: z.literal('forgetful') })]);

const handlerPlan = z.object({
  /** How long it takes: at random, up to so many milliseconds. */
  upToMs: z.number().default(0),
  /** Of every so many events, one takes `longMs`. */
  longEvery: z.number().default(0),
  longMs: z.number().default(0),
  /** Waits for `release`, whatever its signal says. */
  hold: z.boolean().default(false),
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
export type InboxPlan = NonNullable<Plan['inbox']>;
export type HandlerPlan = Plan['handler'];

export const readPlan = (text: string | undefined): Plan => plan.parse(JSON.parse(text ?? ''));

/** What a test tells its processes. */
export const order = z.discriminatedUnion('order', [
  /** Lets all handlers that are held, and all that come later, go on. */
  z.object({ order: z.literal('release') }),
  /** A claimant: claims each key through all its stores at once, one key every `everyMs` from `startAt` on. */
  z.object({ order: z.literal('claim'), keys: z.array(z.string()), startAt: z.number(), everyMs: z.number() }),
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
