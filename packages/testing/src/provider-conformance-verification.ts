import assert from 'node:assert/strict';
import { hasErrorCode, type SecretSource } from '@chathooks/core';
import type { ProviderSubject } from './provider-conformance.ts';
import { encode, encodePayload, type Received, receiving, testTime, urlOf } from './provider-conformance-receiving.ts';
import type { TestRunner } from './test-runner.ts';

/** The cases of verification. */
export function describeVerification({ describe, it }: TestRunner, subject: ProviderSubject): void {
  const { samples, vectors, toleranceSeconds, proves = 'body', secretFrom = (text: string) => text } = subject;
  const { secret } = samples;
  const url = urlOf(subject.create(secret).name);

  /** Signs the sample of an event, or other bytes in its stead. */
  const sign = (event: string, options: { secret?: string; now?: number; body?: Uint8Array } = {}) => {
    const body = options.body ?? encodePayload(samples, samples.events[event]?.payload ?? {});
    return { body, headers: samples.headers(body, { secret, now: testTime, ...options, event, url }) };
  };

  describe('verification', () => {
    it('accepts what was signed by others, and refuses it with any byte of the body changed', async () => {
      for (const vector of vectors) {
        const receive = receiving(subject.create(vector.secret), vector.now ?? testTime);
        const headers = { 'content-type': 'application/json', ...vector.headers };
        const body = encode(vector.body);
        expectAccepted(await receive({ headers, body }));
        if (proves === 'sender') continue;
        for (const index of body.keys()) {
          const changed = body.map((byte, place) => (place === index ? byte ^ 1 : byte));
          expectRefused(await receive({ headers, body: changed }), 'mismatch', [vector.secret]);
        }
      }
    });

    it('refuses a missing and an empty secret when the provider is made', async () => {
      const good = { name: 'good', value: secret };
      for (const bad of ['', [], [''], [good, ''], { name: 'empty', value: '' }] satisfies SecretSource[]) {
        assert.throws(
          () => subject.create(bad),
          (error) => hasErrorCode(error, 'missing_secret'),
        );
      }
      // As JavaScript passes an environment variable that is not set.
      assert.throws(
        () => Reflect.apply(subject.create, subject, [undefined]),
        (error) => hasErrorCode(error, 'missing_secret'),
      );
    });

    for (const { event, names } of dialects(subject)) {
      const receive = (sent: ReturnType<typeof sign>, changed: Record<string, string | undefined> = {}) =>
        receiving(subject.create(secret))({ ...sent, headers: { ...sent.headers, ...changed } });
      const changeEach = (change: (value: string) => string | undefined) => {
        const { headers } = sign(event);
        return Object.fromEntries(names.map((name) => [name, change(headers[name] ?? '')]));
      };

      describe(`by ${names.join(' and ')}`, () => {
        it('accepts what it signs', async () => {
          expectAccepted(await receive(sign(event)));
        });

        it('refuses a signature made with another secret', async () => {
          const other = secretFrom('another-secret');
          expectRefused(await receive(sign(event, { secret: other })), 'mismatch', [secret, other]);
        });

        it('accepts the old and the new secret during a rotation, and tells the app which one it was', async () => {
          const names = ['older', 'old', 'new'];
          const [older = '', old = '', current = ''] = names.map((name) => secretFrom(`${name}-secret`));
          const rotating = subject.create([
            { name: 'old', value: old },
            { name: 'new', value: current },
          ]);
          for (const [value, name] of [[old, 'old'] as const, [current, 'new'] as const]) {
            const received = await receiving(rotating)(sign(event, { secret: value }));
            expectAccepted(received);
            assert.deepEqual(new Set(received.secretNames), new Set([name]));
          }
          expectRefused(await receiving(rotating)(sign(event, { secret: older })), 'mismatch', [old, current]);
        });

        it('refuses everything of a connection that has no secret', async () => {
          const receiveNothing = receiving(subject.create(() => undefined));
          expectRefused(await receiveNothing(sign(event)), 'no_secret', [secret]);
        });

        it('refuses a request without a signature', async () => {
          expectRefused(
            await receive(
              sign(event),
              changeEach(() => undefined),
            ),
            'missing_header',
            [secret],
          );
          expectRefused(
            await receive(
              sign(event),
              changeEach(() => ''),
            ),
            'missing_header',
            [secret],
          );
        });

        const malformed: ProviderSubject['malformed'] = {
          'is a digit too short': (value) => value.slice(0, -1),
          'is a digit too long': (value) => `${value}0`,
          'has a letter that is none of its alphabet': (value) => `${value.slice(0, -1)}!`,
          'came twice': (value) => `${value}, ${value}`,
          'is something else': () => 'anything',
          ...subject.malformed,
        };
        // Of a credential nobody can tell a wrong form from a wrong value.
        for (const [what, change] of proves === 'sender' ? [] : Object.entries(malformed)) {
          it(`refuses a signature header that ${what}`, async () => {
            expectRefused(await receive(sign(event), changeEach(change)), 'malformed', [secret]);
          });
        }

        if (toleranceSeconds !== undefined) {
          const signedAt = (seconds: number) => receive(sign(event, { now: testTime + seconds * 1000 }));

          it(`accepts a signed time up to ${toleranceSeconds} s old or ahead, and refuses one beyond`, async () => {
            expectAccepted(await signedAt(-toleranceSeconds));
            expectAccepted(await signedAt(toleranceSeconds));
            expectRefused(await signedAt(-toleranceSeconds - 1), 'stale', [secret]);
            expectRefused(await signedAt(toleranceSeconds + 1), 'future', [secret]);
          });
        }

        if (proves === 'body') {
          it('refuses JSON that was parsed and written anew', async () => {
            const { headers, body } = sign(event);
            const rewritten = encode(JSON.stringify(JSON.parse(decode(body)), null, 1));
            expectRefused(await receive({ headers, body: rewritten }), 'mismatch', [secret]);
          });

          it('verifies the bytes as they came: escaped, spaced and beyond ASCII', async () => {
            const text = decode(sign(event).body);
            const escaped = text
              .replaceAll('/', String.raw`\/`)
              .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
            for (const body of [escaped, `\r\n${text}\n`, text.replace('{', '{"chathooks_extra":"👋🏽 é",')]) {
              expectAccepted(await receive(sign(event, { body: encode(body) })));
            }
          });
        }

        it('accepts a content type with a charset, and none', async () => {
          const type = `${sign(event).headers['content-type']}; charset=utf-8`;
          expectAccepted(await receive(sign(event), { 'content-type': type }));
          expectAccepted(await receive(sign(event), { 'content-type': undefined }));
        });
      });
    }
  });
}

