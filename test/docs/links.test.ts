import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { absolute, allPages, anchors, type Page, prose, readPage } from './markdown.ts';

const links = ({ path, text }: Page) =>
  Array.from(prose({ path, text }).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g), ([, target = '']) => target);

const isRelative = (target: string) => !/^[a-z]+:/.test(target);

it.each(allPages().map((page) => [page.path, page] as const))(
  'every relative link of %s leads somewhere',
  (_, page) => {
    const broken = links(page)
      .filter(isRelative)
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
        if (!existsSync(absolute(path))) return true;
        return anchor !== undefined && !anchors(readPage(path)).has(anchor);
      });
    expect(broken).toEqual([]);
  },
);
