import { dataFolder, findProgram, freePort, type OwnServer, startServer } from './own-server.ts';

/** Options of {@link startRedis}. */
export interface OwnRedisOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** Where it keeps its data. @defaultValue a temporary folder */
  readonly dir?: string;
  /** More arguments of `redis-server`: `['--appendonly', 'yes']`. */
  readonly args?: readonly string[];
}

/** Whether {@link startRedis} can. */
export const canStartRedis = (): boolean => findProgram('redis-server') !== undefined;

/** Starts a Redis of one's own, on loopback. It keeps nothing over a restart unless its arguments say so. */
export async function startRedis(options: OwnRedisOptions = {}): Promise<OwnServer> {
  const { port = await freePort(), args = [] } = options;
  const dir = dataFolder('redis', options.dir);
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir.path, '--save', '', '--appendfsync', 'no'];
  return startServer({
    command: findProgram('redis-server') ?? 'redis-server',
    args: [...own, ...args],
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    ready: 'Ready to accept connections',
    stopSignal: 'SIGTERM',
  });
}
