import { describe, expect, it } from 'vitest';
import { event, withEvents } from '../../../../tests/support/event-store.ts';
import type { CaseService } from '../../../case/service.ts';
import { language as sigma } from '../../../detect/rules/sigma/index.ts';
import type { UserQueryResult } from '../../../store/store.ts';
import type { Terminal } from '../../terminal.ts';
import { huntRules } from './rules.ts';

const rule = (title: string, logsource: string): string =>
  `title: ${title}\nname: ${title}\nlevel: high\nlogsource: ${logsource}\ndetection:\n  s: {CommandLine|contains: curl}\n  condition: s\n`;

const events = [
  event('process', {
    event_dataset: 'auditd.syscall',
    event_action: 'exec',
    process_command_line: 'curl http://198.51.100.7/x',
  }),
];

async function hunt(...texts: readonly string[]): Promise<{ result: UserQueryResult; asked: readonly string[] }> {
  const set = sigma.load(texts.map((text, at) => ({ path: `${at}.yml`, text })));
  const asked: string[] = [];
  let result: UserQueryResult | undefined;
  await withEvents(events, async (store) => {
    const query: CaseService['query'] = async ({ sql, timeoutMs, maxRows }) => {
      asked.push(sql);
      return store.userQuery(sql, { timeoutMs, maxRows });
    };
    const terminal = { talk: () => undefined, signal: undefined } as unknown as Terminal;
    const service = { query } as unknown as CaseService;
    result = await huntRules([{ language: sigma, set }], service, { timeoutMs: 60_000, maxRows: 10 }, terminal);
  });
  if (result === undefined) throw new Error('no result');
  return { result, asked };
}

describe('a hunt with rules', () => {
  const linux = '{product: linux, category: process_creation}';
  const windows = '{product: windows, category: process_creation}';

  it('asks no rule whose log source has no events, and its log source once', async () => {
    const { result, asked } = await hunt(rule('one', windows), rule('two', windows), rule('three', linux));
    expect(result.rows.map(([title]) => title)).toEqual(['three']);
    expect(asked.filter((sql) => sql.includes('curl'))).toHaveLength(1);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('shows the columns also where there is nothing to ask', async () => {
    const [{ result: nothing }, { result: some }] = await Promise.all([
      hunt(rule('one', windows)),
      hunt(rule('two', linux)),
    ]);
    expect(nothing.rows).toEqual([]);
    expect(nothing.columns.map(({ name }) => name)).toEqual(some.columns.map(({ name }) => name));
  });
});
