import { createReceiver } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { verdicts } from '../../demo/observe.ts';
import { printVisitor } from '../../demo/pages.ts';
import { play } from '../../demo/play.ts';
import { type Chapter, createScenario, type Layout, layouts, type Step } from '../../demo/scenario.ts';
import { type DemoServer, startServer } from '../../demo/server.ts';
import { summarize } from '../../demo/summarize.ts';
import { runProgram } from '../examples/start-program.ts';
import { vendors } from '../vendors.ts';

let server: DemoServer;
beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  server = await startServer(0);
});
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

it('the demo ends with 0, having shown every vendor and every verdict, and can be read at a terminal', async () => {
  const { code, output, errors } = await runProgram('demo/main.ts', ['--once'], { PORT: '0' });
  expect(errors).toBe('');
  expect(code).toBe(0);
  expect(output).toContain('✓ Every delivery ended as it must.');
  const lines = output.split('\n');
  const rows = lines.filter((line) => line.startsWith('✓ '));
  for (const word of [...vendors.map(({ vendor }) => vendor), ...verdicts]) {
    expect(
      rows.some((row) => row.split(/ +/).includes(word)),
      word,
    ).toBe(true);
  }
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(120);
  expect(lines.length).toBeLessThan(250);
});

it('what it explains fits into a terminal of 100 columns', () => {
  const lengths = createScenario(server.url).map(({ explanation }) => explanation.length);
  expect(Math.max(...lengths)).toBeLessThan(100);
});

it('the scenario sends a sample of every event of every vendor', () => {
  const sent = createScenario(server.url).flatMap(({ steps }) =>
    steps.map(({ vendor, sends }) => `${vendor} ${sends}`),
  );
  const samples = vendors.flatMap(({ vendor, deliveries }) => deliveries.events.map((event) => `${vendor} ${event}`));
  expect(sent).toEqual(expect.arrayContaining(samples));
});

const step: Step = {
  vendor: 'wexio',
  sends: 'chat.created',
  request: deliver.wexio('chat.created'),
  verdict: 'handled',
  status: 200,
};
const chapterOf = (layout: Layout, ...steps: readonly Step[]): Chapter => ({
  title: '',
  explanation: '',
  layout,
  steps,
});

it.each<[string, Partial<Step>]>([
  ['verdict', { verdict: 'duplicate' }],
  ['status', { status: 500 }],
  ['normalized events', { types: ['ping'] }],
  ['reply', { reply: 'Welcome' }],
  ['answer of a handler', { answer: 'Welcome' }],
])('a delivery that ends with another %s than it must is counted as unexpected', async (_what, change) => {
  expect(await play(server, [chapterOf('each', { ...step, ...change })])).toMatchObject({
    unexpected: 1,
    counts: new Map([['handled', 1]]),
  });
});

it.each(layouts)('what did not end as it must has a line of its own when printed %s', async (layout) => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const others = ['chat.updated', 'chat.deleted'] as const;
  const steps = others.map((sends) => ({ ...step, sends, request: deliver.wexio(sends) }));
  await play(server, [chapterOf(layout, { ...step, status: 500 }, ...steps, { ...step, verdict: 'duplicate' })]);
  const lines = print.mock.calls.map(([line]) => String(line));
  expect(lines.filter((line) => line.startsWith('✗ '))).toEqual([expect.stringMatching(/ chat\.created /)]);
  expect(lines.filter((line) => line.startsWith('✓ ')).length).toBeGreaterThan(0);
});

it('deliveries that ended alike share a line', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const events = ['message.delivered', 'message.read', 'message.failed'] as const;
  const request = (sends: (typeof events)[number]) => deliver.xobito(sends, { data: { message_id: `wamid.${sends}` } });
  const steps = events.map((sends) => ({ ...step, vendor: 'xobito', sends, request: request(sends) }));
  await play(server, [chapterOf('by vendor and type', ...steps)]);
  const rows = print.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('✓ '));
  expect(rows).toEqual([
    expect.stringMatching(
      /^✓ xobito +message\.status +3 message\.delivered, \.read, \.failed +wamid\.message\.delivered /,
    ),
  ]);
});

it('a request that is no delivery has a line, too', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  server.observations.on('observation', printVisitor);
  await fetch(`${server.url}/webhooks/telegram?a=b`);
  await fetch(`${server.url}/favicon.ico`);
  expect(print.mock.calls.map(([line]) => String(line).trim().split(/ +/))).toEqual([
    ['→', 'telegram', '405', 'no', 'event'],
    ['→', '404', 'no', 'event'],
  ]);
});

it('every sample is summed up in a few words', async () => {
  const summaries: string[] = [];
  const receiver = createReceiver({
    providers: vendors.map(({ deliveries }) => deliveries.provider()),
    logger: false,
    onEvent: (event) => void summaries.push(summarize(event)),
  });
  for (const { deliveries } of vendors) {
    for (const { path, headers, body, method } of deliveries.events.map((event) => deliveries(event))) {
      const request = { method, path, url: `http://localhost${path}`, header: (name: string) => headers[name] };
      expect((await receiver.handle({ ...request, body: () => body }))?.status).toBe(200);
    }
  }
  expect(summaries.length).toBeGreaterThan(50);
  for (const summary of summaries) expect(summary).toMatch(/^(?!.*(undefined|\[object|NaN)).*\S/);
});

it('the demo tries the next port when one is taken', async () => {
  const taken = Number(new URL(server.url).port);
  const other = await startServer(taken);
  expect(Number(new URL(other.url).port)).toBeGreaterThan(taken);
  await other.close();
});