/** The sets of headers that the samples are signed with, each with one event that is: most vendors have one set. */
function dialects({
  samples,
  create,
  secretFrom = (text) => text,
}: ProviderSubject): readonly { event: string; names: readonly string[] }[] {
  const url = urlOf(create(samples.secret).name);
  const byNames = new Map<string, { event: string; names: readonly string[] }>();
  for (const event of Object.keys(samples.events)) {
    const [one, other] = ['one', 'other'].map((text) =>
      samples.headers(encode('{}'), { secret: secretFrom(text), now: testTime, event, url }),
    );
    // What depends on the secret is what proves it.
    const names = Object.keys({ ...one }).filter((name) => one?.[name] !== other?.[name]);
    if (!byNames.has(names.join())) byNames.set(names.join(), { event, names });
  }
  return [...byNames.values()];
}

function expectAccepted({ status, events, log }: Received): void {
  assert.equal(status, 200, log);
  assert.ok(events.length > 0, 'no event');
}

/** Expects a refusal that tells the app why, the caller nothing but a code, and nobody a secret or a signature. */
function expectRefused(received: Received, reason: string, secrets: readonly string[]): void {
  const { status, reply, events, log } = received;
  assert.deepEqual({ status, events, reason: received.reason }, { status: 401, events: [], reason }, log);
  assert.equal(JSON.parse(reply).code, 'verification_failed');
  for (const text of [reply, log]) {
    assert.ok(!secrets.some((secret) => text.includes(secret)), 'a secret was told');
    assert.doesNotMatch(text, /[0-9a-f]{40}/i, 'a signature was told');
  }
  assert.ok(!reply.includes(reason), 'the caller was told why');
}

const decode = (body: Uint8Array) => new TextDecoder().decode(body);
