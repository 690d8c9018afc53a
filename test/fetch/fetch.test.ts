import { createReceiver, defineProvider, type Logger, staticHeader, wexio } from '@chathooks/core';
import { toFetchHandler } from '@chathooks/core/fetch';
import { deliver } from '@chathooks/testing';
import { expect, it, vi } from 'vitest';

const setUp = (limit = 100_000) => {
  const logger = { debug: vi.fn<Logger['warn']>(), warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() };
  const onMessageInbound = vi.fn();
  const providers = [wexio({ secret: wexio.samples.secret })];
  const handler = toFetchHandler({ providers, onMessageInbound, logger, limits: { bodyBytes: limit } });
  return { handler, logger, onMessageInbound };
};

const delivery = deliver.wexio('message.inbound.created', { data: { message: { text: 'Grüße 👋' } } });
const requestOf = (body: NonNullable<RequestInit['body']>, headers = delivery.headers) =>
  new Request(`https://example.com${delivery.path}`, { method: 'POST', headers, body, duplex: 'half' });

it('handles a delivery', async () => {
  const { handler, onMessageInbound } = setUp();
  const response = await handler(requestOf(delivery.body));
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
  expect(onMessageInbound.mock.calls[0]?.[0].data.message.text).toBe('Grüße 👋');
});

it('answers without a body where the vendor wants none', async () => {
  const provider = defineProvider({
    name: 'quiet',
    verifier: staticHeader({ header: 'x-token', secret: 'secret' }),
    normalize: () => [],
    success: { status: 204, headers: {}, body: '' },
  });
  const handler = toFetchHandler({ providers: [provider], logger: false });
  const headers = { 'x-token': 'secret', 'content-type': 'application/json' };
  const request = new Request('https://example.com/webhooks/quiet', { method: 'POST', headers, body: '{}' });
  expect((await handler(request)).status).toBe(204);
});

it('joins a streamed body', async () => {
  const { handler, onMessageInbound } = setUp();
  const stream = ReadableStream.from([delivery.body.subarray(0, 10), delivery.body.subarray(10)]);
  expect((await handler(requestOf(stream))).status).toBe(200);
  expect(onMessageInbound).toHaveBeenCalledOnce();
});

it('stops reading a stream that grows too long, and tells its source', async () => {
  const { handler } = setUp(8);
  const cancel = vi.fn();
  let pulls = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulls++;
      controller.enqueue(new Uint8Array(3));
    },
    cancel,
  });
  expect((await handler(requestOf(endless))).status).toBe(413);
  expect(cancel).toHaveBeenCalledOnce();
  expect(pulls).toBeLessThan(6);
});

it('does not believe a content length that is too short', async () => {
  const { handler } = setUp(8);
  const request = requestOf(delivery.body, { ...delivery.headers, 'content-length': '2' });
  expect((await handler(request)).status).toBe(413);
});

it('refuses by the content length, without reading', async () => {
  const { handler } = setUp(8);
  const request = requestOf(delivery.body, { ...delivery.headers, 'content-length': '9' });
  expect((await handler(request)).status).toBe(413);
  expect(request.bodyUsed).toBe(false);
});

it('says so when the body has been read, or somebody reads it', async () => {
  const { handler, logger } = setUp();
  const used = requestOf(delivery.body);
  await used.arrayBuffer();
  const locked = requestOf(delivery.body);
  locked.body?.getReader();
  for (const request of [used, locked]) expect((await handler(request)).status).toBe(500);
  expect(logger.error.mock.calls.map(([, message]) => message)).toEqual([
    expect.stringMatching(/clone\(\).*body_consumed/),
    expect.stringMatching(/clone\(\).*body_consumed/),
  ]);
});

it('takes a stream that breaks for a sender that hung up', async () => {
  const { handler, logger } = setUp();
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  expect((await handler(requestOf(broken))).status).toBe(400);
  expect(logger.debug).toHaveBeenCalledWith(expect.objectContaining({ code: 'body_aborted' }), expect.anything());
});

it('answers a request without a body', async () => {
  const { handler } = setUp();
  const response = await handler(new Request(`https://example.com${delivery.path}`, { method: 'POST' }));
  expect(response.status).toBe(401);
});

it('answers 404 to what is not ours', async () => {
  const { handler } = setUp();
  const response = await handler(new Request('https://example.com/elsewhere'));
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await response.json()).toMatchObject({ status: 404, code: 'not_found' });
});

it('shares a receiver that it is given', () => {
  const receiver = createReceiver({ providers: [wexio({ secret: 'secret' })] });
  expect(toFetchHandler(receiver).receiver).toBe(receiver);
});
