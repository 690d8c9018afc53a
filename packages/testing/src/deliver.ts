import {
  type JsonObject,
  type JsonValue,
  type Provider,
  type ProviderFactory,
  providerFactories,
  type Samples,
} from '@chathooks/core';

/** A request as a vendor sends it: usable with fetch, supertest, light-my-request or a receiver. */
export interface SignedDelivery {
  readonly method: 'POST';
  /** Path of the provider: `/webhooks/wexio`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes that were signed. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How to sign and address a delivery. */
export interface DeliverOptions {
  /** @defaultValue the secret of the vendor's samples */
  readonly secret?: string;
  /** Milliseconds since the epoch, for signatures that carry a time. @defaultValue now */
  readonly now?: number;
  /** Name that the provider is mounted under. @defaultValue the vendor's name */
  readonly name?: string;
  /** Account of the provider, the last part of the URL. @defaultValue none */
  readonly connection?: string;
  /** Where the receiver's routes begin. @defaultValue `'/webhooks'` */
  readonly base?: string;
  /** Where the vendor believes the receiver to be, for vendors that sign the URL. @defaultValue `'http://localhost'` */
  readonly origin?: string;
}

/** Makes signed deliveries of one vendor. */
export interface VendorDeliveries<Name extends string> {
  /**
   * A signed delivery of a vendor's event.
   *
   * @param event - the vendor's name of the event
   * @param changes - merged into the sample payload; `undefined` removes a field
   */
  (event: Name, changes?: Changes, options?: DeliverOptions): SignedDelivery;
  /** A signed delivery of any body, however broken. */
  body(body: string | Uint8Array, options?: DeliverOptions): SignedDelivery;
  /**
   * The path and query of the GET with which the vendor checks a URL; none if it does not. `samples.handshake.reply` of the
   * vendor is what it expects to hear.
   */
  readonly handshake?: ((options?: Pick<DeliverOptions, 'name' | 'connection' | 'base'>) => string) | undefined;
  /** The vendor's events that there are samples of. */
  readonly events: readonly Name[];
  /** Makes a provider that accepts these deliveries: it has the secrets that they are signed with. */
  provider(): Provider;
}

/** What to change in a payload. */
export interface Changes {
  readonly [field: string]: JsonValue | Changes | undefined;
}

type Factories = typeof providerFactories;
type SampleName<F> = F extends ProviderFactory<never, infer Name> ? Name : never;

/** Signed deliveries of every vendor that chathooks knows. */
export type Deliver = { readonly [V in keyof Factories]: VendorDeliveries<SampleName<Factories[V]>> };

/**
 * Makes signed deliveries, as the vendors send them.
 *
 * @example
 * ```ts
 * const { path, headers, body } = deliver.wexio('message.inbound.created', { data: { message: { text: 'Hi' } } });
 * await fetch(`http://localhost:3000${path}`, { method: 'POST', headers, body });
 * ```
 */
// Each entry is made from the factory of the same name, which the compiler cannot follow through Object.entries.
export const deliver = Object.fromEntries(
  Object.entries(providerFactories).map(([name, factory]) => [name, deliveriesOf(factory)]),
) as Deliver;

type AnyFactory = Pick<ProviderFactory<never>, 'vendor' | 'environmentVariables' | 'fromEnvironment'>;

function deliveriesOf(factory: AnyFactory & { readonly samples: Samples }): VendorDeliveries<string> {
  const { vendor, samples, environmentVariables } = factory;
  const pathOf = ({ name = vendor, connection, base = '/webhooks' }: DeliverOptions) =>
    `${base}/${name}${connection === undefined ? '' : `/${encodeURIComponent(connection)}`}`;
  const sign = (text: string | Uint8Array, options: DeliverOptions = {}, event?: string): SignedDelivery => {
    const { secret = samples.secret, now = Date.now(), origin = 'http://localhost' } = options;
    const body = Uint8Array.from(typeof text === 'string' ? new TextEncoder().encode(text) : text);
    const path = pathOf(options);
    const headers = samples.headers(body, { secret, now, event, url: origin + path });
    return { method: 'POST', path, headers, body };
  };
  const encode = samples.encode ?? ((payload: JsonObject) => JSON.stringify(payload));
  const deliverEvent = (event: string, changes: Changes = {}, options?: DeliverOptions) => {
    const sample = Object.hasOwn(samples.events, event) ? samples.events[event] : undefined;
    if (!sample) {
      throw new RangeError(`${vendor} has no sample "${event}"; there are ${Object.keys(samples.events).join(', ')}`);
    }
    return sign(encode(merge(sample.payload, changes)), options, event);
  };
  const { handshake } = samples;
  return Object.assign(deliverEvent, {
    body: (text: string | Uint8Array, options?: DeliverOptions) => sign(text, options),
    handshake: handshake && ((options: DeliverOptions = {}) => `${pathOf(options)}?${handshake.query}`),
    events: Object.keys(samples.events),
    provider() {
      const environment = environmentVariables.map((name) => [name, samples.environment?.[name] ?? samples.secret]);
      const provider = factory.fromEnvironment(Object.fromEntries(environment));
      if (!provider)
        throw new TypeError(`${vendor} reads no variable of the environment, so its samples fit no provider`);
      return provider;
    },
  });
}

/** Lays changes over a payload; neither is touched. */
function merge(value: Changes, changes: Changes): JsonObject {
  const merged = new Map<string, JsonValue>();
  for (const [name, field] of [...Object.entries(value), ...Object.entries(changes)]) {
    if (field === undefined) merged.delete(name);
    else if (isObject(field)) merged.set(name, merge(toObject(merged.get(name)), field));
    else merged.set(name, field);
  }
  return Object.fromEntries(merged);
}

const toObject = (value: JsonValue | undefined): Changes => (isObject(value) ? value : {});
const isObject = (value: JsonValue | Changes | undefined): value is Changes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
