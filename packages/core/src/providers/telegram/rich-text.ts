import { isRecord } from '../provider.ts';

/** The words of a rich message, a line per block. Its media and its form stay in `raw`. */
export function plainText(blocks: unknown): string | undefined {
  return linesOf(blocks).join('\n') || undefined;
}

function linesOf(blocks: unknown): readonly string[] {
  if (Array.isArray(blocks)) return blocks.flatMap(linesOf);
  if (!isRecord(blocks)) return [];
  const { summary, text, expression, items, cells, caption } = blocks;
  const own = [summary, text ?? expression].map(wordsOf).filter(Boolean);
  return [...own, ...[blocks.blocks, items, cells, caption].flatMap(linesOf)];
}

/** A rich text is a text, a list of rich texts, or an object around one. */
function wordsOf(text: unknown): string {
  if (typeof text === 'string') return text;
  if (Array.isArray(text)) return text.map(wordsOf).join('');
  return isRecord(text) ? wordsOf(text.text ?? text.alternative_text ?? text.expression) : '';
}
