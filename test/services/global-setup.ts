import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { disposeServers, type OwnServer } from './own-server.ts';
import { canStartPostgres, startPostgres } from './postgres-server.ts';
import type { ProvidedService } from './provided.ts';
import { canStartRedis, startRedis } from './redis-server.ts';

interface Service {
  readonly name: string;
  /** The environment variable that says where it is. */
  readonly variable: string;
  /** Where it is by default, most likely first. */
  readonly places: readonly string[];
  /** Rejects unless it answers soon. */
  ping(url: string): Promise<unknown>;
  canStart(): boolean;
  start(): Promise<OwnServer>;
}

const pingTimeoutMs = 2_000;

const redis: Service = {
  name: 'Redis',
  variable: 'REDIS_URL',
  places: ['redis://127.0.0.1:6379'],
  async ping(url) {
    const client = new Redis(url, {
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: pingTimeoutMs,
      commandTimeout: pingTimeoutMs,
    });
    const failed = new Promise<never>((_, reject) => client.once('error', reject)); // says more than `connect` does
    try {
      await Promise.race([client.connect().then(() => client.ping()), failed]);
    } finally {
      client.disconnect();
    }
  },
  canStart: canStartRedis,
  start: startRedis,
};

const postgres: Service = {
  name: 'Postgres',
  variable: 'DATABASE_URL',
  places: [
    'postgres://chathooks:chathooks@127.0.0.1:5432/chathooks', // compose.yaml
    'postgres://postgres@127.0.0.1:5432/postgres',
  ],
  async ping(url) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: pingTimeoutMs,
      query_timeout: pingTimeoutMs,
    });
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end();
    }
  },
  canStart: canStartPostgres,
  start: startPostgres,
};

/** Finds Redis and Postgres, or starts them, once per run. */
export default async function setup(project: TestProject) {
  try {
    const [foundRedis, foundPostgres] = await Promise.all([find(redis), find(postgres)]);
    project.provide('redis', foundRedis.provided);
    project.provide('postgres', foundPostgres.provided);
    tell([foundRedis, foundPostgres]);
  } catch (error) {
    await disposeServers();
    throw error;
  }
  return disposeServers;
}

interface Found {
  readonly name: string;
  readonly provided: ProvidedService;
  /** Why there is none. */
  readonly missing?: string;
}

async function find(service: Service): Promise<Found> {
  const { name, variable, places, ping, start } = service;
  const canStart = service.canStart();
  const given = process.env[variable];
  const reasons: string[] = [];
  for (const url of given ? [given] : places) {
    try {
      await ping(url);
      return { name, provided: { url, canStart } };
    } catch (error) {
      reasons.push(describeError(error));
    }
  }
  if (!given && canStart) {
    const { url } = await start();
    return { name, provided: { url, canStart } };
  }
  const where = given ? `where ${variable} says` : 'on its default port';
  return { name, provided: { canStart }, missing: `${name} does not answer ${where} (${reasons.join('; ')})` };
}

const describeError = (error: unknown) =>
  error instanceof Error && error.message !== '' ? error.message : Object(error).code;

/** Says what is skipped. Where everything must be tested, nothing is for want of a service. */
function tell(found: readonly Found[]): void {
  const missing = found.flatMap((each) => each.missing ?? []).join(', ');
  const cannotStart = found.filter(({ provided }) => !provided.canStart).map(({ name }) => name);
  if (missing !== '') {
    if (process.env.CI) throw new Error(`${missing}. All tests must run here: \`docker compose up -d\` starts both`);
    console.warn(`${missing}: tests that need it are skipped. \`docker compose up -d\` starts both.`);
  } else if (cannotStart.length > 0) {
    console.warn(`${cannotStart.join(', ')} not installed: tests that stop and start a server are skipped.`);
  }
}
