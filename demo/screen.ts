import { styleText } from 'node:util';
import { providerFactories } from '@chathooks/express';
import { type Observation, type Verdict, verdicts } from './observe.ts';
import type { Chapter } from './scenario.ts';
import { summarize } from './summarize.ts';

type Style = Parameters<typeof styleText>[0];

const looks: Readonly<Record<Verdict, { readonly style: Style; readonly meaning: string }>> = {
  handled: { style: 'green', meaning: 'your handler ran' },
  duplicate: { style: 'blue', meaning: 'handled before: acknowledged, no handler ran again' },
  stale: { style: 'magenta', meaning: 'older than what is known: your handler was told so' },
  unknown: { style: 'cyan', meaning: 'no event of our tables: given to onUnknown, not lost' },
  refused: { style: 'yellow', meaning: 'not proven to come from the vendor, or unreadable: no handler ran' },
  failed: { style: 'red', meaning: 'your handler threw: the vendor is asked to send it again' },
  retried: { style: 'green', meaning: 'failed before, handled when it was sent again' },
};

const widths = { mark: 1, vendor: longest(Object.keys(providerFactories)), event: 24, status: 4, verdict: 9, type: 21 };
/** Where the columns of what handlers get begin. */
const contentAt = widths.mark + widths.vendor + widths.event + widths.status + widths.verdict + 5;
/** Wide enough for the columns and a few words, narrow enough for half a screen. */
const width = Math.min(process.stdout.columns || 118, 118);

/** Colours only where they are wanted: `styleText` looks at the terminal and at `NO_COLOR`. */
const paint = (style: Style, text: string) => styleText(style, text);
const print = (line = '') => console.log(line);

/** Greets. */
export function printGreeting(url: string): void {
  print(`\n${paint('bold', 'chathooks')}: one receiver for the webhooks of chat platforms\n`);
  print(`An Express server receives at ${paint('underline', `${url}/webhooks/<vendor>`)}.`);
  print('A simulator signs deliveries as the vendors do, and sends them over HTTP.');
}

/** Begins a chapter of the table. */
export function printChapter({ title, explanation }: Chapter): void {
  print(`\n${paint('bold', title)}\n${paint('dim', explanation)}`);
}

/** Names the columns. */
export function printHead(): void {
  const head: Style = ['bold', 'underline'];
  print();
  printRow([
    cell('', widths.mark),
    cell('vendor', widths.vendor, head),
    cell('its event', widths.event, head),
    cell('HTTP', widths.status, head),
    cell('verdict', widths.verdict, head),
    rest('what handlers get, or why they get nothing', contentAt, head),
  ]);
}

/**
 * Prints what became of a delivery: one line, or one for each event that it held.
 *
 * @param expected - whether it became what it had to; nobody knows of deliveries from outside
 */
export function printDelivery(vendor: string, event: string, seen: Observation, expected: boolean | undefined): void {
  const mark = expected === undefined ? cell('→', 1) : expected ? cell('✓', 1, 'dim') : cell('✗', 1, 'red');
  const style = seen.verdict ? looks[seen.verdict].style : 'dim';
  const start = [
    mark,
    cell(vendor, widths.vendor, 'bold'),
    cell(event, widths.event),
    cell(String(seen.status), widths.status, style),
    cell(seen.verdict ?? 'no event', widths.verdict, style),
  ];
  const blank = start.map(({ length }) => ({ text: ' '.repeat(length), length }));
  for (const [index, content] of contentsOf(seen).entries()) printRow([...(index === 0 ? start : blank), ...content]);
}

/** Prints a delivery that somebody else sent. */
export function printVisitor(seen: Observation): void {
  printDelivery(seen.path.split('/')[2] ?? '', seen.providerEvent ?? '', seen, undefined);
}

/** Counts what came of the deliveries. */
export function printSummary(counts: ReadonlyMap<Verdict, number>, unexpected: number): void {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  print(`\n${paint('bold', `${total} deliveries`)}`);
  for (const verdict of verdicts) {
    const { style, meaning } = looks[verdict];
    print(`${String(counts.get(verdict) ?? 0).padStart(4)} ${paint(style, verdict.padEnd(9))}  ${meaning}`);
  }
  print(
    unexpected === 0
      ? paint('green', '\n✓ Every delivery ended as it must.')
      : paint('red', `\n✗ ${unexpected} of them did not end as they must.`),
  );
}

/** Offers a command to try. */
export function printInvitation(command: string): void {
  print(`\nYour turn. This delivery is signed; paste it into another terminal:\n\n${paint('cyan', command)}\n`);
  print('Send it again and it is a duplicate; change a letter of the body and it is refused.');
  print('Ctrl-C stops the server.\n');
}

interface Cell {
  readonly text: string;
  readonly length: number;
}

/** What the handlers were given, an event a line; or else why they were given nothing. */
function contentsOf({ events, verdict, reason }: Observation): Cell[][] {
  const [first, ...others] = events.map((event) => [
    cell(event.type, widths.type),
    rest(summarize(event), contentAt + widths.type + 1),
  ]);
  if (reason !== undefined) return [[rest(reason, contentAt)]];
  if (first) return [first, ...others];
  return [[rest(verdict === 'duplicate' ? 'nothing: they had it before' : '', contentAt)]];
}

function longest(words: readonly string[]): number {
  return Math.max(...words.map(({ length }) => length));
}

/** What fits on the rest of the line. Not padded: a line that is full to the last column breaks at an emoji. */
function rest(text: string, position: number, style: Style = 'dim'): Cell {
  const length = Math.max(width - position - 1, 12);
  return { text: paint(style, cut(text, length)), length };
}

/** A text of exactly `length` letters. */
function cell(text: string, length: number, style: Style = 'reset'): Cell {
  return { text: paint(style, cut(text, length).padEnd(length)), length };
}

function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}

const printRow = (cells: readonly Cell[]) =>
  print(
    cells
      .map(({ text }) => text)
      .join(' ')
      .trimEnd(),
  );
