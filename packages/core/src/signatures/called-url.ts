import { ChathooksError } from '../errors.ts';
import type { InboundRequest } from '../http.ts';
import type { UnverifiedRequest } from './verifier.ts';

/** How to tell the URL that the vendor called, for vendors that sign it. */
export interface CalledUrlOptions {
  /**
   * What the vendor has as the URL of this receiver: an origin, `https://app.example.com`, to which path and query of
   * the request are added; or a URL with a path, taken as it is, to which the connection, if the request names one, and
   * the query are added; or, where neither will do, a function that makes the whole URL of a request.
   *
   * @defaultValue the URL as the adapter tells it: `Host` and the framework's own idea of the protocol
   */
  readonly publicUrl?: string | ((request: InboundRequest) => string) | undefined;
  /**
   * Whether to believe `x-forwarded-proto`, `x-forwarded-host` and `x-forwarded-port`. Only where a proxy sets them:
   * otherwise a request that was signed for one of your URLs can be sent to another. Without effect beside `publicUrl`.
   *
   * @defaultValue `false`
   */
  readonly trustProxy?: boolean | undefined;
}

type Called = Pick<UnverifiedRequest, 'request' | 'connection'>;

const absolute = /^https?:\/\/[^/?#]/i;

/**
 * Makes what tells the URL that the vendor called: as text, since the vendor signs it letter for letter; without a
 * fragment. `undefined` when the host is not known, or is none.
 *
 * @throws {@link ChathooksError} `invalid_option`
 */
export function calledUrl(options: CalledUrlOptions): (called: Called) => string | undefined {
  const urlOf = asConfigured(options);
  return (called) => (isPlain(called.request) ? urlOf(called) : undefined);
}

/**
 * The caller chooses `Host`, and adapters put it before the path: with a path and a `#` in it, another URL would be
 * verified than the one that is routed, and a request that was signed for one be sent to the other.
 */
function isPlain(request: InboundRequest): boolean {
  const host = request.header('host') ?? request.header(':authority');
  return !request.url.includes('#') && (host === undefined || isHost.test(host));
}

function asConfigured({ publicUrl, trustProxy = false }: CalledUrlOptions): (called: Called) => string | undefined {
  if (typeof publicUrl === 'function') return ({ request }) => absoluteOnly(publicUrl(request));
  if (publicUrl === undefined) {
    return ({ request }) => (trustProxy ? absoluteOnly(forwardedUrl(request)) : undefined) ?? absoluteOnly(request.url);
  }
  const base = checked(publicUrl);
  // An origin has three slashes at the most, the last of them at its end.
  const isOrigin = /^[^/]*\/\/[^/]*\/?$/.test(base);
  const bare = base.replace(/\/$/, '');
  if (isOrigin) return ({ request }) => absoluteOnly(bare + targetOf(request.url));
  return ({ request, connection }) => {
    const { search } = splitTarget(request.url);
    return absoluteOnly((connection === undefined ? base : `${bare}/${lastSegment(request.path)}`) + search);
  };
}

/** The URL by the headers of a proxy; `undefined` where there are none, or nothing that could be right. */
export function forwardedUrl(request: InboundRequest): string | undefined {
  const first = (name: string) => request.header(name)?.split(',', 1)[0]?.trim();
  const [, ownProto = '', ownHost = ''] = /^(https?):\/\/([^/?#]*)/i.exec(request.url) ?? [];
  const proto = first('x-forwarded-proto')?.toLowerCase();
  const host = first('x-forwarded-host');
  const port = first('x-forwarded-port');
  if (proto === undefined && host === undefined && port === undefined) return undefined;
  const authority = host !== undefined && isHost.test(host) ? host : ownHost;
  if (authority === '') return undefined;
  const withPort = port === undefined || !/^\d{1,5}$/.test(port) || hasPort.test(authority) ? '' : `:${port}`;
  const scheme = proto === 'http' || proto === 'https' ? proto : ownProto || 'https';
  return `${scheme}://${authority}${withPort}${targetOf(request.url)}`;
}

const isHost = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const hasPort = /:\d+$/;

const absoluteOnly = (url: unknown): string | undefined =>
  typeof url === 'string' && absolute.test(url) && URL.canParse(url) ? withoutFragment(url) : undefined;

const withoutFragment = (url: string) => url.split('#', 1)[0] ?? '';

/** Path and query of an absolute URL, or of one that is nothing else. */
function targetOf(url: string): string {
  const bare = withoutFragment(url);
  return absolute.test(bare) ? bare.replace(/^[^/]*\/\/[^/?]*/, '') : bare;
}

function splitTarget(url: string): { readonly path: string; readonly search: string } {
  const target = targetOf(url);
  const start = target.indexOf('?');
  return start === -1 ? { path: target, search: '' } : { path: target.slice(0, start), search: target.slice(start) };
}

/** As it was sent: decoding and encoding it again might give another spelling. */
const lastSegment = (path: string) => path.replace(/\/$/, '').split('/').at(-1) ?? '';

function checked(publicUrl: unknown): string {
  if (typeof publicUrl === 'string' && absolute.test(publicUrl) && URL.canParse(publicUrl)) {
    const bare = withoutFragment(publicUrl);
    if (!bare.includes('?')) return bare;
    throw new ChathooksError(
      'invalid_option',
      'publicUrl has a query, expected none: the query is taken from each request',
    );
  }
  // Not shown: it may hold user and password.
  throw new ChathooksError(
    'invalid_option',
    `publicUrl is ${publicUrl === '' ? 'empty' : 'no absolute URL'}, expected one like "https://app.example.com" or "https://app.example.com/hooks/twilio"`,
  );
}

/** Anybody can call a long URL; nobody configures one. */
const maxRewritten = 4096;

/** The URLs that the same call may have been signed as, most likely first; no two are the same. */
export function spellings(url: string): readonly string[] {
  const parsed = new URL(url);
  // As configured; as WHATWG writes it, with `'` as %27; and with its query as Node's `querystring` writes it.
  const forms = url.length > maxRewritten ? [url] : [url, parsed.href, legacy(parsed)];
  return [...new Set(forms.flatMap((form) => [withoutPort(form), withPort(form, parsed.protocol)]))];
}

const parts = /^(https?:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*))(?::(\d*))?(.*)$/is;

const withoutPort = (url: string) => url.replace(parts, '$1$3');

function withPort(url: string, protocol: string): string {
  const standard = protocol === 'https:' ? '443' : '80';
  return url.replace(parts, (_, before: string, port: string | undefined, after: string) => {
    return `${before}:${port || standard}${after}`;
  });
}

function legacy(parsed: URL): string {
  if (parsed.search === '') return parsed.href;
  const names = new Map<string, string[]>();
  for (const [name, value] of parsed.searchParams) {
    const values = names.get(name);
    if (values) values.push(value);
    else names.set(name, [value]);
  }
  const query = [...names].flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const { href, search } = parsed;
  return `${href.slice(0, href.length - search.length)}?${query.join('&')}`;
}

/** A URL for the log: without user and password, and of the query the names only. */
export function shownUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  // A part without a name is a value.
  const names = query?.split('&').map((part) => `${/^[^=]*=/.exec(part)?.[0] ?? ''}…`);
  const shown = path.replace(/^([^/]*\/\/)[^/]*@/, '$1') + (names ? `?${names.join('&')}` : '');
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown;
}

/** A URL of any length can be called by anybody. */
const maxShown = 300;

/** What the vendor may have called instead, if a common mistake was made. */
export function mistakenUrls(url: string, request: InboundRequest): readonly string[] {
  const { path, search } = splitTarget(url);
  const origin = originOf(url);
  const otherScheme = (text: string) =>
    text.replace(/^http(s?):/i, (_, secure: string) => (secure ? 'http:' : 'https:'));
  const otherSlash = origin + (path.endsWith('/') ? path.slice(0, -1) : `${path}/`) + search;
  const forwarded = forwardedUrl(request);
  const candidates = [
    otherScheme(url),
    otherSlash,
    otherScheme(otherSlash),
    // A proxy may tell a port of its own, which is not that of the vendor's URL.
    ...(forwarded === undefined ? [] : [withoutPort(forwarded), forwarded, otherScheme(withoutPort(forwarded))]),
    ...(absolute.test(request.url) ? [request.url, otherScheme(request.url)] : []),
  ];
  return [...new Set(candidates)].filter((candidate) => candidate !== url && URL.canParse(candidate));
}

/** How to make `url`, which the vendor called, the one that is verified. */
export function remedy(url: string, { request, connection }: Called): string {
  const target = targetOf(request.url);
  if (target !== '' && url.endsWith(target)) return `set publicUrl to "${shownUrl(originOf(url))}"`;
  const [path = ''] = shownUrl(url).split('?', 1);
  if (connection === undefined) return `set publicUrl to "${path}"`;
  // The connection comes last, without a slash behind it.
  if (path.endsWith('/')) return 'take the slash away from the end of the URL that the vendor has';
  return `set publicUrl to "${path.slice(0, path.lastIndexOf('/'))}"`;
}

const originOf = (url: string) => /^[^/]*\/\/[^/?]*/.exec(url)?.[0] ?? url;
