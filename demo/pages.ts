import { type ChatEvent, eventTypes } from '@chathooks/express';
import type { Observation, Verdict } from './observe.ts';
import type { Outcome } from './play.ts';
import type { Layout } from './scenario.ts';
import { summarize } from './summarize.ts';
import { blank, type Cell, cell, longest, printRow, rest, type Style } from './table.ts';
import { vendors } from './vendors.ts';

/** What a chapter's outcomes are printed on. */
export interface Page {
  add(outcome: Outcome): void;
  /** To be called after the last. */
  end(): void;
}

export const styles: Readonly<Record<Verdict, Style>> = {
  handled: 'green',
  duplicate: 'blue',
  stale: 'magenta',
  unknown: 'cyan',
  refused: 'yellow',
  failed: 'red',
  retried: 'green',
  confirmed: 'green',
};

const names = vendors.map(({ name }) => name);
const widths = { vendor: longest(names), sends: 24, verdict: 9, type: longest(eventTypes), count: 3, names: 33 };
const head: Style = ['bold', 'underline'];
const mark = (expected: boolean | undefined) =>
  expected === undefined ? cell('→', 1) : expected ? cell('✓', 1, 'dim') : cell('✗', 1, 'red');

/** Begins the page of a chapter. */
export const pages: Readonly<Record<Layout, () => Page>> = {
  /** A line per delivery, or one for each event that it held. */
  each() {
    printHeadOfDeliveries();
    return { add: (outcome) => printOutcome(outcome), end() {} };
  },

  /** A line for all that vendors were treated to alike. */
  'by outcome'() {
    printHeadOfDeliveries();
    const groups = new Map<string, Outcome[]>();
    return {
      add(outcome) {
        const { sends, seen, expected } = outcome;
        const contents = [seen.reason, ...seen.events.map(summarize)];
        const key = expected ? JSON.stringify([sends, seen.status, seen.verdict, contents]) : `${groups.size}`;
        groups.set(key, [...(groups.get(key) ?? []), outcome]);
      },
      end() {
        for (const [first, ...others] of groups.values()) {
          if (!first) continue;
          const who = [first, ...others].map(({ vendor }) => vendor);
          printOutcome({ ...first, vendor: nameOf(who) });
        }
      },
    };
  },

  /** A line for all that a vendor sends that becomes the same types of events, with the first as an example. */
  'by vendor and type'() {
    const columns = columnsOf('what handlers get', cell('', 1), 'vendor', '', 'its own names', head);
    printRow([...columns, rest('for example', columns, head)]);
    let groups = new Map<string, Outcome[]>();
    let current: string | undefined;

    function flush(): void {
      let vendor = current ?? '';
      for (const group of groups.values()) {
        printGroup(vendor, group);
        vendor = '';
      }
      groups = new Map();
    }
    return {
      add(outcome) {
        if (outcome.vendor !== current) flush();
        current = outcome.vendor;
        const { events, verdict, status } = outcome.seen;
        const types = [...new Set(events.map(({ type }) => type))].sort();
        const key = outcome.expected ? JSON.stringify([types, verdict, status]) : `${groups.size}`;
        groups.set(key, [...(groups.get(key) ?? []), outcome]);
      },
      end: flush,
    };
  },
};

/** Prints a delivery that somebody else sent. */
export function printVisitor(seen: Observation): void {
  const vendor = seen.path.split(/[/?]/)[2] ?? '';
  printSeen(vendor, seen.providerEvent ?? '', seen, { expected: undefined, heard: undefined });
}

function printHeadOfDeliveries(): void {
  const columns = [
    cell('', 1),
    cell('vendor', widths.vendor, head),
    cell('what it sends', widths.sends, head),
    cell('HTTP', 4, head),
    cell('verdict', widths.verdict, head),
  ];
  printRow([...columns, rest('what handlers get, or why they get nothing', columns, head)]);
}

const printOutcome = ({ vendor, sends, seen, expected, heard, answer, reply }: Outcome) =>
  printSeen(vendor, sends, seen, { expected, heard: answer === undefined && reply === undefined ? undefined : heard });

/** @param about.heard - the vendor's answer, if it is what the line is about */
function printSeen(
  vendor: string,
  sends: string,
  seen: Observation,
  about: { readonly expected: boolean | undefined; readonly heard: string | undefined },
): void {
  const style = seen.verdict ? styles[seen.verdict] : 'dim';
  const start = [
    mark(about.expected),
    cell(vendor, widths.vendor, 'bold'),
    cell(sends, widths.sends),
    cell(String(seen.status), 4, style),
    cell(seen.verdict ?? 'no event', widths.verdict, style),
  ];
  const indent = blank(start);
  const lines = contentsOf(seen, start);
  if (about.heard !== undefined) lines.push([rest(`↩ ${about.heard}`, start, 'reset')]);
  if (lines.length === 0) printRow(start);
  for (const [index, content] of lines.entries()) printRow(index === 0 ? [...start, ...content] : [indent, ...content]);
}

/** What the handlers were given, an event a line; or else why they were given nothing. */
function contentsOf({ events, verdict, reason }: Observation, start: readonly Cell[]): Cell[][] {
  if (reason !== undefined) return [[rest(reason, start)]];
  if (events.length === 0 && verdict === 'duplicate') return [[rest('nothing: they had it before', start)]];
  return events.map((event) => {
    const type = cell(event.type, widths.type);
    return [type, rest(summarize(event), [...start, type])];
  });
}

function printGroup(vendor: string, group: readonly Outcome[]): void {
  const [first] = group;
  if (!first) return;
  // What went wrong is told in full.
  if (!first.expected) {
    printOutcome(first);
    return;
  }
  const { seen } = first;
  const examples = new Map<string, ChatEvent>();
  for (const event of seen.events) if (!examples.has(event.type)) examples.set(event.type, event);
  const style = seen.verdict ? styles[seen.verdict] : 'dim';
  const count = group.length > 1 ? `${group.length}` : '';
  const lines = examples.size > 0 ? [...examples] : [[seen.reason ?? 'nothing', undefined] as const];
  for (const [index, [type, event]] of lines.entries()) {
    const columns =
      index === 0
        ? columnsOf(type, mark(true), vendor, count, shorten(group.map(({ sends }) => sends)), style)
        : columnsOf(type, cell('', 1), '', '', '', style);
    printRow([...columns, rest(event ? summarize(event) : '', columns)]);
  }
}

const columnsOf = (type: string, first: Cell, vendor: string, count: string, sends: string, style: Style): Cell[] => [
  first,
  cell(vendor, widths.vendor, style === head ? head : 'bold'),
  cell(type, widths.type, style),
  cell(count.padStart(widths.count), widths.count),
  cell(sends, widths.names, style === head ? head : 'reset'),
];

/** Names in a row, without what they share with the one before: `message.text, .image`, `created, (again)`. */
function shorten(words: readonly string[]): string {
  const parts = words.map((word, index) => {
    const [start = ''] = /^.*(?=\.)|^.*(?= \()/.exec(word) ?? [];
    return start !== '' && words[index - 1]?.startsWith(start) ? word.slice(start.length).trimStart() : word;
  });
  return parts.join(', ');
}

function nameOf(group: readonly string[]): string {
  const [first = ''] = group;
  if (group.length === 1) return first;
  if (group.length === names.length) return 'every vendor';
  const missing = names.filter((name) => !group.includes(name));
  return missing.length === 1 ? `all but ${missing}` : `${group.length} vendors`;
}
