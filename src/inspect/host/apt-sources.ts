import { readStanzas } from '../packages/stanzas.ts';
import type { TableContext } from './table-context.ts';

/** One address and suite that apt takes packages from (sources.list(5)). */
export interface AptSource {
  readonly file: string;
  /** Without slashes at the end. */
  readonly uri: string;
  readonly suite: string;
}

const folder = '/etc/apt/sources.list.d';

/** Enabled sources of binary packages, of both forms. */
export function* readAptSources(context: TableContext): Generator<AptSource> {
  const files = ['/etc/apt/sources.list', ...context.tree.list(folder).map(({ path }) => path)];
  for (const file of files) {
    if (file.endsWith('.list')) yield* ofLines(file, context.lines(file));
    else if (file.endsWith('.sources')) yield* ofStanzas(file, context.text(file) ?? '');
  }
}

function* ofLines(file: string, lines: readonly string[]): Generator<AptSource> {
  for (const line of lines) {
    const text = line.replace(/#.*/, '').trim();
    const fields = /^deb\s+(?:\[[^\]]*\]\s*)?(?<uri>\S+:\S+)\s+(?<suite>\S+)/.exec(text)?.groups;
    if (fields !== undefined) yield { file, uri: bare(fields['uri'] ?? ''), suite: fields['suite'] ?? '' };
  }
}

function* ofStanzas(file: string, text: string): Generator<AptSource> {
  const withoutComments = text.replaceAll(/^#.*\n/gm, '');
  for (const { fields } of readStanzas(withoutComments)) {
    const words = (name: string): string[] => (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (!words('types').includes('deb') || /^(?:no|false|off)$/i.test(fields.get('enabled') ?? '')) continue;
    for (const uri of words('uris')) for (const suite of words('suites')) yield { file, uri: bare(uri), suite };
  }
}

function bare(uri: string): string {
  return uri.replace(/\/+$/, '');
}
