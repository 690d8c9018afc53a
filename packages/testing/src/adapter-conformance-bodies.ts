import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { hasErrorCode } from '@chathooks/core';
import { answerTo, open, send } from './adapter-conformance-probe.ts';
import type { AdapterCapabilities, DefineTest, Setting } from './adapter-conformance-subject.ts';

const awkwardBodies: Readonly<Record<string, Uint8Array>> = {
  'an emoji': Buffer.from('{"text":"Grüße 👋🏽"}'),
  'escaped slashes and letters': Buffer.from('{"url":"https:\\/\\/example.com","text":"\\u00e9"}'),
  'line breaks and indentation': Buffer.from('{\r\n\t"a" :  1 ,\r\n"a":2}\r\n'),
  'a byte order mark': Buffer.from('\uFEFF{}'),
  'bytes that are no UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x7d]),
};

/** How bodies are read. */
export function bodyTests(test: DefineTest, capabilities: AdapterCapabilities): void {
  for (const [what, body] of Object.entries(awkwardBodies)) {
    test(`keeps the bytes of a body with ${what}`, {}, async ({ url, seen }) => {
      assert.equal((await send(url, { body })).status, 200);
      assert.deepEqual(seen[0]?.body, Buffer.from(body));
    });
  }

  test('joins a body of many chunks', {}, async ({ url, seen }) => {
    const chunks = Array.from({ length: 200 }, (_, index) => Buffer.from(`${index},👋 `));
    assert.equal((await send(url, { body: chunks })).status, 200);
    assert.deepEqual(seen[0]?.body, Buffer.concat(chunks));
  });

  test('joins a long body of known length', {}, async ({ url, seen }) => {
    const body = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
    assert.equal((await send(url, { body })).status, 200);
    assert.deepEqual(seen[0]?.body, body);
  });

  test('takes an empty body', {}, async ({ url, seen }) => {
    assert.equal((await send(url)).status, 200);
    assert.equal(seen[0]?.body.length, 0);
  });

  test('inflates a gzip body', {}, async ({ url, seen }) => {
    const headers = { 'content-encoding': 'gzip' };
    assert.equal((await send(url, { headers, body: gzipSync('{"text":"👋"}') })).status, 200);
    assert.equal(seen[0]?.body.toString(), '{"text":"👋"}');
  });

  test('lets in a body of exactly the limit', { limits: { bodyBytes: 100 } }, async ({ url }) => {
    assert.equal((await send(url, { body: Buffer.alloc(100, 0x20) })).status, 200);
    assert.equal((await send(url, { body: [Buffer.alloc(60, 0x20), Buffer.alloc(40, 0x20)] })).status, 200);
  });

  test('refuses a body that says it is too long, before it is sent', {
    limits: { bodyBytes: 100 },
  }, async (scene) => {
    const outgoing = open(scene.url, { headers: { 'content-length': 101 } });
    outgoing.flushHeaders();
    const { status, headers } = await answerTo(outgoing);
    outgoing.destroy();
    assert.deepEqual([status, headers.connection], [413, 'close']);
    assert.equal(scene.seen.length, 0);
  });

  test('stops reading a body that grows too long', { limits: { bodyBytes: 100 } }, async ({ url, seen }) => {
    const outgoing = open(url);
    outgoing.write(Buffer.alloc(60));
    outgoing.write(Buffer.alloc(60));
    const { status, headers } = await answerTo(outgoing);
    outgoing.destroy();
    assert.deepEqual([status, headers.connection], [413, 'close']);
    assert.equal(seen.length, 0);
  });

  if (capabilities.abort) {
    test('gives up at once when the sender hangs up', {}, async ({ url, seen, errors, logged }) => {
      const outgoing = open(url, { headers: { 'content-length': 100 } });
      outgoing.write('half', () => outgoing.destroy());
      await logged('body_aborted');
      assert.equal((await send(url, { body: '{}' })).status, 200);
      assert.equal(seen.length, 1);
      // Koa itself reports broken sockets to its error handler.
      assert.ok(!errors.some((error) => hasErrorCode(error)));
    });
  }

  for (const parser of capabilities.parsers.filter((kind) => kind !== 'object')) {
    test(`takes what an earlier parser left as ${parser}`, { app: { parser } }, async ({ url, seen }) => {
      const body = '{"url":"https:\\/\\/example.com", "text":"👋"}';
      assert.equal((await send(url, { body })).status, 200);
      assert.equal(seen[0]?.body.toString(), body);
    });

    test(`holds what was left as ${parser} to the limit`, {
      app: { parser },
      limits: { bodyBytes: 4 },
    }, async (scene) => {
      assert.equal((await send(scene.url, { body: '{"a":1}' })).status, 413);
    });
  }

  if (capabilities.parsers.includes('object')) {
    const setting: Setting = { app: { parser: 'object' } };
    test('fails at once, with advice, when an earlier parser left an object', setting, async (scene) => {
      const startedAt = performance.now();
      const { status, body } = await send(scene.url, { body: '{"a":1}' });
      assert.ok(performance.now() - startedAt < 1_000, 'waited for a body that had been read');
      assert.equal(status, 500);
      assert.equal(JSON.parse(body.toString()).code, 'body_consumed');
      assert.match(
        (await scene.logged('body_consumed')).message,
        /^Something read the body before chathooks could.*\. [A-Z]/,
      );
      assert.equal(scene.seen.length, 0);
    });

    test('does not wait for an empty body that an earlier parser has read', setting, async ({ url }) => {
      assert.ok([200, 500].includes((await send(url)).status ?? 0));
    });
  }
}
