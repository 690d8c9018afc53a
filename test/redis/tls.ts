import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findProgram, freePort } from '../services/own-server.ts';
import { startRedis } from '../services/redis.ts';

export const canMakeCertificates: boolean = findProgram('openssl') !== undefined;

/** A Redis that speaks TLS, with a certificate for 127.0.0.1 that it signed itself. */
export async function startTlsRedis(): Promise<{ readonly url: string; readonly certificate: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'chathooks-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const port = await freePort();
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  await startRedis({ args: ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files] });
  return { url: `rediss://127.0.0.1:${port}`, certificate: readFileSync(certificate, 'utf8') };
}
