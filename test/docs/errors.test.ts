import { readdirSync } from 'node:fs';
import { errorCodes } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { absolute, readPage, withGenerated } from './markdown.ts';

const codes = Object.entries(errorCodes);
const index = readPage('docs/errors/README.md');

it('there is a page for every error code, and none for others', () => {
  const pages = readdirSync(absolute('docs/errors')).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(codes.map(([code]) => `${code}.md`).sort());
});

describe.each(codes)('the page of %s', (code, { status, retryable, title }) => {
  it('says what the table of errors says', () => {
    const { text } = readPage(`docs/errors/${code}.md`);
    const head = `# ${code}\n\n${title}.\n\nStatus: ${status}. Retryable: ${retryable ? 'yes' : 'no'}.\n\n`;
    expect(text.slice(0, head.length)).toBe(head);
  });

  it('says what is the cause, what is seen and what to do', () => {
    const headings = readPage(`docs/errors/${code}.md`).text.match(/^## .*$/gm);
    expect(headings).toEqual(['## Cause', '## What you see', '## What to do']);
  });
});

// `vitest run test/docs -u` writes the table anew.
it('the table of all errors is up to date', async () => {
  const rows = codes.map(
    ([code, { status, retryable, title }]) =>
      `| [\`${code}\`](${code}.md) | ${status} | ${retryable ? 'yes' : 'no'} | ${title} |`,
  );
  const table = ['| Code | Status | Retryable | Meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
  await expect(withGenerated(index, 'errors', table)).toMatchFileSnapshot(absolute(index.path));
});
