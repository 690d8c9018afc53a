import type { Awaitable } from '../awaitable.ts';
import type { InboundRequest } from '../http.ts';

/** A request that has yet to prove where it comes from. */
export interface UnverifiedRequest {
  readonly request: InboundRequest;
  /** The exact bytes of the body. */
  readonly body: Uint8Array;
  /** Which account of the provider the URL names. */
  readonly connection: string | undefined;
  /** The last part of the URL, where the verifier asked for one with {@link Verifier.usesPathSecret}. */
  readonly pathSecret: string | undefined;
  /** The receiver's clock, in milliseconds. */
  readonly now: number;
}

/** Why a request was refused. For the log: the caller only sees 401. */
export type RefusalReason = 'missing_header' | 'malformed' | 'stale' | 'future' | 'mismatch' | 'no_secret';

/** What a verifier found. */
export type Verification =
  | { readonly ok: true /** Name of the secret that matched. */; readonly secret: string }
  | {
      readonly ok: false;
      readonly reason: RefusalReason;
      /** What was seen, what was expected; without secrets or signatures. */
      readonly detail: string;
    };

/**
 * Proves that a request comes from the vendor. Made by the builders `hmac`, `timestampedHmac`, `bearer`, …, or by hand.
 *
 * @remarks
 * A verifier compares in constant time and fails closed. It throws only when it cannot decide, for example when a
 * secret cannot be looked up; the receiver then answers 503, so that the vendor tries again.
 */
export interface Verifier {
  /** The last part of the URL is a credential and no connection. */
  readonly usesPathSecret?: boolean;
  verify(input: UnverifiedRequest): Awaitable<Verification>;
  /**
   * The likely cause of a mismatch, for the log. Called after a refusal only.
   *
   * @param others - verifiers of the other providers, whose secrets may have been mixed up with this one's
   */
  explain?(input: UnverifiedRequest, others: ReadonlyMap<string, Verifier>): Awaitable<string | undefined>;
}

/** A refusal, ready to be returned. */
export const refuse = (reason: RefusalReason, detail: string): Verification => ({ ok: false, reason, detail });
