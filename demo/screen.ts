import { type Verdict, verdicts } from './observe.ts';
import { type Page, pages, styles } from './pages.ts';
import type { Chapter } from './scenario.ts';
import { paint, print } from './table.ts';

export { printVisitor } from './pages.ts';

const meanings: Readonly<Record<Verdict, string>> = {
  handled: 'your handler ran',
  duplicate: 'handled before: acknowledged, no handler ran again',
  stale: 'older than what is known: your handler was told so',
  unknown: 'nothing in the model stands for it: given to onUnknown, not lost',
  refused: 'not proven to come from the vendor, or unreadable: no handler ran',
  failed: 'your handler threw: the vendor is asked to send it again',
  retried: 'failed before, handled when it was sent again',
  confirmed: 'the vendor checked the URL, with the right token',
};

/** Greets. */
export function printGreeting(url: string): void {
  print(`\n${paint('bold', 'chathooks')}: one receiver for the webhooks of chat platforms\n`);
  print(`An Express server receives at ${paint('underline', `${url}/webhooks/<vendor>`)}.`);
  print('A simulator signs deliveries as the vendors do, and sends them over HTTP.');
}

/** Begins a chapter of the table. */
export function printChapter({ title, explanation, layout }: Chapter): Page {
  print(`\n${paint('bold', title)}\n${paint('dim', explanation)}`);
  return pages[layout]();
}

/** Counts what came of the deliveries. */
export function printSummary(counts: ReadonlyMap<Verdict, number>, unexpected: number): void {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  print(`\n${paint('bold', `${total} requests`)}`);
  for (const verdict of verdicts) {
    const count = String(counts.get(verdict) ?? 0).padStart(4);
    print(`${count} ${paint(styles[verdict], verdict.padEnd(9))}  ${meanings[verdict]}`);
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
