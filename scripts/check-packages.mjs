// Checks what users will install: builds and packs every package, lints the tarballs, then installs them
// with npm outside the workspace and runs the programs of test/consumers against them.
//
//   pnpm run packages
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(join(root, 'packages'));
const temporary = mkdtempSync(join(tmpdir(), 'chathooks-packages-'));

process.exitCode = 1;
try {
  build();
  const tarballs = packages.map(pack);
  tarballs.forEach(lint);
  installTarballs(tarballs);
  runTypeScriptConsumer();
  runCommonJsConsumer();
  process.exitCode = 0;
} catch (error) {
  console.error(error.message);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function build() {
  for (const name of packages) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  run('tsc', ['--build'], root);
}

function pack(name) {
  const tarball = join(temporary, `${name}.tgz`);
  run('pnpm', ['pack', '--out', tarball], join(root, 'packages', name));
  return tarball;
}

function lint(tarball) {
  run('publint', ['--strict', tarball], root);
  run('attw', ['--profile', 'esm-only', tarball], root);
  console.log(`✓ publint and attw accept ${tarball.slice(temporary.length + 1)}`);
}

/** Installs the way a user would; the workspace's node_modules are out of reach. */
function installTarballs(tarballs) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pinned = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  cpSync(join(root, 'test/consumers'), temporary, { recursive: true });
  const frameworks = ['express@5', '@types/express@5', 'koa@3', 'fastify@5'];
  const clients = ['bullmq', 'ioredis', 'pg', 'pg-boss', 'redis'].map((name) => `${name}@${testedVersion(name)}`);
  writeFileSync(join(temporary, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, ...frameworks, ...clients, ...pinned]);
}

/** The version that the tests run with: a peer range alone would take whatever came out today. */
function testedVersion(name) {
  return JSON.parse(readFileSync(join(root, 'test/node_modules', name, 'package.json'), 'utf8')).version;
}

function runTypeScriptConsumer() {
  const folder = join(temporary, 'typescript');
  run(join(temporary, 'node_modules/.bin/tsc'), [], folder);
  console.log(`✓ TypeScript consumer\n${run('node', ['dist/main.js'], folder)}`);
}

function runCommonJsConsumer() {
  console.log(`✓ CommonJS consumer\n${run('node', ['main.cjs'], join(temporary, 'commonjs'))}`);
}

/** Returns what the command printed; throws it when the command fails. */
function run(command, args, cwd = temporary) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`✗ ${command} ${args.join(' ')}\n${error ?? `${stdout}${stderr}`}`);
  return stdout;
}
