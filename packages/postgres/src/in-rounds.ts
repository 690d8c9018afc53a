/**
 * Makes a run for items that may share keys out of one for items that do not: a statement of Postgres changes a row once.
 * What is asked for a second time is done in a second run, and so on, as if one had been asked after the other.
 */
export function inRounds<Item extends { readonly key: string }, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): (items: readonly Item[]) => Promise<readonly Result[]> {
  return async (items) => {
    const rounds: { readonly item: Item; readonly place: number }[][] = [];
    const times = new Map<string, number>();
    for (const [place, item] of items.entries()) {
      const time = times.get(item.key) ?? 0;
      times.set(item.key, time + 1);
      const round = rounds[time] ?? [];
      round.push({ item, place });
      rounds[time] = round;
    }
    const results: Result[] = [];
    for (const round of rounds) {
      const some = await run(round.map(({ item }) => item));
      round.forEach(({ place }, index) => {
        const result = some[index];
        if (result !== undefined) results[place] = result;
      });
    }
    return results;
  };
}
