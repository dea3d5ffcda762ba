/** Commands that a page shows, and what it says they print. The syntax is described in CONTRIBUTING.md. */
export interface ShownCommand {
  readonly text: string;
  /** Lines that stand below the command in a `console` block; undefined when the page shows no output. */
  readonly output: readonly string[] | undefined;
  readonly exitCode: number;
}

const block = /^```(?<language>console|sh)(?<words>[^\n]*)\n(?<body>.*?)^```$/gms;

/** Commands of the `sh` and `console` blocks of a page in their order, without the blocks marked `long`. */
export function commandsIn(markdown: string): ShownCommand[] {
  const commands: ShownCommand[] = [];
  for (const { groups } of markdown.matchAll(block)) {
    const words = (groups?.['words'] ?? '').trim().split(/\s+/);
    if (words.includes('long')) continue;
    const exitCode = Number(words.find((word) => word.startsWith('exit='))?.slice(5) ?? 0);
    const lines = joinContinued((groups?.['body'] ?? '').trimEnd().split('\n'));
    if (groups?.['language'] === 'sh') {
      const shown = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
      commands.push(...shown.map((text) => ({ text, output: undefined, exitCode })));
    } else commands.push(...consoleCommands(lines, exitCode));
  }
  return commands;
}

/** A line that ends with a backslash goes on in the next one. */
function joinContinued(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
}

function consoleCommands(lines: readonly string[], exitCode: number): ShownCommand[] {
  const starts = lines.flatMap((line, index) => (line.startsWith('$ ') ? [index] : []));
  return starts.map((start, index) => {
    const output = lines.slice(start + 1, starts[index + 1] ?? lines.length);
    const isShown = output.some((line) => line.trim() !== '');
    return { text: lines[start]?.slice(2) ?? '', output: isShown ? output : undefined, exitCode };
  });
}

/**
 * Undefined when the printed text is what the page shows: `…` stands for any text within a line, a line of it alone for any
 * number of lines. Otherwise the first shown line that was not printed in its place. Ends of lines and of the text are trimmed.
 */
export function outputFault(printed: string, shown: readonly string[]): string | undefined {
  const lines = trimmed(printed.split('\n'));
  const wanted = trimmed(shown);
  let reach = new Set([0]);
  for (const want of wanted) {
    const next = new Set<number>();
    for (const at of reach) {
      if (want.trim() === '…') for (let to = at; to <= lines.length; to++) next.add(to);
      else if (at < lines.length && lineFits(lines[at] ?? '', want)) next.add(at + 1);
    }
    if (next.size === 0) return `not printed in its place: ${want}`;
    reach = next;
  }
  return reach.has(lines.length) ? undefined : `printed besides: ${lines[Math.max(...reach)] ?? ''}`;
}

function trimmed(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

function lineFits(line: string, want: string): boolean {
  const [first = '', ...rest] = want.split('…');
  if (rest.length === 0) return line === want;
  const last = rest.pop() ?? '';
  if (!line.startsWith(first) || !line.endsWith(last) || line.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = line.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= line.length - last.length;
}

/** Relative link targets of a page, without fragments and titles. */
export function linksIn(markdown: string): string[] {
  const withoutCode = markdown.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\((?<target>[^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(({ groups }) => groups?.['target'] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}
