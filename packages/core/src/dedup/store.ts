import type { Awaitable } from '../awaitable.ts';

/**
 * The answer to a claim: `fresh`, the event is yours until the lease ends; `in-flight`, somebody else has it;
 * `done`, it was handled before.
 */
export type Claim =
  | { readonly state: 'fresh'; readonly token: string }
  | { readonly state: 'in-flight' }
  | { readonly state: 'done' };

/**
 * Remembers which events are being, or have been, handled.
 *
 * @remarks
 * The life of a key: `claim` → `complete`, or `claim` → `release` → `claim` …; a lease that ends without either opens the
 * key again. A method that cannot reach its storage throws: an outage must never look like a key that is not there.
 * It throws soon: deliveries wait as long as the store does.
 * Check an implementation with `dedupStoreConformance` of `@chathooks/testing`.
 */
export interface DedupStore {
  /** Takes a key. Atomic: of many claims at once, in whichever process, exactly one is `fresh`. */
  claim(key: string, options: { readonly leaseMs: number }): Awaitable<Claim>;
  /**
   * Begins the lease anew, counted from now.
   *
   * @returns `false` when the token no longer holds the key; nothing has changed then
   */
  extend?(key: string, token: string, options: { readonly leaseMs: number }): Awaitable<boolean>;
  /**
   * Marks the key as done, for `rememberMs`.
   *
   * @returns `false` when the token no longer holds the key; nothing has changed then
   */
  complete(key: string, token: string, options: { readonly rememberMs: number }): Awaitable<boolean>;
  /** Opens the key again, so that the vendor's retry may come in. Does nothing when the token no longer holds it. */
  release(key: string, token: string): Awaitable<void>;
  /**
   * Raises the rank of a key. Ranks and claims of the same key are independent.
   *
   * @param rank - a whole number from 0 to 1000
   * @returns `false` when a higher rank was seen before; an equal rank is `true`, so that a retry is not stale to itself
   */
  advance?(key: string, rank: number, options: { readonly rememberMs: number }): Awaitable<boolean>;
  /** Closes what the store itself opened. May be called twice. */
  close?(): Awaitable<void>;
}
