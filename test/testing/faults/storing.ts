import { adds, breaks, type Fault } from './fault.ts';

const begin = 'const settings = inboxSettings(options);';
const json = 'text: JSON.stringify(entry)';
const parsed = 'JSON.parse(text)';
const revive = (change: string) => `(_, part) => (typeof part === 'string' ? ${change} : part)`;
const stored = 'storage.rows.push(...entries.map(rowOf));';
const counted = 'const pending = storage.rows.length;';
const cameOut = 'entries come out as they went in';
const tells = 'tells what was set aside, when and why, the oldest first';

/** Faults in what is stored. */
export const storingFaults: readonly Fault[] = [
  breaks('loses U+0000', parsed, `JSON.parse(text, ${revive("part.replaceAll('\\u0000', '')")})`, cameOut, tells),
  breaks('loses lone surrogates', parsed, `JSON.parse(text, ${revive('part.toWellFormed()')})`, cameOut),
  breaks(
    'loses keys called __proto__',
    parsed,
    `JSON.parse(text.replace('"__proto__":{"polluted":true},', ''))`,
    cameOut,
  ),
  breaks('forgets the name of the secret', json, "text: JSON.stringify({ ...entry, secretName: '1' })", cameOut),
  breaks(
    'hands out the object that it was given',
    `const entryOf = ({ text }: Row): InboxEntry => JSON.parse(text);`,
    'const entryOf = (row: any) => row.entry ??= JSON.parse(row.text);',
    'another try gets the entry as it was put, whatever became of the object',
  ),
  breaks(
    'looks for no work after a put',
    `${stored}\n      wakeAll();`,
    stored,
    'an entry is handed out whether it was put before the start or after',
    'what one instance stores another hands out',
  ),
  adds(
    'waits for the handlers in a put',
    stored,
    'await null; await Promise.all(running);',
    'a handler may put entries itself',
  ),
  breaks(
    'stores after it has said so',
    stored,
    'const before = life; setTimeout(() => { if (life === before) storage.rows.push(...entries.map(rowOf)); });',
    'what a put has stored survives a crash',
  ),
  adds(
    'keeps what is pending to itself',
    begin,
    'storage = { ...storage, rows: [] };',
    'what a put has stored is there for an instance that opens later',
  ),
  adds(
    'refuses to put nothing',
    counted,
    "if (!entries.length) throw new Error('');",
    'a put of nothing stores nothing',
  ),
  breaks(
    'stores 500 entries at a time',
    stored,
    'storage.rows.push(...entries.slice(0, 500).map(rowOf));',
    'a put of 1,000 entries stores them all',
  ),
  adds(
    'ignores the prefix',
    begin,
    'storage = (memoryInbox as any).only ??= storage;',
    'inboxes with different prefixes do not meet',
  ),
  breaks(
    'tells ids in upper case from none',
    'id: entry.event.id,',
    'id: entry.event.id.toLowerCase(),',
    'ids and ordering keys of any length and with any characters are told apart',
  ),
  adds(
    'refuses ids that are pending',
    counted,
    'if (entries.some(({ event }) => storage.rows.some(({ id }) => id === event.id))) throw new Error();',
    'an id that is put twice while it is pending is tried, and leaves nothing behind',
  ),
  breaks(
    'sets the same id aside twice',
    'take(id);\n      const oldest',
    'const oldest',
    'an id that is put again after it was set aside does no harm',
  ),
  breaks(
    'remembers ids that are done',
    stored,
    'const seen = (storage as any).seen ??= new Set();' +
      'storage.rows.push(...entries.filter(({ event }) => !seen.has(event.id) && seen.add(event.id)).map(rowOf));',
    'an id that was done can come again',
  ),
  breaks(
    'ignores maxPending',
    'pending >= settings.maxPending',
    'pending >= 100_000',
    'a full inbox refuses with inbox_full and stores nothing of that put, until there is room again',
  ),
  adds(
    'stores part of a put before it refuses',
    counted,
    'if (pending >= settings.maxPending) storage.rows.push(...entries.slice(0, 1).map(rowOf));',
    'a full inbox refuses with inbox_full and stores nothing of that put, until there is room again',
  ),
  breaks(
    'is full of what was set aside',
    counted,
    'const pending = storage.rows.length + storage.failed.length;',
    'what is being tried takes up room, what was set aside does not',
  ),
  breaks(
    'finds room where entries are being tried',
    counted,
    'const pending = storage.rows.filter(({ owner }) => !owner).length;',
    'what is being tried takes up room, what was set aside does not',
  ),
];
