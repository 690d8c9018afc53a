import { ChathooksError } from '../errors.ts';
import type { Provider } from '../providers/provider.ts';

/** Where a request goes. */
export interface Route {
  readonly provider: Provider;
  readonly connection: string | undefined;
  readonly pathSecret: string | undefined;
}

/** Finds the route of a path; `undefined` when the path is not ours. */
export type Router = (path: string) => Route | undefined;

/** Puts a base path into the form `/webhooks`, or an empty text for the root. */
export function normalizeBasePath(path: string): string {
  if (!/^\/[^?#]*$/.test(path)) {
    throw new ChathooksError('invalid_option', `path is "${path}", expected a path like "/webhooks"`);
  }
  return path.replace(/\/+$/, '');
}

/** The paths of all routes: `{base}/{provider}` and, where there is only one provider, `{base}`. */
export function routePaths(base: string, providers: readonly Provider[]): readonly string[] {
  const paths = providers.map(({ name }) => `${base}/${name}`);
  return providers.length === 1 ? [base === '' ? '/' : base, ...paths] : paths;
}

/**
 * Routes {@link routePaths}, and a connection below each provider: `{base}/{provider}/{connection}`.
 * A provider is never guessed from headers: two vendors share theirs.
 */
export function createRouter(base: string, providers: readonly Provider[]): Router {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const routes = providers.map((provider): Route => ({ provider, connection: undefined, pathSecret: undefined }));
  const exact = new Map<string, Route>();
  for (const path of routePaths(base, providers)) {
    const route = routes.find(({ provider }) => path === `${base}/${provider.name}`) ?? routes[0];
    if (route) exact.set(path, route);
  }

  return (path) => {
    const known = exact.get(path);
    if (known) return known;
    if (!path.startsWith(`${base}/`)) return undefined;
    const [name = '', ...rest] = path
      .slice(base.length + 1)
      .replace(/\/$/, '')
      .split('/');
    const provider = byName.get(name);
    if (!provider) return path.endsWith('/') ? exact.get(path.slice(0, -1)) : undefined;
    const parts = rest.map(decode);
    if (!parts.every(isPart)) return undefined;
    const pathSecret = provider.verifier.usesPathSecret ? parts.pop() : undefined;
    return parts.length > 1 ? undefined : { provider, connection: parts[0], pathSecret };
  };
}

const isPart = (part: string | undefined): part is string => part !== undefined && part !== '' && part.length <= 256;

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
