import { aisoule, createReceiver, watsi, wexio, xobito } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { expect, it } from 'vitest';
import { send } from '../harness.ts';

const vendors = [
  { factory: wexio, variable: 'WEXIO_WEBHOOK_SECRET', delivery: deliver.wexio('chat.created') },
  { factory: xobito, variable: 'XOBITO_WEBHOOK_SECRET', delivery: deliver.xobito('message.sent') },
  { factory: watsi, variable: 'WATSI_WEBHOOK_SECRET', delivery: deliver.watsi('message.status') },
  { factory: aisoule, variable: 'AISOULE_WEBHOOK_SECRET', delivery: deliver.aisoule('message.incoming') },
];

it.each(vendors)('takes its secret from $variable', async ({ factory, variable, delivery }) => {
  expect(factory.environmentVariables).toEqual([variable]);
  expect(factory.fromEnvironment({})).toBeUndefined();
  expect(() => factory.fromEnvironment({ [variable]: '' })).toThrow('missing_secret');
  const provider = factory.fromEnvironment({ [variable]: factory.samples.secret });
  const receiver = createReceiver({ providers: provider ? [provider] : [], logger: false });
  expect((await send(receiver, delivery)).status).toBe(200);
});

it('is mounted under another name and lets in another content type when told to', async () => {
  const xml = { 'content-type': 'application/xml' };
  const options = { secret: 'secret', name: 'other', contentTypes: ['application/xml'] };
  for (const [factory, deliveries] of [
    [wexio, deliver.wexio.body],
    [xobito, deliver.xobito.body],
    [watsi, deliver.watsi.body],
    [aisoule, deliver.aisoule.body],
  ] as const) {
    const receiver = createReceiver({ providers: [factory(options)], logger: false });
    const delivery = deliveries('{}', { secret: 'secret', name: 'other' });
    expect((await send(receiver, delivery, xml)).status).toBe(200);
    expect((await send(receiver, delivery)).status).toBe(415);
  }
});

it('names the event in a header where the vendor does', () => {
  expect(deliver.wexio('chat.created').headers).toMatchObject({ 'x-wexio-event': 'chat.created' });
  expect(deliver.watsi('message.status').headers).toMatchObject({ 'x-watsi-event': 'message.status' });
  expect(deliver.xobito('message.read').headers).toMatchObject({ 'x-webhook-event': 'message.read' });
  expect(deliver.xobito('Contact.created').headers).not.toHaveProperty('x-webhook-event');
  expect(deliver.watsi.body('{}').headers).not.toHaveProperty('x-watsi-event');
});
