import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kindIds } from '../../src/events/event.ts';
import { commandPages } from './commands.ts';
import { coveragePage } from './coverage.ts';
import { eventPages } from './events.ts';
import { referencePage, table } from './page.ts';
import { settingsTable } from './settings.ts';

describe('a reference page', () => {
  it('leaves out empty blocks and ends with one line end', () => {
    expect(
      referencePage('x', 'Title', ['', ' one\n\n', table(['a'], [])])
        .text.split('\n')
        .slice(1),
    ).toEqual(['', '# Title', '', 'one', '']);
  });

  it('keeps a cell in one row, whatever stands in it', () => {
    expect(table(['a', 'b'], [['x|y', 'line\n  next']])).toBe('| a | b |\n|---|---|\n| x\\|y | line next |');
  });
});

describe('the table of settings', () => {
  it('shows types, bounds, defaults and descriptions, nested ones by dotted names', () => {
    const schema = z.object({
      minimum: z.number().int().min(3).default(20).describe('Fewest connections.'),
      share: z.number().gt(0).max(1).default(0.5).describe('Share.'),
      mode: z.enum(['a', 'b']).default('a').describe('Way.'),
      ports: z.array(z.number()).default([80]).describe('Ports.'),
      weights: z.object({ size: z.number().default(1).describe('Weight.') }),
    });
    expect(settingsTable(schema).split('\n').slice(2)).toEqual([
      '| `minimum` | integer from 3 | `20` | Fewest connections. |',
      '| `share` | number over 0 to 1 | `0.5` | Share. |',
      '| `mode` | `a`, `b` | `"a"` | Way. |',
      '| `ports` | list of number | `[80]` | Ports. |',
      '| `weights.size` | number | `1` | Weight. |',
    ]);
  });

  it('is empty for a plug-in without settings', () => {
    expect(settingsTable(z.object({}))).toBe('');
  });
});

describe('the generated files', () => {
  it('describe every event kind by a page, a schema and its baseline lines', async () => {
    const files = new Map((await eventPages()).map(({ path, text }) => [path, text]));
    for (const kind of kindIds) {
      expect(files.get(`docs/reference/events/${kind}.md`)).toContain(`(\`${kind}\`)`);
      expect(JSON.parse(files.get(`schema/events/${kind}.schema.json`) ?? '')).toMatchObject({
        properties: { kind: { const: kind }, time: { type: 'integer' }, host_name: { type: ['string', 'null'] } },
      });
    }
    expect(files.get('docs/reference/field-baseline.txt')).toContain('\nflow.source_ip ip source.ip\n');
  });

  it('list every point of the guides, served or not', async () => {
    const { text } = await coveragePage();
    expect(text.match(/^\| [BC]\d\d \|/gm)).toHaveLength(53);
  });

  it('hold the help of the commands as it is printed', async () => {
    const [page] = await commandPages();
    expect(page?.text).toContain('Exit code 0: done.');
  });
});
