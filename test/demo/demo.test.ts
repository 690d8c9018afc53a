import { providerFactories } from '@chathooks/core';
import { deliver } from '@chathooks/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { verdicts } from '../../demo/observe.ts';
import { play } from '../../demo/play.ts';
import { createScenario } from '../../demo/scenario.ts';
import { type DemoServer, startServer } from '../../demo/server.ts';
import { runProgram } from '../examples/start-program.ts';

let server: DemoServer;
beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  server = await startServer(0);
});
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

it('the demo ends with 0, having shown every vendor and every verdict', async () => {
  const { code, output, errors } = await runProgram('demo/main.ts', ['--once'], { PORT: '0' });
  expect(errors).toBe('');
  expect(code).toBe(0);
  expect(output).toContain('✓ Every delivery ended as it must.');
  const rows = output.split('\n').filter((line) => line.startsWith('✓ '));
  for (const word of [...Object.keys(providerFactories), ...verdicts]) {
    expect(
      rows.some((row) => row.split(/ +/).includes(word)),
      word,
    ).toBe(true);
  }
  expect(Math.max(...output.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(120);
});

it('what it explains fits into a terminal of 100 columns', () => {
  const lengths = createScenario().map(({ explanation }) => explanation.length);
  expect(Math.max(...lengths)).toBeLessThan(100);
});

it('the scenario sends a sample of every event of every vendor', () => {
  const sent = createScenario().flatMap(({ steps }) => steps.map(({ vendor, sends }) => `${vendor} ${sends}`));
  const samples = Object.values(deliver).flatMap((deliveries, index) =>
    deliveries.events.map((event) => `${Object.keys(deliver)[index]} ${event}`),
  );
  expect(sent).toEqual(expect.arrayContaining(samples));
});

it.each([
  ['verdict', { verdict: 'duplicate' as const }],
  ['status', { status: 500 }],
  ['normalized events', { types: ['ping' as const] }],
])('a delivery that ends with another %s than it must is counted as unexpected', async (_what, change) => {
  const step = {
    vendor: 'wexio',
    sends: 'chat.created',
    delivery: deliver.wexio('chat.created'),
    verdict: 'handled' as const,
    status: 200,
  };
  const chapter = { title: '', explanation: '', steps: [{ ...step, ...change }] };
  expect(await play(server, [chapter])).toMatchObject({ unexpected: 1, counts: new Map([['handled', 1]]) });
});

it('the demo tries the next port when one is taken', async () => {
  const taken = Number(new URL(server.url).port);
  const other = await startServer(taken);
  expect(Number(new URL(other.url).port)).toBeGreaterThan(taken);
  await other.close();
});
