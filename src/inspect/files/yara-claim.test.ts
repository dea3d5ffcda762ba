import { describe, expect, it } from 'vitest';
import { loadYara, type YaraMatch } from '../../match/yara/yara.ts';
import { yaraClaim } from './yara-claim.ts';

async function matchOf(text: string, content: string): Promise<YaraMatch> {
  const load = await loadYara([{ name: 'rules.yar', text }]);
  const match = load?.rules?.scan(Buffer.from(content))[0];
  if (match === undefined) throw new Error('the rule does not match');
  return match;
}

const file = { path: 'up.zip!shell.php', sha256: 'ab'.repeat(32) };
const withMeta = (meta: string): string => `rule R { ${meta} strings: $a = "x" condition: $a }`;

describe('a claim of a YARA rule', () => {
  it('has the words of the rule and the places of its strings', async () => {
    const rule = `rule Shell : php T1505_003 {
      meta: description = "runs what it is sent" reference = "https://example.org/s" author = "me" mitre_attack = "T1059.004"
      strings: $run = "system(" $get = "$_GET" condition: all of them }`;
    const claim = yaraClaim(await matchOf(rule, 'system($_GET[0]); system(1)'), file);
    expect(claim).toMatchObject({
      detector: 'files/yara/Shell',
      sentence: 'up.zip!shell.php matches Shell: runs what it is sent',
      severity: 'high',
      attack: ['T1059.004', 'T1505.003'],
      entities: [
        { kind: 'file', value: 'up.zip!shell.php' },
        { kind: 'file-hash', value: file.sha256 },
      ],
    });
    expect(claim.reasons).toEqual([
      { what: "the rule's description", value: 'runs what it is sent' },
      { what: "the rule's reference", value: 'https://example.org/s' },
      { what: "the rule's author", value: 'me' },
      { what: "the rule's mitre_attack", value: 'T1059.004' },
      { what: 'tags', value: 'php, T1505_003' },
      { what: '$run', value: 'bytes 0, 18' },
      { what: '$get', value: 'byte 7' },
      { what: 'SHA-256', value: file.sha256 },
    ]);
  });

  it.each([
    ['', 'high'],
    ['meta: score = 30', 'info'],
    ['meta: score = 75', 'medium'],
    ['meta: severity = "Low"', 'low'],
    ['meta: severity = 100', 'high'],
    ['meta: severity = "unheard of"', 'high'],
  ])('with %j is %s', async (meta, severity) => {
    expect(yaraClaim(await matchOf(withMeta(meta), 'x'), file).severity).toBe(severity);
  });

  it('is bounded, however often a string stands there', async () => {
    const match = await matchOf(withMeta(''), 'x'.repeat(100_000));
    expect(match.strings[0]?.offsets).toHaveLength(100);
    expect(yaraClaim(match, file).reasons[0]).toEqual({
      what: '$a',
      value: 'bytes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 90 more',
    });
  });
});
