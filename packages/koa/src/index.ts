import { type Receiver, type ReceiverOptions, toReceiver } from '@chathooks/core';
import { createRequestReader, type NodeRequestLike, type ParsedLike } from '@chathooks/core/node';
import Router from '@koa/router';

export * from '@chathooks/core';

/** What is used of a Koa context. */
export interface KoaContextLike {
  readonly req: NodeRequestLike;
  readonly request: ParsedLike & { readonly url: string };
  readonly path: string;
  readonly href: string;
  status: number;
  body: unknown;
  set(headers: { [name: string]: string }): void;
}

/** A middleware of Koa 2 and 3. */
export interface KoaWebhooks {
  (ctx: KoaContextLike, next: () => Promise<unknown>): Promise<void>;
  /** The receiver that answers. */
  readonly receiver: Receiver;
  /** The same routes for a parent router, which asks for them in `router.use('/prefix', webhooks(…))`. */
  readonly router: object;
}

const read = createRequestReader(
  'Mount webhooks() before the body parser, or use one that keeps the text as ctx.request.rawBody, like @koa/bodyparser',
);

/**
 * Mounts a receiver in Koa: by `app.use(webhooks(…))` or, below a router's prefix, by `router.use('/prefix', webhooks(…))`.
 * What is not ours goes on to `next()`, unexpected errors to the app's error handling.
 *
 * @remarks Mount it before body parsers: signatures are made of the bytes that those consume.
 * @param options - the options of a receiver, or a receiver
 * @throws what {@link createReceiver} throws
 * @example
 * ```ts
 * app.use(webhooks({
 *   providers: [wexio({ secret: process.env.WEXIO_SECRET! })],
 *   onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); },
 * }));
 * ```
 */
export function webhooks(options: ReceiverOptions | Receiver): KoaWebhooks {
  const receiver = toReceiver(options);

  async function answer(ctx: KoaContextLike, path: string, next: () => Promise<unknown>): Promise<void> {
    const reply = await receiver.handle(read(ctx.req, { path, url: ctx.href, parsed: ctx.request }));
    if (!reply) {
      await next();
      return;
    }
    ctx.status = reply.status;
    ctx.set({ ...reply.headers });
    ctx.body = reply.body;
  }

  const router = new Router();
  for (const path of receiver.paths) {
    const base = path === '/' ? '' : path;
    // A parent router puts its prefix before a pattern and tells only what parameters matched: the last one is ours.
    router.all(escapePattern(path), (ctx, next) => answer(ctx, path, next));
    router.all(`${escapePattern(base)}/*rest`, (ctx, next) => answer(ctx, `${base}/${ctx.captures?.at(-1)}`, next));
  }
  return Object.assign((ctx: KoaContextLike, next: () => Promise<unknown>) => answer(ctx, ctx.path, next), {
    receiver,
    router,
  });
}

const escapePattern = (path: string) => path.replace(/[{}()[\]+?!:*\\]/g, '\\$&');
