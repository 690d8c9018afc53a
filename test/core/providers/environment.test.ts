import { createReceiver, type Provider } from '@chathooks/core';
import { type DeliverOptions, deliver } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';
import { vendors } from '../../vendors.ts';
import { recordLogs } from '../harness.ts';

describe.each(vendors)('$vendor', ({ vendor, factory, deliveries, environment }) => {
  const { environmentVariables, fromEnvironment } = factory;
  const [event = ''] = deliveries.events;

  /** Sends a sample to a provider. */
  async function statusOf(
    provider: Provider | undefined,
    options: DeliverOptions = {},
    changed: Record<string, string> = {},
  ) {
    const { method, path, headers, body } = deliveries(event, {}, options);
    const sent: Readonly<Record<string, string>> = { ...headers, ...changed };
    const receiver = createReceiver({ providers: provider ? [provider] : [], logger: false });
    const url = `http://localhost${path}`;
    const reply = await receiver.handle({ method, path, url, header: (name) => sent[name], body: () => body });
    return reply?.status;
  }

  it('is not there when the environment knows nothing of it', () => {
    expect(environmentVariables.length).toBeGreaterThan(0);
    for (const name of environmentVariables) expect(name).toMatch(/^[A-Z][A-Z\d]*(_[A-Z\d]+)+$/);
    expect(fromEnvironment({})).toBeUndefined();
  });

  it('takes its secrets from the environment', async () => {
    expect(await statusOf(fromEnvironment(environment))).toBe(200);
  });

  it.each(environmentVariables)('does not start with an empty %s, and never tells the others', (name) => {
    const start = () => fromEnvironment({ ...environment, [name]: '' });
    expect(start).toThrow(new RegExp(`^${name} is missing or empty .* \\(missing_secret\\)$`));
    for (const value of Object.values(environment)) expect(start).not.toThrow(value);
  });

  if (environmentVariables.length > 1) {
    it.each(environmentVariables)('does not start without %s when the rest is there', (name) => {
      expect(() => fromEnvironment({ ...environment, [name]: undefined })).toThrow(
        new RegExp(`^${name} is missing or empty .* \\(missing_secret\\)$`),
      );
    });
  }

  /** The options that its own error message asks for. */
  function adviceOf(): readonly (readonly [option: string, variable: string])[] {
    try {
      Reflect.apply(factory, undefined, []);
    } catch (error) {
      const advice = error instanceof Error ? error.message.matchAll(/(\w+): process\.env\.(\w+)/g) : [];
      return Array.from(advice, ([, option = '', variable = '']) => [option, variable]);
    }
    return [];
  }

  it('says which options it needs, and needs no more', async () => {
    const advice = adviceOf();
    expect(advice.map(([, variable]) => variable)).toEqual(environmentVariables);
    const options = Object.fromEntries(advice.map(([option, variable]) => [option, environment[variable]]));
    expect(await statusOf(factory(options))).toBe(200);
  });

  it('is mounted under another name, and lets in another content type, when told to', async () => {
    const secrets = Object.fromEntries(adviceOf().map(([option, variable]) => [option, environment[variable]]));
    const other = { ...secrets, name: `${vendor}-eu`, contentTypes: ['application/vnd.other'] };
    const sent = { name: `${vendor}-eu` };
    expect(await statusOf(factory(other), sent, { 'content-type': 'application/vnd.other' })).toBe(200);
    expect(await statusOf(factory(other), sent)).toBe(415);
  });

  it('keeps its secrets out of the log when it refuses a delivery', async () => {
    const logs = recordLogs();
    const provider = fromEnvironment(environment);
    const receiver = createReceiver({ providers: provider ? [provider] : [], logger: logs.logger });
    const { method, path, headers, body } = deliveries(event, {}, { secret: 'whsec_Z3Vlc3M=' });
    const request = { method, path, url: `http://localhost${path}`, header: (name: string) => headers[name] };
    const reply = await receiver.handle({ ...request, body: () => body });
    expect(reply?.status).toBe(401);
    for (const value of Object.values(environment)) expect(logs.text() + reply?.body).not.toContain(value);
    expect(logs.lines).toHaveLength(1);
  });
});

it('names the event in a header where the vendor does', () => {
  expect(deliver.wexio('chat.created').headers).toMatchObject({ 'x-wexio-event': 'chat.created' });
  expect(deliver.watsi('message.status').headers).toMatchObject({ 'x-watsi-event': 'message.status' });
  expect(deliver.xobito('message.read').headers).toMatchObject({ 'x-webhook-event': 'message.read' });
  expect(deliver.xobito('Contact.created').headers).not.toHaveProperty('x-webhook-event');
  expect(deliver.watsi.body('{}').headers).not.toHaveProperty('x-watsi-event');
});
