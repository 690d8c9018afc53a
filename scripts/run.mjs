// Runs a script of package.json on a machine that has only Node and npm: installs what the lockfile says,
// quietly unless that fails, then lets the pinned pnpm run the script with the remaining arguments.
//
//   node scripts/run.mjs <script> [arguments…]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));

function pnpm(args, options) {
  const shell = process.platform === 'win32'; // npx is a .cmd file there
  return spawnSync('npx', ['--yes', 'pnpm@12.21.0', ...args], { cwd, shell, encoding: 'utf8', ...options });
}

if (!existsSync(new URL('../node_modules', import.meta.url))) console.error('Installing, once…');
const install = pnpm(['install', '--frozen-lockfile']);
if (install.status !== 0) {
  console.error(install.error ?? `${install.stdout}${install.stderr}`);
  process.exit(1);
}

const script = pnpm(['--silent', 'run', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(script.status ?? 1);
