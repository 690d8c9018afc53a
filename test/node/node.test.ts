import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, request as sendRequest } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createReceiver, type Logger, type Receiver, type ReceiverOptions, wexio } from '@chathooks/core';
import { toNodeHandler } from '@chathooks/core/node';
import { deliver } from '@chathooks/testing';
import inject from 'light-my-request';
import { afterEach, expect, it, vi } from 'vitest';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

const setUp = (more?: ReceiverOptions) => {
  const logger = { debug: vi.fn<Logger['warn']>(), warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() };
  const onMessageInbound = vi.fn();
  const providers = [wexio({ secret: wexio.samples.secret })];
  const handler = toNodeHandler({ providers, onMessageInbound, logger, ...more });
  return { handler, logger, onMessageInbound };
};
const listen = async (server: Server) => {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};
const serve = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`;

const { path, method, headers, body } = deliver.wexio('message.inbound.created');

it('serves alone: answers deliveries, and 404 to everything else', async () => {
  const { handler, onMessageInbound } = setUp();
  const url = await serve(handler);
  expect((await fetch(url + path, { method, headers, body })).status).toBe(200);
  expect(onMessageInbound).toHaveBeenCalledOnce();
  const elsewhere = await fetch(`${url}/elsewhere`, { method, headers, body });
  expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await elsewhere.json()).toMatchObject({ code: 'not_found' });
});

it('answers injected requests', async () => {
  const { handler, onMessageInbound } = setUp();
  const response = await inject((request, response) => void handler(request, response), {
    method,
    url: path,
    headers,
    payload: Buffer.from(body),
  });
  expect(response.statusCode).toBe(200);
  expect(onMessageInbound).toHaveBeenCalledOnce();
});

it('serves HTTP/2, without a header that it warns of', async () => {
  const warning = vi.spyOn(process, 'emitWarning');
  const { handler } = setUp({ limits: { bodyBytes: 5_000 } });
  const session = connect(`http://127.0.0.1:${await listen(createHttp2Server(handler))}`);
  servers.unshift(session);
  const post = async (content: Uint8Array) => {
    const stream = session.request({ ...headers, ':method': 'POST', ':path': path });
    stream.end(content);
    const [answer] = await once(stream, 'response');
    stream.close();
    return answer[':status'];
  };
  expect(await post(body)).toBe(200);
  expect(await post(new Uint8Array(6_000))).toBe(413);
  expect(warning).not.toHaveBeenCalled();
});

it('understands a request target with a host, as proxies send it', async () => {
  const { handler } = setUp();
  const outgoing = sendRequest(await serve(handler), { method, path: `http://example.com${path}`, headers });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  expect(response.statusCode).toBe(200);
});

const failing = (error: Error): Receiver => ({
  ...createReceiver({ providers: [wexio({ secret: 'secret' })] }),
  handle: () => Promise.reject(error),
});

it('answers 500 to what is unexpected, and logs it, when there is no next', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const error = new Error('unexpected');
  const response = await fetch(await serve(toNodeHandler(failing(error))));
  expect([response.status, await response.json()]).toMatchObject([500, { code: 'internal_error' }]);
  expect(log).toHaveBeenCalledExactlyOnceWith(expect.any(String), { error });
});

it('hands a reply that cannot be written to next', async () => {
  const reply = { status: 200, headers: { 'x-bad': 'line\r\nbreak' }, body: '' };
  const receiver: Receiver = { ...failing(new Error()), handle: async () => reply };
  const next = vi.fn();
  const url = await serve(async (request, response) => {
    await toNodeHandler(receiver)(request, response, next);
    response.end();
  });
  await fetch(url);
  expect(next).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'ERR_INVALID_CHAR' }));
});

it('writes nothing when the app has begun to answer in the meantime', async () => {
  const work = new EventEmitter();
  const log = vi.spyOn(console, 'error');
  const { handler } = setUp({ onMessageInbound: () => work.emit('started') });
  const url = await serve((request, response) => {
    work.once('started', () => response.writeHead(503).write('time'));
    handler(request, response).then(() => response.end('out'));
  });
  const response = await fetch(url + path, { method, headers, body });
  expect([response.status, await response.text()]).toEqual([503, 'timeout']);
  expect(log).not.toHaveBeenCalled();
});

it('gives up when the app destroys the request', async () => {
  const { handler, logger } = setUp();
  const handled = new EventEmitter();
  const url = await serve((request, response) => {
    handler(request, response).then(() => handled.emit('settled'));
    request.destroy();
  });
  const settled = once(handled, 'settled');
  await expect(fetch(url + path, { method, headers, body })).rejects.toThrow();
  await settled;
  expect(logger.debug).toHaveBeenCalledWith(expect.objectContaining({ code: 'body_aborted' }), expect.anything());
});

it('notices a sender who hung up before the handler ran', async () => {
  const { handler, logger } = setUp();
  const work = new EventEmitter();
  const url = await serve((request, response) => {
    request.on('close', () => handler(request, response).then(() => work.emit('settled')));
  });
  const settled = once(work, 'settled');
  const outgoing = sendRequest(url + path, { method, headers: { ...headers, 'content-length': 100 } });
  outgoing.on('error', () => {});
  outgoing.write('half', () => outgoing.destroy());
  await settled;
  expect(logger.debug).toHaveBeenCalledWith(expect.objectContaining({ code: 'body_aborted' }), expect.anything());
});

it('reads a stream that was given an encoding', async () => {
  const { handler, onMessageInbound } = setUp();
  const url = await serve((request, response) => {
    request.setEncoding('utf8');
    handler(request, response);
  });
  expect((await fetch(url + path, { method, headers, body })).status).toBe(200);
  expect(onMessageInbound).toHaveBeenCalledOnce();
});
