import { catalog, createReceiver, type EventType, eventTypes, wexio } from '@chathooks/core';
import { expect, it } from 'vitest';
import { absolute, readPage, withGenerated } from './markdown.ts';
import { commentsOf, fieldsOf, filledFields, isOptional, readVendors, shapes, typeOf } from './model.ts';
import { furtherFields, tellingsOf } from './tellings.ts';
import { exceptions, intermediaries, shared, things } from './things.ts';

// `vitest run test/docs -u` writes the tables anew.
const vendors = [...(await readVendors())].sort((one, other) => (one.vendor < other.vendor ? -1 : 1));

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |\n`).join('');
const escapeCell = (text: string) => text.replaceAll('|', '\\|');
const code = (text: string) => `\`${text}\``;
const handlerOf = (type: EventType) =>
  `on${type
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;

/** Without the names that vendors give their events: there are hundreds, and each vendor's page has its own. */
const tellersOf = (type: EventType) =>
  vendors
    .filter(({ samples }) => Object.values(samples.events).some(({ types }) => types.includes(type)))
    .map(({ vendor }) => vendor);

it('every event type has the handler that the tables name', () => {
  const handlers = Object.fromEntries(eventTypes.map((type) => [handlerOf(type), () => {}]));
  expect(() => createReceiver({ providers: [wexio({ secret: 'secret' })], ...handlers })).not.toThrow();
});

it('the README says which vendor tells of which event, and where its secrets are looked for', async () => {
  const rows = eventTypes.flatMap((type) => {
    const tellers = tellersOf(type);
    // Unknown is whatever a provider cannot read.
    return type === 'unknown' || tellers.length === 0 ? [] : [[code(type), code(handlerOf(type)), tellers.join(', ')]];
  });
  const environment = vendors.map(({ vendor, environmentVariables }) => [
    `[${vendor}](docs/providers/${vendor}.md)`,
    environmentVariables.map(code).join(', '),
  ]);
  const readme = readPage('README.md');
  const text = withGenerated(readme, 'vendors', table(['Event', 'Handler', 'From'], rows));
  const whole = withGenerated({ ...readme, text }, 'environment', table(['Vendor', 'Variables'], environment));
  await expect(whole).toMatchFileSnapshot(absolute(readme.path));
});

const platforms = vendors.filter(({ vendor }) => !intermediaries.has(vendor)).map(({ vendor }) => vendor);

/** Which platform tells of what, and what each of them then fills. */
function thingsTable(): string {
  const rows = things.map((thing) => {
    const who = tellingsOf(thing, vendors).map(({ vendor }) => vendor);
    const others = who.filter((vendor) => intermediaries.has(vendor)).sort();
    const fields = thing.baseline.filter((field) => !shared.has(field));
    const cells = platforms.map((vendor) => (who.includes(vendor) ? '✓' : ''));
    return [thing.what, code(thing.type), fields.map(code).join(', '), ...cells, others.join(', ')];
  });
  return table(['What happens', 'Event', 'With', ...platforms, 'Through others'], rows);
}

/** What only some platforms fill, or only where it happens that there is something to say. */
function furtherFieldsTable(): string {
  const fillers = furtherFields(vendors);
  const rows = Array.from(fillers, ([field, who]) => [
    code(field),
    ...platforms.map((vendor) => (who.has(vendor) ? '✓' : '')),
  ]);
  return table(['Field', ...platforms], rows);
}

/** Names who does, or who does not, whichever are fewer. */
function inShort(who: readonly string[], others: readonly string[]): string {
  if (who.length > 1 && others.length === 0) return 'all';
  return who.length > 2 * others.length + 2 ? `all but ${others.join(', ')}` : who.join(', ') || '–';
}

it('the guide to events lists every type and every field, and which vendor fills it', async () => {
  const filled = vendors.map(({ vendor, events }) => ({ vendor, fields: filledFields(events) }));
  const fillersOf = (part: string, field: string) => {
    const whoHas = filled.filter(({ fields }) => [...fields].some((name) => name.startsWith(`${part}.`)));
    const [who, others] = [true, false].map((fills) =>
      whoHas.filter(({ fields }) => fields.has(`${part}.${field}`) === fills).map(({ vendor }) => vendor),
    );
    return inShort(who ?? [], others ?? []);
  };

  const types = eventTypes.map((type) => {
    const schema = catalog[type];
    const fields = fieldsOf(schema).map(code).join(', ');
    // Whatever a provider cannot read becomes unknown.
    const names = type === 'unknown' ? 'all' : tellersOf(type).join(', ');
    return [code(type), fields || '–', names || '–'];
  });
  const envelope = Array.from(commentsOf('event', 'interface EventOf'), ([field, comment]) => [
    code(field),
    fillersOf('ChatEvent', field),
    comment,
  ]);
  const parts = shapes.map(({ name, schema, file }) => {
    const own = commentsOf(file, `const ${name.charAt(0).toLowerCase()}${name.slice(1)}Schema = `);
    const comments = name === 'Contact' ? new Map([...commentsOf('person', 'const personSchema'), ...own]) : own;
    const rows = Object.entries(schema.shape).map(([field, type]) => [
      code(`${field}${isOptional(type) ? '?' : ''}`),
      code(typeOf(type)),
      fillersOf(name, field),
      comments.get(field) ?? '',
    ]);
    return `### ${name}\n\n${table(['Field', 'Type', 'Filled by', 'Meaning'], rows)}`;
  });

  const guide = readPage('docs/guides/events.md');
  const generated = {
    types: table(['Type', '`data`', 'Vendors'], types),
    envelope: table(['Field', 'Filled by', 'Meaning'], envelope),
    parts: parts.join('\n'),
    things: thingsTable(),
    further: furtherFieldsTable(),
    exceptions: exceptions
      .map(({ vendor, what, reason }) => `- ${code(vendor)}${what ? `, "${what}"` : ''}: ${reason}.\n`)
      .join(''),
  };
  let { text } = guide;
  for (const [name, content] of Object.entries(generated)) text = withGenerated({ ...guide, text }, name, content);
  await expect(text).toMatchFileSnapshot(absolute(guide.path));
});
