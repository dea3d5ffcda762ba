import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registeredDomain } from '../../src/match/registered-domain.ts';
import type { Domain } from './samples.ts';

const plain = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const isWord = (word: string): boolean => /^[a-z]{2,12}$/.test(word);

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** Words of one a line, without marks and capitals. */
export function wordsIn(file: string): string[] {
  return linesOf(file).map(plain).filter(isWord);
}

/** Those that are written with a capital. */
export function namesIn(file: string): string[] {
  return linesOf(file)
    .filter((word) => /^[A-Z][a-z]{2,11}$/.test(word))
    .map((word) => word.toLowerCase());
}

export function packagesIn(file: string): string[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as string[])
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9-]{3,30}$/.test(name));
}

/** `albus=ālbŭs|doctus|…`: what stands before the sign. */
export function latinIn(file: string): string[] {
  const found = linesOf(file).flatMap((line) => (line.includes('=') ? plain(line.split('=', 1)[0] ?? '') : []));
  return [...new Set(found.filter(isWord))];
}

/** Lists of what is bad or made up say nothing of how people name things. */
const leftOut = /urlhaus|badware/;

/**
 * Sites for which content filters have rules of their own: `site.example##.ad`, `$domain=site.example|other.example`. What they block is left
 * out: many a name of an advertiser is made by an algorithm.
 */
export function sitesIn(folder: string): Domain[] {
  const found = new Set<string>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.txt') && !leftOut.test(name),
  );
  for (const file of files.sort()) {
    for (const line of linesOf(join(folder, file))) {
      const names = [...(ownSites(line) ?? '').split(','), ...(optionSites(line) ?? '').split('|')];
      for (const name of names) if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name)) found.add(name);
    }
  }
  const domains = new Set([...found].map(registeredDomain).filter((domain) => domain !== null));
  return [...domains]
    .filter((domain) => !domain.endsWith('.onion'))
    .sort()
    .map((domain) => ({ label: domain.slice(0, domain.indexOf('.')), suffix: domain.slice(domain.indexOf('.') + 1) }));
}

function ownSites(line: string): string | undefined {
  return line.startsWith('!') ? undefined : /^(?<sites>[^#/|@ ]+?)#[@?$]?#/.exec(line)?.groups?.['sites'];
}

function optionSites(line: string): string | undefined {
  return line.startsWith('!') ? undefined : /(?:domain|from|to)=(?<sites>[^,\s]+)/.exec(line)?.groups?.['sites'];
}
