import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { absolute, allPages, codeBlocks, type Page } from './markdown.ts';

/**
 * What the snippets may use without saying where it comes from: the app of the reader.
 *
 * `crm`, `db` and `metrics` are global, so that a snippet can also be run once a test has put them there.
 */
const prelude = `
import type { Chat, ChatEvent, Message, MessageStatus } from '@chathooks/core';
declare global {
  const crm: {
    addMessage(message: Message): Promise<void>;
    setStatus(messageId: string, status: MessageStatus): Promise<void>;
    openChat(chat: Chat): Promise<void>;
  };
  const db: {
    findAccount(name: string | undefined): Promise<{ readonly webhookSecret: string } | undefined>;
  };
  const metrics: {
    count(name: string, labels: Readonly<Record<string, string | number | boolean | undefined>>): void;
    gauge(name: string, value: number): void;
    observe(name: string, value: number, labels: Readonly<Record<string, string | number | undefined>>): void;
  };
  const queue: { add(event: ChatEvent): Promise<void> };
}
`;

/** A snippet as a file. */
export interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly file: string;
}

/** A folder of the snippets of all pages. Inside the workspace, so that they import what a reader would. */
export const folder = absolute('test/docs/.snippets');

/**
 * Writes the TypeScript of all pages to {@link folder}: each block a module, those with `title="name.ts"` under that
 * name. Blocks marked `no-check` are left out.
 */
export function writeSnippets(): readonly Snippet[] {
  removeSnippets();
  const snippets = allPages().flatMap((page) =>
    codeBlocks(page, 'ts')
      .filter(({ info }) => !info.includes('no-check'))
      .map(({ code, line, info }) => {
        const [, title = `line-${line}.ts`] = /title="([\w./-]+)"/.exec(info) ?? [];
        const file = join(folder, folderOf(page), title);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${code}\nexport {};\n`);
        return { page: page.path, line, file };
      }),
  );
  writeFileSync(join(folder, 'prelude.d.ts'), prelude);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig()));
  return snippets;
}

export const removeSnippets = (): void => rmSync(folder, { recursive: true, force: true });

/** Where the snippets of a page go. */
export const folderOf = ({ path }: Pick<Page, 'path'>): string => path.replace(/\.md$/, '').replaceAll('/', '-');

/** The strict options that the sources are compiled with. */
function tsconfig() {
  const { compilerOptions } = JSON.parse(readFileSync(absolute('tsconfig.check.json'), 'utf8'));
  const paths = Object.entries<readonly string[]>(compilerOptions.paths).map(([name, targets]) => [
    name,
    targets.map(absolute),
  ]);
  return {
    extends: absolute('tsconfig.check.json'),
    // A snippet shows how a value is made and leaves its use to the reader. What it imports is checked elsewhere.
    compilerOptions: { paths: Object.fromEntries(paths), noUnusedLocals: false, skipLibCheck: true },
    include: ['**/*.ts'],
  };
}
