import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** A Markdown file of the repository. */
export interface Page {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string;
  /** What stands behind the language, `title="acme.ts"`. */
  readonly info: string;
  /** The line of its first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
}

export const absolute = (path: string): string => fileURLToPath(new URL(path, root));

export const readPage = (path: string): Page => ({ path, text: readFileSync(absolute(path), 'utf8') });

/** The pages that readers are meant to find. */
export function allPages(): readonly Page[] {
  return [
    'README.md',
    'DEVELOPERS.md',
    ...markdownBelow('docs'),
    ...markdownBelow('packages'),
    ...markdownBelow('examples'),
  ].map(readPage);
}

function markdownBelow(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(absolute(folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownBelow(`${folder}/${entry.name}`);
      return entry.name.endsWith('.md') ? [`${folder}/${entry.name}`] : [];
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return names;
}

const skipped = new Set(['node_modules', 'dist']);

/** The blocks of a page in the given language. */
export function codeBlocks({ text }: Page, language: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const match of text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)) {
    const [, found = '', info = '', code = ''] = match;
    if (found !== language) continue;
    blocks.push({ language, info: info.trim(), line: text.slice(0, match.index).split('\n').length + 1, code });
  }
  return blocks;
}

/** The page without its code, so that what looks like Markdown in there is left alone. */
export const prose = ({ text }: Page): string => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors({ text }: Page): ReadonlySet<string> {
  const headings = text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** Puts a generated part between `<!-- name -->` and `<!-- /name -->`. */
export function withGenerated({ path, text }: Page, name: string, generated: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [before, rest] = [text.indexOf(start), text.indexOf(end)];
  if (before === -1 || rest < before) throw new Error(`${path} has no ${start.trim()} … ${end}`);
  return `${text.slice(0, before + start.length)}\n${generated}\n${text.slice(rest)}`;
}
