import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import type { Receiver } from '@chathooks/core';
import { answerTo, createProbe, open, send } from './adapter-conformance-probe.ts';
import type { AdapterCapabilities, DefineTest } from './adapter-conformance-subject.ts';

/** How requests are told to the receiver, and its replies, or failures, to the sender. */
export function exchangeTests(test: DefineTest, capabilities: AdapterCapabilities): void {
  test('finds headers whatever their case, and joins repeated ones', {}, async ({ url, seen }) => {
    await send(url, { headers: { 'X-PROBE': 'one', 'X-Repeated': ['a', 'b'] }, body: '{}' });
    assert.deepEqual([seen[0]?.probe, seen[0]?.repeated], ['one', 'a, b']);
  });

  test('tells the URL as it was called, and the path', {}, async ({ url, origin, seen }) => {
    await send(`${url}/a%20b?c=d`, { body: '{}' });
    assert.equal(seen[0]?.url, `${origin}/webhooks/probe/a%20b?c=d`);
    assert.equal(seen[0]?.path, '/webhooks/probe/a%20b');
    assert.equal(seen[0]?.connection, 'a b');
  });

  if (capabilities.prefix) {
    test('can be mounted below a prefix', { app: { prefix: '/prefix' } }, async ({ url, origin, seen }) => {
      assert.equal((await send(url, { body: '{}' })).status, 200);
      assert.equal((await send(`${url}/a%20b?c=d`, { body: '{}' })).status, 200);
      assert.deepEqual(
        seen.map(({ path }) => path),
        ['/webhooks/probe', '/webhooks/probe/a%20b'],
      );
      assert.equal((await send(`${origin}/webhooks/probe`, { body: '{}' })).status, 404);
    });
  }

  test('leaves other paths to the app, with their bodies', {}, async ({ url, origin, seen }) => {
    assert.equal((await send(url, { body: '{}' })).status, 200);
    const { status, body } = await send(`${origin}/echo`, { body: '{"text":"👋"}' });
    assert.deepEqual([status, JSON.parse(body.toString())], [200, { text: '👋' }]);
    assert.equal((await send(`${origin}/webhooks/nobody`, { body: '{}' })).status, 404);
    assert.equal(seen.length, 1);
  });

  test('refuses other methods and names those allowed', {}, async ({ url }) => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await send(url, { method, body: '{}' });
      assert.deepEqual([method, status, headers.allow], [method, 405, 'GET, POST']);
    }
  });

  test('refuses content types that the provider does not send', {}, async ({ url }) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { status } = await send(url, { headers: { 'content-type': type }, body: 'a=b' });
      assert.deepEqual([type, status], [type, 415]);
    }
  });

  test('takes a content type with a charset', {}, async ({ url }) => {
    const headers = { 'content-type': 'Application/JSON; charset="utf-8"' };
    assert.equal((await send(url, { headers, body: '{}' })).status, 200);
  });

  test('answers a handshake, and counts its length in bytes', {}, async ({ url }) => {
    const { status, headers, body } = await send(`${url}?challenge=${encodeURIComponent('Grüße 👋')}`, {
      method: 'GET',
      headers: {},
    });
    assert.deepEqual([status, body.toString()], [200, 'Grüße 👋']);
    assert.equal(headers['content-length'], String(Buffer.byteLength('Grüße 👋')));
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  });

  test('answers with the reply as it is', {}, async ({ url }) => {
    const { headers, body } = await send(url, { body: '{}' });
    assert.equal(body.toString(), '{"ok":true}');
    assert.match(headers['content-type'] ?? '', /^application\/json\b/);
    const refused = await send(url, { method: 'PUT', body: '{}' });
    assert.match(refused.headers['content-type'] ?? '', /^application\/problem\+json\b/);
  });

  test('serves one delivery after the other on one connection', {}, async ({ url, seen }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const body of ['{"n":1}', '{"n":2}']) assert.equal((await send(url, { agent, body })).status, 200);
    assert.equal((await send(url, { agent, method: 'PUT', body: '{}' })).status, 405);
    assert.equal((await send(url, { agent, body: '{"n":3}' })).status, 200);
    agent.destroy();
    assert.equal(seen.map(({ body }) => body.toString()).join(), '{"n":1},{"n":2},{"n":3}');
  });

  test('keeps requests that run at the same time apart', {}, async ({ url, seen }) => {
    const slow = open(`${url}/slow`, { headers: { 'x-probe': 'slow' } });
    const slowAnswer = answerTo(slow);
    await new Promise<void>((resolve) => slow.write('{"n":', () => resolve()));
    await send(`${url}/quick`, { headers: { 'x-probe': 'quick' }, body: '{"n":2}' });
    slow.end('1}');
    assert.equal((await slowAnswer).status, 200);
    assert.deepEqual(
      seen.map(({ probe, connection, body }) => [probe, connection, body.toString()]),
      [
        ['quick', 'quick', '{"n":2}'],
        ['slow', 'slow', '{"n":1}'],
      ],
    );
  });

  const handlerError = new Error('private');
  const failing = () => Promise.reject(handlerError);
  test('tells of a failed handler in the reply and the log only', { onPing: failing }, async (scene) => {
    const { status, body } = await send(scene.url, { body: '{}' });
    assert.equal(status, 500);
    assert.equal(JSON.parse(body.toString()).code, 'handler_failed');
    assert.ok(!body.includes('private'));
    await scene.logged('handler_failed');
    assert.deepEqual(scene.errors, []);
  });

  const unexpected = new Error('unexpected');
  const broken: Receiver = { ...createProbe().receiver, handle: () => Promise.reject(unexpected) };
  test('hands what is unexpected to the app, once', { app: { receiver: broken } }, async ({ url, errors }) => {
    assert.equal((await send(url, { body: '{}' })).status, 500);
    assert.deepEqual(errors, [unexpected]);
  });
}
