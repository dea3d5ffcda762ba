/** A file that `npm run gen` writes: its place in the repository, and its whole text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const notice = '<!-- Written by `npm run gen` from the definitions in the code. Do not edit. -->';

/** A page of `docs/reference/`: the notice, the title, and its blocks with an empty line between. */
export function referencePage(name: string, title: string, blocks: readonly string[]): GeneratedFile {
  const text = [notice, `# ${title}`, ...blocks.map((block) => block.trim()).filter((block) => block !== '')].join(
    '\n\n',
  );
  return { path: `docs/reference/${name}.md`, text: `${text}\n` };
}

/** A Markdown table; cells are escaped. Empty text when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll(/\s*\n\s*/g, ' ');
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/** `Label: text` as a paragraph, or nothing. */
export function labelled(label: string, text: string): string {
  return text === '' ? '' : `**${label}:** ${text}`;
}

export function references(urls: readonly string[]): string {
  const lines = urls.map((url) => (/^https?:/.test(url) ? `- <${url}>` : `- ${url}`));
  return lines.length === 0 ? '' : `**References:**\n\n${lines.join('\n')}`;
}

export function json(path: string, value: unknown): GeneratedFile {
  return { path, text: `${JSON.stringify(value, undefined, 2)}\n` };
}
