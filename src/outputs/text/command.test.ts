import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { caseOption, hangCommand } from './command.ts';

describe('commands in a report', () => {
  it('name the case unless it is the usual one', () => {
    expect(caseOption('.vakthund')).toBe('');
    expect(caseOption('/srv/case-42')).toBe(' --case /srv/case-42');
    expect(caseOption("it's my case")).toBe(` --case 'it'\\''s my case'`);
  });

  it.each([30, 40, 60, 200])('can be pasted from a terminal of %i columns', (width) => {
    const sql = `SELECT DISTINCT source_ip FROM flow WHERE destination_ip = '203.0.113.7'`;
    const lines = hangCommand('Next: ', `printf <%s> hunt${caseOption('/srv/cases/the-one')} "${sql}"`, width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    const pasted = lines.join('\n').slice('Next: '.length).replace('<%s>', "'<%s>'");
    const said = execFileSync('sh', ['-c', pasted], { encoding: 'utf8' });
    expect(said.replaceAll(/\s+/g, ' ').replaceAll(' >', '>')).toBe(`<hunt><--case></srv/cases/the-one><${sql}>`);
  });
});
