import { execFile, execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolder, findProgram, freePort, type OwnServer, type SystemUser, startServer } from './own-server.ts';

/** Options of {@link startPostgres}. */
export interface OwnPostgresOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** Where it keeps its data. Belongs to whom Postgres runs as. @defaultValue a temporary folder */
  readonly dir?: string;
  /** Whether commits reach the disk: only tests of a lost machine need it, no kill of the server does. @defaultValue false */
  readonly fsync?: boolean;
  /** More arguments of `postgres`: `['-c', 'max_connections=5']`. */
  readonly args?: readonly string[];
}

/** Where distributions put what is not in PATH; the newest first. */
const folders = () => globSync('/usr/lib/postgresql/*/bin').sort().reverse();

const program = (name: string) => findProgram(name, folders());

/** Whether {@link startPostgres} can. */
export const canStartPostgres = (): boolean =>
  program('postgres') !== undefined && program('initdb') !== undefined && (!isRoot() || postgresUser() !== undefined);

/** Starts a Postgres of one's own, on loopback, with the user `postgres` and no password. */
export async function startPostgres(options: OwnPostgresOptions = {}): Promise<OwnServer> {
  const { port = await freePort(), fsync = false, args = [] } = options;
  const user = isRoot() ? postgresUser() : undefined;
  const dir = dataFolder('postgres', options.dir, user);
  if (!existsSync(join(dir.path, 'PG_VERSION'))) await initialize(dir.path, user);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
  };
  const own = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startServer({
    command: program('postgres') ?? 'postgres',
    args: ['-D', dir.path, '-p', String(port), ...own, ...args],
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    dir,
    ready: 'ready to accept connections',
    stopSignal: 'SIGINT', // does not wait for clients to leave
    ...(user && { user }),
  });
}

async function initialize(dir: string, user: SystemUser | undefined): Promise<void> {
  const initdb = program('initdb') ?? 'initdb';
  const args = ['-D', dir, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const env = { PATH: `${dirname(initdb)}:${process.env.PATH}`, LC_ALL: 'C' };
  await promisify(execFile)(initdb, args, { ...user, cwd: dir, env });
}

const isRoot = () => process.getuid?.() === 0;

/** Postgres refuses to run as root. */
function postgresUser(): SystemUser | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' })),
    );
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
