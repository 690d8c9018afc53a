import { expectTypeOf, it } from 'vitest';

it('checks tests as strictly as the packages', () => {
  const bodies: Record<string, string> = {};

  expectTypeOf(bodies.unknown).toEqualTypeOf<string | undefined>();

  // @ts-expect-error an indexed value may be missing
  const body: string = bodies.unknown;
  expectTypeOf(body).toBeString();
});
