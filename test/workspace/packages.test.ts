import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const packages = new URL('../../packages/', import.meta.url);
const manifests = readdirSync(packages).map((folder) => ({
  folder,
  ...JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8')),
}));

describe.each(manifests)('packages/$folder', (manifest) => {
  it('is named after its folder', () => {
    expect(manifest.name).toBe(`@chathooks/${manifest.folder}`);
  });

  it('is an ES module for Node 22.13 and later, under the MIT license', () => {
    expect(manifest).toMatchObject({ type: 'module', license: 'MIT', engines: { node: '>=22.13' } });
  });
});
