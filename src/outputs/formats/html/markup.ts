import { visibleText } from '../../visible-text.ts';

/** Text that is markup already. Only `html` makes it, so that nothing out of evidence is ever taken for markup. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | readonly Content[];

/** Markup with everything put into it escaped, for element content and quoted attributes (HTML Living Standard, 13.3). */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, content] of contents.entries()) text += render(content) + (parts[index + 1] ?? '');
  return new Markup(text);
}

function render(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  return typeof content === 'string' ? escape(content) : content.map(render).join('');
}

/** Longer than anything that a person reads in one place; what a report holds is bounded far below it. */
const maxTextLength = 4000;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return visibleText(text, maxTextLength).replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

export const nothing = new Markup('');
