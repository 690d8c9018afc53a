import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Part of a line. */
export interface Cell {
  readonly text: string;
  readonly length: number;
}

/** Wide enough for the columns and a few words, narrow enough for half a screen. */
const width = Math.min(process.stdout.columns || 118, 118);

/** Colours only where they are wanted: `styleText` looks at the terminal and at `NO_COLOR`. */
export const paint = (style: Style, text: string): string => styleText(style, text);

export const print = (line = ''): void => console.log(line);

/** A text of exactly `length` letters. */
export function cell(text: string, length: number, style: Style = 'reset'): Cell {
  return { text: paint(style, cut(text, length).padEnd(length)), length };
}

/** What fits on the rest of the line. Not padded: a line that is full to the last column breaks at an emoji. */
export function rest(text: string, before: readonly Cell[], style: Style = 'dim'): Cell {
  const length = Math.max(width - widthOf(before) - 1, 12);
  return { text: paint(style, cut(text, length)), length };
}

/** As much room as other cells take. */
export const blank = (cells: readonly Cell[]): Cell => ({ text: ' '.repeat(widthOf(cells) - 1), length: 0 });

/** Prints a line of cells, with a space between them. */
export const printRow = (cells: readonly Cell[]): void =>
  print(
    cells
      .map(({ text }) => text)
      .join(' ')
      .trimEnd(),
  );

/** The length of the longest word. */
export const longest = (words: readonly string[]): number => Math.max(...words.map(({ length }) => length));

const widthOf = (cells: readonly Cell[]) => cells.reduce((sum, { length }) => sum + length + 1, 0);

function cut(text: string, length: number): string {
  const letters = [...text.replaceAll(/\s*[\r\n]+\s*/g, ' ')];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}
