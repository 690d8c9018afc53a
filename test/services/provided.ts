import 'vitest';

/** A service, as the start of the run found it. */
export interface ProvidedService {
  /** Absent when there is none. */
  readonly url?: string;
  /** Whether tests can start servers of their own. */
  readonly canStart: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly redis: ProvidedService;
    readonly postgres: ProvidedService;
  }
}

/** For tests that are skipped: nobody listens there. */
export const nowhere = '127.0.0.1:1';
