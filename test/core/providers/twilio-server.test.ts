import { type HandlerContext, type ReceiverOptions, type TwilioOptions, twilio, webhooks } from '@chathooks/express';
import { deliver } from '@chathooks/testing';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { recordLogs } from '../harness.ts';

const empty = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** An app with Twilio on it, as a proxy reaches it. */
function appWith(options: Partial<TwilioOptions> = {}, settings: ReceiverOptions = {}) {
  const { logger, text } = recordLogs();
  const provider = twilio({ authToken: twilio.samples.secret, ...options });
  const app = express().use(webhooks({ providers: [provider], logger, ...settings }));
  /** Sends a sample, signed for the URL that Twilio has. */
  const post = (origin: string, headers: Record<string, string> = {}, connection?: string) => {
    const signed = deliver.twilio('incoming.sms', {}, { origin, ...(connection !== undefined && { connection }) });
    const sent = { host: '10.0.0.7:3000', ...signed.headers, ...headers };
    return request(app).post(signed.path).set(sent).send(Buffer.from(signed.body).toString());
  };
  return { app, post, text };
}

describe('Twilio on a real server behind a proxy', () => {
  it('answers a message with TwiML that says nothing', async () => {
    const events: unknown[] = [];
    const { post } = appWith({ publicUrl: 'https://app.example.com' }, { onEvent: (event) => void events.push(event) });
    const reply = await post('https://app.example.com').expect(200, empty);
    expect(reply.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(events).toMatchObject([
      { type: 'message.inbound', data: { message: { text: 'Is the shop open on Sunday? ☀️' } } },
    ]);
  });

  it('knows its URL by a proxy that it is told to trust, and by no other', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com', 'x-forwarded-port': '443' };
    await appWith({ trustProxy: true }).post('https://app.example.com', headers).expect(200);
    const { post, text } = appWith();
    await post('https://app.example.com', headers).expect(401);
    expect(text()).toContain('set publicUrl to "https://app.example.com"');
  });

  it('believes the framework where that is told of the proxy', async () => {
    const { app, post } = appWith();
    app.set('trust proxy', true);
    await post('https://app.example.com', { host: 'app.example.com', 'x-forwarded-proto': 'https' }).expect(200);
  });

  it('does not take a request for one connection at another, whatever host the caller names', async () => {
    for (const options of [{}, { publicUrl: 'http://app.example.com' }]) {
      const { headers, body } = deliver.twilio(
        'incoming.sms',
        {},
        { origin: 'http://app.example.com', connection: 'a' },
      );
      const forged = { ...headers, host: 'app.example.com/webhooks/twilio/a#' };
      await request(appWith(options).app)
        .post('/webhooks/twilio/b')
        .set(forged)
        .send(`${Buffer.from(body)}`)
        .expect(401);
    }
  });

  it('asks for the token of the connection in the URL', async () => {
    const authToken = ({ connection }: { connection: string | undefined }) =>
      connection === 'acme' ? twilio.samples.secret : undefined;
    const { post } = appWith({ authToken, publicUrl: 'https://app.example.com/webhooks/twilio' });
    await post('https://app.example.com', {}, 'acme').expect(200);
    await post('https://app.example.com', {}, 'other').expect(401);
    await post('https://app.example.com').expect(401);
  });

  it('refuses a form larger than Twilio would send', async () => {
    const { app } = appWith({ publicUrl: 'https://app.example.com' });
    const { path, headers, body } = deliver.twilio.body(`Body=${'x'.repeat(256 * 1024)}`, {
      origin: 'https://app.example.com',
    });
    await request(app).post(path).set(headers).send(Buffer.from(body).toString()).expect(413);
  });

  it('takes POST only', async () => {
    await request(appWith().app).get('/webhooks/twilio?MessageSid=SM1').expect(405).expect('allow', 'POST');
  });
});

describe('an answer in the reply', () => {
  /** What Twilio hears of a handler's answer. */
  function answer(onMessageInbound: (event: unknown, context: HandlerContext) => void) {
    const { post, text } = appWith({ publicUrl: 'https://app.example.com' }, { onMessageInbound });
    return { reply: post('https://app.example.com'), text };
  }
  const message = '<Response><Message>Open from noon ☀️</Message></Response>';
  /** As the class of twilio's library: a builder that turns into text. */
  class MessagingResponse {
    toString() {
      return `<?xml version="1.0" encoding="UTF-8"?>${message}`;
    }
  }

  it('may be TwiML as a text', async () => {
    const reply = await answer((_, context) => void context.reply(message)).reply.expect(200);
    expect(reply.text).toBe(message);
    expect(reply.headers['content-type']).toBe('text/xml; charset=utf-8');
  });

  it('is none to a status callback', async () => {
    const told: boolean[] = [];
    const { app } = appWith(
      { publicUrl: 'https://app.example.com' },
      { onMessageStatus: (_, context) => void told.push(context.reply(message)) },
    );
    const origin = 'https://app.example.com';
    const { path, headers, body } = deliver.twilio('status.delivered', {}, { origin });
    const reply = await request(app).post(path).set(headers).send(Buffer.from(body).toString()).expect(200);
    expect(reply.text).not.toContain('Message');
    expect(told).toEqual([false]);
  });

  it('may be what builds TwiML', async () => {
    await answer((_, context) => void context.reply(new MessagingResponse())).reply.expect(
      200,
      `${new MessagingResponse()}`,
    );
  });

  it.each([
    ['a text', 'Hi', 'a text that does not begin with "<"'],
    ['a text with a tag in it', 'Hi <b>you</b>', 'a text that does not begin with "<"'],
    ['an empty text', '', 'a text that does not begin with "<"'],
    ['an object', { message: 'Hi' }, 'an object that is no TwiML'],
    ['an object without a prototype', Object.create(null), 'an object that is no TwiML'],
    ['a number', 7, 'number'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('is refused when it is %s, without being told', async (_, content, seen) => {
    const { reply, text } = answer((_event, context) => void context.reply(content));
    await reply.expect(500);
    expect(text()).toContain(`The reply is ${seen}, expected TwiML`);
    expect(text()).not.toMatch(/'Hi|<b>/);
  });
});
