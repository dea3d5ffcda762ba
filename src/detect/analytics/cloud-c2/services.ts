import { readFileSync } from 'node:fs';

export const categories = ['social', 'chat', 'paste', 'storage', 'code', 'documents', 'callback', 'tunnel'] as const;
export type Category = (typeof categories)[number];

export interface Service {
  readonly name: string;
  readonly category: Category;
}

/** Services of a list: `category name` a line, `#` begins a comment. A line of another form is passed over. */
export function parseServices(text: string): Service[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [word, name, ...rest] = line.replace(/#.*$/, '').trim().toLowerCase().split(/\s+/);
    const category = categories.find((known) => known === word);
    return category === undefined || name === undefined || rest.length > 0 ? [] : [{ name, category }];
  });
}

/** The services that come with the program. */
export function readServices(): Service[] {
  return parseServices(readFileSync(new URL('../../../../content/services/web-services.txt', import.meta.url), 'utf8'));
}
