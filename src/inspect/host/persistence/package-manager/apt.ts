import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, lineCounter, plainLines, readLines } from '../../locations.ts';
import type { PersistenceItem } from '../../technique.ts';

const hookPattern =
  /(?<key>(?:DPkg|APT)::[\w:-]*(?:Pre|Post)-(?:Invoke(?:-Success)?|Install-Pkgs)|(?:Pre|Post)-(?:Invoke(?:-Success)?|Install-Pkgs))(?:::)?\s*\{?\s*(?<commands>(?:"(?:[^"\\]|\\.){0,4000}"\s*;?\s*){1,50})/g;
/** Programs that apt uses, and one that it asks for a proxy. */
const programPattern =
  /\b(?<key>Dir::Bin::[\w:-]{1,40}|Acquire::[\w:]{1,40}::Proxy-Auto-Detect|APT::Compressor::\w{1,20}::Binary)\s{1,4}"(?<program>\/[^"\n]{1,400})"/g;
const usualPrograms = /^\/(?:usr\/)?(?:bin|lib\/apt)\/[\w./-]+$/;
const trustPattern =
  /\b(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories|Acquire::AllowWeakRepositories|Acquire::https::Verify-Peer)\s{1,4}"(?<value>true|1|yes|false|0)"/g;

const unsignedPattern = /^deb(?:-src)?\s+\[[^\]]*\b(?:trusted|allow-insecure)=yes|^(?:Trusted|Allow-Insecure):\s*yes/i;

/** What settings of apt run, replace or switch off, and sources that it takes without a signature. */
export function* aptItems(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of [...filesAt(tree, ['/etc/apt/apt.conf']), ...filesIn(tree, ['/etc/apt/apt.conf.d'])]) {
    // Comments go, line feeds stay: lines keep their numbers.
    const text = readLines(tree, path).replaceAll(/^[ \t]*(?:\/\/|#(?!clear|include)).*$/gm, '');
    yield* hooks(path, text);
    yield* programs(path, text);
    yield* trust(path, text);
  }
  for (const { path } of [...filesAt(tree, ['/etc/apt/sources.list']), ...filesIn(tree, ['/etc/apt/sources.list.d'])]) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      if (!unsignedPattern.test(text)) continue;
      // Such packages can come from the machine itself.
      const isLocal = /\s(?:file|cdrom|copy):/.test(text);
      const sign = { what: 'takes packages without a signature', value: text, weight: isLocal ? 0.15 : 0.45 };
      yield { path, line, title: 'source of apt', unowned: 0.05, signs: [sign] };
    }
  }
}

function* hooks(path: string, text: string): Generator<PersistenceItem> {
  const lineAt = lineCounter(text);
  for (const { groups, index } of text.matchAll(hookPattern)) {
    const { key = '', commands = '' } = groups ?? {};
    const runs = [...commands.matchAll(/"(?<command>(?:[^"\\]|\\.)*)"/g)]
      .map((hit) => hit.groups?.['command'] ?? '')
      .join('\n');
    if (runs === '') continue;
    const signs = [{ what: 'is run by apt as root', value: key, weight: 0.05 }];
    yield { path, line: lineAt(index), title: 'hook of apt', runs, unowned: 0.35, signs };
  }
}

function* programs(path: string, text: string): Generator<PersistenceItem> {
  const lineAt = lineCounter(text);
  for (const { groups, index } of text.matchAll(programPattern)) {
    const { key = '', program = '' } = groups ?? {};
    if (usualPrograms.test(program)) continue;
    const signs = [{ what: 'has apt run another program', value: `${key} ${program}`, weight: 0.2 }];
    yield { path, line: lineAt(index), title: 'setting of apt', targets: [program], user: 'root', unowned: 0.1, signs };
  }
}

function* trust(path: string, text: string): Generator<PersistenceItem> {
  const lineAt = lineCounter(text);
  for (const { 0: written, groups, index } of text.matchAll(trustPattern)) {
    const isOff = /^(?:false|0)$/.test(groups?.['value'] ?? '');
    if (isOff !== written.includes('Verify-Peer')) continue;
    const signs = [{ what: 'takes packages without a signature', value: written, weight: 0.35 }];
    yield { path, line: lineAt(index), title: 'setting of apt', unowned: 0.05, signs };
  }
}
