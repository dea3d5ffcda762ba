import { readFileSync } from 'node:fs';
import { messageOf } from '../../../base/errors.ts';
import { quote, type Problem } from '../../../base/problem.ts';
import { yamlChild, yamlItems, yamlRoot, yamlText, yamlTexts } from '../advisories/yaml.ts';
import type { YamlNode } from '../../../base/yaml-tree.ts';
import { parsePurl } from '../purl.ts';
import { fits } from './vex.ts';
import type { Vulnerability } from './vulnerabilities.ts';

/** A vulnerability that somebody decided not to hear of. */
export interface Ignore {
  readonly id: string;
  /** Package URLs that it is limited to; empty: every package. */
  readonly purls: readonly string[];
  readonly reason: string;
  /** Last day on which it counts, `2026-12-31`; undefined: without end. */
  readonly until: string | undefined;
  readonly from: string;
}

/**
 * Ignores of a file in one of the two forms that Trivy uses: lines `CVE-2024-1234 exp:2026-12-31 # reason`, or YAML with `vulnerabilities:`
 * of `id`, `statement`, `expired_at` and `purls`.
 */
export function readIgnores(path: string): {
  readonly ignores: readonly Ignore[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const add = (message: string, line?: number): void => {
    problems.push({ code: 'bad-record', at: line === undefined ? { path } : { path, line }, message });
  };
  let ignores: Ignore[] = [];
  try {
    const text = readFileSync(path, 'utf8');
    ignores = /^vulnerabilities:/m.test(text) ? fromYaml(text, path, add) : fromLines(text, path, add);
  } catch (error) {
    problems.push({ code: 'unreadable', at: { path }, message: messageOf(error) });
  }
  for (const { id, reason } of ignores) {
    if (reason === '') add(`${quote(id)} is ignored without a reason`);
  }
  return { ignores, problems };
}

function fromLines(text: string, path: string, add: (message: string, line: number) => void): Ignore[] {
  return text.split('\n').flatMap((line, index) => {
    const groups = /^\s*(?<id>[A-Za-z][\w.:-]*)(?:\s+exp:(?<until>\S+))?\s*(?:#\s*(?<reason>.*?)\s*)?$/.exec(
      line,
    )?.groups;
    if (groups?.['id'] === undefined) {
      if (!/^\s*(?:#.*)?$/.test(line)) add('the line is no id with an end and a reason', index + 1);
      return [];
    }
    const { id, until, reason = '' } = groups;
    if (until !== undefined && !isDay(until)) {
      add(`${quote(until)} is no day; the line does not count`, index + 1);
      return [];
    }
    return [{ id, purls: [], reason, until, from: path }];
  });
}

function fromYaml(text: string, path: string, add: (message: string, line?: number) => void): Ignore[] {
  const root = yamlRoot(text);
  if (typeof root === 'string') {
    add(root);
    return [];
  }
  return yamlItems(yamlChild(root, 'vulnerabilities')).flatMap((item: YamlNode) => {
    const id = yamlText(yamlChild(item, 'id'));
    const until = yamlText(yamlChild(item, 'expired_at'))?.slice(0, 10);
    if (id === undefined || (until !== undefined && !isDay(until))) {
      add('an entry has no id, or an end that is no day; it does not count', item.at.line);
      return [];
    }
    const reason = yamlText(yamlChild(item, 'statement')) ?? '';
    return [{ id, purls: yamlTexts(yamlChild(item, 'purls')), reason, until, from: path }];
  });
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** The ignore that covers a vulnerability on a day; ended ones do not. */
export function findIgnore(vulnerability: Vulnerability, ignores: readonly Ignore[], day: string): Ignore | undefined {
  const names = new Set([vulnerability.id, ...vulnerability.aliases]);
  return ignores.find(
    ({ id, purls, until }) =>
      names.has(id) && (until === undefined || until >= day) && isAbout(purls, vulnerability.package.purl),
  );
}

function isAbout(purls: readonly string[], purl: string): boolean {
  const url = parsePurl(purl);
  return (
    purls.length === 0 ||
    (url !== undefined &&
      purls.some((text) => {
        const wanted = parsePurl(text);
        return wanted !== undefined && fits(wanted, url);
      }))
  );
}
