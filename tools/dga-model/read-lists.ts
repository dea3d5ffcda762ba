import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registeredDomain } from '../../src/match/registered-domain.ts';
import type { Domain } from './samples.ts';

const plain = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const isWord = (word: string): boolean => /^[a-z]{2,12}$/.test(word);

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** Words of one a line, without marks and capitals; what a spelling dictionary says of them (`word/flags`) is left out. */
export function wordsIn(file: string): string[] {
  return linesOf(file)
    .map((line) => plain(line.split('/', 1)[0] ?? ''))
    .filter(isWord);
}

/** Words of a text in their order, without marks and capitals. */
export function textIn(file: string): string[] {
  return plain(readFileSync(file, 'utf8'))
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

/** Names of packages: a JSON list. */
export function packagesIn(file: string): string[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as string[])
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9-]{3,30}$/.test(name));
}

/** A word, or words with blanks between, and how often a text has it. */
export interface Counted {
  readonly text: string;
  readonly count: number;
}

/** Words or pairs of words of a list `text<TAB>count`. */
export function countsIn(file: string): Counted[] {
  return linesOf(file).flatMap((line) => {
    const [text = '', count] = line.split('\t');
    return /^[a-z]+(?: [a-z]+)?$/.test(text) ? [{ text, count: Number(count) }] : [];
  });
}

/** Lists of what is bad or made up say nothing of how people name things. */
const leftOut = /urlhaus|badware/;

/** Texts of the filter lists below a folder. */
export function filterTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt') && !leftOut.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Lists of trackers, of addresses and of what is malicious, by number. */
const leftOutSets = new Set([3, 5, 10, 17, 208, 255, 256, 257, 259]);

/** The same of rule sets for a browser, of which each holds the text it was made from. */
export function ruleSetTexts(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !leftOutSets.has(Number(name.replace('ruleset_', ''))));
  return names.sort().map((name) => {
    const rules = JSON.parse(readFileSync(join(folder, name, `${name}.json`), 'utf8')) as RuleSet;
    return rules[0]?.metadata?.rawFilterList ?? '';
  });
}

type RuleSet = readonly { readonly metadata?: { readonly rawFilterList?: string } }[];

const isHost = (name: string): boolean => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name);

/**
 * Sites for which content filters have rules of their own: `site.example##.ad`, `$domain=site.example|other.example`. What they block is left
 * out: many a name of an advertiser is made by an algorithm.
 */
export function sitesIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    text
      .split('\n')
      .flatMap((line) => [...(ownSites(line) ?? '').split(','), ...(optionSites(line) ?? '').trim().split('|')])
      .filter(isHost),
  );
}

/** Hosts of one a line. */
export function hostsIn(file: string): string[] {
  return linesOf(file)
    .map((name) => name.toLowerCase())
    .filter(isHost);
}

/** The registered domains of hosts, each once, in the order of the alphabet. */
export function domainsOf(hosts: readonly string[]): Domain[] {
  const domains = new Set(hosts.map(registeredDomain).filter((domain) => domain !== null));
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
