// Measures what the README of @chathooks/postgres says about costs. What is written to the log is right only on a
// server where nothing else happens:
//
//   DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres \
//     node --import ./test/examples/resolve-sources.mjs test/postgres/costs.ts
import { type PostgresDedup, postgresDedup } from '@chathooks/postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const rows = 100_000;
const lease = { leaseMs: 30_000 };
const remember = { rememberMs: 60 * 60 * 1000 };

/** Makes a table, has something done to it, and drops it. */
async function withTable(table: string, work: (store: PostgresDedup) => Promise<void>): Promise<void> {
  const store = postgresDedup({ client: pool, table, autoSweep: false });
  await pool.query(`DROP TABLE IF EXISTS ${table}`);
  await store.migrate();
  try {
    await work(store);
  } finally {
    await pool.query(`DROP TABLE ${table}`);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Calls `once` so many times, some of them at once. */
async function repeat(times: number, atOnce: number, once: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  return timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (next < times) await once(next++);
      }),
    ),
  );
}

const bytesPerRow = async (table: string, count: number) => {
  const { rows } = await pool.query(`SELECT pg_total_relation_size('${table}')::float8 AS bytes`);
  return `${Math.round(rows[0]?.bytes / count)} bytes per row`;
};
const logPosition = async () => {
  const { rows } = await pool.query(`SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes`);
  return Number(rows[0]?.bytes);
};
const perSecond = (count: number, ms: number) => `${Math.round((count / ms) * 1000)} per second`;

for (const indexed of [false, true]) {
  for (const atOnce of [1, 20, 400]) {
    const count = atOnce === 1 ? rows / 10 : rows;
    await withTable('costs', async (store) => {
      if (indexed) await pool.query('CREATE INDEX ON costs (until)');
      await pool.query('CHECKPOINT');
      const logged = await logPosition();
      const ms = await repeat(count, atOnce, async (index) => {
        const claim = await store.claim(`wexio:evt_${index}`, lease);
        if (claim.state === 'fresh') await store.complete(`wexio:evt_${index}`, claim.token, remember);
      });
      const label = `claim and complete, ${atOnce} at once${indexed ? ', with an index on until' : ''}`;
      const full = `${await bytesPerRow('costs', count)}, ${Math.round(((await logPosition()) - logged) / count)} logged`;
      console.log(`${label}: ${perSecond(count, ms)}, ${full}`);
      if (indexed || atOnce === 1) return;
      await pool.query('VACUUM costs');
      await repeat(count, atOnce, async (index) => {
        const claim = await store.claim(`wexio:next_${index}`, lease);
        if (claim.state === 'fresh') await store.complete(`wexio:next_${index}`, claim.token, remember);
      });
      console.log(`  and as many again after a VACUUM: ${await bytesPerRow('costs', 2 * count)}`);
    });
  }
}

await withTable('costs', async (store) => {
  const ms = await repeat(rows, 400, (index) => Promise.resolve(store.advance(`message ${index}`, 1, remember)));
  console.log(`advance, 400 at once: ${perSecond(rows, ms)}, ${await bytesPerRow('costs', rows)}`);
});

await withTable('costs', async (store) => {
  await pool.query(
    `INSERT INTO costs (key, until)
     SELECT gen_random_uuid(), now() + interval '1 day' FROM generate_series(1, 1000000)`,
  );
  console.log(`sweep() of 1,000,000 rows, none of them over: ${Math.round(await timed(() => store.sweep()))} ms`);
  await pool.query(`UPDATE costs SET until = now() WHERE random() < 0.1`);
  let swept = 0;
  const ms = await timed(async () => {
    swept = await store.sweep();
  });
  console.log(`sweep() of ${swept} rows among them: ${Math.round(ms)} ms`);
});

await pool.end();
